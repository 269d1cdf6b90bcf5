"""Tokens and cost, as far as the agent reports them."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from chat_turns import ask
from dragoman.chat.events import Usage
from dragoman.chat.history.queries import conversation
from dragoman.chat.history.store import open_store
from dragoman.chat.reading import PARTS_OF_USAGE
from dragoman.schema.store import provider_form
from http_agent import JSON, HttpAgent, Reply
from kept_turns import begin, save

OPENAI = {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}


def dify(**usage: Any) -> dict[str, Any]:
    return {"event": "message", "answer": "So", "metadata": {"usage": {**OPENAI, **usage}}}


def openrouter(**usage: Any) -> dict[str, Any]:
    return {"choices": [{"message": {"content": "So"}}], "usage": {**OPENAI, **usage}}


CHAINDESK = {"promptTokens": 12, "completionTokens": 3, "totalTokens": 15}


@pytest.mark.parametrize(
    ("provider", "document", "usage"),
    [
        ("dify", dify(total_price="0.0012890", currency="USD"), Usage(12, 3, 15, 0.001289, "USD")),
        ("dify", dify(total_price="free", currency=""), Usage(12, 3, 15)),
        ("dify", dify(total_price="NaN", currency=None), Usage(12, 3, 15)),
        ("openrouter", openrouter(cost=0.25), Usage(12, 3, 15, 0.25)),
        ("openrouter", openrouter(cost=0), Usage(12, 3, 15, 0)),
        ("openrouter", openrouter(cost=True), Usage(12, 3, 15)),
        ("openai", openrouter(cost=1), Usage(12, 3, 15)),
        ("chaindesk", {"answer": "So", "usage": {**CHAINDESK, "cost": 1}}, Usage(12, 3, 15, 1)),
    ],
)
async def test_what_a_turn_cost(provider: str, document: Any, usage: Usage) -> None:
    with HttpAgent(Reply(json.dumps(document).encode(), headers=JSON)) as http:
        told = await ask(http, {"provider": provider})
    assert (told.outcome.error, told.outcome.usage) == (None, usage)


def test_a_definition_can_name_every_part_of_a_usage() -> None:
    assert {*PARTS_OF_USAGE} == {*provider_form().definitions["response"]["properties"]["usage"]["properties"]}


def test_the_history_keeps_it_and_reads_what_older_versions_have_kept(tmp_path: Path) -> None:
    with closing(open_store(tmp_path)) as store:
        for id_, usage in (("old", Usage(12, None, 15)), ("new", Usage(12, 3, 15, 0.25, "USD"))):
            record = begin(id_, "hi", turn_id=id_)
            record.take((usage,))
            save(store, record)
        store.connection.execute(
            "UPDATE turns SET usage = ? WHERE id = 'old'", ('{"input": 12, "output": null, "total": 15}',)
        )
        kept = [conversation(store, id_) for id_ in ("old", "new")]
    assert [one.turns[0].usage for one in kept if one] == [Usage(12, None, 15), Usage(12, 3, 15, 0.25, "USD")]


def test_what_is_told_later_is_added() -> None:
    assert Usage(1, 2, cost=0.5).updated(Usage(output=3, currency="EUR")) == Usage(1, 3, None, 0.5, "EUR")
