"""One request and its answer over the wire: sent, redirected or repeated where that is safe, read as it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from dragoman.chat.errors import TurnFailedError, cut_off, failure, retry_after_seconds
from dragoman.chat.events import ErrorCode
from dragoman.chat.request import HttpRequest
from dragoman.chat.transport.address import is_link_local
from dragoman.chat.transport.client import Transport
from dragoman.chat.transport.content_coding import CodingError, coding_of
from dragoman.chat.transport.failures import (
    IN_HANDSHAKE,
    TO_PROXY,
    is_failed_connect,
    is_network_failure,
    late,
    network_failure,
)
from dragoman.chat.transport.read_ahead import joined

if TYPE_CHECKING:
    from httpcore import AsyncNetworkStream
    from httpx import AsyncByteStream, AsyncClient, Response

T = TypeVar("T")

MAX_REDIRECTS = 5
MAX_RETRIES = 2
LONGEST_WAIT = 10.0
"""Seconds that a `Retry-After` may ask for."""

_RETRIED = frozenset({429, 502, 503})
_MOVED = "Nothing was sent there. If it is right, put that address into url."
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PAUSES = (0.3, 1.0)
"""Seconds before the first and the second retry, where the agent asks for none."""


@dataclass(frozen=True, slots=True)
class Retrying:
    """The request failed before anything came back and is sent again after a pause."""

    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The whole request is on its way."""


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of the answer; names in lower case."""

    status: int
    headers: Mapping[str, str]


Progress: TypeAlias = Retrying | Sent | Head | bytes
"""What an exchange yields, in this order; bytes are the body, one value for what one read of the socket gave."""


@dataclass(frozen=True, slots=True)
class _Unreached:
    """Nothing was sent, since no connection came about."""

    told: TurnFailedError


@dataclass(frozen=True, slots=True)
class _Retry:
    reason: str
    pause: float


async def exchange(transport: Transport, request: HttpRequest) -> AsyncGenerator[Progress]:
    """Send `request` and yield what happens. Raises `TurnFailedError`. Closing the generator closes the connection."""
    redirects = retries = 0
    while True:
        instead = None
        async with transport.client(request) as client, aclosing(_attempt(client, request)) as attempt:
            async for step in attempt:
                if isinstance(step, bytes):
                    yield step
                    continue
                instead = _retry(step, retries) or _redirect(step, request, redirects)
                if instead is not None:
                    break
                if isinstance(step, _Unreached):
                    raise step.told
                yield step
        match instead:
            case None:
                return
            case HttpRequest():
                request, redirects = instead, redirects + 1
            case _Retry():
                retries += 1
                yield Retrying(instead.reason)
                await asyncio.sleep(instead.pause)


def _retry(step: Progress | _Unreached, retries: int) -> _Retry | None:
    """Whether to send again: only what surely had no effect, or what the agent says it did not handle."""
    if retries >= MAX_RETRIES:
        return None
    match step:
        case _Unreached():
            return _Retry("no connection", _PAUSES[retries])
        case Head(status, headers) if status in _RETRIED:
            asked = retry_after_seconds(headers.get("retry-after"))
            if (asked is None and status == 429) or (asked or 0) > LONGEST_WAIT:
                return None
            return _Retry(f"HTTP {status}", _PAUSES[retries] if asked is None else asked)
        case _:
            return None


def _redirect(step: Progress | _Unreached, request: HttpRequest, redirects: int) -> HttpRequest | None:
    """The same POST to another address of the same origin; token and prompt go nowhere else."""
    if not (isinstance(step, Head) and step.status in _REDIRECTS and "location" in step.headers):
        return None
    try:
        address = request.address.redirected(step.headers["location"])
    except ValueError as error:
        raise _not_followed(request.agent, step.status, f"redirects to an address that {error}") from None
    if address.origin != request.address.origin:
        raise _not_followed(request.agent, step.status, f"redirects to another server, {address.origin}", _MOVED)
    if redirects >= MAX_REDIRECTS:
        raise _not_followed(request.agent, step.status, "redirects in circles")
    return replace(request, address=address)


def _not_followed(agent: str, status: int, cause: str, advice: str = "Check url.") -> TurnFailedError:
    error = failure(ErrorCode.HTTP, agent, f"{cause} (HTTP {status})", advice, blame=("url",))
    return TurnFailedError(replace(error, http_status=status))


async def _attempt(client: AsyncClient, request: HttpRequest) -> AsyncGenerator[Progress | _Unreached]:
    """Send once, and tell failures of the network in our words."""
    answering = False
    try:
        async with aclosing(_converse(client, request)) as conversation:
            async for step in conversation:
                answering = answering or isinstance(step, Head)
                yield step
        return
    except Exception as error:
        if isinstance(error, TurnFailedError) or not is_network_failure(error):
            raise
        told, unreached = network_failure(error, request, answering=answering), is_failed_connect(error)
    if not unreached:
        raise told
    yield _Unreached(told)


async def _converse(client: AsyncClient, request: HttpRequest) -> AsyncGenerator[Progress]:
    """Send once and read the answer; the head and the first byte share one time limit."""
    sent = asyncio.get_running_loop().create_future()
    sending = asyncio.ensure_future(_send(client, request, sent))
    try:
        await asyncio.wait((sending, sent), return_when=asyncio.FIRST_COMPLETED)
        if sent.done():
            yield Sent()
        deadline = asyncio.get_running_loop().time() + request.timeouts.first_byte
        response = await _until(deadline, sending, request)
        yield Head(response.status_code, {name.lower(): value for name, value in response.headers.items()})
        async with aclosing(joined(_body(response))) as chunks:
            coding = coding_of(response.headers.get("content-encoding"))
            chunk = await _until(deadline, anext(chunks, None), request)
            while chunk is not None:
                for piece in coding.decode(chunk):
                    yield piece
                    if piece is not chunk:
                        await asyncio.sleep(0)  # few bytes may grow to many pieces; others come in between
                chunk = await anext(chunks, None)
            if not coding.is_complete:
                raise TurnFailedError(cut_off(request.agent), cut=True)
    except CodingError as error:
        cause = f"sent what cannot be read: {error}"
        raise TurnFailedError(
            failure(ErrorCode.BAD_STREAM, request.agent, cause, "Check url.", blame=("url",))
        ) from None
    finally:
        await _release(sending)


async def _send(client: AsyncClient, request: HttpRequest, sent: asyncio.Future[None]) -> Response:
    """The answer's head. `sent` is fulfilled once the request is on its way."""
    host = request.address.url.raw_host.decode("ascii")
    connects_to: object = None

    async def trace(event: str, info: Mapping[str, object]) -> None:
        nonlocal connects_to
        match event:
            case "connection.connect_tcp.started":
                connects_to = info["host"]
            case "connection.connect_tcp.complete":
                await _check_peer(cast("AsyncNetworkStream", info["return_value"]), request)
            case "connection.connect_tcp.failed" if connects_to != host:
                cast("Exception", info["exception"]).add_note(TO_PROXY)
            case "connection.start_tls.failed" | "proxy.start_tls.failed":
                cast("Exception", info["exception"]).add_note(IN_HANDSHAKE)
            case _ if event.endswith("send_request_body.complete") and not sent.done():
                sent.set_result(None)
            case _:
                pass

    limits = request.timeouts
    timeout = {"connect": limits.connect, "read": limits.between_bytes, "write": limits.between_bytes, "pool": None}
    outgoing = client.build_request(
        request.method,
        request.address.url,
        headers=[(name.encode(), value.encode("utf-8", "replace")) for name, value in request.headers],
        content=request.body,
        extensions={"timeout": timeout, "trace": trace},
    )
    return await client.send(outgoing, stream=True, follow_redirects=False)


async def _check_peer(stream: AsyncNetworkStream, request: HttpRequest) -> None:
    """A name may lead to a link-local address as well; nothing is sent there."""
    peer = cast("tuple[str, int] | None", stream.get_extra_info("server_addr"))
    if peer is not None and is_link_local(str(peer[0])):
        await stream.aclose()
        cause = "cannot be asked: the host of its url is a link-local address"
        raise TurnFailedError(failure(ErrorCode.CONFIG, request.agent, cause, "Check url.", blame=("url",)))


def _body(response: Response) -> AsyncGenerator[bytes]:
    """The body as it arrives. `aiter_raw` would close the connection at its end, half if its task is cancelled then."""
    return cast("AsyncGenerator[bytes]", aiter(cast("AsyncByteStream", response.stream)))


async def _until(deadline: float, waited_for: Awaitable[T], request: HttpRequest) -> T:
    try:
        async with asyncio.timeout_at(deadline):
            return await waited_for
    except TimeoutError:
        raise late(request.agent, "did not begin to answer", request.timeouts.first_byte) from None


async def _release(sending: asyncio.Task[Response]) -> None:
    """Close the connection, whatever became of the request."""
    sending.cancel()
    await asyncio.wait((sending,))
    if not sending.cancelled() and sending.exception() is None:
        await sending.result().aclose()
