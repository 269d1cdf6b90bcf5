"""What went wrong between us and the agent: exceptions of the network's libraries → what the user is told."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Iterator
from typing import cast

from dragoman.chat.errors import TurnFailedError, cut_off, failure
from dragoman.chat.events import ErrorCode, TurnError
from dragoman.chat.request import HttpRequest
from dragoman.chat.transport.address import Address

_FAMILIES = ("httpx", "httpcore", "h11", "anyio", "socket", "ssl")


def is_network_failure(error: BaseException) -> bool:
    """Whether `error` comes from the network or its libraries; anything else is a fault of ours."""
    return isinstance(error, OSError | UnicodeError) or type(error).__module__.partition(".")[0] in _FAMILIES


def is_failed_connect(error: BaseException) -> bool:
    """Whether nothing was sent and asking once more may help."""
    return type(error).__name__ == "ConnectError" and not any(
        isinstance(cause, ssl.SSLError | socket.gaierror | UnicodeError) for cause in _causes(error)
    )


def network_failure(error: BaseException, request: HttpRequest, *, answering: bool) -> TurnFailedError:
    """The end of a turn. `answering`: the answer had begun, so this cuts it off."""
    agent, limits = request.agent, request.timeouts
    match type(error).__name__:
        case "ConnectTimeout":
            return late(agent, "took no connection", limits.connect)
        case "ReadTimeout" if answering:
            return late(agent, "sent nothing more", limits.between_bytes, answering=True)
        case "ReadTimeout":
            return late(agent, "did not begin to answer", limits.first_byte)
        case "WriteTimeout":
            return late(agent, "did not take the request", limits.between_bytes)
        case _ if answering:
            return TurnFailedError(cut_off(agent, _system_words(list(_causes(error)))), cut=True)
        case _:
            return TurnFailedError(_unreached(error, agent, request.address))


def late(agent: str, what: str, seconds: float, *, answering: bool = False) -> TurnFailedError:
    """A time limit passed. `what` is a clause that follows the agent's name."""
    advice = "Try again, or raise defaultTimeout."
    cause = f"{what} within {seconds:g} s"
    return TurnFailedError(failure(ErrorCode.TIMEOUT, agent, cause, advice, blame=("defaultTimeout",)), cut=answering)


def _unreached(error: BaseException, agent: str, address: Address) -> TurnError:
    name, origin = type(error).__name__, address.origin
    causes = list(_causes(error))
    url = ("url",)
    if name == "ProxyError":
        return failure(ErrorCode.PROXY, agent, "was not reached: the proxy refused", "Check the proxy settings.")
    if any(isinstance(cause, socket.gaierror | UnicodeError) for cause in causes):
        cause = f"was not reached: there is no host {address.url.host}"
        return failure(ErrorCode.DNS, agent, cause, "Check url and the network.", blame=url)
    if certificate := next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None):
        cause = f"was not trusted: the certificate of {origin} does not hold ({certificate.verify_message})"
        advice = "Check url, or name your authority's certificate in the environment variable SSL_CERT_FILE."
        return failure(ErrorCode.TLS, agent, cause, advice, blame=url)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        cause = f"was not reached: no secure connection to {origin}"
        return failure(ErrorCode.TLS, agent, cause, "Check whether url must start with http://.", blame=url)
    if name == "ConnectError":
        cause = f"was not reached: {origin} takes no connection{_system_words(causes)}"
        return failure(ErrorCode.NETWORK, agent, cause, "Check url and whether the agent runs.", blame=url)
    if name == "RemoteProtocolError" and "location header" in str(error):
        # The library reads where a redirect leads even if it is not to follow it.
        return failure(ErrorCode.HTTP, agent, "redirects to an address that is no valid URL", "Check url.", blame=url)
    if name in ("RemoteProtocolError", "LocalProtocolError"):
        cause = f"was not understood: {origin} does not answer in HTTP or broke off"
        return failure(ErrorCode.NETWORK, agent, cause, "Check url and whether the agent runs.", blame=url)
    cause = f"broke the connection before it answered{_system_words(causes)}"
    return failure(ErrorCode.NETWORK, agent, cause, "Try again.", blame=url)


def _system_words(causes: list[BaseException]) -> str:
    """What the system calls it, in brackets; "" if it has no name."""
    numbers = (cause.errno for cause in causes if isinstance(cause, OSError) and cause.errno in errno.errorcode)
    number = next(numbers, None)
    return "" if number is None else f" ({os.strerror(number).lower()})"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that led to it, those in groups included."""
    current: BaseException | None = error
    while current is not None:
        yield current
        if isinstance(current, BaseExceptionGroup):
            for inner in cast("BaseExceptionGroup[BaseException]", current).exceptions:
                yield from _causes(inner)
        current = current.__cause__ or current.__context__
