"""The setting `rules`: which rules are run, and how bad what they find is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.registry import RULES, RULES_BY_NAME

_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "information": Severity.INFORMATION}
_OFF = "off"

_OPTIONAL = tuple(rule.name for rule in RULES if rule.is_optional)


def optional_rules(severities: Mapping[str, str]) -> frozenset[str]:
    """Of the rules that are off unless they are asked for, those that are."""
    if not severities:
        return frozenset()
    return frozenset(name for name in _OPTIONAL if _level(name, severities) not in ("", _OFF))


def with_severity(found: Diagnostic, severities: Mapping[str, str]) -> Diagnostic | None:
    """The diagnostic as the user wants it; None where its rule is off."""
    level = _level(found.code, severities) if severities else ""
    if level == _OFF:
        return None
    wanted = _SEVERITIES.get(level, found.severity)
    return found if wanted is found.severity else replace(found, severity=wanted)


def _level(code: str, severities: Mapping[str, str]) -> str:
    """What the setting says of a rule, or else of its group."""
    rule = RULES_BY_NAME.get(code)
    return severities.get(code) or (severities.get(rule.group, "") if rule else "")
