"""What a definition of one's own can hold that those of the program do not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat_turns import Told, consume, start
from dragoman.agents.catalog import DefinitionSource, Owner, make_catalog
from dragoman.chat.events import ErrorCode
from dragoman.chat.sessions import Sessions
from http_agent import HttpAgent, Reply

BODY = {"q": "$content"}


async def ask(http: HttpAgent, request: Any, **config: Any) -> Told:
    text = json.dumps({"request": request, "response": {"text": "$.t"}})
    providers = make_catalog([DefinitionSource("mine", text, "mine.jsonc", Owner.USER)])
    sessions = Sessions()
    try:
        return await consume(start(sessions, http, {"provider": "mine", **config}, providers=providers))
    finally:
        await sessions.aclose()


@pytest.mark.parametrize(
    ("headers", "words"),
    [({"X-A": "1\r\nX-B: 2"}, "has a line end or control character"), ({"a b": "c"}, "names a header that cannot be")],
)
async def test_a_header_that_cannot_be_sent_is_told_at_the_provider(headers: dict[str, str], words: str) -> None:
    with HttpAgent(Reply(b'{"t": "So"}')) as http:
        error = (await ask(http, {"body": BODY, "headers": headers})).outcome.error
    assert error is not None
    assert (error.code, error.blame, words in error.message) == (ErrorCode.CONFIG, ("provider",), True)
    assert http.requests == []


async def test_headers_that_are_ours_stay_ours() -> None:
    with HttpAgent(Reply(b'data: {"t": "So"}\n\n')) as http:
        headers = {"Host": "elsewhere", "content-length": "1", "X-Own": "1"}
        assert (await ask(http, {"body": BODY, "headers": headers})).outcome.text == "So"
    sent = http.requests[0].headers
    assert (sent["host"], sent["x-own"]) == (f"127.0.0.1:{http.port}", "1")


async def test_references_are_resolved_in_the_body_and_not_in_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "open-sesame")
    request = {
        "body": {"key": "${env:MY_KEY}", "all": "$history"},
        "message": {"said": "$text", "key": "${env:MY_KEY}"},
        "query": {"k": "${env:MY_KEY}"},
    }
    with HttpAgent(Reply(b"open-sesame is wrong", status=400)) as http:
        outcome = (await ask(http, request)).outcome
    (asked,) = http.requests
    assert asked.json == {"key": "open-sesame", "all": [{"said": "hi", "key": "${env:MY_KEY}"}]}
    assert asked.query == {"k": "open-sesame"}
    assert outcome.error is not None
    assert "sesame" not in outcome.error.message


async def test_a_reference_that_leads_nowhere_is_told_at_the_provider() -> None:
    with HttpAgent(Reply(b"")) as http:
        error = (await ask(http, {"body": {"key": "${env:NOT_SET_AT_ALL}"}})).outcome.error
    assert error is not None
    assert (error.code, error.blame) == (ErrorCode.CONFIG, ("provider",))


async def test_an_unknown_or_broken_one_is_refused_with_the_reason() -> None:
    with HttpAgent(Reply(b"")) as http:
        assert "there is no provider “nobody”" in await refusal(http, provider="nobody")
        assert "mine.jsonc: Unknown key" in (await ask(http, {"bdy": {}})).outcome.error.message  # type: ignore[union-attr]
    assert http.requests == []


async def refusal(http: HttpAgent, **config: Any) -> str:
    error = (await ask(http, {"body": BODY}, **config)).outcome.error
    assert error is not None
    return error.message
