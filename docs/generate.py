"""Writes what is made from the code: pages of the documentation, and what the schema says of providers.

`configuration.md` comes from the schema, `rules.md` from the rules, `providers.md` from the definitions of providers,
`delivery.md` from the tables of actions and modes, `settings.md` and the settings' schema from that of the protocol,
parts of `protocol.md` from that too, and parts of `command-line.md` from what the commands say of themselves.
Run as `python docs/generate.py`. Tests compare the files with what this would write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from command_line_page import filled as with_help
from delivery_page import delivery
from dragoman.agents.built_in import load_provider, provider_names
from dragoman.agents.placeholders import placeholders_in
from dragoman.agents.provider import ProviderDefinition
from dragoman.lint.registry import GROUPS, RULES
from dragoman.lint.rule import markdown
from dragoman.schema.lookup import ValueSchema, keys_at
from dragoman.schema.store import KnownProvider, agent_file_schema, with_providers, without_providers
from protocol_page import filled
from schema_conventions import with_conventions
from settings_page import settings_page, settings_schema

FOLDER = Path(__file__).parent
SCHEMA = FOLDER.parent / "schemas/agent.schema.json"
SETTINGS = FOLDER.parent / "schemas/settings.schema.json"
PROTOCOL = FOLDER.parent / "schemas/protocol.schema.json"
OWN_EXAMPLE = FOLDER.parent / "examples/provider.jsonc"
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

RULES_INTRODUCTION = """\
What the linter says, by the `code` of the diagnostic. The setting `rules` switches a rule or a whole group off or gives
it another severity: `{"plain-token": "off"}`, or `"information"`, `"warning"`, `"error"`. What it says of a rule goes
before what it says of its group.

## In the file

Comments switch rules off for a part of the file:

- `// dragoman-disable-next-line plain-token` for the line below;
- `// dragoman-disable-line plain-token` for the line that it stands in;
- `// dragoman-disable plain-token` from there to the end, and so at the top for the whole file.

Several names of rules or groups stand with commas or blanks between them; with none, every rule is meant. Behind `--`
is room for a reason. What begins in a line is meant by it. `/* … */` works as well.

## Groups"""
STOPPING = """\
Stopping a turn closes the connection. Agents of these kinds are told besides, in the background and by a call of their
own, once they have named what it needs: others might work on, and let you pay.
"""
OWN = """\
A file `.agents/providers/<name>.jsonc` (or `.json`) in a workspace defines a provider for the agents of that workspace;
one in `providers/` beside your own `agents.json` defines it for all your agents. A definition is `like` another one in
all that it does not say itself. While it is open in an editor it is checked, completed and explained;
[provider.schema.json](../schemas/provider.schema.json) holds every key.

- A workspace cannot give another meaning to a name of the table above, nor to one of yours. You can.
- The agents of your own file see no definition of a workspace.
- A definition with an error in it is not used; the agents that name it say what is wrong with it, and where.
- Of several files with one name, the one nearest to the root of the workspace counts, and `.jsonc` before `.json`.

`{name}` in the path of `request.stop` is one step of the agent's own path, `$name` a value that is known: those of the
request, those under `response.conversation` and `response.turn`, and what stands at the top of the body that was sent.
"""


def main() -> None:
    """Write the schema, and then the pages, which read it."""
    SCHEMA.write_text(schema(), encoding="utf-8")
    SETTINGS.write_text(settings(), encoding="utf-8")
    agent_file_schema.cache_clear()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """File name → text."""
    made = {
        "configuration.md": configuration(),
        "delivery.md": delivery(MADE),
        "providers.md": providers(),
        "rules.md": rules(),
        "settings.md": settings_page(MADE, json.loads(PROTOCOL.read_text(encoding="utf-8"))),
    }
    return {
        **{name: "\n".join(lines) for name, lines in made.items()},
        "protocol.md": protocol(),
        "command-line.md": command_line(),
    }


def schema() -> str:
    """The schema's text, with what the definitions of providers say in it."""
    bare = without_providers(json.loads(SCHEMA.read_text(encoding="utf-8")))
    known = [KnownProvider(one.name, one.description, one.parameters) for one in definitions()]
    told = with_conventions(with_providers(bare, known), definitions())
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def settings() -> str:
    """The text of the settings' schema."""
    made = settings_schema(json.loads(PROTOCOL.read_text(encoding="utf-8")))
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def protocol() -> str:
    """The page of the protocol, with what its schema says in it."""
    page = (FOLDER / "protocol.md").read_text(encoding="utf-8")
    return filled(page, json.loads(PROTOCOL.read_text(encoding="utf-8")))


def command_line() -> str:
    """The page of the commands, with what they say of themselves."""
    return with_help((FOLDER / "command-line.md").read_text(encoding="utf-8"))


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
    yield "[agents.md](agents.md) tells how requests are built and answers read, [delivery.md](delivery.md) where the"
    yield "answers go."
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
    yield "start from. Each is one file in `server/dragoman/agents/providers/`; you can [write more](#your-own)."
    yield ""
    yield "| provider | kind of agent | address | token | text | conversation |"
    yield "|---|---|---|---|---|---|"
    for definition in definitions():
        title = f"[{definition.title}]({definition.documentation})" if definition.documentation else definition.title
        cells = (f"`{definition.name}`", title, _code(definition.url), _token(definition), _text(definition))
        yield f"| {' | '.join((*cells, _memory(definition)))} |"
    yield from _stop_calls()
    yield from _own()
    for definition in definitions():
        yield from ("", f"## {definition.name}", "", definition.description)
        yield from _parameters(definition)
    yield ""


def _stop_calls() -> Iterator[str]:
    """How agents are told to stop."""
    yield from ("", "## Stopping", "", STOPPING)
    yield "| provider | end of the address | the call | what it says | once known |"
    yield "|---|---|---|---|---|"
    for definition in definitions():
        call = definition.request.stop
        if call is not None:
            names = placeholders_in({**call.body, **call.query}) | placeholders_in(call.paths)
            theirs = {**definition.response.conversation, **definition.response.turn}
            known = ", ".join(f"`{name}`" for name in theirs if name in names)
            body = _code(json.dumps(call.body)) if call.body else ""
            for end, instead in call.paths.items() or [("", "")]:
                told = f"{call.method} {_code(instead) or 'the same address'}"
                yield f"| `{definition.name}` | {_code(end)} | {told} | {body} | {known} |"


def _own() -> Iterator[str]:
    """How to define a provider."""
    example = OWN_EXAMPLE.read_text(encoding="utf-8").splitlines()
    agent = '{ "name": "Library", "url": "http://127.0.0.1:8765/ask", "provider": "library" }'
    yield from ("", "## Your own", "", OWN, "```jsonc", *example, "```", "")
    yield from ("An agent of that kind:", "", "```json", agent, "```")


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
    yield RULES_INTRODUCTION
    yield from ("", "| group | what its rules are about |", "|---|---|")
    yield from (f"| `{group}` | {title} |" for group, title in GROUPS.items())
    for rule in sorted(RULES, key=lambda rule: rule.name):
        yield from ("", f"## {rule.name}", "", f"Group `{rule.group}`.", "", markdown(rule))
    yield ""


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
