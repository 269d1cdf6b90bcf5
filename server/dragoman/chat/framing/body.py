"""The decoder of a whole response body: waits until the framing is certain, then leaves everything to it."""

from __future__ import annotations

from typing import Final

from dragoman.chat.framing.frames import Decoder, Frame, Malformed
from dragoman.chat.framing.select import FRAMINGS, Refusal, Response, choose_framing, media_type_of
from dragoman.settings import DEFAULT_LIMITS, Limits

LONGEST_HEAD: Final = 4096
"""Bytes that are waited for before a framing is chosen; a body that is blank for so long is what its type says."""


class BodyDecoder:
    """Decodes a body whose type is `content_type`, the header's value.

    `expects_documents`: there is a `responseFormat`, or a provider that reads events or JSON. Then these are looked for
    in text too, and a page is refused, unless `allows_html` (`WebView`).
    """

    __slots__ = ("_allows_html", "_decoder", "_expects_documents", "_head", "_limits", "_media_type")

    def __init__(
        self,
        content_type: str | None,
        *,
        expects_documents: bool,
        allows_html: bool = False,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._media_type = media_type_of(content_type)
        self._expects_documents = expects_documents
        self._allows_html = allows_html
        self._limits = limits
        self._head = b""
        self._decoder: Decoder | None = None

    @property
    def framing(self) -> str:
        """What reads the body, for the log."""
        return "nothing yet" if self._decoder is None else type(self._decoder).__name__

    def feed(self, chunk: bytes) -> list[Frame]:
        """What is complete with `chunk`, in order."""
        if self._decoder is not None:
            return self._decoder.feed(chunk)
        self._head += chunk
        return self._start(head_is_all=len(self._head) >= LONGEST_HEAD) if self._head else []

    def flush(self) -> list[Frame]:
        """What is left at a clean end of the body. An empty body has no frames, whatever its type."""
        frames = self._start(head_is_all=True) if self._decoder is None and self._head else []
        return frames if self._decoder is None else [*frames, *self._decoder.flush()]

    def _start(self, *, head_is_all: bool) -> list[Frame]:
        choice = choose_framing(
            Response(
                self._media_type, self._head[:LONGEST_HEAD], head_is_all, self._expects_documents, self._allows_html
            )
        )
        if choice is None:
            return []
        self._decoder = _Refused(choice) if isinstance(choice, Refusal) else FRAMINGS[choice](self._limits)
        head, self._head = self._head, b""
        return self._decoder.feed(head)


class _Refused:
    """Says at the first byte that the body cannot be read."""

    __slots__ = ("_frames",)

    def __init__(self, refusal: Refusal) -> None:
        self._frames: list[Frame] = [Malformed(refusal.reason)]

    def feed(self, chunk: bytes) -> list[Frame]:
        del chunk
        frames, self._frames = self._frames, []
        return frames

    def flush(self) -> list[Frame]:
        return []
