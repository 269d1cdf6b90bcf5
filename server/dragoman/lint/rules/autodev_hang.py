r"""AutoDev would wait for one JSON document, and the agent is asked for a stream.

It reads server-sent events with `"responseAction": "Stream"` alone. With any other action it waits for the whole body
as one document, so the prompt hangs.

Example: `[{"connector": {"requestFormat": "{\"customFields\": {\"stream\": true}}"}}]`
Instead: `[{"connector": {"requestFormat": "{\"customFields\": {\"stream\": true}}"}, "responseAction": "Stream"}]`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic, Fix, Severity, TextEdit
from dragoman.lint.rules.stream_flag import flag_in
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import Node, ObjectNode, StringNode, encode_string, find
from dragoman.syntax.jsonc.editing import insert_entry


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One diagnostic at the flag."""
    flag, action = flag_in(subject), find(subject.node, ("responseAction",))
    if flag and flag.value and not (isinstance(action, StringNode) and action.value == "Stream"):
        message = 'AutoDev reads a stream with "responseAction": "Stream" alone: here it would hang.'
        yield Diagnostic("autodev-hang", message, flag.span, Severity.WARNING, tuple(_to_stream(subject, action)))


def _to_stream(subject: Subject, action: Node | None) -> Iterator[Fix]:
    title, value = "Set “responseAction” to “Stream”", encode_string("Stream")
    if action is not None:
        yield Fix(title, (TextEdit(action.span, value),), needs_user=True)
    elif isinstance(subject.node, ObjectNode) and subject.node.closed:
        edits = insert_entry(subject.text, 0, subject.node, "responseAction", value)
        yield Fix(title, edits, needs_user=True)
