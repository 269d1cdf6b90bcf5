"""Whatever bytes an agent sends, in whatever pieces: the turn ends once, and what it told can be written down.

`DRAGOMAN_EXAMPLES=10000` tries so many bodies.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chat_turns import ask
from dragoman.agents.built_in import load_provider
from dragoman.agents.reader import read_agent
from dragoman.chat.events import ErrorCode, StopReason, TextDelta
from dragoman.chat.extraction import Extraction
from dragoman.chat.framing.body import BodyDecoder
from dragoman.chat.reading import Reading
from dragoman.chat.redaction import Redactor
from dragoman.settings import DEFAULT_LIMITS, Limits
from http_agent import HttpAgent, Reply

EXAMPLES = int(os.environ.get("DRAGOMAN_EXAMPLES", "300"))

TYPES = (
    "text/event-stream", "application/x-ndjson", "application/json", "application/json-seq", "text/plain", "text/html",
    "text/event-stream; charset=utf-16", "application/octet-stream", "image/png", "", "nonsense;;", "\xff/\x80",
)  # fmt: skip
PROVIDERS = ("custom", "openai", "anthropic", "chaindesk", "coze", "dify", "ollama", "gemini")
PATHS = ("", "$.v", "$..content", "$[*]", "$", "$.choices[0].delta.content", "$[?(@.v)].v")

_TOKENS = [
    b"data: ", b"data:", b"event: ", b"event: error\n", b"event: answer\n", b"id: 7\n", b"retry: 1\n", b": beat\n",
    b"\n", b"\r\n", b"\r", b"\n\n", b"[DONE]", b'"[DONE]"', b"[ERROR] sad", b"%5BERROR%5D", b"%E4%BD", b"%",
    b'{"v": "a"}', b'{"v": ', b'{"choices": [{"delta": {"content": "x"}}]}', b'{"error": {"message": "sad"}}',
    b'{"answer": "yes"}', b'{"type": "message_stop"}', b'"', b"\\", b"\\ud800", b"\\udc00", b"{", b"}", b"[", b"]",
    b",", b":", b"null", b"true", b"NaN", b"1e999", b"-", b"9" * 700, b"[" * 300, b"\xef\xbb\xbf", b"\xff", b"\xc3",
    b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\x00", b"\x1e", b"\x1b[31m", b"<html>", b" ", b"\t",
]  # fmt: skip
_documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["v", "content", "choices", "delta", "error", "message", "code", "msg", "usage", "type", "id"]),
        inner,
        max_size=3,
    ),
    max_leaves=8,
)  # fmt: skip
_parts = st.sampled_from(_TOKENS) | st.binary(max_size=4) | _documents.map(lambda value: json.dumps(value).encode())
bodies = st.lists(_parts, max_size=25).map(b"".join)
configs = st.fixed_dictionaries(
    {"provider": st.sampled_from(PROVIDERS), "path": st.sampled_from(PATHS), "webView": st.booleans()}
)
limits = st.sampled_from([DEFAULT_LIMITS, Limits(20, 30, 40)])


def described(config: dict[str, Any]) -> dict[str, Any]:
    """The agent of a generated configuration."""
    connector = {"connector": {"responseFormat": config["path"]}} if config["path"] else {}
    view = {"responseAction": "WebView"} if config["webView"] else {}
    return {"provider": config["provider"], **connector, **view}


def read(chunks: Iterator[bytes], content_type: str, config: dict[str, Any], limits: Limits) -> tuple[str, str | None]:
    """The text, and the code of the error."""
    agent = read_agent({"name": "a", "url": "http://127.0.0.1/", **described(config)})
    provider = load_provider(agent.provider)
    assert provider is not None
    expects = bool(config["path"] or provider.response.text or provider.response.final)
    body = BodyDecoder(content_type, expects_documents=expects, allows_html=config["webView"], limits=limits)
    extraction = Extraction("a", Reading(agent, provider), Redactor(frozenset()), limits.answer)
    told = [event for chunk in chunks for event in extraction.feed(body.feed(chunk))]
    told += extraction.feed(body.flush())
    told += extraction.finish()
    for event in told:
        repr(event).encode()
    error = extraction.answer.error
    if error is not None:
        error.message.encode()
    assert all(event.delta for event in told if isinstance(event, TextDelta))
    return extraction.answer.telling.text, error and error.code


@settings(max_examples=EXAMPLES)
@given(body=bodies, size=st.integers(1, 40), content_type=st.sampled_from(TYPES), config=configs, limits=limits)
def test_any_bytes_mean_the_same_in_any_pieces(
    body: bytes, size: int, content_type: str, config: dict[str, Any], limits: Limits
) -> None:
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    text, error = read(pieces, content_type, config, limits)
    text.encode()
    whole_text, whole_error = read(iter([body]), content_type, config, limits)
    # Of an answer that is too long, what came with the last piece is kept.
    assert (text[: limits.answer], error) == (whole_text[: limits.answer], whole_error)


@settings(max_examples=max(EXAMPLES // 10, 1))
@given(body=bodies, size=st.integers(1, 40), content_type=st.sampled_from(TYPES), config=configs, cut=st.booleans())
def test_any_bytes_over_a_connection(
    body: bytes, size: int, content_type: str, config: dict[str, Any], cut: bool
) -> None:
    headers = {"Content-Type": content_type}
    with HttpAgent(Reply(body, headers=headers, chunk_size=size, end="cut" if cut else "close")) as http:
        outcome = asyncio.run(ask(http, described(config))).outcome
    outcome.text.encode()
    assert (outcome.error is None) == (outcome.stop_reason not in (StopReason.ERROR, StopReason.TIMEOUT))
    assert outcome.error is None or outcome.error.code is not ErrorCode.INTERNAL


@settings(max_examples=max(EXAMPLES // 10, 1))
@given(raw=st.lists(st.sampled_from([
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 ", b"Content-Type: text/event-stream\r\n", b"Content-Length: 4\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"Location: /\r\n", b"\r\n", b"4\r\n", b"0\r\n",
    b"data: x\n\n", b"\x1f\x8b\x08\x00",
]) | st.binary(max_size=6), max_size=8).map(b"".join))  # fmt: skip
def test_any_bytes_instead_of_http(raw: bytes) -> None:
    with HttpAgent(Reply(raw=raw)) as http:
        outcome = asyncio.run(ask(http, {"defaultTimeout": 5})).outcome
    outcome.text.encode()
    assert outcome.error is None or outcome.error.code not in (ErrorCode.INTERNAL, ErrorCode.TIMEOUT)
