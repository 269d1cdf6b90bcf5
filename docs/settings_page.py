"""The settings: their schema, which is that of the protocol with the rules' names in it, and the page about them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from dragoman.lint.registry import GROUPS, OPTIONAL, RULES
from protocol_page import setting_rows

Schema = Mapping[str, Any]

INTRODUCTION = """\
An editor sends them as `initializationOptions`, or as section `dragoman` of `workspace/configuration`; how it is told
them stands in its page of [editors.md](editors.md). What is of the wrong kind counts as missing.
[settings.schema.json](../schemas/settings.schema.json) holds them all; `dragoman schema settings` prints it."""

RULES_SETTING = """\
Keys of `rules` are names of [rules](rules.md) or of groups of rules; that of a rule goes before that of its group:
`{"secrets": "error", "unset-variable": "off"}`. The same can be said in a file, by
[comments](rules.md#in-the-file)."""


def settings_schema(protocol: Schema) -> dict[str, Any]:
    """The schema of the settings alone."""
    settings: dict[str, Any] = json.loads(json.dumps(protocol["$defs"]["Settings"]))
    rules = settings["properties"]["rules"]
    level: dict[str, Any] = rules.pop("additionalProperties")
    names = {**GROUPS, **{rule.name: rule.documentation.split("\n")[0] for rule in RULES}}
    rules["properties"] = {name: {**level, "description": text} for name, text in names.items()}
    rules["additionalProperties"] = level
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:dragoman:settings.schema.json",
        "title": "Dragoman settings",
        **settings,
    }


def settings_page(made: str, protocol: Schema) -> Iterator[str]:
    """The page."""
    yield from ("# Settings", "", made, "", INTRODUCTION, "")
    yield from map(_linked, setting_rows(protocol["$defs"]["Settings"]))
    yield from ("", "## Rules", "", RULES_SETTING, "", "| group | rules | what they are about |", "|---|---|---|")
    for group, title in GROUPS.items():
        rules = ", ".join(f"[`{rule.name}`](rules.md#{rule.name})" for rule in RULES if rule.group == group)
        yield f"| `{group}`{' (off)' if group == OPTIONAL else ''} | {rules} | {title} |"
    yield ""


def _linked(row: str) -> str:
    """A row of the table, with links to the page of the protocol where it says to see a section of that."""
    row = re.sub(r"\bsee ([A-Z]\w+)", lambda seen: f"see [{seen[1]}](protocol.md#{seen[1].lower()})", row)
    return re.sub(r"\bsee (\w+\.md)", r"see [\1](\1)", row)
