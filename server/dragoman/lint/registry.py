"""All rules, in groups, in the order in which they are listed. A new one is a file in `rules/` and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from dragoman.lint.rule import Rule, rule_of
from dragoman.lint.rules import (
    autodev_conversation,
    autodev_dev_ins,
    autodev_dropped,
    autodev_hang,
    autodev_ignored,
    autodev_placeholder,
    bad_header,
    bad_reference,
    bad_timeout,
    bad_url,
    comment,
    deprecated_key,
    disable_comment,
    duplicate_key,
    duplicate_name,
    empty_file,
    enum_case,
    flow_next,
    ignored_key,
    missing_key,
    odd_path,
    plain_token,
    provider_definition,
    request_format,
    response_format,
    shadowed_name,
    stream_flag,
    syntax,
    trailing_comma,
    transition_path,
    unfilled_placeholder,
    unknown_key,
    unknown_model,
    unknown_provider,
    unprotected_token,
    unsent_prompt,
    unset_variable,
    unused_connector,
    unused_flow,
    unused_interactive,
    wrong_type,
    wrong_value,
)

OPTIONAL = "autodev"
"""The group whose rules are run only where the settings ask for them."""

_GROUPS: Mapping[str, tuple[str, tuple[ModuleType, ...]]] = {
    "json": (
        "The text as JSON.",
        (syntax, empty_file, trailing_comma, comment, duplicate_key, disable_comment),
    ),
    "format": (
        "Keys and values as the format has them.",
        (missing_key, unknown_key, deprecated_key, wrong_type, wrong_value, enum_case),
    ),
    "names": (
        "Agents among others.",
        (duplicate_name, shadowed_name, flow_next),
    ),
    "request": (
        "What is sent, and where.",
        (bad_url, bad_header, request_format, ignored_key, unfilled_placeholder, unsent_prompt, bad_timeout),
    ),
    "answer": (
        "What is read from the answer, and where it goes.",
        (response_format, transition_path, odd_path, stream_flag, unused_interactive, unused_flow),
    ),
    "secrets": (
        "Tokens, and references to what is kept elsewhere.",
        (plain_token, unprotected_token, bad_reference, unset_variable),
    ),
    "provider": (
        "Kinds of agents.",
        (unknown_provider, unknown_model, unused_connector, provider_definition),
    ),
    OPTIONAL: (
        "What AutoDev, which the format comes from, does with the same file. Off unless the setting `rules` says "
        '`{"autodev": "warning"}`, or another severity, or names one of them.',
        (autodev_dropped, autodev_ignored, autodev_hang, autodev_placeholder, autodev_conversation, autodev_dev_ins),
    ),
}
"""Name → what its rules are about, their modules."""

GROUPS: Mapping[str, str] = {group: title for group, (title, _) in _GROUPS.items()}
"""Name of a group → what its rules are about."""

RULES: tuple[Rule, ...] = tuple(
    rule_of(module, group, is_optional=group == OPTIONAL)
    for group, (_, modules) in _GROUPS.items()
    for module in modules
)

RULES_BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}

_RULES_OF_GROUPS = {group: tuple(rule.name for rule in RULES if rule.group == group) for group in GROUPS}


def rules_named(name: str) -> tuple[str, ...]:
    """The rules that the name of a rule or of a group stands for; () for a name of neither."""
    return _RULES_OF_GROUPS.get(name) or ((name,) if name in RULES_BY_NAME else ())
