"""An `interactive` that contradicts the agent's `responseAction`, and so has no effect.

What becomes the input of a prompt, a page, files to be reviewed or data is not put into the document as well.

Example: `{"name": "docs", "url": "http://h/", "responseAction": "WebView", "interactive": "ReplaceSelection"}`
Instead: `{"name": "docs", "url": "http://h/", "responseAction": "WebView", "interactive": "RightPanel"}`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.agents.model import Interactive, ResponseAction
from dragoman.agents.placing import INSTEAD, has_meaning
from dragoman.lint.diagnostic import Diagnostic, Related, Severity
from dragoman.lint.subject import Subject
from dragoman.syntax.jsonc import StringNode, find


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One piece of information at such a value. Other words than those of the format are the schema's matter."""
    action, mode = (find(subject.node, (key,)) for key in ("responseAction", "interactive"))
    if not isinstance(action, StringNode) or not isinstance(mode, StringNode):
        return
    if action.value not in set(ResponseAction) or mode.value not in set(Interactive):
        return
    meant = ResponseAction(action.value)
    if not has_meaning(meant, Interactive(mode.value)):
        related = (Related(action.span, "This decides what is done with the answer."),)
        message = f'"{mode.value}" has no effect with "responseAction": "{meant}": {INSTEAD[meant]}.'
        yield Diagnostic("unused-interactive", message, mode.span, Severity.INFORMATION, related=related)
