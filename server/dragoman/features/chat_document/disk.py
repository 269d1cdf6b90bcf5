"""The chat documents of a workspace, as the disk has them. Nothing here is kept: may run in a thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dragoman.paths import data_folder, uri_of
from dragoman.project.recognise import CHAT_SUFFIX, walk
from dragoman.syntax.chat_document import ChatDocument, parse_chat_document

_LARGEST_FILE = 4 << 20
"""Bytes; a longer conversation is left as it is."""


def read_chats(roots: Sequence[Path], but: Iterable[str] = ()) -> dict[str, ChatDocument]:
    """The chat documents below some folders, by canonical URI, but for those of the URIs `but`.

    Without a folder, those that were made without a workspace.
    """
    left_out = frozenset(but)
    paths = (path for root in roots or [data_folder() / "chats"] for path in walk(root))
    found = {uri_of(path): path for path in paths if path.name.endswith(CHAT_SUFFIX)}
    texts = {uri: _text_of(path) for uri, path in found.items() if uri not in left_out}
    return {uri: parse_chat_document(text) for uri, text in texts.items() if text is not None}


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text("utf-8") if path.stat().st_size <= _LARGEST_FILE else None
    except (OSError, UnicodeDecodeError):
        return None  # what cannot be read has no place that could be told of
