"""Settings are read tolerantly: what is missing or of the wrong kind takes its default."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given

from dragoman.lint.registry import GROUPS, RULES_BY_NAME
from dragoman.schema.store import schema_folder
from dragoman.settings import (
    DEFAULT_PROMPTS,
    SEVERITIES,
    HistorySettings,
    Limits,
    NetworkSettings,
    Prompt,
    Settings,
    read_settings,
)
from json_texts import values

SCHEMA: Any = json.loads((schema_folder() / "settings.schema.json").read_text(encoding="utf-8"))


def test_everything_given():
    assert read_settings(
        {
            "files": ["bots/*.json"],
            "rules": {"plain-token": "off", "comment": "error"},
            "prompts": [{"title": "sum up", "prompt": "In a word?", "agents": ["docs"]}, {"title": "a", "prompt": "b"}],
            "limits": {"line": 1, "event": 2, "answer": 3},
            "history": {"enabled": False, "keepDays": 7},
            "network": {"proxy": "http://p:1", "caFile": "/ca.pem", "clientCert": "/me.pem", "http2": True},
        }
    ) == Settings(
        files=("bots/*.json",),
        rules={"plain-token": "off", "comment": "error"},
        prompts=(Prompt("sum up", "In a word?", ("docs",)), Prompt("a", "b")),
        limits=Limits(1, 2, 3),
        history=HistorySettings(enabled=False, keep_days=7),
        network=NetworkSettings("http://p:1", "/ca.pem", "/me.pem", http2=True),
    )


@pytest.mark.parametrize(
    ("value", "settings"),
    [
        (None, Settings()),
        ([], Settings()),
        ("x", Settings()),
        ({"unknown": 1}, Settings()),
        ({"files": "*.json"}, Settings()),
        ({"files": [1, "a", None]}, Settings(files=("a",))),
        (
            {"rules": {"comment": "loud", "syntax": 1, "x": ["off"], "plain-token": "off"}},
            Settings(rules={"plain-token": "off"}),
        ),
        ({"prompts": []}, Settings(prompts=())),
        ({"prompts": {}}, Settings(prompts=DEFAULT_PROMPTS)),
        ({"prompts": ["x", {"title": "t"}, {"title": 1, "prompt": "p"}]}, Settings(prompts=())),
        ({"prompts": [{"title": "t", "prompt": "p", "agents": "a"}]}, Settings(prompts=(Prompt("t", "p", ()),))),
        ({"limits": {"line": 0, "event": -1, "answer": True}}, Settings()),
        ({"limits": {"line": "1", "event": 5}}, Settings(limits=Limits(event=5))),
        ({"history": {"enabled": "no", "keepDays": -1}}, Settings()),
        ({"history": {"keepDays": 0}}, Settings(history=HistorySettings(enabled=False, keep_days=0))),
        ({"history": {"keepDays": True}}, Settings()),
        ({"network": {"proxy": 1, "caFile": None, "clientCert": ["x"], "http2": "yes"}}, Settings()),
        ({"trust": "userOnly"}, Settings(trust="userOnly")),
        ({"trust": "always"}, Settings()),
        ({"inlayHints": False}, Settings(inlay_hints=False)),
        ({"inlayHints": "no"}, Settings()),
        ({"trust": ["never"]}, Settings()),
        ({"log": {"level": "debug"}}, Settings(log_level="debug")),
        ({"log": {"level": ["debug"]}}, Settings()),
        ({"log": "debug"}, Settings()),
        ({"network": {"proxy": " http://p:1 "}}, Settings(network=NetworkSettings("http://p:1"))),
    ],
)
def test_read(value: Any, settings: Settings):
    assert read_settings(value) == settings


def test_the_schema_says_what_is_read():
    assert read_settings(defaults(SCHEMA)) == Settings()
    for path, leaf in leaves(SCHEMA):
        for example in leaf["examples"]:
            assert read_settings(nested(path, example)) != Settings(), path
        assert read_settings(nested(path, object())) == Settings(), path


def test_the_schema_knows_every_setting_and_rule():
    assert {path[0] for path, _ in leaves(SCHEMA)} == {field.name for field in fields(Settings)} - IN_GROUPS | GROUPED
    rules = SCHEMA["properties"]["rules"]["properties"]
    assert rules.keys() == {*RULES_BY_NAME, *GROUPS}
    assert {level for rule in rules.values() for level in rule["enum"]} == {*SEVERITIES}


IN_GROUPS, GROUPED = {"log_level", "inlay_hints"}, {"log", "inlayHints"}
"""Settings that are called otherwise in the code, and in the schema."""


def leaves(schema: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, inner in schema["properties"].items():
        if "properties" in inner and key != "rules":
            yield from leaves(inner, (*above, key))
        else:
            yield (*above, key), inner


def defaults(schema: Any) -> Any:
    """What is in force where nothing is given."""
    if "properties" not in schema or "default" in schema:
        return schema.get("default")
    return {key: defaults(inner) for key, inner in schema["properties"].items()}


def nested(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    return {path[0]: nested(path[1:], value) if path[1:] else value}


@given(values)
def test_no_value_raises(value: Any):
    keys = ("files", "rules", "prompts", "limits", "history", "network", "trust", "log")
    assert isinstance(read_settings(dict.fromkeys(keys, value)), Settings)
    assert isinstance(read_settings(value), Settings)
