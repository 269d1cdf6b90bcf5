"""Requests about places and documents that are not there, or not as they should be: each is answered, none breaks."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp_session import Editor, Json, between
from raw_client import RawClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = '[{"name": "ä😀", "url": "http://h/", "flow": {"next": "b"}}, {"name": "b", "url": "http://h/"}]'
OPTIONS = {"tabSize": 2, "insertSpaces": True}
FAR, INVERTED = {"line": 10**6, "character": 2**31 - 1}, between(0, 90, 0, 10)


def at(place: Json) -> Json:
    return {"position": place}


REQUESTS: dict[str, Json] = {
    types.TEXT_DOCUMENT_COMPLETION: at(FAR),
    types.TEXT_DOCUMENT_HOVER: at(FAR),
    types.TEXT_DOCUMENT_DEFINITION: at(FAR),
    types.TEXT_DOCUMENT_REFERENCES: {**at(FAR), "context": {"includeDeclaration": True}},
    types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: at(FAR),
    types.TEXT_DOCUMENT_PREPARE_RENAME: at(FAR),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: {},
    types.TEXT_DOCUMENT_FOLDING_RANGE: {},
    types.TEXT_DOCUMENT_SELECTION_RANGE: {"positions": [FAR, {"line": 0, "character": 11}]},
    types.TEXT_DOCUMENT_DOCUMENT_LINK: {},
    types.TEXT_DOCUMENT_FORMATTING: {"options": {"tabSize": 0, "insertSpaces": False}},
    types.TEXT_DOCUMENT_RANGE_FORMATTING: {"options": OPTIONS, "range": INVERTED},
    types.TEXT_DOCUMENT_CODE_ACTION: {"range": INVERTED, "context": {"diagnostics": []}},
    types.TEXT_DOCUMENT_CODE_LENS: {},
    types.TEXT_DOCUMENT_INLAY_HINT: {"range": INVERTED},
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: {},
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: {"range": {"start": FAR, "end": FAR}},
}

every_request = pytest.mark.parametrize("method", REQUESTS)


async def asked(editor: Editor, method: str, uri: str) -> Any:
    kind = types.METHOD_TO_TYPES[method][2]
    assert kind is not None
    return await editor.ask(method, editor.structured({"textDocument": {"uri": uri}, **REQUESTS[method]}, kind))


@every_request
async def test_places_that_are_not_there(editor: Editor, method: str) -> None:
    uri = editor.open("agents.json", TEXT)
    await asked(editor, method, uri)
    editor.change(uri, "")
    await asked(editor, method, uri)
    assert "failed" not in editor.log.read_text()


@every_request
@pytest.mark.parametrize("uri", ["file:///nowhere/agents.json", "untitled:agents.json", "no uri at all", ""])
async def test_documents_that_are_not_open(editor: Editor, method: str, uri: str) -> None:
    assert not await asked(editor, method, uri)


@every_request
async def test_a_document_that_was_closed(editor: Editor, method: str) -> None:
    uri = editor.open("agents.json", TEXT)
    editor.close(uri)
    assert not await asked(editor, method, uri)


@pytest.mark.parametrize("params", [{}, {"textDocument": 5}, {"position": {"line": "x"}}])
async def test_wrong_params(server: RawClient, params: Json) -> None:
    server.initialize()
    codes = {method: server.request(method, params)["error"]["code"] for method in REQUESTS}
    assert codes == dict.fromkeys(REQUESTS, types.ErrorCodes.InvalidParams.value)


@every_request
async def test_what_is_taken_back_is_answered_too(editor: Editor, method: str) -> None:
    uri = editor.open("agents.json", "[" + ",".join([TEXT[1:-1]] * 3000) + "]")
    kind = types.METHOD_TO_TYPES[method][2]
    assert kind is not None
    params = editor.structured({"textDocument": {"uri": uri}, **REQUESTS[method]}, kind)
    asking = editor.start_asking(method, params, id_=f"of {method}")
    editor.cancel_request(types.CancelParams(f"of {method}"))
    editor.change(uri, TEXT)
    (outcome,) = await asyncio.gather(asking, return_exceptions=True)
    if isinstance(outcome, BaseException):
        assert isinstance(outcome, JsonRpcException)
        assert outcome.code == types.LSPErrorCodes.RequestCancelled.value
    assert await asked(editor, types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, uri)
