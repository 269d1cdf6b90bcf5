"""A document in the editor of `lsp_session.py` that takes the server's edits, and that its user types in.

What an edit for a version that has passed comes to is the editor's `Manners`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.lsp.positions import offset_of, range_of
from dragoman.syntax.text import LineIndex, Span
from lsp_session import Editor
from told_in_parts import parts_between


class Manners(Enum):
    """What an editor does with an edit for a version that has passed."""

    DROPS_AND_SAYS_APPLIED = auto()  # Neovim
    SAYS_NOT_APPLIED = auto()  # VS Code, which tells of one edit as several changes
    ANSWERS_AN_ERROR = auto()  # eglot


class LiveDocument:
    """An open document. `before_edit` is called once before the next edit is looked at: the user was quicker."""

    def __init__(
        self,
        editor: Editor,
        name: str,
        text: str,
        manners: Manners = Manners.SAYS_NOT_APPLIED,
        language: str = "markdown",
    ) -> None:
        self.editor, self.text, self.version, self.manners = editor, text, 1, manners
        self.uri = editor.open(name, text, language)
        self.edits: list[str] = []
        self.before_edit: Callable[[], None] | None = None
        editor.protocol.fm.features.pop(types.WORKSPACE_APPLY_EDIT)
        editor.feature(types.WORKSPACE_APPLY_EDIT)(lambda params: self._apply(params))

    def type(self, at: int, text: str, *, removing: int = 0) -> None:
        """The user types at an offset."""
        self._replace((at, at + removing, text))

    async def until(self, part: str) -> str:
        """The text as soon as it has `part`."""
        await self.editor.until(lambda: part in self.text)
        return self.text

    def at(self, part: str) -> dict[str, int]:
        """The position of a part of the text."""
        position = range_of(LineIndex(self.text), Span(self.text.index(part), self.text.index(part)), "utf-16").start
        return {"line": position.line, "character": position.character}

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        if self.before_edit is not None:
            hurry, self.before_edit = self.before_edit, None
            hurry()
        if params.edit.document_changes is not None:
            (change,) = params.edit.document_changes
            assert isinstance(change, types.TextDocumentEdit)
            uri, version, edits = change.text_document.uri, change.text_document.version, change.edits
        else:
            assert params.edit.changes is not None
            ((uri, edits),) = params.edit.changes.items()
            version = self.version
        assert uri == self.uri
        if version != self.version:
            return self._stale()
        for edit in edits:
            self._make(edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    def _stale(self) -> types.ApplyWorkspaceEditResult:
        if self.manners is Manners.ANSWERS_AN_ERROR:
            raise JsonRpcException("The edit is for another version.", -32603)
        return types.ApplyWorkspaceEditResult(applied=self.manners is Manners.DROPS_AND_SAYS_APPLIED)

    def _make(self, edit: Any) -> None:
        lines = LineIndex(self.text)
        start, end = (offset_of(lines, position, "utf-16") for position in (edit.range.start, edit.range.end))
        self.edits.append(edit.new_text)
        if self.manners is Manners.SAYS_NOT_APPLIED:
            parts = parts_between(self.text[start:end], edit.new_text)
            self._replace(*[(start + first, start + last, text) for first, last, text in parts])
        else:
            self._replace((start, end, edit.new_text))

    def _replace(self, *changes: tuple[int, int, str]) -> None:
        """Make changes one after another, and tell of them all at once."""
        told: list[tuple[dict[str, Any], str]] = []
        for first, last, text in changes:
            told.append((_plain_range(self.text, first, last), text))
            self.text = self.text[:first] + text + self.text[last:]
        self.version = self.editor.change(self.uri, *told)


def _plain_range(text: str, first: int, last: int) -> dict[str, Any]:
    range_ = range_of(LineIndex(text), Span(first, last), "utf-16")
    return {
        "start": {"line": range_.start.line, "character": range_.start.character},
        "end": {"line": range_.end.line, "character": range_.end.character},
    }
