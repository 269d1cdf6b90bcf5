"""The HTTP clients that all turns share: made once, off the event loop, since that takes longer than a local answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from dragoman.chat.errors import PROXY_ADVICE, TurnFailedError, failure
from dragoman.chat.events import ErrorCode
from dragoman.chat.request import HttpRequest
from dragoman.chat.transport.content_coding import accepted_encodings
from dragoman.chat.transport.tls import BadCertificateFileError, tls_context
from dragoman.settings import DEFAULT_NETWORK, NetworkSettings

if TYPE_CHECKING:
    import ssl

    from httpx import AsyncClient


@dataclass(frozen=True, slots=True)
class _Clients:
    """The direct one serves this machine, which no proxy may see."""

    direct: AsyncClient
    proxied: AsyncClient | str
    """Or why there can be none."""
    context: ssl.SSLContext


class Transport:
    """Owns the clients for one state of the setting `network`. Belongs to one event loop."""

    def __init__(self, network: NetworkSettings = DEFAULT_NETWORK) -> None:
        self.network = network
        self._clients: _Clients | None = None
        self._making = asyncio.Lock()
        self._users = 0
        self._is_retired = False
        self._closing: asyncio.Task[None] | None = None

    async def warm(self) -> None:
        """Make what the first turn would have to wait for."""
        with suppress(BadCertificateFileError):  # the turn that needs it tells
            await self._made()

    @asynccontextmanager
    async def client(self, request: HttpRequest) -> AsyncGenerator[AsyncClient]:
        """The client to send `request` with. Raises `TurnFailedError` where the setting `network` means nothing."""
        self._users += 1
        try:
            clients = await self._made_for(request)
            if self.network.http2 and request.address.url.scheme == "https":
                # The library tells an agent only by closing the connection that nobody listens any more. So no other
                # turn may be on the same one.
                async with _http2_client(clients.context, self.network, request) as client:
                    yield client
            else:
                yield _usable(clients.direct if request.address.is_loopback else clients.proxied, request)
        finally:
            self._users -= 1
            if self._is_retired and not self._users:
                await self._close()

    @property
    def is_open(self) -> bool:
        """Whether there are clients, which may have connections."""
        return self._clients is not None

    def retire(self) -> None:
        """Close all connections as soon as no turn uses them."""
        self._is_retired = True
        if not self._users:
            self._closing = asyncio.ensure_future(self._close())

    async def aclose(self) -> None:
        """Close all connections."""
        await self._close()
        if self._closing is not None:
            await self._closing

    async def _close(self) -> None:
        clients, self._clients = self._clients, None
        if clients is not None:
            await clients.direct.aclose()
            if not isinstance(clients.proxied, str):
                await clients.proxied.aclose()

    async def _made_for(self, request: HttpRequest) -> _Clients:
        try:
            return await self._made()
        except BadCertificateFileError as error:
            cause = f"cannot be reached: the file in the setting {error}"
            raise TurnFailedError(failure(ErrorCode.TLS, request.agent, cause, "Correct the setting.")) from None

    async def _made(self) -> _Clients:
        if self._clients is None:
            async with self._making:
                if self._clients is None:
                    self._clients = await asyncio.to_thread(_make_clients, self.network)
        return self._clients


def _usable(client: AsyncClient | str, request: HttpRequest) -> AsyncClient:
    if isinstance(client, str):
        raise TurnFailedError(failure(ErrorCode.PROXY, request.agent, f"cannot be reached: {client}", PROXY_ADVICE))
    return client


def _http2_client(context: ssl.SSLContext, network: NetworkSettings, request: HttpRequest) -> AsyncClient:
    if find_spec("h2") is None:
        cause = "cannot be asked: the setting network.http2 needs the library h2, which is not installed"
        advice = "Install dragoman[http2], or switch the setting off."
        raise TurnFailedError(failure(ErrorCode.CONFIG, request.agent, cause, advice))
    if request.address.is_loopback:
        return _make_client(context, http2=True)
    return _usable(_make_proxied(context, network, http2=True), request)


def _make_clients(network: NetworkSettings) -> _Clients:
    # The libraries import these with the first connection; here it costs no turn any time.
    for module in ("anyio._backends._asyncio", "httpcore", "h11"):
        import_module(module)
    accepted_encodings()
    for library in ("httpx", "httpcore", "hpack", "h2"):
        # Below this level they log addresses and headers, which hold secrets.
        logging.getLogger(library).setLevel(logging.WARNING)
    context = tls_context(network)
    return _Clients(_make_client(context), _make_proxied(context, network), context)


def _make_proxied(context: ssl.SSLContext, network: NetworkSettings, *, http2: bool = False) -> AsyncClient | str:
    from httpx import InvalidURL

    proxy = network.proxy if not network.proxy or "://" in network.proxy else f"http://{network.proxy}"
    try:
        return _make_client(context, proxy=proxy or None, trust_environment=True, http2=http2)
    except (ValueError, InvalidURL):
        return "the proxy's address is no http:// or https:// URL"
    except ImportError:
        return "SOCKS proxies are not supported"


def _make_client(
    context: ssl.SSLContext, *, proxy: str | None = None, trust_environment: bool = False, http2: bool = False
) -> AsyncClient:
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    from httpx import AsyncClient, Limits

    from dragoman.chat.transport.network import on_asyncio

    client = AsyncClient(
        verify=context,
        proxy=proxy,
        trust_env=trust_environment,
        http2=http2,
        limits=Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=30),
        # What one agent sets must not be sent to another.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )
    return on_asyncio(client)
