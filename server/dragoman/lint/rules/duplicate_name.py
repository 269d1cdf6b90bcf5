"""Two agents of one file have the same name.

Agents are chosen by name, so only the first one could ever be asked.

Example: `[{"name": "docs", "url": "http://127.0.0.1:1/"}, {"name": "docs", "url": "http://127.0.0.1:2/"}]`
Instead: `[{"name": "docs", "url": "http://127.0.0.1:1/"}, {"name": "help", "url": "http://127.0.0.1:2/"}]`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.lint.diagnostic import Diagnostic, Related
from dragoman.lint.rule import PlacedSubject
from dragoman.syntax.jsonc import ObjectNode, StringNode
from dragoman.syntax.text import Span


def check_file(subjects: Sequence[PlacedSubject]) -> Iterator[Diagnostic]:
    """One error for each agent whose name another one had before."""
    first: dict[str, Span] = {}
    for start, subject in subjects:
        node = subject.node
        name = node.value_of("name") if isinstance(node, ObjectNode) else None
        if not isinstance(name, StringNode) or not name.value:
            continue
        span = name.span.shifted(start)
        before = first.setdefault(name.value, span)
        if before is not span:
            related = (Related(before, "The other one is here."),)
            message = f'Another agent of this file is named "{name.value}" too: rename one of them.'
            yield Diagnostic("duplicate-name", message, span, related=related)
