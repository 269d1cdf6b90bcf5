"""The HTTP clients that all turns share: made once, off the event loop, since that takes longer than a local answer."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from dragoman.chat.errors import TurnFailedError, failure
from dragoman.chat.events import ErrorCode
from dragoman.chat.request import HttpRequest

if TYPE_CHECKING:
    import ssl

    from httpx import AsyncClient


@dataclass(frozen=True, slots=True)
class Network:
    """The setting `network`. "" leaves it to the environment and the system."""

    proxy: str = ""
    ca_file: str = ""
    client_certificate: str = ""


@dataclass(frozen=True, slots=True)
class _Clients:
    """The direct one serves this machine, which no proxy may see."""

    direct: AsyncClient
    proxied: AsyncClient | str
    """Or why there can be none."""


class Transport:
    """Owns the clients. Belongs to one event loop."""

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or Network()
        self._clients: _Clients | None = None
        self._making = asyncio.Lock()

    async def warm(self) -> None:
        """Make what the first turn would have to wait for."""
        await self._made()

    async def client_for(self, request: HttpRequest) -> AsyncClient:
        """The client to send `request` with. Raises `TurnFailedError` where the proxy settings mean nothing."""
        clients = await self._made()
        client = clients.direct if request.address.is_loopback else clients.proxied
        if isinstance(client, str):
            cause = f"cannot be reached: the proxy settings cannot be used ({client})"
            raise TurnFailedError(failure(ErrorCode.PROXY, request.agent, cause, "Check the proxy settings."))
        return client

    async def aclose(self) -> None:
        """Close all connections."""
        clients, self._clients = self._clients, None
        if clients is not None:
            await clients.direct.aclose()
            if not isinstance(clients.proxied, str):
                await clients.proxied.aclose()

    async def _made(self) -> _Clients:
        if self._clients is None:
            async with self._making:
                if self._clients is None:
                    self._clients = await asyncio.to_thread(_make_clients, self._network)
        return self._clients


def _make_clients(network: Network) -> _Clients:
    # The libraries import these with the first connection; here it costs no turn any time.
    for module in ("anyio._backends._asyncio", "httpcore", "h11"):
        import_module(module)
    for library in ("httpx", "httpcore"):
        # Below this level they log addresses and headers, which hold secrets.
        logging.getLogger(library).setLevel(logging.WARNING)
    context = _tls_context(network)
    return _Clients(_make_client(context, proxy=None, trust_environment=False), _make_proxied(context, network))


def _make_proxied(context: ssl.SSLContext, network: Network) -> AsyncClient | str:
    from httpx import InvalidURL

    try:
        return _make_client(context, proxy=network.proxy or None, trust_environment=True)
    except (ValueError, InvalidURL):
        return "a proxy's address is no http:// or https:// URL"
    except ImportError:
        return "SOCKS proxies are not supported"


def _make_client(context: ssl.SSLContext, *, proxy: str | None, trust_environment: bool) -> AsyncClient:
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    from httpx import AsyncClient, Limits

    return AsyncClient(
        verify=context,
        proxy=proxy,
        trust_env=trust_environment,
        limits=Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=30),
        # What one agent sets must not be sent to another.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


@lru_cache(maxsize=4)
def _tls_context(network: Network) -> ssl.SSLContext:
    """Certificates are always verified: against the system's store, the bundled one, and `caFile`."""
    import ssl

    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if network.ca_file:
        context.load_verify_locations(network.ca_file)
    if network.client_certificate:
        context.load_cert_chain(network.client_certificate)
    return context
