"""The quick way for documents that say nothing but text, held against the long one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.built_in import load_provider, provider_names
from dragoman.agents.provider import ResponseDefinition, Selector
from dragoman.agents.reader import read_agent
from dragoman.chat.reading import Meaning, Reading
from dragoman.chat.telling_words import telling_words

RECORDED = Path(__file__).parent / "providers" / "recorded"
WORDS = ("error", "status", "failed", "length", "Sort it.", "an error", "reasoning", "id-1", 7, None, True, [], {})


def reading_of(provider: str) -> Reading:
    definition = load_provider(provider)
    assert definition is not None
    return Reading(read_agent({"name": "a", "url": "http://x", "provider": provider}), definition)


def documents(provider: str) -> list[tuple[str | None, Any]]:
    """Each JSON object of the recordings, with the name of its event."""
    found: list[tuple[str | None, Any]] = []
    for file in RECORDED.glob(f"{provider}.*.txt"):
        event = None
        for line in file.read_text("utf-8").splitlines():
            event = line.removeprefix("event:").strip() if line.startswith("event:") else event
            text = re.sub("^data: ?", "", line)
            if text.startswith("{"):
                found.append((event, json.JSONDecoder().raw_decode(text)[0]))
    return found


def altered(value: Any, draw: st.DrawFn) -> Any:
    """`value` with some parts left out and some replaced."""
    match value:
        case dict():
            kept = {name: altered(part, draw) for name, part in value.items() if draw(st.integers(0, 9))}
            return kept if draw(st.integers(0, 9)) else draw(st.sampled_from(WORDS))
        case list():
            return [altered(part, draw) for part in value]
        case _:
            return value if draw(st.integers(0, 3)) else draw(st.sampled_from(WORDS))


@pytest.mark.parametrize("provider", [name for name in provider_names() if documents(name)])
def test_what_is_taken_for_text_alone_is_text_alone(provider: str):
    reading, known = reading_of(provider), documents(provider)

    @given(st.data())
    def holds(data: st.DataObject) -> None:
        event, document = data.draw(st.sampled_from(known))
        document = altered(document, data.draw)
        source = json.dumps(document, ensure_ascii=data.draw(st.booleans()))
        if isinstance(document, dict) and reading.says_only_text(source, event):
            meaning = reading.meaning(document, event, whole=False)
            assert meaning == Meaning(text=reading.text_in(document, event))

    holds()


def test_an_ordinary_token_takes_the_quick_way():
    token = '{"id":"c-1","choices":[{"index":0,"delta":{"content":"Sort"},"finish_reason":null}]}'
    for provider in ("custom", "openai", "vllm"):
        assert reading_of(provider).says_only_text(token, "message"), provider


@pytest.mark.parametrize(
    "source",
    ['{"error":{}}', '{"status":"failed"}', '{"delta":{"thinking":"x"}}', '{"\\u0065rror":"x"}', '{"sessionId":"x"}'],
)
def test_whatever_might_say_more_takes_the_long_way(source: str):
    assert not reading_of("custom").says_only_text(source, "message")


def test_the_last_name_of_a_path_is_the_word():
    paths = ("$.a.b_c", "$['x']['y z'].d", "$.items[*].e[0]", "$..f")
    definition = ResponseDefinition(follow_ups=tuple(Selector(path=path) for path in paths))
    words = telling_words(definition)
    assert words is not None
    assert {'"b_c"', '"d"', '"e"', '"f"'} <= set(words)


@pytest.mark.parametrize("path", ["$.a.length()", "$[?(@.x)]", "$.*", "$"])
def test_a_path_that_ends_in_no_name_leaves_only_the_long_way(path: str):
    assert telling_words(ResponseDefinition(errors=(Selector(path=path),))) is None
