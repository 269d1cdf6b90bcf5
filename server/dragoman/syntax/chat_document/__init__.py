"""Chat documents, `*.chat.md`: questions and answers as ordinary Markdown, for editors without a plugin."""

from dragoman.syntax.chat_document.cursor import AgentValue, Completable, FileLink, TurnHeading, completable_at
from dragoman.syntax.chat_document.nodes import Block, ChatDocument, Entry, FrontMatter, Link, Turn
from dragoman.syntax.chat_document.parser import YOU, parse_chat_document
from dragoman.syntax.chat_document.writing import (
    AnswerFrame,
    add_prompt_heading,
    answer_frame,
    append_to_answer,
    begin_answer,
    mark_incomplete,
    new_chat_document,
    set_front_matter,
)

__all__ = [
    "YOU",
    "AgentValue",
    "AnswerFrame",
    "Block",
    "ChatDocument",
    "Completable",
    "Entry",
    "FileLink",
    "FrontMatter",
    "Link",
    "Turn",
    "TurnHeading",
    "add_prompt_heading",
    "answer_frame",
    "append_to_answer",
    "begin_answer",
    "completable_at",
    "mark_incomplete",
    "new_chat_document",
    "parse_chat_document",
    "set_front_matter",
]
