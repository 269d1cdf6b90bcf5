"""An open document: its text, as the editor has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from dragoman.syntax.chat_document import ChatDocument, parse_chat_document
from dragoman.syntax.jsonc import Edit
from dragoman.syntax.text import LineIndex, Span


@dataclass(frozen=True)
class Document:
    """One version of one document. `version` is the editor's number for it."""

    uri: str
    language_id: str
    version: int
    text: str = field(repr=False)

    @cached_property
    def lines(self) -> LineIndex:
        """Where its lines begin."""
        return LineIndex(self.text)

    @cached_property
    def chat(self) -> ChatDocument:
        """What it is as a chat document; read when it is first asked for."""
        return parse_chat_document(self.text)

    def edited(self, span: Span, new_text: str, version: int) -> tuple[Document, Edit]:
        """The document with `new_text` in place of `span`, and what that did."""
        text = "".join((self.text[: span.start], new_text, self.text[span.end :]))
        edit = Edit(span.start, span.end, span.start + len(new_text))
        document = Document(self.uri, self.language_id, version, text)
        if "lines" in vars(self):
            vars(document)["lines"] = self.lines.edited(text, edit.start, edit.old_end, edit.new_end)
        return document, edit
