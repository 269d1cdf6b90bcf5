"""What went wrong between us and the agent: exceptions of the network's libraries → what the user is told."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Iterable, Iterator
from typing import cast

from dragoman.chat.errors import PROXY_ADVICE, TurnFailedError, cut_off, failure
from dragoman.chat.events import ErrorCode, Remedy, TurnError
from dragoman.chat.request import HttpRequest
from dragoman.chat.transport.address import Address

TO_PROXY, IN_HANDSHAKE = "on the way to a proxy", "during the handshake of TLS"
"""Notes on exceptions, which do not say by themselves when they came."""

_NO_TLS = "Check whether url must start with http://."
_OTHER_SCHEME = "Check url, also whether it must start with https://"

_NO_ANSWER = {
    "http": f"{_OTHER_SCHEME}, and try again.",
    "https": "Try again. If it demands a certificate of those who ask, name yours in the setting network.clientCert.",
}

_FAMILIES = ("httpx", "httpcore", "h11", "anyio", "socket", "ssl")


def is_network_failure(error: BaseException) -> bool:
    """Whether `error` comes from the network or its libraries; anything else is a fault of ours."""
    return isinstance(error, OSError | UnicodeError) or type(error).__module__.partition(".")[0] in _FAMILIES


def is_failed_connect(error: BaseException) -> bool:
    """Whether nothing was sent and asking once more may help."""
    causes = list(_causes(error))
    is_final = any(isinstance(cause, ssl.SSLError | socket.gaierror | UnicodeError) for cause in causes)
    return type(error).__name__ == "ConnectError" and not is_final and not _is_noted(IN_HANDSHAKE, causes)


def network_failure(error: BaseException, request: HttpRequest, *, answering: bool) -> TurnFailedError:
    """The end of a turn. `answering`: the answer had begun, so this cuts it off."""
    agent, limits = request.agent, request.timeouts
    match type(error).__name__:
        case "ConnectTimeout":
            return _no_connection(error, agent, limits.connect)
        case "ReadTimeout" if answering:
            return late(agent, "sent nothing more", limits.between_bytes, answering=True)
        case "ReadTimeout":
            return late(agent, "did not begin to answer", limits.first_byte)
        case "WriteTimeout":
            return late(agent, "did not take the request", limits.between_bytes)
        case "RemoteProtocolError" if answering and not _is_end(error):
            return TurnFailedError(cut_off(agent, " (what came then is not HTTP)"), cut=True)
        case _ if answering:
            return TurnFailedError(cut_off(agent, _system_words(list(_causes(error)))), cut=True)
        case _:
            return TurnFailedError(_unreached(error, agent, request.address))


def late(agent: str, what: str, seconds: float, *, answering: bool = False) -> TurnFailedError:
    """A time limit passed. `what` is a clause that follows the agent's name."""
    advice, cause = "Try again, or raise defaultTimeout.", f"{what} within {seconds:g} s"
    error = failure(ErrorCode.TIMEOUT, agent, cause, advice, blame=("defaultTimeout",), remedy=Remedy.TIMEOUT)
    return TurnFailedError(error, cut=answering)


def _no_connection(error: BaseException, agent: str, seconds: float) -> TurnFailedError:
    """The time limit for connecting passed: on which leg, the notes say."""
    causes = list(_causes(error))
    if _is_noted(TO_PROXY, causes):
        cause = f"was not reached: its proxy took no connection within {seconds:g} s"
        return TurnFailedError(failure(ErrorCode.TIMEOUT, agent, cause, PROXY_ADVICE))
    if _is_noted(IN_HANDSHAKE, causes):
        cause = f"made no secure connection within {seconds:g} s"
        url = ("url",)
        return TurnFailedError(failure(ErrorCode.TIMEOUT, agent, cause, _NO_TLS, blame=url, remedy=Remedy.SCHEME))
    return late(agent, "took no connection", seconds)


def _unreached(error: BaseException, agent: str, address: Address) -> TurnError:
    name, origin = type(error).__name__, address.origin
    causes = list(_causes(error))
    url = ("url",)
    if name == "ProxyError":
        # What the library says begins with the status, if the proxy speaks HTTP; its words are the proxy's own.
        status = f" (HTTP {str(error)[:3]})" if str(error)[:3].isdecimal() else ""
        return failure(ErrorCode.PROXY, agent, f"was not reached: the proxy refused{status}", PROXY_ADVICE)
    if _is_noted(TO_PROXY, causes):
        cause = f"was not reached: its proxy takes no connection{_system_words(causes)}"
        return failure(ErrorCode.PROXY, agent, cause, PROXY_ADVICE)
    if any(isinstance(cause, socket.gaierror | UnicodeError) for cause in causes):
        cause = f"was not reached: there is no host {address.url.host}"
        return failure(ErrorCode.DNS, agent, cause, "Check url and the network.", blame=url)
    if certificate := next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None):
        cause = f"was not trusted: the certificate of {origin} does not hold ({certificate.verify_message})"
        advice = "Check url, or name your authority's certificate in the setting network.caFile."
        return failure(ErrorCode.TLS, agent, cause, advice, blame=url)
    if any("CERTIFICATE_REQUIRED" in (getattr(cause, "reason", None) or "") for cause in causes):
        cause = f"was not reached: {origin} demands a certificate of those who ask"
        return failure(ErrorCode.TLS, agent, cause, "Name yours in the setting network.clientCert.")
    if any(isinstance(cause, ssl.SSLError) for cause in causes) or _is_noted(IN_HANDSHAKE, causes):
        cause = f"was not reached: no secure connection to {origin}"
        return failure(ErrorCode.TLS, agent, cause, _NO_TLS, blame=url, remedy=Remedy.SCHEME)
    if name == "ConnectError":
        cause = f"was not reached: {origin} takes no connection{_system_words(causes)}"
        return failure(ErrorCode.NETWORK, agent, cause, "Check url and whether the agent runs.", blame=url)
    if name == "RemoteProtocolError" and "location header" in str(error):
        # The library reads where a redirect leads even if it is not to follow it.
        return failure(ErrorCode.HTTP, agent, "redirects to an address that is no valid URL", "Check url.", blame=url)
    if name in ("RemoteProtocolError", "LocalProtocolError") and not _is_end(error):
        return _not_http(error, agent, origin)
    cause = f"broke the connection before it answered{_system_words(causes)}"
    return failure(ErrorCode.NETWORK, agent, cause, _NO_ANSWER[address.url.scheme], blame=url)


def _not_http(error: BaseException, agent: str, origin: str) -> TurnError:
    if "too long" in str(error):
        cause = f"was not understood: {origin} sends headers without end"
        return failure(ErrorCode.NETWORK, agent, cause, "Check url.", blame=("url",))
    cause, advice = f"was not understood: {origin} does not answer in HTTP", f"{_OTHER_SCHEME}."
    return failure(ErrorCode.NETWORK, agent, cause, advice, blame=("url",), remedy=Remedy.SCHEME)


def _is_noted(note: str, causes: Iterable[BaseException]) -> bool:
    return any(note in getattr(cause, "__notes__", ()) for cause in causes)


def _is_end(error: BaseException) -> bool:
    """Whether the library complains of nothing but that the connection is over."""
    return "closed" in str(error) or "disconnected" in str(error)


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
