"""The request asks for a stream, and the rest of the agent is made for whole answers; or the other way round.

Agents built like OpenAI's put the pieces of a stream in `delta` and a whole answer in `message`, so the path finds
nothing in what was asked for. And without a stream, nothing can be shown as it streams.

Example: `{"connector": {"requestFormat": {"customFields": {"stream": false}}, "responseFormat": "$.delta.text"}}`
Instead: `{"connector": {"requestFormat": {"customFields": {"stream": true}}, "responseFormat": "$.delta.text"}}`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.lint.diagnostic import Diagnostic, Fix, Related, Severity, TextEdit
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import LiteralNode, Node, StringNode, find
from dragoman.syntax.text import Span

FLAGS = ("stream", "streaming")
STREAMS = frozenset({"Stream", "AppendCursorStream", "StreamDiff"})
"""Actions and modes that show an answer as it streams."""

_WHOLE = re.compile(r"(?:\$\.)?choices\[(?:\d+|\*)\]\.(message)\.content")
_PIECES = re.compile(r"(?<![\w-])delta(?=[.\['])")


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One warning at a path that contradicts the flag, else one piece of information at an action or mode that does."""
    flag = flag_in(subject)
    if flag is None:
        return
    path = find(subject.node, ("connector", "responseFormat")) if subject.uses_connector else None
    told = _against_path(subject, flag, path) if isinstance(path, StringNode) else None
    yield from (told,) if told else _against_showing(subject, flag)


@dataclass(frozen=True, slots=True)
class Flag:
    """What the request says of streaming, and where."""

    value: bool
    span: Span


def flag_in(subject: Subject) -> Flag | None:
    """The flag of an agent's own template, else that of its parameters."""
    template = subject.request_template if subject.uses_connector else None
    for part in ("fields", "customFields") if template else ():
        for key in FLAGS:
            node = find(template.node, (part, key)) if template else None
            if isinstance(node, LiteralNode) and isinstance(node.value, bool) and template:
                return Flag(node.value, template.span(node.span))
    for key in FLAGS:
        node = find(subject.node, ("parameters", key))
        if isinstance(node, LiteralNode) and isinstance(node.value, bool):
            return Flag(node.value, node.span)
    return None


def _against_path(subject: Subject, flag: Flag, path: StringNode) -> Diagnostic | None:
    text = path.value
    whole, pieces = _WHOLE.fullmatch(text.strip()), _PIECES.search(text)
    related = (Related(flag.span, "This asks for it."),)
    if flag.value and whole:
        message = 'The request asks for a stream, whose pieces stand in "delta": this path reads whole answers.'
        start = len(text) - len(text.lstrip()) + whole.start(1)
        span = subject.decode(path).span(start, start + len("message"))
        to_pieces = Fix("Change to “delta”", (TextEdit(span, "delta"),))
        fixes = (to_pieces, Fix("Ask for no stream", (TextEdit(flag.span, "false"),)))
        return Diagnostic("stream-flag", message, span, Severity.WARNING, fixes, related)
    if not flag.value and pieces:
        message = 'The request asks for a whole answer: this path reads the pieces of a stream, which stand in "delta".'
        span = subject.decode(path).span(*pieces.span())
        fixes = (Fix("Ask for a stream", (TextEdit(flag.span, "true"),), needs_user=True),)
        return Diagnostic("stream-flag", message, span, Severity.WARNING, fixes, related)
    return None


def _against_showing(subject: Subject, flag: Flag) -> Iterator[Diagnostic]:
    shown: Iterator[Node | None] = (find(subject.node, (key,)) for key in ("responseAction", "interactive"))
    streams = [node for node in shown if isinstance(node, StringNode) and node.value in STREAMS]
    if streams and not flag.value:
        message = f'The request asks for no stream, so "{streams[0].value}" shows the answer in one piece.'
        related = (Related(flag.span, "This asks for none."),)
        yield Diagnostic("stream-flag", message, streams[0].span, Severity.INFORMATION, related=related)
