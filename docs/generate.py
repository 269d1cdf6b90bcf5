"""Writes the pages that are made from the code: `configuration.md` from the schema, `rules.md` from the rules.

Run as `python docs/generate.py`. A test compares the pages with what this would write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from dragoman.lint.registry import RULES
from dragoman.lint.rule import Rule
from dragoman.schema.lookup import ValueSchema, keys_at

FOLDER = Path(__file__).parent
MADE = "<!-- Made by docs/generate.py; change the schema or the rule, not this page. -->"
OBJECTS: tuple[tuple[str, dict[str, object], tuple[str | int, ...]], ...] = (
    ("An agent", {}, ()),
    ("auth", {}, ("auth",)),
    ("connector", {}, ("connector",)),
    ("connector.requestFormat", {}, ("connector", "requestFormat")),
    ("connector.requestFormat.messageKeys", {}, ("connector", "requestFormat", "messageKeys")),
    ("transition[]", {}, ("transition", 0)),
    ("flow", {}, ("flow",)),
    ("parameters, for provider chaindesk", {"provider": "chaindesk"}, ("parameters",)),
)
"""Heading, the agent that conditions look at, the path to the object."""


def main() -> None:
    """Write both pages."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """File name → text."""
    return {"configuration.md": "\n".join(configuration()), "rules.md": "\n".join(rules())}


def configuration() -> Iterator[str]:
    """The reference of the format."""
    yield from ("# The agent file", "", MADE, "")
    yield "A file holds one agent object, or an array of them. These names are recognised: `agents.json`,"
    yield "`*.agents.json`, `*.agent.json`, `.agents/*.json`, `AutoDevCustomAgentFile.json`, each with `.jsonc` too;"
    yield "the setting `files` adds more. Comments and trailing commas are read, and told of."
    yield ""
    yield "In this version every answer is shown in the chat panel, or as a Markdown document by an editor without one;"
    yield "where `responseAction` or `interactive` ask for more, a notice says so. [agents.md](agents.md) tells how"
    yield "requests are built and answers read."
    for heading, agent, path in OBJECTS:
        keys = keys_at(agent, path)
        yield from ("", f"## {heading}", "", "| key | type | without it | meaning |", "|---|---|---|---|")
        for key, schema in keys.items():
            yield f"| `{key}` | {_type(schema)} | {_default(schema)} | {_meaning(schema)} |"
        for key, schema in keys.items():
            if schema.value_descriptions:
                yield from ("", f"**`{key}`**", "", "| value | what it does |", "|---|---|")
                yield from (
                    f"| `{value}` | {description} |"
                    for value, description in zip(schema.values, schema.value_descriptions, strict=True)
                )
    yield ""


def rules() -> Iterator[str]:
    """The list of rules."""
    yield from ("# Rules", "", MADE, "")
    yield "What the linter says, by the `code` of the diagnostic. The setting `rules` switches one off or gives it"
    yield 'another severity: `{"plain-token": "off"}`, or `"information"`, `"warning"`, `"error"`.'
    for rule in sorted(RULES, key=lambda rule: rule.name):
        yield from ("", f"## {rule.name}", "", *_documentation(rule))
    yield ""


def _documentation(rule: Rule) -> Iterator[str]:
    for line in rule.documentation.strip().split("\n"):
        mark = re.match(r"(Example|Instead): ", line)
        yield f"- *{mark[1]}:* {line[mark.end() :]}" if mark else line


def _type(schema: ValueSchema) -> str:
    return " or ".join(schema.types)


def _default(schema: ValueSchema) -> str:
    if schema.required:
        return "**needed**"
    return "" if schema.default in (None, "", [], {}) else f"`{json.dumps(schema.default).strip(chr(34))}`"


def _meaning(schema: ValueSchema) -> str:
    description = schema.description.replace("|", "\\|")
    return f"*Deprecated.* {description}" if schema.deprecated else description


if __name__ == "__main__":
    main()
