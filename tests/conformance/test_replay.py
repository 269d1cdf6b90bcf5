"""Recorded cases of completion and of syntax errors, replayed through the protocol against a real server.

The cases are made for any schema: «S1» and the like stand for keys and values of ours.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from dragoman.syntax.text import LineIndex, Span
from raw_client import RawClient

pytestmark = pytest.mark.conformance

OURS = {
    "S1": "name",
    "S2": "url",
    "E": "responseAction",
    "V1": "Direct",
    "V2": "Stream",
    "O": "auth",
    "OS": "token",
    "array_root": "both roots are good",
}
"""What a case speaks of or needs → what it is here. `«S1:3»` means its first three characters."""

_uris = (f"file:///replay/{number}/agents.json" for number in count())


@pytest.fixture(scope="module")
def server() -> Iterator[RawClient]:
    item = {"completionItem": {"snippetSupport": True}}
    with RawClient() as client:
        client.initialize(capabilities={"textDocument": {"completion": item, "publishDiagnostics": {}}})
        yield client


def test_completion(server: RawClient):
    cases = [case for case in read("completion.jsonl") if all(need in OURS for need in case["requires"])]
    assert [problem for case in cases for problem in problems_of_completion(case, server)] == []


def test_syntax(server: RawClient):
    assert [problem for case in read("syntax.jsonl") for problem in problems_of_syntax(case, server)] == []


def problems_of_completion(case: dict[str, Any], server: RawClient) -> list[str]:
    marked = in_our_words(case["marked"])
    caret = marked.index("|")
    text = marked[:caret] + marked[caret + 1 :]
    items = completion_of(text, caret, server)
    problems = [f"{OURS[key]} is not proposed" for key in case["has"] if OURS[key] not in items]
    problems += [f"{OURS[key]} is proposed" for key in case["hasnt"] if OURS[key] in items]
    if case["results"] and case["pick"] and OURS[case["pick"]] in items:
        after = with_edit(text, items[OURS[case["pick"]]]["textEdit"])
        if not any(is_result(after, in_our_words(result)) for result in case["results"]):
            problems.append(f"it becomes {after!r}")
    return [f"{case['name']}: in {marked!r} {problem}" for problem in problems]


def problems_of_syntax(case: dict[str, Any], server: RawClient) -> list[str]:
    text = case["text"]
    diagnostics = diagnostics_of(text, server)
    if case["valid"]:
        wrong = [diagnostic["message"] for diagnostic in diagnostics if diagnostic["code"] == "syntax"]
        return [f"{text!r} is good, yet: {wrong}"] if wrong else []
    places = [span_of(text, diagnostic["range"]) for diagnostic in diagnostics if diagnostic["severity"] <= 2]
    wanted = [span_of(text, error["range"]) for error in case["syntax_errors"]]
    if any(place.start <= want.end + 1 and want.start <= place.end + 1 for place in places for want in wanted):
        return []
    return [f"{text!r} is bad at {wanted}, yet only {places} are told of"]


def in_our_words(text: str) -> str:
    """A case's text with our keys in place of «…»; `\\u` asks for the first character as an escape."""

    def word(match: re.Match[str]) -> str:
        ours = OURS[match["word"]]
        if match["escaped"]:
            return f"\\u{ord(ours[0]):04x}{ours[1:]}"
        return ours[: int(match["length"])] if match["length"] else ours

    return re.sub(r"«(?P<word>\w+?)(?P<escaped>\\u)?(?::(?P<length>\d+))?»", word, text)


def is_result(after: str, wanted: str) -> bool:
    """Whether a text is the wanted one, in which `<V>` is anything on one line."""
    return re.fullmatch(r"[^\n]*?".join(re.escape(part) for part in wanted.split("<V>")), after) is not None


def completion_of(text: str, caret: int, server: RawClient) -> dict[str, Any]:
    uri = opened(text, server)
    params = {"textDocument": {"uri": uri}, "position": position_of(text, caret), "context": {"triggerKind": 1}}
    answer = server.request("textDocument/completion", params)["result"]
    closed(uri, server)
    return {item["label"]: item for item in answer["items"]}


def diagnostics_of(text: str, server: RawClient) -> list[Any]:
    uri = opened(text, server)
    server.others.clear()
    while True:
        message = server.receive()
        if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
            closed(uri, server)
            return message["params"]["diagnostics"]


def opened(text: str, server: RawClient) -> str:
    uri = next(_uris)
    document = {"uri": uri, "languageId": "json", "version": 1, "text": text}
    server.notify("textDocument/didOpen", {"textDocument": document})
    return uri


def closed(uri: str, server: RawClient) -> None:
    server.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def with_edit(text: str, edit: dict[str, Any]) -> str:
    span = span_of(text, edit.get("range") or edit["replace"])
    return text[: span.start] + edit["newText"] + text[span.end :]


def position_of(text: str, offset: int) -> dict[str, int]:
    lines = LineIndex(text)
    line = lines.line_at(offset)
    return {"line": line, "character": utf16_length(text[lines.start_of(line) : offset])}


def span_of(text: str, range_: dict[str, Any]) -> Span:
    return Span(offset_of(text, range_["start"]), offset_of(text, range_["end"]))


def offset_of(text: str, position: dict[str, int]) -> int:
    lines = LineIndex(text)
    start, end = lines.start_of(position["line"]), lines.end_of(position["line"])
    return next(at for at in range(start, end + 1) if utf16_length(text[start:at]) == position["character"])


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read(name: str) -> list[Any]:
    lines = (Path(os.environ["DRAGOMAN_CONFORMANCE"]) / "vectors" / name).read_text("utf-8").split("\n")
    cases = [json.loads(line) for line in lines if line]
    assert cases
    return cases
