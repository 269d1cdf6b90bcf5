"""How rules are run: settings, order, what is kept, and that nothing the schema forbids goes untold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dragoman.lint.diagnostic import Severity
from dragoman.lint.rules.wrong_value import SENTENCES
from dragoman.lint.runner import lint
from dragoman.project.agent_file import read_agent_file
from dragoman.schema.store import agent_file_schema
from dragoman.syntax.jsonc import Edit
from linting import AGENT, diagnose

TEXT = f'[{{{AGENT}, "auth": {{"type": "bearer", "token": "s3cret"}}}}, // c\n {{}}]'


def test_diagnostics_come_in_the_order_of_the_text():
    assert [diagnostic.code for diagnostic in diagnose(TEXT)] == [
        "enum-case",
        "plain-token",
        "comment",
        "missing-key",
        "missing-key",
    ]


@pytest.mark.parametrize(
    ("level", "severity"),
    [("information", Severity.INFORMATION), ("warning", Severity.WARNING), ("error", Severity.ERROR), ("off", None)],
)
def test_a_rules_severity_can_be_set(level: str, severity: Severity | None):
    told = {diagnostic.code: diagnostic.severity for diagnostic in diagnose(TEXT, {"plain-token": level})}
    assert told.get("plain-token") == severity
    assert told["comment"] == Severity.INFORMATION
    assert told["enum-case"] == Severity.ERROR


def test_rules_about_the_whole_file_can_be_set_too():
    assert diagnose("", {"empty-file": "off"}) == []
    agents = f"[{{{AGENT}}}, {{{AGENT}}}]"
    assert [found.severity for found in diagnose(agents, {"duplicate-name": "warning"})] == [Severity.WARNING]


def test_linting_after_an_edit_equals_linting_anew():
    file = read_agent_file(TEXT)
    lint(file, {})
    place = TEXT.index("bearer")
    text = TEXT[:place] + "B" + TEXT[place + 1 :]
    edited = file.edited(text, Edit(place, place + 1, place + 1))
    assert lint(edited, {}) == diagnose(text)
    inserted = file.edited("[ " + TEXT[1:], Edit(1, 1, 2))
    assert lint(inserted, {}) == diagnose("[ " + TEXT[1:])


def test_every_keyword_of_the_schema_belongs_to_a_rule():
    """Those that structure a schema or describe; those that a rule tells of; and no other."""
    structure = {"properties", "items", "allOf", "if", "then", "else", "const", "$ref", "$defs"}
    description = {"$schema", "$id", "title", "description", "default", "examples", "deprecated"}
    told = {"required", "additionalProperties", "propertyNames", "type", "enum", *SENTENCES}
    of_editors = {"markdownDescription", "markdownEnumDescriptions", "enumDescriptions", "deprecationMessage"}
    proposed = {"defaultSnippets", "doNotSuggest"}
    assert set(keywords(agent_file_schema())) - structure - description - told - of_editors - proposed == set()


@pytest.mark.parametrize(
    ("keyword", "broken"),
    [
        ("required", '{"name": "a"}'),
        ("additionalProperties", f'{{{AGENT}, "x": 1}}'),
        ("type", f'{{{AGENT}, "system": 1}}'),
        ("enum", f'{{{AGENT}, "interactive": "x"}}'),
        ("enum", f'{{{AGENT}, "interactive": "chatpanel"}}'),
        ("minLength", '{"name": "", "url": "http://h/"}'),
        ("pattern", '{"name": "a", "url": "x"}'),
        ("pattern", f'{{{AGENT}, "auth": {{"type": "Basic", "token": "${{env:X}}\\n"}}}}'),
        ("propertyNames", f'{{{AGENT}, "connector": {{"requestFormat": {{"customHeaders": {{"a b": ""}}}}}}}}'),
        ("exclusiveMinimum", f'{{{AGENT}, "defaultTimeout": 0}}'),
        ("minimum", f'{{{AGENT}, "provider": "chaindesk", "parameters": {{"topP": -1}}}}'),
        ("maximum", f'{{{AGENT}, "provider": "chaindesk", "parameters": {{"topP": 2}}}}'),
    ],
)
def test_what_a_keyword_forbids_is_told_once(keyword: str, broken: str):
    assert keyword in set(keywords(agent_file_schema()))
    assert len(diagnose(broken)) == 1


def keywords(schema: Any) -> Iterator[str]:
    """Every keyword in a schema, at any depth; names of keys and definitions are none."""
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        yield keyword
        if keyword in ("properties", "$defs"):
            for inner in value.values():
                yield from keywords(inner)
        elif keyword in ("items", "if", "then", "else", "additionalProperties", "propertyNames"):
            yield from keywords(value)
        elif keyword == "allOf":
            for inner in value:
                yield from keywords(inner)
