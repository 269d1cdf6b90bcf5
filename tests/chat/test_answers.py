"""What is read from an answer: bytes over a real connection, and what the user is told."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from chat_turns import Told, ask
from dragoman.chat.events import (
    ErrorCode,
    Notice,
    ReplaceText,
    Source,
    Start,
    Status,
    StopReason,
    TextDelta,
    Usage,
)
from http_agent import EVENT_STREAM, JSON, TEXT, HttpAgent, Reply

NDJSON = {"Content-Type": "application/x-ndjson"}
HTML = {"Content-Type": "text/html"}


async def answer(body: bytes, path: str = "", headers: dict[str, str] = EVENT_STREAM, **config: Any) -> Told:
    if path:
        config["connector"] = {"responseFormat": path}
    with HttpAgent(Reply(body, headers=headers)) as http:
        return await ask(http, config)


def events(*documents: Any) -> bytes:
    return b"".join(b"data: %s\n\n" % json.dumps(document).encode() for document in documents)


async def text(body: bytes, path: str = "", headers: dict[str, str] = EVENT_STREAM, **config: Any) -> str:
    outcome = (await answer(body, path, headers, **config)).outcome
    assert outcome.error is None
    return outcome.text


async def error(body: bytes, path: str = "", headers: dict[str, str] = EVENT_STREAM, **config: Any) -> ErrorCode:
    outcome = (await answer(body, path, headers, **config)).outcome
    assert outcome.error is not None
    return outcome.error.code


async def test_the_events_of_a_turn_are_in_order() -> None:
    told = await answer(events({"a": "He"}, {"a": "llo"}) + b"data: [DONE]\n\n", "$.a")
    assert told.events[:3] == [Start(told.outcome.conversation_id, "a"), Status("connecting"), Status("waiting")]
    assert told.events[3] == Status("streaming")
    assert "".join(delta.delta for delta in told.of(TextDelta)) == told.outcome.text == "Hello"
    assert told.outcome.stop_reason is StopReason.COMPLETED
    assert not told.outcome.incomplete
    assert told.outcome.timings.first_byte_ms is not None


@pytest.mark.parametrize(
    ("value", "shown"),
    [("x", "x"), (["a", 1, None, "b"], "a1b"), (1.5, "1.5"), (True, "true"), ({"é": 1}, '{"é":1}'), (7, "7")],
)
async def test_any_value_has_a_text(value: Any, shown: str) -> None:
    assert await text(json.dumps({"v": value}).encode(), "$.v", JSON) == shown


@pytest.mark.parametrize("value", [None, ""])
async def test_a_match_without_text_completes_with_a_notice(value: Any) -> None:
    told = await answer(json.dumps({"v": value}).encode(), "$.v", JSON)
    assert (told.outcome.stop_reason, told.outcome.text) == (StopReason.COMPLETED, "")
    assert [notice.code for notice in told.of(Notice)] == ["empty_answer"]


@pytest.mark.parametrize("body", [b'{"w": 1}', b'{"v": []}', b"{}"])
async def test_no_match_names_the_path_and_shows_a_document(body: bytes) -> None:
    failed = (await answer(body, "$.v", JSON)).outcome.error
    assert failed is not None
    assert (failed.code, failed.blame) == (ErrorCode.NO_MATCH, ("connector", "responseFormat"))
    assert "$.v" in failed.message
    assert body.decode() in failed.message


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ({"choices": [{"delta": {"content": "x"}}]}, "x"),
        ({"choices": [{"message": {"content": "x"}}]}, "x"),
        ({"message": {"content": "x"}}, "x"),
        ("a \"string\"\n", 'a "string"\n'),
        ({"other":  1}, '{"other": 1}'),
        ([1,  2], "[1, 2]"),
        (["a",  "b"], '["a", "b"]'),
        (12, "12"),
    ],
)  # fmt: skip
async def test_without_a_path_the_common_shapes_are_tried(document: Any, shown: str) -> None:
    assert await text(json.dumps(document).encode(), headers=JSON) == shown


async def test_without_a_path_documents_that_are_strings_are_text() -> None:
    assert await text(b'"He"\n"llo"\n', headers=NDJSON) == "Hello"
    assert await text(b'"He"\n"llo"\n', headers=JSON) == "Hello"


async def test_without_a_path_data_that_are_no_json_are_text() -> None:
    assert await text(b'data: He\n\ndata:  llo\ndata: you\n\ndata: "q"\n\ndata:\n\n') == "He llo\nyouq"
    assert await text(b"data: raw\n\n", headers=TEXT) == "data: raw\n\n"


async def test_pieces_of_white_space_are_text_too() -> None:
    assert await text(b"data: a\n\ndata:   \n\ndata:\ndata:\n\ndata: b\n\n") == "a  \nb"
    assert await text(events({"v": "a"}, {"v": " "}, {"v": "\n\t"}, {"v": "b"}), "$.v") == "a \n\tb"


async def test_the_path_goes_to_each_item_of_an_array_then_to_the_array() -> None:
    assert await text(b'[{"v": "a"}, {"v": "b"}]', "$.v", JSON) == "ab"
    assert await text(b'[["a"], ["b"]]', "$[1][0]", JSON) == "b"
    assert await text(b'{"v": "a"}\n{"v": "b"}', "$.v", JSON) == "ab"
    assert await text(b'{"v": "a"}\n\n{"v": "b"}\n', "$.v", NDJSON) == "ab"


async def test_the_seeds_coze_stream_gives_its_deltas_and_nothing_else() -> None:
    def event(name: str, **more: Any) -> bytes:
        document = {"id": "1", "role": "assistant", "type": "answer", "content_type": "text", **more}
        return f"event:conversation.message.{name}\ndata:{json.dumps(document)}\n\n".encode()

    body = event("delta", content="All") + event("delta", content="Files")
    body += event("completed", content="listAllFiles", created_at=1744108946)
    body += event("completed", content="{}", type="verbose", created_at=1744108948, updated_at=1744108948)
    assert await text(body, "$[?(@.type == 'answer' && !(@.created_at))].content") == "AllFiles"


@pytest.mark.parametrize("done", [b"data: [DONE]\n\n", b'event:done\ndata:"[DONE]"\n\n', b"data: [DONE]"])
async def test_what_follows_the_end_mark_is_ignored(done: bytes) -> None:
    assert await text(events({"v": "a"}) + done, "$.v") == "a"


@pytest.mark.parametrize("headers", [NDJSON, JSON, EVENT_STREAM])
@pytest.mark.parametrize("done", [b"[DONE]", b'"[DONE]"'])
async def test_a_line_may_be_the_end_mark(done: bytes, headers: dict[str, str]) -> None:
    assert await text(b'{"v": "a"}\n' + done + b'\n{"v": "b"}\n', "$.v", headers) == "a"


async def test_reasoning_is_told_apart_from_the_answer() -> None:
    body = events({"choices": [{"delta": {"reasoning_content": "Hm"}}]}, {"delta": {"thinking": "."}}, {"v": "x"})
    told = await answer(body, "$.v")
    assert (told.outcome.reasoning, told.outcome.text) == ("Hm.", "x")


async def test_a_broken_event_is_left_out_with_one_notice() -> None:
    deep = b"data: " + b"[" * 200_000 + b"\n\n"
    told = await answer(events({"v": "a"}) + b"data: {broken\n\n" + deep + events({"v": "b"}), "$.v")
    assert (told.outcome.text, told.outcome.error) == ("ab", None)
    assert [notice.code for notice in told.of(Notice)] == ["bad_json"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'event: error\ndata: {"error": {"message": "sad"}}\n\n', "sad"),
        (b"event: error\ndata: plain words\n\n", "plain words"),
        (b'data: {"type": "error", "message": "sad", "v": "no text"}\n\n', "sad"),
        (b'data: {"event": "error", "data": "sad"}\n\n', "sad"),
        (b'data: {"error": {"code": "E7"}}\n\n', "E7"),
        (b"event: error\ndata:\n\n", "no details given"),
        (b"data: [ERROR] sad 5%\n\n", "sad 5%"),
        (b'data: [ERROR] {"message": "sad"}\n\n', ": sad."),
        (b"data: %5BERROR%5Dsad%205%25\n\n", "sad 5%"),
        (b'data: {"error": "sad"}\n\n', "sad"),
        (b'data: {"error_message": "sad"}\n\n', "sad"),
        (b'data: {"last_error": {"code": 5, "msg": "sad"}}\n\n', "sad"),
        (b'data: {"response": {"status": "failed", "error": {"message": "sad"}}}\n\n', "sad"),
        (b'data: {"status": "requires_action"}\n\n', "action"),
        (events({"result": {"status": {"state": "failed", "message": {"parts": [{"text": "sad"}]}}}}), "sad"),
        (events({"statusUpdate": {"status": {"state": "TASK_STATE_REJECTED"}}}), "TASK_STATE_REJECTED"),
    ],
)  # fmt: skip
async def test_an_error_inside_a_good_status(body: bytes, said: str) -> None:
    outcome = (await answer(events({"v": "part"}) + body + b"data: [DONE]\n\n", "$.v")).outcome
    assert outcome.error is not None
    assert outcome.error.code is ErrorCode.AGENT_ERROR
    assert said in outcome.error.message
    assert said.strip(": .") in (outcome.error.agent_message or "")
    assert (outcome.text, outcome.incomplete, outcome.stop_reason) == ("part", True, StopReason.ERROR)


@pytest.mark.parametrize(
    "no_error", [{"error": None}, {"error": False}, {"error": ""}, {"error": {}}, {"last_error": {"code": 0}}]
)
async def test_what_is_no_error(no_error: dict[str, Any]) -> None:
    assert await text(events({"v": "a", **no_error}, {"v": None, **no_error}), "$.v") == "a"


async def test_a_weak_sign_beside_text_is_none() -> None:
    assert await text(events({"v": "a", "error": "only a field", "error_message": "x"}), "$.v") == "a"


async def test_a_code_counts_only_in_a_body_that_is_one_document() -> None:
    assert await error(b'{"code": 4101, "msg": "bad token"}', "$.v", JSON) is ErrorCode.AGENT_ERROR
    assert await error(b'{"code": 4101, "msg": "bad token"}', headers=JSON) is ErrorCode.AGENT_ERROR
    assert await error(b'{"code": 4101, "msg": ""}', "$.v", JSON) is ErrorCode.AGENT_ERROR
    assert await error(events({"code": 4101, "msg": "bad token"}), "$.v") is ErrorCode.AGENT_ERROR
    assert await error(b'{"code": 200, "msg": "fine"}', "$.v", JSON) is ErrorCode.NO_MATCH
    assert await text(b'{"code": 5, "msg": "m", "v": "x"}', "$.v", JSON) == "x"
    assert await text(events({"code": 5, "msg": "m"}, {"v": "x"}), "$.v") == "x"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", JSON),
        (b"", EVENT_STREAM),
        (b"<html><title>Login</title>", HTML),
        (b"\x00\x01", {"Content-Type": "image/png"}),
    ],
)
async def test_what_cannot_be_an_answer(body: bytes, headers: dict[str, str]) -> None:
    assert await error(body, "$.v", headers) is ErrorCode.BAD_STREAM


async def test_html_is_an_answer_in_a_web_view() -> None:
    assert await text(b"<p>x</p>", "$.v", HTML, responseAction="WebView") == "<p>x</p>"


async def test_a_path_that_is_none_is_the_configs_fault() -> None:
    failed = (await answer(b"{}", "$[", JSON)).outcome.error
    assert failed is not None
    assert (failed.code, failed.blame) == (ErrorCode.CONFIG, ("connector", "responseFormat"))


async def test_an_agents_error_wins_over_text_that_stops() -> None:
    outcome = (await answer(events({"v": "a"}) + b"event: error\ndata: sad\n\ndata: {half", "$.v")).outcome
    assert outcome.error is not None
    assert outcome.error.code is ErrorCode.AGENT_ERROR


async def chaindesk(body: bytes, headers: dict[str, str] = EVENT_STREAM) -> Told:
    return await answer(body, headers=headers, provider="chaindesk")


FINAL = '{"answer": "50% of 20 → 10", "sources": [{"datasource_name": "g.md", "source_url": "https://x.test/g"}]}'
ENCODED_FINAL = quote(FINAL, safe="!~*'()")


def chaindesk_stream(*tokens: str, final: tuple[str, ...] = ()) -> bytes:
    lines = [f"event: answer\ndata: {token}\n\n" for token in tokens]
    lines += [f"event: endpoint_response\ndata: {piece}\n\n" for piece in final]
    return "".join([*lines, "event: \ndata: [DONE]\n\n"]).encode()


@pytest.mark.parametrize(
    "body",
    [
        chaindesk_stream("50%25%20of", "%2020%20%E2%86%92%2010", final=(ENCODED_FINAL,)),
        chaindesk_stream("50% of", " 20 → 10", final=(FINAL,)),
        chaindesk_stream("50", "% of 20 → 10", final=(FINAL[:20], FINAL[20:])),
        chaindesk_stream("50%25%20of", "%2020", final=(ENCODED_FINAL[:31], ENCODED_FINAL[31:])),
        chaindesk_stream(final=(FINAL,)),
    ],
)
async def test_chaindesk_is_read_encoded_or_not(body: bytes) -> None:
    told = await chaindesk(body)
    assert (told.outcome.text, told.outcome.error) == ("50% of 20 → 10", None)
    assert told.of(Source) == [Source("g.md", "https://x.test/g")]


async def test_chaindesk_text_that_was_decoded_too_early_is_put_right() -> None:
    told = await chaindesk(chaindesk_stream("%20a", " raw"))
    assert told.of(ReplaceText) == [ReplaceText("%20a")]
    assert told.outcome.text == "%20a raw"


async def test_chaindesk_says_finally_something_else() -> None:
    told = await chaindesk(chaindesk_stream("Maybe", final=('{"answer":"No."}',)))
    assert told.of(ReplaceText) == [ReplaceText("No.")]
    assert told.outcome.text == "No."


async def test_chaindesk_without_streaming() -> None:
    body = b'{"answer": "Yes", "sources": [], "usage": {"promptTokens": 3, "completionTokens": 2, "totalTokens": 5}}'
    told = await chaindesk(body, JSON)
    assert (told.outcome.text, told.outcome.usage) == ("Yes", Usage(3, 2, 5))


async def test_chaindesk_answers_in_another_shape() -> None:
    failed = (await chaindesk(b'{"text": "Yes"}', JSON)).outcome.error
    assert failed is not None
    assert (failed.code, failed.blame) == (ErrorCode.NO_MATCH, ("url",))
    assert "responseFormat" not in failed.message


async def test_chaindesk_answers_with_an_empty_text() -> None:
    told = await chaindesk(b'{"answer": "", "sources": []}', JSON)
    assert (told.outcome.stop_reason, [notice.code for notice in told.of(Notice)]) == (
        StopReason.COMPLETED,
        ["empty_answer"],
    )
    assert (await chaindesk(chaindesk_stream("Yes", final=('{"answer": ""}',)))).outcome.text == "Yes"


@pytest.mark.parametrize(
    "rest",
    [
        b"",
        b"event: ans",
        b"event: answer\ndata: %E",
        b"event: answer\ndata: %E4%BD",
        b"event: endpoint_response\ndata: %7B%22answer%22%3A%22Hal",
        b"event: endpoint_response\ndata: %7B%22answer%22%3A%22%E\n\n",
    ],
)
async def test_a_chaindesk_stream_without_its_end_was_cut(rest: bytes) -> None:
    told = await chaindesk(b"event: answer\ndata: Half%20of\n\n" + rest)
    outcome = told.outcome
    assert outcome.error is not None
    assert (outcome.error.code, outcome.text, outcome.incomplete) == (ErrorCode.NETWORK, "Half of", True)
    assert told.of(ReplaceText) == []


async def test_a_chaindesk_error_within_the_stream() -> None:
    body = b"event: answer\ndata: Let%20me\n\ndata: [ERROR]Request failed (95% quota)\n\n"
    outcome = (await chaindesk(body)).outcome
    assert outcome.error is not None
    assert (outcome.text, outcome.error.agent_message) == ("Let me", "Request failed (95% quota)")
