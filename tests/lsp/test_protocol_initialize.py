"""What clients send in `initialize`, and what they must get all the same."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from dragoman.lsp.converter import structure_params, tolerant_converter
from raw_client import SERVE, RawClient

SAMPLE = (sys.executable, str(Path(__file__).parent.parent / "protocol_server.py"))


def structure(params: object) -> types.InitializeParams:
    return structure_params(tolerant_converter(), "initialize", params)


def test_a_newer_client() -> None:
    capabilities = {
        "workspace": {
            "workspaceEdit": {"resourceOperations": ["create", "teleport"], "failureHandling": "hope"},
            "symbol": {"symbolKind": {"valueSet": [1, 999]}, "tagSupport": {"valueSet": [1, 77]}},
            "holograms": {"dynamicRegistration": True},
        },
        "textDocument": {
            "completion": {
                "completionItem": {
                    "documentationFormat": ["html", "markdown"],
                    "insertTextModeSupport": {"valueSet": [9]},
                },
                "completionItemKind": {"valueSet": [1, 999]},
            },
            "hover": {"contentFormat": ["html"]},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "wish"]}}},
            "publishDiagnostics": {"tagSupport": {"valueSet": [1, 2, 3]}},
            "rename": {"prepareSupportDefaultBehavior": 7},
            "foldingRange": {"foldingRangeKind": {"valueSet": ["chapter"]}},
            "semanticTokens": {
                "requests": {"full": {"delta": True}},
                "tokenTypes": ["spell"],
                "tokenModifiers": [],
                "formats": ["absolute"],
            },
        },
        "general": {"positionEncodings": ["utf-7", "utf-8"]},
    }
    params = structure({"capabilities": capabilities, "trace": "loud", "locale": "tlh", "mood": "good"})
    assert params.trace == "loud"
    assert params.capabilities.text_document.hover.content_format == ("html",)
    assert params.capabilities.workspace.symbol.symbol_kind.value_set == (types.SymbolKind.File, 999)
    assert params.capabilities.general.position_encodings == ("utf-7", "utf-8")


MINIMAL = [
    {},
    None,
    {"capabilities": None},
    {"processId": None, "rootUri": None, "capabilities": {}},
    {"capabilities": 5},
]


@pytest.mark.parametrize("params", MINIMAL, ids=json.dumps)
def test_what_is_missing_is_taken_as_empty(params: object) -> None:
    assert structure(params) == types.InitializeParams(capabilities=types.ClientCapabilities())


def test_a_capability_that_does_not_validate_costs_only_itself() -> None:
    capabilities = {
        "textDocument": {
            "hover": {"contentFormat": ["plaintext"]},
            "codeAction": {"resolveSupport": {}},
            "semanticTokens": {"requests": {}},
        },
        "window": 5,
        "general": {"markdown": 4, "positionEncodings": ["utf-32"]},
        "workspace": "everything but workspaceEdit",
    }
    params = structure(
        {"capabilities": capabilities, "processId": "me", "workspaceFolders": [{"name": "a"}], "locale": "de"}
    )
    assert params == types.InitializeParams(
        capabilities=types.ClientCapabilities(
            text_document=types.TextDocumentClientCapabilities(
                hover=types.HoverClientCapabilities(content_format=(types.MarkupKind.PlainText,))
            ),
            general=types.GeneralClientCapabilities(position_encodings=(types.PositionEncodingKind.Utf32,)),
        ),
        locale="de",
    )


def test_params_that_are_no_object() -> None:
    with pytest.raises(JsonRpcInvalidParams, match=r"params must be an object\."):
        structure([])


@pytest.mark.parametrize("kind", [value for value in vars(types).values() if isinstance(value, types.enum.EnumMeta)])
def test_every_enum_lets_unknown_values_pass_both_ways(kind: Any) -> None:
    converter = tolerant_converter()
    for value in ("of tomorrow", 4711):
        assert converter.unstructure(converter.structure(value, kind), kind) == value


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, "utf-16"),
        (["utf-8", "utf-16"], "utf-8"),
        (["utf-7", "utf-32", "utf-16"], "utf-32"),
        (["utf-7"], "utf-16"),
    ],
)
def test_the_first_encoding_that_both_know(offered: list[str] | None, chosen: str) -> None:
    with RawClient(SAMPLE) as client:
        general = {} if offered is None else {"general": {"positionEncodings": offered}}
        assert client.initialize(capabilities=general)["capabilities"]["positionEncoding"] == chosen
        assert client.request("sample/state")["result"]["encoding"] == chosen


@pytest.mark.parametrize("general", [{}, {"general": {"positionEncodings": ["utf-16"]}}])
def test_an_editor_that_counts_otherwise_than_it_says(general: dict[str, Any]) -> None:
    text = '{"name": "ä", "url": "https://x.example", "responseAction": "Streem"}'
    opened = {"uri": "file:///x/agents.json", "languageId": "json", "version": 1, "text": text}
    with RawClient((*SERVE, "--position-encoding", "utf-8")) as client:
        assert client.initialize(capabilities=general)["capabilities"]["positionEncoding"] == "utf-8"
        client.notify("textDocument/didOpen", {"textDocument": opened})
        while (message := client.receive())["method"] != "textDocument/publishDiagnostics":
            pass
    (diagnostic,) = message["params"]["diagnostics"]
    assert diagnostic["range"]["start"]["character"] == len(text.partition('"Streem')[0].encode())


def test_the_capabilities_are_those_of_the_handlers() -> None:
    with RawClient(SAMPLE) as client:
        capabilities = client.initialize()["capabilities"]
    assert capabilities["experimental"] == {"sample": {"version": "1"}}
    assert capabilities["hoverProvider"] is True
    assert capabilities["textDocumentSync"] == {"openClose": True, "change": 2, "save": True}
    assert capabilities["executeCommandProvider"] == {"commands": ["sample.join", "sample.wait"]}
