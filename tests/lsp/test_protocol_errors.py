"""Every request gets exactly one answer, whatever is wrong with it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.lsp.messages import Message, read_message
from raw_client import RawClient, framed

HOVER = "textDocument/hover"
AT_ZERO = {"line": 0, "character": 0}

INVALID_PARAMS: dict[str, tuple[str, object, str]] = {
    "missing field": (HOVER, {"textDocument": {"uri": "file:///a"}}, "params.position is missing."),
    "missing inner field": (
        HOVER,
        {"textDocument": {"uri": "file:///a"}, "position": {"line": 3}},
        "params.position.character is missing.",
    ),
    "wrong type": (
        HOVER,
        {"textDocument": {"uri": "file:///a"}, "position": {"line": "sesame", "character": 0}},
        "params.position.line is not valid.",
    ),
    "out of range": (
        HOVER,
        {"textDocument": {"uri": "file:///a"}, "position": {"line": -1, "character": 0}},
        "params.position is not valid.",
    ),
    "name of several words": (HOVER, {"position": AT_ZERO}, "params.textDocument is missing."),
    "inside a list": (
        "textDocument/codeAction",
        {
            "textDocument": {"uri": "file:///a"},
            "range": {"start": AT_ZERO, "end": AT_ZERO},
            "context": {"diagnostics": [{"range": {"start": AT_ZERO, "end": AT_ZERO}}]},
        },
        "params.context.diagnostics[0].message is missing.",
    ),
    "no params": (HOVER, None, "params.textDocument is missing."),
    "an array": (HOVER, [1], "params must be an object."),
    "a string for our own method": ("sample/echo", "sesame", "params must be an object."),
    "unknown command": (
        "workspace/executeCommand",
        {"command": "sesame"},
        "params.command is not a command of this server.",
    ),
    "too many arguments": (
        "workspace/executeCommand",
        {"command": "sample.join", "arguments": [1, 2, "sesame"]},
        "params.arguments are not those of the command.",
    ),
}


@pytest.mark.parametrize(("method", "params", "sentence"), INVALID_PARAMS.values(), ids=INVALID_PARAMS.keys())
def test_params_that_do_not_validate(shared_sample: RawClient, method: str, params: object, sentence: str) -> None:
    assert shared_sample.request(method, params)["error"] == {"code": -32602, "message": sentence}


INVALID_MESSAGES: dict[str, tuple[object, int, object]] = {
    "a batch": ([{"jsonrpc": "2.0", "id": 1, "method": "sample/ping"}], -32600, None),
    "an empty batch": ([], -32600, None),
    "a string": ("sample/ping", -32600, None),
    "null": (None, -32600, None),
    "an empty object": ({}, -32600, None),
    "no method": ({"jsonrpc": "2.0", "id": 7}, -32600, 7),
    "a number for a method": ({"jsonrpc": "2.0", "id": "a", "method": 1}, -32600, "a"),
    "no version": ({"id": 7, "method": "sample/ping"}, -32600, 7),
    "another version": ({"jsonrpc": "1.0", "id": 7, "method": "sample/ping"}, -32600, 7),
    "an object for an id": ({"jsonrpc": "2.0", "id": {}, "method": "sample/ping"}, -32600, None),
    "true for an id": ({"jsonrpc": "2.0", "id": True, "method": "sample/ping"}, -32600, None),
    "null for an id": ({"jsonrpc": "2.0", "id": None, "method": "sample/ping"}, -32600, None),
    "unknown method": ({"jsonrpc": "2.0", "id": 7, "method": "sample/unknown"}, -32601, 7),
    "unknown optional method": ({"jsonrpc": "2.0", "id": 7, "method": "$/unknown"}, -32601, 7),
    "a method that only clients have": (
        {"jsonrpc": "2.0", "id": 7, "method": "window/showDocument", "params": {}},
        -32601,
        7,
    ),
    "a second initialize": (
        {"jsonrpc": "2.0", "id": 7, "method": "initialize", "params": {"capabilities": {}}},
        -32600,
        7,
    ),
}


@pytest.mark.parametrize(("message", "code", "id_"), INVALID_MESSAGES.values(), ids=INVALID_MESSAGES.keys())
def test_a_message_that_is_no_request(shared_sample: RawClient, message: object, code: int, id_: object) -> None:
    shared_sample.send(message)
    answer = shared_sample.receive()
    assert (answer["error"]["code"], answer["id"]) == (code, id_)
    assert shared_sample.request("sample/ping")["result"] == "pong"


NOT_JSON = {
    "cut short": b'{"jsonrpc":"2.0","id":1,',
    "nothing": b"",
    "bad UTF-8": b'{"jsonrpc":"2.0","id":1,"method":"\xff"}',
    "too deep": b"[" * 100_000 + b"]" * 100_000,
    "too many digits": b'{"jsonrpc":"2.0","id":' + b"9" * 5000 + b',"method":"sample/ping"}',
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_a_message_that_is_not_json(shared_sample: RawClient, body: bytes) -> None:
    shared_sample.write(framed(body))
    assert shared_sample.receive() == {
        "jsonrpc": "2.0",
        "id": None,
        "error": {"code": -32700, "message": "The message is not JSON."},
    }
    assert shared_sample.request("sample/ping")["result"] == "pong"


def test_a_header_without_a_length_is_told(shared_sample: RawClient) -> None:
    shared_sample.write(b"Content-Length: many\r\n\r\n{}")
    assert shared_sample.receive()["error"]["code"] == -32700
    assert shared_sample.request("sample/ping")["result"] == "pong"


IGNORED = [
    {"jsonrpc": "2.0", "method": "sample/unknown"},
    {"jsonrpc": "2.0", "method": "$/unknown", "params": [1]},
    {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": 5}},
    {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": None},
    {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 4711}},
    {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": []}},
    {"jsonrpc": "2.0", "method": "$/cancelRequest"},
    {"jsonrpc": "2.0", "method": "$/setTrace", "params": {"value": "loud"}},
    {"jsonrpc": "2.0", "id": 4711, "result": None},
    {"jsonrpc": "2.0", "id": [], "result": None},
    {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "what?"}},
    {"id": "4711", "error": 5},
]


@pytest.mark.parametrize("message", IGNORED, ids=json.dumps)
def test_nothing_comes_back(shared_sample: RawClient, message: object) -> None:
    shared_sample.send(message)
    id_ = shared_sample.start_request("sample/ping")
    assert shared_sample.receive() == {"jsonrpc": "2.0", "id": id_, "result": "pong"}


@pytest.mark.parametrize("id_", [1, "1", 0, -5, "", "ü", 2.5])
def test_an_id_comes_back_as_it_was_sent(shared_sample: RawClient, id_: Any) -> None:
    shared_sample.send({"jsonrpc": "2.0", "id": id_, "method": "sample/ping", "params": None})
    answer = shared_sample.receive()
    assert (type(answer["id"]), answer["id"]) == (type(id_), id_)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just("2.0"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)
PARTS = st.sampled_from(["jsonrpc", "id", "method", "params", "result", "error"])


@given(VALUES | st.dictionaries(PARTS, VALUES))
def test_any_json_is_some_message(value: object) -> None:
    assert isinstance(read_message(json.dumps(value).encode()), Message)


@given(st.binary())
def test_any_bytes_are_some_message(body: bytes) -> None:
    assert isinstance(read_message(body), Message)
