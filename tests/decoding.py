"""Runs a decoder over a body, whole or in given chunks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from dragoman.chat.framing.frames import Decoder, Frame, Text


def frames_of(decoder: Decoder, *chunks: bytes) -> list[Frame]:
    """All frames of a body that arrives in `chunks` and ends cleanly."""
    frames = [frame for chunk in chunks for frame in decoder.feed(chunk)]
    return join_text([*frames, *decoder.flush()])


def frames_before_end(decoder: Decoder, *chunks: bytes) -> list[list[Frame]]:
    """The frames that each chunk completes."""
    return [decoder.feed(chunk) for chunk in chunks]


def join_text(frames: Iterable[Frame]) -> list[Frame]:
    """`frames` with neighbouring pieces of text made one: how a text is cut depends on the chunks."""
    joined: list[Frame] = []
    for frame in frames:
        if isinstance(frame, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + frame.text)
        else:
            joined.append(frame)
    return joined


def bytewise(body: bytes) -> list[bytes]:
    """`body` as chunks of one byte."""
    return [body[at : at + 1] for at in range(len(body))]


def cut(body: bytes, borders: Iterable[int]) -> list[bytes]:
    """`body` cut at `borders`, which may lie anywhere, behind its end too."""
    places = sorted({0, len(body), *(border for border in borders if border < len(body))})
    return [body[start:end] for start, end in pairwise(places)]
