"""What compression is undone, how much at a time, and what is refused."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_turns import ask
from dragoman.chat.events import ErrorCode
from dragoman.chat.transport.content_coding import PIECE, CodingError, accepted_encodings, coding_of
from fault import HELLO
from http_agent import EVENT_STREAM, HttpAgent, Reply

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PATH = {"connector": {"responseFormat": "$.v"}}


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


COMPRESSIONS: Mapping[str, tuple[str, Callable[[bytes], bytes]]] = {
    "none": ("", bytes),
    "identity": ("Identity", bytes),
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "bare deflate": ("deflate", raw_deflate),
    "br": ("br", lambda data: brotli.compress(data, quality=4)),
    "zstd": ("zstd", zstd.compress),
    "frames": ("zstd", lambda data: zstd.compress(data[:7]) + zstd.compress(data[7:])),
    "two": ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
    "three": ("zstd,identity ,gzip", lambda data: gzip.compress(zstd.compress(data))),
}
COMPRESSED = [name for name in COMPRESSIONS if name not in ("none", "identity")]


def undone(encoding: str, chunks: Iterator[bytes]) -> tuple[bytes, bool]:
    coding = coding_of(encoding)
    decoded = b"".join(piece for chunk in chunks for piece in coding.decode(chunk))
    return decoded, coding.is_complete


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("name", COMPRESSIONS)
@given(data=st.binary(max_size=200), size=st.integers(1, 50))
def test_what_was_compressed_is_had_again(name: str, data: bytes, size: int) -> None:
    encoding, compress = COMPRESSIONS[name]
    assert undone(encoding, cut(compress(data), size)) == (data, True)


@pytest.mark.parametrize("name", COMPRESSED)
def test_what_breaks_off_is_not_complete(name: str) -> None:
    encoding, compress = COMPRESSIONS[name]
    compressed = compress(bytes(range(256)) * 20)
    assert undone(encoding, cut(compressed[:-9], 40))[1] is False
    assert undone(encoding, iter([]))[1] is True


@pytest.mark.parametrize("name", COMPRESSED)
@pytest.mark.parametrize("length", [PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 30_000_000])
def test_a_bomb_comes_in_pieces(name: str, length: int) -> None:
    encoding, compress = COMPRESSIONS[name]
    coding = coding_of(encoding)
    lengths = [len(piece) for piece in coding.decode(compress(b"x" * length))]
    assert (sum(lengths), coding.is_complete) == (length, True)
    assert max(lengths) <= 2 * PIECE


@pytest.mark.parametrize("name", COMPRESSED)
@given(chunks=st.lists(st.binary(max_size=30), max_size=5))
def test_any_bytes_are_read_or_refused(name: str, chunks: list[bytes]) -> None:
    with suppress(CodingError):
        undone(COMPRESSIONS[name][0], iter(chunks))


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("compress", "compress"), ("gzip, \x1b[31m", "asked for"), ("gzip,gzip,gzip,gzip", "4 times"), ("x" * 99, "xxx")],
)
def test_what_was_not_asked_for(encoding: str, words: str) -> None:
    with pytest.raises(CodingError, match=words) as refused:
        coding_of(encoding)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 100


def test_a_window_that_takes_too_much_memory_is_refused() -> None:
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.enable_long_distance_matching: 1}
    compressor = zstd.ZstdCompressor(options=options)
    with pytest.raises(CodingError):
        undone("zstd", iter([compressor.compress(b"x" * 1000) + compressor.flush()]))


@pytest.fixture
def without_libraries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("brotli", zstd.__name__):
        monkeypatch.setitem(sys.modules, name, None)
    accepted_encodings.cache_clear()
    yield
    accepted_encodings.cache_clear()


@pytest.mark.usefixtures("without_libraries")
async def test_without_the_libraries_nothing_of_theirs_is_asked_for() -> None:
    headers = {**EVENT_STREAM, "Content-Encoding": "br"}
    with HttpAgent(Reply(brotli.compress(HELLO), headers=headers)) as http:
        told = await ask(http, PATH)
    assert http.requests[0].headers["accept-encoding"] == "gzip, deflate"
    assert told.outcome.error is not None
    assert told.outcome.error.code is ErrorCode.BAD_STREAM
    assert "'br', which was not asked for" in told.outcome.error.message


@pytest.mark.parametrize("name", COMPRESSED)
async def test_it_goes_over_the_wire(name: str) -> None:
    encoding, compress = COMPRESSIONS[name]
    with HttpAgent(
        Reply(compress(HELLO), headers={**EVENT_STREAM, "Content-Encoding": encoding}, chunk_size=5)
    ) as http:
        told = await ask(http, PATH)
        assert http.requests[0].headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert (told.outcome.text, told.outcome.error) == ("Hello", None)


@pytest.mark.parametrize("name", COMPRESSED)
async def test_text_before_the_cut_is_kept(name: str) -> None:
    encoding, compress = COMPRESSIONS[name]
    body = compress(b"".join(HELLO.replace(b"lo", b"%d" % number) for number in range(5000)))
    headers = {**EVENT_STREAM, "Content-Encoding": encoding}
    with HttpAgent(Reply(body[: len(body) // 2], headers=headers)) as http:
        told = await ask(http, PATH)
    assert told.outcome.error is not None
    assert (told.outcome.error.code, told.outcome.incomplete) == (ErrorCode.NETWORK, True)
