"""Where a request goes: an address that was looked at before anything is sent to it."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from httpx import URL

# The library escapes what no host name may hold.
_NO_HOST = re.compile(r"[%\s]")
_NUMERIC = re.compile(r"[0-9a-fx.]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) URL without login. Its `repr` is the origin: path and query may hold secrets."""

    url: URL = field(repr=False)
    origin: str
    user_and_password: str = field(default="", repr=False)

    @property
    def is_loopback(self) -> bool:
        """Whether it stays on this machine; then no proxy is asked."""
        host = self.url.host.rstrip(".")
        return host == "localhost" or host.endswith(".localhost") or _is(host, "is_loopback")

    @property
    def path(self) -> str:
        """The path, escaped as it is sent."""
        return self.url.raw_path.decode("ascii").partition("?")[0]

    def at(self, path: str) -> Address:
        """Another path of the same server, escaped as it is sent; login and query stay."""
        query = f"?{self.url.query.decode('ascii')}" if self.url.query else ""
        return replace(self, url=self.url.copy_with(raw_path=f"{path}{query}".encode("ascii")))

    def redirected(self, location: str) -> Address:
        """Where `location` leads from here. Raises `ValueError` like `read_address`."""
        from httpx import InvalidURL

        try:
            return read_address(str(self.url.join(location)))
        except InvalidURL:
            raise ValueError("is no valid URL") from None


def read_address(text: str, query: Mapping[str, str] | None = None) -> Address:
    """The address `text`, with `query` added. Raises `ValueError` with a clause whose subject is the URL."""
    from httpx import URL, InvalidURL

    try:
        url = URL(text)
        host = url.host
    except (InvalidURL, ValueError):
        raise ValueError("is no valid URL") from None
    if url.scheme not in ("http", "https"):
        raise ValueError("must start with http:// or https://")
    if not host:
        raise ValueError("names no host")
    if _NO_HOST.search(host) and ":" not in host:
        raise ValueError("names a host that cannot be")
    if not 0 < (1 if url.port is None else url.port) < 65536:
        raise ValueError("has a port that does not exist")
    if is_link_local(host):
        raise ValueError("is a link-local address, which is not asked")
    login = unquote(url.userinfo.decode("ascii", "replace"))
    url = url.copy_with(userinfo=b"", fragment=None)
    return Address(url.copy_merge_params(dict(query)) if query else url, _origin(url), login)


def is_link_local(host: str) -> bool:
    """Whether `host` is a link-local IP address (169.254.0.0/16, fe80::/10), in any spelling that the system takes."""
    if _NUMERIC.fullmatch(host):
        try:
            host = socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            return False
    return _is(host, "is_link_local")


def _is(host: str, property_name: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0].strip("[]"))
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return bool(getattr(mapped or address, property_name))


def _origin(url: URL) -> str:
    """Scheme, host and port, the port always named, so that two origins can be compared."""
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    return f"{url.scheme}://{url.netloc.decode('ascii').rpartition('@')[2].removesuffix(f':{port}')}:{port}"
