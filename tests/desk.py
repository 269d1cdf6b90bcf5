"""An editor whose user works at documents: it takes the server's edits of the workspace, or not, and shows what it can.

desk = Desk(editor)
uri = desk.open("a.py", "one\\ntwo\\n")
…                                          # what has become of it: desk.texts[uri], desk.shown, desk.asked
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import types

from dragoman.lsp.positions import offset_of, range_of
from dragoman.paths import path_of
from dragoman.syntax.text import LineIndex, Span
from lsp_session import BARE, Editor, Json, able

SURFACES = ["chatPanel", "rightPanel", "runPanel", "input", "webview", "clipboard", "diff"]
EVERYTHING = able(
    extension={"version": "1", "turnEvents": True, "ask": True, "surfaces": SURFACES},
    workspace={
        "applyEdit": True,
        "configuration": True,
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create", "rename", "delete"],
            "changeAnnotationSupport": {},
        },
    },
)
PLAIN = able(extension=None)
"""Knows nothing of our extension; its edits have versions."""
NOTHING = BARE


class Desk:
    """What the user has in front of them."""

    def __init__(self, editor: Editor, *, can_edit: bool = True) -> None:
        self.editor = editor
        self.can_edit = can_edit
        """Whether it takes edits, and shows files."""
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.shown: list[Json] = []
        """What came by `dragoman/show`."""
        self.edits: list[types.WorkspaceEdit] = []
        self.questions: list[str] = []
        self.agrees: Callable[[str], bool] = lambda _question: True
        """What the user says to a question, and to an edit that needs to be confirmed ("")."""
        self.applies: Callable[[], bool | None] = lambda: True
        """Whether the editor applies the next edit; None: it does not answer."""
        self.silence = asyncio.Event()
        """Ends that."""
        self.answers: dict[str, Json] = {}
        """Surface → what `dragoman/show` is answered with."""
        features = editor.protocol.fm.features
        for method in (types.WORKSPACE_APPLY_EDIT, types.WINDOW_SHOW_MESSAGE_REQUEST, "dragoman/ask"):
            features.pop(method)
        features.pop("dragoman/show", None)

        @editor.feature(types.WORKSPACE_APPLY_EDIT)
        async def apply_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            answer = self.apply(params.edit)
            editor._news.set()  # what is waited for may have happened here
            if answer is None:
                await self.silence.wait()
            return answer or types.ApplyWorkspaceEditResult(applied=False)

        editor.feature("dragoman/show")(lambda params: self._show(params))
        editor.feature("dragoman/ask")(lambda params: self._reply(params))
        editor.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)(
            lambda params: types.MessageActionItem(
                self._chosen(params.message, [action.title for action in params.actions])
            )
        )

    def open(self, name: str, text: str, language: str = "python") -> str:
        """Open a document."""
        uri = self.editor.open(name, text, language)
        self.texts[uri], self.versions[uri] = text, 1
        return uri

    def type(self, uri: str, at: int, text: str, *, removing: int = 0) -> None:
        """The user types at an offset."""
        old = self.texts[uri]
        range_ = range_of(LineIndex(old), Span(at, at + removing), "utf-16")
        self.texts[uri] = old[:at] + text + old[at + removing :]
        start, end = range_.start, range_.end
        plain = {
            "start": {"line": start.line, "character": start.character},
            "end": {"line": end.line, "character": end.character},
        }
        self.versions[uri] = self.editor.change(uri, (plain, text))

    def on(self, surface: str) -> list[Json]:
        """What was shown there."""
        return [params for params in self.shown if params["surface"] == surface]

    @property
    def said(self) -> list[str]:
        """The messages so far."""
        return [message.message for message in self.editor.messages]

    @property
    def files(self) -> list[Path]:
        """What was opened by `window/showDocument`."""
        return [path for path in (path_of(one.uri) for one in self.editor.shown_documents) if path is not None]

    def _show(self, params: Json) -> Json:
        self.shown.append(params)
        return self.answers.get(params["surface"], {})

    def _reply(self, params: Json) -> Json:
        if self.editor.replies:
            return {"value": self.editor.replies.pop(0)}
        return {"value": self._chosen(params["title"], params["options"])}

    def _chosen(self, question: str, options: list[str]) -> str:
        if options[0] == "Allow":
            return "Allow"
        self.questions.append(question)
        return options[0 if self.agrees(question) else 1]

    def apply(self, edit: types.WorkspaceEdit) -> types.ApplyWorkspaceEditResult | None:
        """`workspace/applyEdit`, or what the user makes of a code action."""
        self.edits.append(edit)
        applies = self.applies()
        if applies is None:
            return None
        needs_consent = any(one.needs_confirmation for one in (edit.change_annotations or {}).values())
        if not applies or (needs_consent and not self.agrees("")) or not self._is_fresh(edit):
            return types.ApplyWorkspaceEditResult(applied=False)
        for uri, edits in (edit.changes or {}).items():
            self._edit(uri, edits)
        for change in edit.document_changes or ():
            self._change(change)
        return types.ApplyWorkspaceEditResult(applied=True)

    def _is_fresh(self, edit: types.WorkspaceEdit) -> bool:
        named = [change.text_document for change in edit.document_changes or () if hasattr(change, "text_document")]
        return all(one.version is None or one.version == self.versions.get(one.uri) for one in named)

    def _change(self, change: Any) -> None:
        match change:
            case types.CreateFile():
                path = path_of(change.uri)
                assert not path.exists()
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("")
            case types.DeleteFile():
                path_of(change.uri).unlink()
            case types.TextDocumentEdit():
                self._edit(change.text_document.uri, change.edits)
            case _:
                raise AssertionError(f"not taken by this editor: {change}")

    def _edit(self, uri: str, edits: Any) -> None:
        if uri not in self.texts:
            path = path_of(uri)
            path.write_bytes(_edited(path.read_bytes().decode(), edits).encode())
            return
        # From the end on, as the positions are all of one version.
        lines = LineIndex(self.texts[uri])
        for edit in sorted(edits, key=lambda one: offset_of(lines, one.range.start, "utf-16"), reverse=True):
            start, end = (offset_of(lines, position, "utf-16") for position in (edit.range.start, edit.range.end))
            self.type(uri, start, edit.new_text, removing=end - start)


def _edited(text: str, edits: Any) -> str:
    lines = LineIndex(text)
    for edit in sorted(edits, key=lambda one: offset_of(lines, one.range.start, "utf-16"), reverse=True):
        start, end = (offset_of(lines, position, "utf-16") for position in (edit.range.start, edit.range.end))
        text = text[:start] + edit.new_text + text[end:]
    return text
