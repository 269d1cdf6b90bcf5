"""A body that is plain text, or a page: handed on as it arrives."""

from __future__ import annotations

from dragoman.chat.framing.frames import Frame, Malformed, Text
from dragoman.chat.framing.utf8 import Utf8Decoder
from dragoman.settings import DEFAULT_LIMITS, Limits


class TextDecoder:
    """Gives `Text` in pieces that depend on the chunks; joined they do not, and no piece ends within a character."""

    __slots__ = ("_closed", "_utf8")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        del limits  # Nothing is held, so nothing grows; every framing is made in the same way.
        self._utf8 = Utf8Decoder()
        self._closed = False

    def feed(self, chunk: bytes) -> list[Frame]:
        """The text that `chunk` completes."""
        return self._read(chunk)

    def flush(self) -> list[Frame]:
        """What is left of a character that was cut off, as U+FFFD."""
        return self._read(b"", final=True)

    def _read(self, chunk: bytes, *, final: bool = False) -> list[Frame]:
        if self._closed:
            return []
        # NUL is the one character that no text holds, while hardly any image, archive or UTF-16 file is without it.
        text, nul, _ = self._utf8.decode(chunk, final=final).partition("\0")
        frames: list[Frame] = [Text(text)] if text else []
        if nul:
            frames.append(Malformed("it is binary, not text"))
        self._closed = bool(nul) or final
        return frames
