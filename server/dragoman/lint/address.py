"""What can be told of a url without resolving its references."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urlsplit

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NO_HOST = re.compile(r"[%\s\\]")


@lru_cache(maxsize=1024)
def host_of(url: str) -> str:
    """The host of an http(s) url; "" where a reference names it. Raises `ValueError`, a clause about the url."""
    if _CONTROL.search(url):  # what splits a url below drops some of them without a word
        raise ValueError("holds a line end or another character that no url can have")
    authority = re.split(r"[/?#]", url.partition("://")[2])[0]
    if "${" in authority or not authority:
        return ""
    try:
        parts = urlsplit(f"http://{authority}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("names a host or a port that cannot be") from None
    if not host or port == 0 or (_NO_HOST.search(host) and ":" not in host):
        raise ValueError("names a host or a port that cannot be")
    if is_address(host, "is_link_local"):
        raise ValueError("is a link-local address, which is not asked")
    return host


def is_loopback(host: str) -> bool:
    """Whether what is sent to `host` stays on this machine."""
    name = host.rstrip(".")
    return name == "localhost" or name.endswith(".localhost") or is_address(name, "is_loopback")


def is_address(host: str, property_name: str) -> bool:
    """Whether `host` is an IP address with this property of `ipaddress.IPv4Address`."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return bool(getattr(mapped or address, property_name))
