"""Any bytes as an answer, without a network: framing and extraction never fail, and chunks make no difference."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.agents.built_in import load_provider
from dragoman.agents.reader import read_agent
from dragoman.chat.events import ErrorCode, ReplaceText, TextDelta, TurnError
from dragoman.chat.extraction import Extraction
from dragoman.chat.framing.body import BodyDecoder
from dragoman.chat.framing.frames import Datum, Document, Frame, Line, Text, UnfinishedDatum
from dragoman.chat.reading import Reading
from dragoman.chat.redaction import Redactor

TYPES = ["text/event-stream", "application/json", "application/x-ndjson", "text/plain", "", "text/html"]


def extraction(path: str = "", provider: str = "custom", longest_answer: int = 10_000) -> Extraction:
    agent = read_agent({"name": "a", "url": "http://x", "connector": {"responseFormat": path}})
    definition = load_provider(provider)
    assert definition is not None
    return Extraction("a", Reading(agent, definition), Redactor(), longest_answer)


def read(frames: list[Frame], path: str = "") -> tuple[str, TurnError | None]:
    reader = extraction(path)
    return told([*reader.feed(frames), *reader.finish()]), reader.answer.error


def told(events: list[object]) -> str:
    text = ""
    for event in events:
        match event:
            case TextDelta(delta):
                assert delta
                text += delta
            case ReplaceText(whole):
                text = whole
            case _:
                pass
    return text


def answer(chunks: list[bytes], content_type: str, path: str, provider: str) -> tuple[str, TurnError | None]:
    decoder = BodyDecoder(content_type, expects_documents=bool(path) or provider != "custom")
    reader = extraction(path, provider)
    events: list[object] = []
    for chunk in chunks:
        if not reader.answer.ended:
            events += reader.feed(decoder.feed(chunk))
    if not reader.answer.ended:
        events += reader.feed(decoder.flush())
    return told([*events, *reader.finish()]), reader.answer.error


PIECES = st.sampled_from(
    [
        b"data: ", b"data:", b"event: ", b"answer", b"endpoint_response", b"error", b"\n", b"\n\n", b"\r\n",
        b"[DONE]", b"[ERROR] x", b'{"v": "a"}', b'{"v": null}', b'{"error": "x"}', b"[", b"]",
        b"{", b'"', b",", b"%20", b"%", b" b",
        b'{"choices": [{"delta": {"content": "c"}}]}', b"\xef\xbb\xbf", b"\xf0\x9f", b"\x98\x80", b"\xff",
        b"1", b"null",
        b'"\\ud83d"', b": c\n", b'{"answer": "z", "conversationId": 5}', b'{"code": 3, "msg": "m"}',
    ]
)  # fmt: skip
BODIES = st.lists(PIECES, max_size=25).map(b"".join) | st.binary(max_size=200)


@settings(max_examples=250, deadline=None)
@given(BODIES, st.sampled_from(TYPES), st.sampled_from(["", "$.v", "$[*]"]), st.sampled_from(["custom", "chaindesk"]))
def test_any_bytes_end_in_a_text_or_an_error(body: bytes, content_type: str, path: str, provider: str) -> None:
    text, error = answer([body], content_type, path, provider)
    assert text or error or body, "nothing at all is an error"
    text.encode()
    chunks = [body[place : place + 1] for place in range(len(body))]
    assert answer(chunks, content_type, path, provider) == (text, error)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text('ab 1%é😀\n"', min_size=1), min_size=1, max_size=4), st.integers(0, 300))
def test_an_encoded_answer_that_is_cut_anywhere_shows_its_beginning(tokens: list[str], length: int) -> None:
    body = "".join(f"event: answer\ndata: {quote(token, safe='')}\n\n" for token in tokens).encode()
    text, error = answer([body[:length]], "text/event-stream", "", "chaindesk")
    assert "".join(tokens).startswith(text)
    assert error is not None


def test_neighbouring_text_is_one_delta() -> None:
    reader = extraction("$.v")
    assert reader.feed([Line('{"v": "a"}'), Line('{"v": "b"}')]) == [TextDelta("ab")]


def test_nothing_after_the_end_mark_is_read() -> None:
    reader = extraction("$.v")
    assert reader.feed([Datum('{"v": "a"}'), Datum("[DONE]"), Datum('{"v": "b"}')]) == [TextDelta("a")]
    assert reader.answer.ended


@pytest.mark.parametrize(
    ("frame", "cut"),
    [
        (UnfinishedDatum("[DONE]"), False),
        (UnfinishedDatum('{"v": "b"}'), False),
        (UnfinishedDatum('{"v": "b'), True),
        (UnfinishedDatum("words"), True),
        (UnfinishedDatum(""), True),
        (Line('{"v": "b"}', ended=False), False),
        (Line('{"v": "b', ended=False), True),
    ],
)
def test_an_unfinished_event_or_line_counts_only_if_it_is_whole(frame: Frame, cut: bool) -> None:
    _, error = read([Datum('{"v": "a"}'), frame], "$.v")
    assert (error is not None and error.code is ErrorCode.NETWORK) == cut


def test_the_agents_error_goes_before_a_cut_and_a_cut_before_no_match() -> None:
    weak = Datum('{"error": "sad"}')
    assert read([weak, UnfinishedDatum("x")], "$.v")[1].code is ErrorCode.AGENT_ERROR  # type: ignore[union-attr]
    assert read([Datum("{}"), UnfinishedDatum("x")], "$.v")[1].code is ErrorCode.NETWORK  # type: ignore[union-attr]
    assert read([Datum("{}")], "$.v")[1].code is ErrorCode.NO_MATCH  # type: ignore[union-attr]


def test_an_answer_that_does_not_stop_is_stopped() -> None:
    reader = extraction(longest_answer=100)
    reader.feed([Text("x" * 101)])
    assert reader.answer.ended
    assert reader.answer.error is not None
    assert (reader.answer.error.code, reader.answer.was_cut) == (ErrorCode.BAD_STREAM, True)


def test_the_last_document_with_text_is_kept() -> None:
    reader = extraction("$.t")
    for datum in (
        '{"t": "a", "n": 1}',
        '{"t": "b", "n": 2, "error": null}',
        '{"t": "", "n": 3}',
        '{"error": {"code": 1}}',
    ):
        reader.feed([Datum(datum, None)])
    assert reader.document == {"t": "b", "n": 2, "error": None}


def test_a_document_that_is_not_alone_is_not_shown_as_it_is() -> None:
    first, second = ({"other": 1}, {"message": {"content": "x"}})
    documents: list[Frame] = [Document(json.dumps(value), value) for value in (first, second)]
    assert read(documents) == ("x", None)
    assert read(documents[:1]) == ('{"other": 1}', None)
