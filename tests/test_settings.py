"""Settings are read tolerantly: what is missing or of the wrong kind takes its default."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from dragoman.settings import DEFAULT_PROMPTS, HistorySettings, Limits, NetworkSettings, Prompt, Settings, read_settings
from json_texts import values


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
        ({"trust": ["never"]}, Settings()),
        ({"log": {"level": "debug"}}, Settings(log_level="debug")),
        ({"log": {"level": ["debug"]}}, Settings()),
        ({"log": "debug"}, Settings()),
        ({"network": {"proxy": " http://p:1 "}}, Settings(network=NetworkSettings("http://p:1"))),
    ],
)
def test_read(value: Any, settings: Settings):
    assert read_settings(value) == settings


@given(values)
def test_no_value_raises(value: Any):
    keys = ("files", "rules", "prompts", "limits", "history", "network", "trust", "log")
    assert isinstance(read_settings(dict.fromkeys(keys, value)), Settings)
    assert isinstance(read_settings(value), Settings)
