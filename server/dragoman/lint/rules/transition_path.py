"""A `source` or `target` of `transition` is no JsonPath.

Both are read in the Jayway dialect. What cannot be read hands nothing on.

Example: `{"transition": [{"source": "$.data[0", "target": "$.question"}]}`
Instead: `{"transition": [{"source": "$.data[0]", "target": "$.question"}]}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.json_path import check_path
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import ArrayNode, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One error in each such path, at the character at which it stops being one."""
    transition = find(subject.node, ("transition",))
    for entry in transition.items if isinstance(transition, ArrayNode) else ():
        for key in ("source", "target"):
            yield from check_path(subject, find(entry, (key,)), "jayway", "transition-path", key)
