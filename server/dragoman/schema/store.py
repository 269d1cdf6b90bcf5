"""Where the schema files are, and what they hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema, draft 2020-12, as `json.loads` gives it."""


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What files of one kind look like: definitions that refer to each other, and the one that a whole value follows.

    Equal only to itself, so that what is made of it can be kept.
    """

    root: str
    definitions: Schema = field(repr=False)


@dataclass(frozen=True, slots=True)
class KnownProvider:
    """What the schema of agent files says of one provider. `parameters` is a schema, empty where it is not known."""

    name: str
    description: str
    parameters: Mapping[str, Any]


def schema_folder() -> Path:
    """The folder of the schema files: inside the package once installed, beside `server/` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "schemas"
    return installed if installed.is_dir() else package.parents[1] / "schemas"


@cache
def agent_file_schema() -> Schema:
    """The schema of a whole agent file."""
    return json.loads((schema_folder() / "agent.schema.json").read_text(encoding="utf-8"))


def definition(name: str) -> Schema:
    """One entry of the `$defs` of the agent file's schema, such as `agent`."""
    return agent_file_schema()["$defs"][name]


@cache
def agent_form() -> Form:
    """An agent, with the providers that everybody has."""
    return Form("agent", agent_file_schema()["$defs"])


@cache
def provider_form() -> Form:
    """The definition of a provider."""
    schema = json.loads((schema_folder() / "provider.schema.json").read_text(encoding="utf-8"))
    return Form("provider", schema["$defs"])


def agent_form_with(providers: Iterable[KnownProvider]) -> Form:
    """An agent that may have these providers too; one of the same name replaces that which everybody has."""
    return Form("agent", with_providers(agent_file_schema(), providers)["$defs"])


def with_providers(schema: Schema, providers: Iterable[KnownProvider]) -> Schema:
    """The schema of agent files, with these providers besides or in place of those that it tells of already."""
    agent: Schema = schema["$defs"]["agent"]
    provider: Schema = agent["properties"]["provider"]
    known = dict(zip(provider["examples"], provider["markdownEnumDescriptions"], strict=True))
    conditions = {_name_in(condition): condition for condition in agent["allOf"][0]["then"]["allOf"]}
    for one in providers:
        known[one.name] = one.description
        conditions.pop(one.name, None)
        if one.parameters:
            conditions[one.name] = _condition(one)
    named: Schema = {**provider, "examples": [*known], "markdownEnumDescriptions": [*known.values()]}
    changed: Schema = {
        **agent,
        "properties": {**agent["properties"], "provider": named},
        "allOf": [{"if": {"required": ["provider"]}, "then": {"allOf": [*conditions.values()]}}],
    }
    return {**schema, "$defs": {**schema["$defs"], "agent": changed}}


def without_providers(schema: Schema) -> Schema:
    """The schema of agent files as it is before any provider is told of."""
    agent: Schema = schema["$defs"]["agent"]
    provider: Schema = {**agent["properties"]["provider"], "examples": [], "markdownEnumDescriptions": []}
    bare: Schema = {
        **agent,
        "properties": {**agent["properties"], "provider": provider},
        "allOf": [{"if": {"required": ["provider"]}, "then": {"allOf": []}}],
    }
    return {**schema, "$defs": {**schema["$defs"], "agent": bare}}


def _condition(provider: KnownProvider) -> Schema:
    return {
        "if": {"properties": {"provider": {"const": provider.name}}},
        "then": {"properties": {"parameters": dict(provider.parameters)}},
    }


def _name_in(condition: Schema) -> str:
    return condition["if"]["properties"]["provider"]["const"]
