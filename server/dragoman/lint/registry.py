"""All rules, in the order in which they are listed. A new one is a file in `rules/` and a line here."""

from __future__ import annotations

from dragoman.lint.rule import Rule, rule_of
from dragoman.lint.rules import (
    bad_header,
    bad_url,
    comment,
    deprecated_key,
    duplicate_key,
    duplicate_name,
    empty_file,
    enum_case,
    ignored_key,
    missing_key,
    plain_token,
    provider_definition,
    request_format,
    response_format,
    syntax,
    trailing_comma,
    transition_path,
    unknown_key,
    unknown_model,
    unknown_provider,
    unprotected_token,
    unused_connector,
    unused_interactive,
    wrong_type,
    wrong_value,
)

RULES: tuple[Rule, ...] = tuple(
    rule_of(module)
    for module in (
        syntax,
        empty_file,
        trailing_comma,
        comment,
        missing_key,
        unknown_key,
        duplicate_key,
        deprecated_key,
        wrong_type,
        wrong_value,
        enum_case,
        bad_url,
        duplicate_name,
        request_format,
        ignored_key,
        bad_header,
        response_format,
        transition_path,
        plain_token,
        unprotected_token,
        unknown_provider,
        unknown_model,
        unused_connector,
        unused_interactive,
        provider_definition,
    )
)

RULES_BY_NAME = {rule.name: rule for rule in RULES}
