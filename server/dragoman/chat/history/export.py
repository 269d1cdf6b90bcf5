"""Conversations as files and as JSON, for elsewhere. Nothing that an agent said is active in them."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from dragoman.chat.events import Source
from dragoman.chat.history.kept import KeptConversation, KeptTurn
from dragoman.paths import uri_of

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&])")
_WEB = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)


def as_json(conversation: KeptConversation) -> dict[str, Any]:
    """The `Conversation` of docs/protocol.md."""
    return _given(
        conversationId=conversation.id,
        title=conversation.title,
        workspace=uri_of(Path(conversation.workspace)) if conversation.workspace else None,
        created=shown_time(conversation.created),
        updated=shown_time(conversation.updated),
        headTurnId=conversation.turns[-1].id if conversation.turns else None,
        turns=[_turn_as_json(turn) for turn in conversation.turns],
    )


def as_markdown(conversation: KeptConversation) -> str:
    """For reading: the branch that the conversation goes on from.

    What was asked and answered stands in fences, so that it can neither run nor load anything.
    """
    blocks = [f"# {_escaped(conversation.title)}", shown_time(conversation.created)]
    for turn in conversation.branch:
        blocks += _turn_as_markdown(turn)
    return "\n\n".join(blocks) + "\n"


FORMATS: Mapping[str, tuple[str, Callable[[KeptConversation], str]]] = {
    "markdown": (".md", as_markdown),
    "json": (".json", lambda conversation: json.dumps(as_json(conversation), ensure_ascii=False, indent=2) + "\n"),
}
"""`format` of `dragoman/exportConversation` → the file's ending, what makes its text."""


def export(conversation: KeptConversation, file_format: str, folder: Path) -> Path:
    """Write it into `folder`, for its owner only; replaces what was exported of it before. Raises OSError."""
    ending, text_of = FORMATS[file_format]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{_file_name(conversation)}{ending}"
    descriptor, unfinished = tempfile.mkstemp(dir=folder, prefix=".", suffix=ending)  # which makes it 0600
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text_of(conversation))
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise
    return path


def shown_time(moment: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond: `2026-01-31T12:00:00.000Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _turn_as_json(turn: KeptTurn) -> dict[str, Any]:
    return _given(
        turnId=turn.id,
        parentId=turn.parent_id,
        agent=turn.agent,
        prompt=turn.prompt,
        typed=turn.typed,
        text=turn.text,
        reasoning=turn.reasoning or None,
        sources=[_given(**asdict(source)) for source in turn.sources] or None,
        usage=_given(**asdict(turn.usage)) if turn.usage else None,
        stopReason=turn.stop_reason,
        incomplete=turn.incomplete,
        error={"code": turn.error_code, "message": turn.error_message} if turn.error_code else None,
        at=shown_time(turn.began),
    )


def _turn_as_markdown(turn: KeptTurn) -> Iterator[str]:
    yield "## You"
    yield _fenced(turn.prompt)
    yield f"## {_escaped(turn.agent)}"
    if turn.reasoning:
        yield "Reasoning:"
        yield _fenced(turn.reasoning)
    if turn.text:
        yield _fenced(turn.text)
    if turn.sources:
        yield "\n".join(f"- {_source_as_markdown(source)}" for source in turn.sources)
    if turn.error_message:
        yield f"**{_escaped(turn.error_message)}**"
    if turn.incomplete:
        yield "*The answer is not complete.*"


def _source_as_markdown(source: Source) -> str:
    title, uri = _escaped(source.title or ""), source.uri or ""
    link = f"<{uri}>" if _WEB.fullmatch(uri) else _escaped(uri)
    return " ".join(part for part in (title, link) if part) or _escaped(source.excerpt or "")


def _fenced(text: str) -> str:
    """A block of Markdown that ends where it should (CommonMark 0.31, 4.5): its fence is longer than any inside."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}markdown\n{text.rstrip()}\n{fence}"


def _escaped(text: str) -> str:
    """One line in which no character means anything to Markdown."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _file_name(conversation: KeptConversation) -> str:
    """From the title, for people, and from the id, so that each conversation has a file of its own."""
    title = re.sub(r"[^\w]+", "-", conversation.title)[:40].strip("-") or "conversation"
    return f"{title}-{sha256(conversation.id.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
