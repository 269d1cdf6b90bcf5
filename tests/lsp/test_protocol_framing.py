import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.lsp.framing import BadHeader, MessageDecoder, frame

HEADERS = {
    "as specified": b"Content-Length: 2\r\n\r\n",
    "lower case": b"content-length: 2\r\n\r\n",
    "no space": b"Content-Length:2\r\n\r\n",
    "many spaces": b"CONTENT-LENGTH \t :   2  \r\n\r\n",
    "LF only": b"Content-Length: 2\n\n",
    "LF and CRLF": b"Content-Length: 2\n\r\n",
    "type after": b"Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
    "type before": b"Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: 2\r\n\r\n",
    "unknown": b"X-Content-Length: 9\r\nX-Trace: Content-Length: x\r\nContent-Length: 2\r\nnonsense\r\n\r\n",
    "twice": b"Content-Length: 9\r\nContent-Length: 2\r\n\r\n",
    "blank lines before": b"\r\n\n\r\nContent-Length: 2\r\n\r\n",
    "leading zeros": b"Content-Length: 002\r\n\r\n",
}


def decode(stream: bytes) -> list[bytes | BadHeader]:
    return MessageDecoder().feed(stream)


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_a_header_is_read_leniently(header: bytes) -> None:
    assert decode(header + b"{}" + frame(b"[]")) == [b"{}", b"[]"]


GARBAGE = {
    "a word for a length": b"Content-Length: two\r\n\r\n{}",
    "negative": b"Content-Length: -2\r\n\r\n{}",
    "no length": b"Content-Type: text/plain\r\n\r\n{}",
    "more than anybody sends": b"Content-Length: 999999999\r\n\r\n{}",
    "thousands of digits": b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
def test_after_a_bad_header_the_next_message_is_read(garbage: bytes) -> None:
    assert decode(garbage + frame(b"[]")) == [BadHeader(), b"[]"]


@pytest.mark.parametrize(
    "line", [b"Starting up...\n", b"\xff\xfe\x00\n", b"\xef\xbb\xbf", b"x" * 200_000 + b"\n", b"x" * 200_000]
)
def test_stray_text_before_a_message_is_skipped(line: bytes) -> None:
    assert decode(line + frame(b"[]"))[-1] == b"[]"


def test_a_length_that_is_too_small_costs_one_message() -> None:
    assert decode(b'Content-Length: 3\r\n\r\n{"a":1}' + frame(b"[]")) == [b'{"a', b"[]"]


def test_an_empty_body() -> None:
    assert decode(frame(b"") + frame(b"[]")) == [b"", b"[]"]


@given(st.data())
def test_any_cutting_gives_the_same_messages(data: st.DataObject) -> None:
    pieces = st.one_of(
        st.binary(max_size=12).map(frame),
        st.sampled_from(list(HEADERS.values())).map(lambda header: header + b"{}"),
        st.sampled_from(list(GARBAGE.values())),
        st.binary(max_size=12),
    )
    stream = b"".join(data.draw(st.lists(pieces, max_size=6)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    decoder = MessageDecoder()
    cut = [m for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True) for m in decoder.feed(stream[a:b])]
    assert cut == decode(stream)


@given(st.lists(st.binary(max_size=300)))
def test_what_is_framed_comes_back(bodies: list[bytes]) -> None:
    assert decode(b"".join(map(frame, bodies))) == bodies
