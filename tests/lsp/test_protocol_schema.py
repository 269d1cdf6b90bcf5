"""`schemas/protocol.schema.json` and the code say the same; that docs/protocol.md does, is for `test_docs.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from jsonschema import Draft202012Validator

from dragoman.chat.events import (
    ErrorCode,
    FollowUp,
    Notice,
    ReasoningDelta,
    ReplaceText,
    Source,
    Start,
    Status,
    StopReason,
    TextDelta,
    TurnEvent,
    Usage,
)
from dragoman.chat.history.export import FORMATS
from dragoman.features.agents import AgentState
from dragoman.lsp.handlers.lifecycle import PROTOCOL_VERSION
from dragoman.lsp.prompt_params import INTENTS, read_context, read_place, read_prompt_params, read_retry_params
from dragoman.lsp.routes import register
from dragoman.lsp.server import create_server
from dragoman.lsp.turn_messages import TurnEventNumbering
from dragoman.settings import DELIVERIES, LOG_LEVELS, SEVERITIES, Settings, Trust, read_settings
from protocol_schema import CLIENT_REQUESTS, COMMANDS, GROUPS, SCHEMA, Json, faults

DEFINITIONS = SCHEMA["$defs"]
KINDS = {branch["properties"]["kind"]["const"]: branch["properties"] for branch in DEFINITIONS["TurnEvent"]["oneOf"]}
ITEMS = {branch["properties"]["kind"]["const"]: branch["properties"] for branch in DEFINITIONS["ContextItem"]["oneOf"]}
SETTINGS = DEFINITIONS["Settings"]

RANGE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 3}}
EXAMPLES = {
    "uri": "file:///x.py",
    "textDocument": {"uri": "file:///x.py"},
    "range": RANGE,
    "items": [{"range": RANGE, "message": "m"}],
    "context": [{"kind": "text", "text": "t"}],
    "position": RANGE["start"],
    "deliver": "server",
}
"""What a field is filled with that is no plain text."""

EVENTS: list[TurnEvent] = [
    Start("c", "a"),
    TextDelta("d"),
    ReasoningDelta("d"),
    ReplaceText(""),
    Source("t", "u", "e"),
    FollowUp(("p",)),
    Usage(1, 2, 3, 0.5, "EUR"),
    Status("retrying", "HTTP 503"),
    Notice("info", "c", "m"),
]


def filled(properties: Json) -> Json:
    """An object with all of these fields."""
    return {name: schema.get("const", EXAMPLES.get(name, f"a {name}")) for name, schema in properties.items()}


def objects(schema: Any) -> Iterator[Json]:
    """Everything in the schema that has properties."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_definition_exists_and_is_of_use() -> None:
    names = {reference.removeprefix("#/$defs/") for reference in references(SCHEMA)}
    assert names == DEFINITIONS.keys()


def references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (value for key, value in schema.items() if key == "$ref")
        for part in schema.values():
            yield from references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from references(part)


def test_every_field_is_described() -> None:
    told_by_their_names = {"params", "result", "partialResult", "argument", "kind", "settings"}
    silent = [
        name
        for schema in objects(SCHEMA)
        for name, value in schema["properties"].items()
        if "description" not in value and name not in told_by_their_names
    ]
    assert silent == []
    assert [name for name, schema in DEFINITIONS.items() if "description" not in schema] == []


def test_every_method_and_command_of_the_server_is_there() -> None:
    features = create_server(register).protocol.fm
    assert CLIENT_REQUESTS.keys() == {method for method in features.features if method.startswith("dragoman/")}
    assert COMMANDS.keys() == set(features.commands)


@pytest.mark.parametrize(
    ("values", "of_code"),
    [
        (DEFINITIONS["StopReason"]["enum"], StopReason),
        (DEFINITIONS["ErrorCode"]["enum"], ErrorCode),
        (DEFINITIONS["AgentInfo"]["properties"]["state"]["enum"], AgentState),
        (KINDS["status"]["phase"]["enum"], get_args(get_type_hints(Status)["phase"])),
        (KINDS["notice"]["level"]["enum"], get_args(get_type_hints(Notice)["level"])),
        (COMMANDS["dragoman.sendSelection"]["properties"]["argument"]["properties"]["intent"]["enum"], INTENTS),
        (
            CLIENT_REQUESTS["dragoman/exportConversation"]["properties"]["params"]["properties"]["format"]["enum"],
            FORMATS,
        ),
        (SETTINGS["properties"]["rules"]["additionalProperties"]["enum"], SEVERITIES),
        (SETTINGS["properties"]["log"]["properties"]["level"]["enum"], LOG_LEVELS),
        (SETTINGS["properties"]["trust"]["enum"], get_args(Trust)),
        (SETTINGS["properties"]["delivery"]["enum"], DELIVERIES),
        ([GROUPS["capabilities"]["properties"]["server"]["properties"]["version"]["const"]], [PROTOCOL_VERSION]),
    ],
)
def test_the_values_are_those_of_the_code(values: list[str], of_code: Any) -> None:
    assert values == list(of_code)


def test_every_event_has_its_kind() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(TurnEvent))
    messages = TurnEventNumbering("t").messages(EVENTS)
    assert faults(messages, {"type": "array", "items": {"$ref": "#/$defs/TurnEvent"}}) == []
    assert [message["kind"] for message in messages] == [kind for kind in KINDS if kind != "end"]


# What the server reads


def test_every_field_of_a_prompt_is_read() -> None:
    params = read_prompt_params(filled(DEFINITIONS["PromptParams"]["properties"]))
    assert [field.name for field in fields(params) if not getattr(params, field.name)] == ["retry"]


def test_every_field_of_a_retry_is_read() -> None:
    given = filled(DEFINITIONS["RetryParams"]["properties"])
    read = read_retry_params(given)
    assert read.retry is not None
    told = (read.retry.turn_id, read.turn_id, read.retry.agent, read.retry.prompt)
    place = [given.pop(name) for name in ("deliver", "textDocument", "position", "range")]
    assert [*told, read.work_done_token, read.partial_result_token] == list(given.values())
    assert read.delivers
    assert read.place == read_place({"textDocument": place[1], "position": place[2], "range": place[3]})


@pytest.mark.parametrize("kind", ITEMS)
def test_every_field_of_a_context_item_is_read(kind: str) -> None:
    whole = filled(ITEMS[kind])
    assert faults(whole, {"$ref": "#/$defs/ContextItem"}) == []
    for name in whole.keys() - {"kind"}:
        without = {key: value for key, value in whole.items() if key != name}
        needed = faults(without, {"$ref": "#/$defs/ContextItem"}) != []
        if needed:
            with pytest.raises(Exception, match=name):
                read_context([without])
        else:
            assert read_context([without]) != read_context([whole]), name


# Settings


def settings(schema: Json, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Path → schema of every setting that is no group of others."""
    for key, part in schema["properties"].items():
        if "properties" in part:
            yield from settings(part, (*above, key))
        else:
            yield (*above, key), part


LEAVES = dict(settings(SETTINGS))


def at(path: tuple[str, ...], value: Any) -> Json:
    return {path[0]: at(path[1:], value) if path[1:] else value}


def flat(value: Any, above: str = "") -> dict[str, Any]:
    """Every field of settings as they were read, by its path."""
    if not is_dataclass(value):
        return {above: value}
    return {
        name: part
        for field in fields(value)
        for name, part in flat(getattr(value, field.name), f"{above}.{field.name}").items()
    }


@pytest.mark.parametrize("path", [path for path, schema in LEAVES.items() if "default" in schema], ids=".".join)
def test_the_defaults_of_settings(path: tuple[str, ...]) -> None:
    default = at(path, LEAVES[path]["default"])
    assert faults(default, SETTINGS) == []
    assert read_settings(default) == Settings()


def test_every_setting_is_read_and_told_of() -> None:
    """Each changes a field of the settings that no other one changes, and all of them leave none out."""
    usual = flat(Settings())
    changed: list[str] = []
    for path, schema in LEAVES.items():
        example = at(path, schema["examples"][0])
        assert faults(example, SETTINGS) == []
        changed += [name for name, value in flat(read_settings(example)).items() if value != usual[name]]
    assert [name for name in usual if name not in changed] == []
    assert len(changed) == len(usual)


# What the tests of the server count on


RESULT = {
    "turnId": "t",
    "conversationId": "c",
    "agent": "a",
    "stopReason": "completed",
    "textLength": 0,
    "incomplete": False,
    "timings": {"totalMs": 1.5},
}
TEXT = {"turnId": "t", "seq": 1, "kind": "text", "delta": "d", "offset": 0}
END = {"turnId": "t", "seq": 2, "kind": "end", "result": RESULT}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TurnResult", {**RESULT, "new": 1}),
        ("TurnResult", {**RESULT, "timings": {"totalMs": 1, "new": 1}}),
        ("TurnResult", {**RESULT, "error": {"code": "http", "message": "m", "new": 1}}),
        ("TurnResult", {**RESULT, "sources": [{"title": "t", "new": 1}]}),
        ("TurnEvent", {**TEXT, "new": 1}),
        ("TurnEvent", {**END, "result": {**RESULT, "new": 1}}),
        ("TurnEvent", {"turnId": "t", "seq": 1, "kind": "source", "title": "t", "new": 1}),
    ],
)
def test_a_field_that_the_schema_does_not_name_is_noticed(name: str, value: Json) -> None:
    schema = {"$ref": f"#/$defs/{name}"}
    assert "new" in faults(value, schema)[0]
    assert faults(value, schema, strictly=False) == [], "clients are to ignore it"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TurnResult", {**RESULT, "stopReason": "bored"}),
        ("TurnResult", {key: value for key, value in RESULT.items() if key != "timings"}),
        ("TurnEvent", {**TEXT, "kind": "song"}),
        ("TurnEvent", {**TEXT, "offset": "0"}),
        ("TurnEvent", {key: value for key, value in TEXT.items() if key != "seq"}),
        ("TurnEvent", {"turnId": "t", "seq": 1, "kind": "source", "title": 1}),
        ("ConversationItem", {"conversationId": "c", "title": "t", "agent": "a", "updated": "now", "turns": 1}),
    ],
)
def test_what_the_schema_forbids_is_noticed(name: str, value: Json) -> None:
    assert faults(value, {"$ref": f"#/$defs/{name}"}) != []
