"""Writes what is made from the code: pages of the documentation, and what the schema says of providers.

`configuration.md` comes from the schema, `rules.md` from the rules, `providers.md` from the definitions of providers.
Run as `python docs/generate.py`. Tests compare the files with what this would write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman.agents.provider import ProviderDefinition, load_provider, provider_names
from dragoman.chat.template import placeholders_in
from dragoman.lint.registry import RULES
from dragoman.lint.rule import Rule
from dragoman.schema.lookup import ValueSchema, keys_at
from dragoman.schema.store import agent_file_schema

FOLDER = Path(__file__).parent
SCHEMA = FOLDER.parent / "schemas/agent.schema.json"
MADE = "<!-- Made by docs/generate.py; change the schema, the rule or the definition, not this page. -->"
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
    """Write the schema, and then the pages, which read it."""
    SCHEMA.write_text(schema(), encoding="utf-8")
    agent_file_schema.cache_clear()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """File name → text."""
    made = {"configuration.md": configuration(), "providers.md": providers(), "rules.md": rules()}
    return {name: "\n".join(lines) for name, lines in made.items()}


def schema() -> str:
    """The schema's text, with what the definitions of providers say in it."""
    whole: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    known = definitions()
    special = [definition for definition in known if definition.parameters]
    agent = whole["$defs"]["agent"]
    agent["properties"]["provider"]["examples"] = [definition.name for definition in known]
    agent["properties"]["provider"]["markdownEnumDescriptions"] = [definition.description for definition in known]
    conditions = [
        {
            "if": {"properties": {"provider": {"const": definition.name}}},
            "then": {"properties": {"parameters": {"$ref": f"#/$defs/{definition.name}Parameters"}}},
        }
        for definition in special
    ]
    agent["allOf"] = [{"if": {"required": ["provider"]}, "then": {"allOf": conditions}}]
    others = {name: part for name, part in whole["$defs"].items() if not name.endswith("Parameters")}
    whole["$defs"] = others | {f"{definition.name}Parameters": definition.parameters for definition in special}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def definitions() -> list[ProviderDefinition]:
    """All providers, the one without special knowledge first."""
    known = [definition for name in provider_names() if (definition := load_provider(name))]
    return sorted(known, key=lambda definition: (definition.name != "custom", definition.name))


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


def providers() -> Iterator[str]:
    """The kinds of agents that are known."""
    yield from ("# Providers", "", MADE, "")
    yield "A provider is what is known about a kind of agent: how it is asked, and where in its answer the text, the"
    yield "reasoning, the sources and errors are. `provider` in an agent's file names it; the address is an example to"
    yield "start from. Each is one file in `server/dragoman/agents/providers/`."
    yield ""
    yield "| provider | kind of agent | address | token | text | conversation |"
    yield "|---|---|---|---|---|---|"
    for definition in definitions():
        title = f"[{definition.title}]({definition.documentation})" if definition.documentation else definition.title
        cells = (f"`{definition.name}`", title, _code(definition.url), _token(definition), _text(definition))
        yield f"| {' | '.join((*cells, _memory(definition)))} |"
    for definition in definitions():
        yield from ("", f"## {definition.name}", "", definition.description)
        yield from _parameters(definition)
    yield ""


def _parameters(definition: ProviderDefinition) -> Iterator[str]:
    keys = keys_at({"provider": definition.name}, ("parameters",))
    if keys:
        yield from ("", "| in `parameters` | type | without it | meaning |", "|---|---|---|---|")
    for key, value in keys.items():
        yield f"| `{key}` | {_type(value)} | {_default(value)} | {_meaning(value)} |"


def _token(definition: ProviderDefinition) -> str:
    """How a token usually travels."""
    if definition.name == "custom":
        return "as `auth` says"
    if definition.auth_type == "ApiKey":
        return f"`ApiKey` (`{definition.key_header}`)"
    return f"`{definition.auth_type}`" if definition.auth_type else "none"


def _text(definition: ProviderDefinition) -> str:
    """Where a stream carries the answer."""
    if not definition.response.text:
        return "`responseFormat`, or common shapes"
    first = definition.response.text[0]
    events = ", ".join(f"`{event}`" for event in sorted(first.events))
    return " ".join(filter(None, (events, _code(first.path))))


def _memory(definition: ProviderDefinition) -> str:
    """Who keeps the conversation, and by what the agent knows it."""
    used = placeholders_in(definition.request.body) | placeholders_in(definition.request.query)
    theirs = ", ".join(f"`{name}`" for name in definition.response.conversation if name in used)
    if theirs:
        return f"the agent, as {theirs}"
    if "history" in used:
        return "we: earlier turns are sent along"
    return "the agent, by an id of ours" if "sessionId" in used else "nobody: each prompt stands alone"


def _code(text: str) -> str:
    escaped = text.replace("|", "\\|")
    return f"`{escaped}`" if text else ""


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
