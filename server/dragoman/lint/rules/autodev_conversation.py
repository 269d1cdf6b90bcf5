r"""AutoDev knows no conversation: each prompt is the first one.

It sends no earlier turns and keeps no id, so a placeholder that stands for them is sent as it stands.

Example: `[{"connector": {"requestFormat": "{\"fields\": {\"q\": \"$content\", \"id\": \"$sessionId\"}}"}}]`
Instead: `[{"connector": {"requestFormat": "{\"fields\": {\"q\": \"$content\"}}"}}]`
"""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.agents.placeholders import PLACEHOLDER
from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.subject import Subject

_OF_CONVERSATIONS = frozenset({"history", "conversationId", "sessionId"})


def check_cell(subject: Subject) -> Iterator[Diagnostic]:
    """One diagnostic at each such placeholder."""
    for found in subject.template_strings("fields", "customFields"):
        for match in PLACEHOLDER.finditer(found.value):
            if match[1] in _OF_CONVERSATIONS:
                message = f'AutoDev knows no conversation: it would send "{match[0]}" as it stands.'
                yield Diagnostic("autodev-conversation", message, found.place(*match.span()), Severity.WARNING)
