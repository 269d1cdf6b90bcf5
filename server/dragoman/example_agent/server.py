"""The example agent as an asyncio server: which request goes to which kind of agent, and what is refused."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
from collections.abc import AsyncGenerator
from typing import Any, cast

from dragoman.example_agent import chaindesk, coze, openai
from dragoman.example_agent.answers import WISHES, Wish, compose, refuse_on_demand, wish_in
from dragoman.example_agent.exchange import (
    MAX_HEAD,
    EventStream,
    Refusal,
    Reply,
    Request,
    compact,
    read_request,
    send_reply,
    send_stream,
)
from dragoman.example_agent.shape import Script, Shape

TOKEN = "example-token"
"""The bearer token that is right. None at all is right, too."""

_PRINTED_TOKEN = "eyJhbGci"
"""The one in the example that the documentation of AutoDev prints; that example works as it stands."""

SHAPES: tuple[Shape, ...] = (openai, coze, chaindesk)

_PORTS_TRIED = 20
_CONVERSATIONS_KEPT = 1000
_SECONDS_TO_ASK = 30
_SLOWNESS = 10.0


@contextlib.asynccontextmanager
async def example_agent(host: str, port: int, delay: float) -> AsyncGenerator[str]:
    """Listen while the context is open; gives the base URL. `delay` is in seconds, between two events.

    A taken port is passed over for the next free one; port 0 takes any. Raises `OSError` if none is to be had.
    """
    server = await _listen(_Agent(delay), host, port)
    try:
        # Port 0 and a taken port both mean that only the socket knows the number.
        chosen = server.sockets[0].getsockname()[1]
        yield f"http://[{host}]:{chosen}" if ":" in host else f"http://{host}:{chosen}"
    finally:
        server.close()


async def _listen(agent: _Agent, host: str, port: int) -> asyncio.Server:
    last = min(port + _PORTS_TRIED, 65535) if port else 0
    for candidate in range(port, last + 1):
        try:
            return await asyncio.start_server(agent.accept, host, candidate, limit=MAX_HEAD)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, f"the ports {port} to {last} are all taken")


class _Agent:
    """What lasts from one request to the next: the turns of each conversation, and who is being answered."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._turns: dict[str, int] = {}
        self._running: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the one request of a connection.

        In a task of our own: asyncio, where it makes the task, prints a traceback when an interrupt cancels it (3.11).
        """
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client may hang up at any time; then nobody is left to be told.
        with contextlib.closing(writer), contextlib.suppress(ConnectionError):
            try:
                async with asyncio.timeout(_SECONDS_TO_ASK):
                    request = await read_request(reader)
            except Refusal as refusal:
                await send_reply(writer, _plain_failure(refusal))
                await _let_finish(reader, writer)
            except TimeoutError:
                await send_reply(writer, _plain_failure(Refusal(408, "The request took too long.")))
            else:
                if request is not None:
                    await self._send(writer, self._reply(request))

    async def _send(self, writer: asyncio.StreamWriter, reply: Reply | EventStream) -> None:
        if isinstance(reply, EventStream):
            await send_stream(writer, reply, self._delay)
        else:
            await send_reply(writer, reply)

    def _reply(self, request: Request) -> Reply | EventStream:
        if (request.method, request.path) == ("GET", "/"):
            return Reply(200, page(), "text/plain; charset=utf-8")
        shape = next((shape for shape in SHAPES if shape.ROUTE.fullmatch(request.path)), None)
        if shape is None:
            return _plain_failure(Refusal(404, "Nothing is here; GET / lists what is."))
        if request.method != "POST":
            return _plain_failure(Refusal(405, "Agents are asked by POST."))
        body: dict[str, Any] = {}
        try:
            _check_token(request)
            body = _json_object(request.body)
            return self._answer(shape, request, body)
        except Refusal as refusal:
            return shape.failure(refusal, body)

    def _answer(self, shape: Shape, request: Request, body: dict[str, Any]) -> Reply | EventStream:
        question = shape.read(request, body, self._turns)
        wish = wish_in(question.prompt)
        refuse_on_demand(wish)
        if question.conversation_id:
            self._remember(question.conversation_id, question.turn)
        answer = compose(question.prompt, question.turn, shape.how_read(question))
        written = shape.write(question, answer)
        return _played(written, wish) if isinstance(written, Script) else Reply(200, compact(written))

    def _remember(self, conversation_id: str, turn: int) -> None:
        self._turns[conversation_id] = turn
        if len(self._turns) > _CONVERSATIONS_KEPT:
            del self._turns[next(iter(self._turns))]


def page() -> str:
    """What `GET /` shows: the kinds of agent and the phrases."""
    agents = "\n".join(f"  {shape.TITLE}" for shape in SHAPES)
    wishes = "\n".join(f"  {wish:<20} {effect}" for wish, effect in WISHES.items())
    return (
        f"The example agent of Dragoman. It plays:\n\n{agents}\n\n"
        f"No token is needed; a bearer token other than {TOKEN} is refused.\n\n"
        f"A prompt that holds one of these phrases is answered otherwise:\n\n{wishes}\n"
    )


def _played(script: Script, wish: Wish | None) -> EventStream:
    half = (*script.opening, *script.deltas[: len(script.deltas) // 2])
    match wish:
        case Wish.FAIL_HALFWAY:
            return EventStream((*half, *script.failure))
        case Wish.CUT:
            return EventStream(half, cut=True)
        case _:
            events = (*script.opening, *script.deltas, *script.closing)
            return EventStream(events, slowness=_SLOWNESS if wish is Wish.SLOW else 1.0)


def _check_token(request: Request) -> None:
    authorization = request.headers.get("authorization")
    if authorization is None:
        return
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or token.strip() not in (TOKEN, _PRINTED_TOKEN):
        raise Refusal(401, f"The token is wrong. The example agent takes {TOKEN} as a bearer token, or none.")


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "The body is not JSON.") from None
    if not isinstance(value, dict):
        raise Refusal(400, "The body is not a JSON object.")
    return cast("dict[str, Any]", value)


def _plain_failure(refusal: Refusal) -> Reply:
    return Reply(refusal.status, compact({"error": {"message": refusal.message}}))


async def _let_finish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read what a refused client still sends: closing on unread bytes resets the connection, and the reply is lost."""
    if writer.can_write_eof():
        writer.write_eof()
    with contextlib.suppress(TimeoutError):  # long enough for an honest client
        async with asyncio.timeout(2):
            while await reader.read(MAX_HEAD):
                pass
