"""Texts made to break JSON parsers, opened as agent files in a real server."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from dragoman.syntax.text import LineIndex
from raw_client import RawClient

pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def server() -> Iterator[RawClient]:
    with RawClient() as client:
        client.initialize(capabilities={"general": {"positionEncodings": ["utf-32"]}})
        yield client


def test_every_text_gets_the_verdict_that_it_deserves(server: RawClient):
    lines = (Path(os.environ["DRAGOMAN_CONFORMANCE"]) / "vectors" / "json_torture.jsonl").read_text("utf-8").split("\n")
    cases = [json.loads(line) for line in lines if line]
    assert cases
    assert [problem for case in cases for problem in problems_of(case, server)] == []


def problems_of(case: dict[str, Any], server: RawClient) -> list[str]:
    text = b64decode(case["bytes_b64"]).decode("utf-8", "replace")
    diagnostics = diagnostics_of(f"file:///torture/{quote(case['name'])}/agents.json", text, server)
    bad = [diagnostic for diagnostic in diagnostics if diagnostic["severity"] <= 2 and lies_inside(diagnostic, text)]
    if case["expect"] == "reject" and not bad:
        return [f"{case['name']}: nothing is said about {text!r}"]
    syntax = [diagnostic["message"] for diagnostic in diagnostics if diagnostic["code"] == "syntax"]
    if case["expect"] == "accept" and syntax:
        return [f"{case['name']}: {syntax} about {text!r}"]
    return []


def diagnostics_of(uri: str, text: str, server: RawClient) -> list[dict[str, Any]]:
    document = {"uri": uri, "languageId": "json", "version": 1, "text": text}
    server.notify("textDocument/didOpen", {"textDocument": document})
    while True:
        message = server.receive()
        if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
            server.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
            return message["params"]["diagnostics"]


def lies_inside(diagnostic: dict[str, Any], text: str) -> bool:
    """Whether the range is one of the text; characters count code points, as was agreed on with the server."""
    lines = LineIndex(text)
    places = [(diagnostic["range"][end]["line"], diagnostic["range"][end]["character"]) for end in ("start", "end")]
    return places == sorted(places) and all(
        line < lines.line_count and character <= len(lines.line_text(line)) for line, character in places
    )
