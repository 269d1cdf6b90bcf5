"""What may be shown of an agent's url, as it stands in its file: references stay references, secrets are left out."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from dragoman.secrets.reference import find_references

_PARTS = re.compile(r"((?:[^:/?#]*://)?)([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.DOTALL)
_STAND_IN = re.compile("\0(\\d+)\0")


def host_of(url: str) -> str:
    """The host of a url, without a user name or a token that stands in it; "" where a reference names it."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = parts.hostname or ""
    return f"[{host}]{port}" if ":" in host else f"{host}{port}"


def shown_url(url: str) -> str:
    """Scheme, host and path of a url, and the names of its query; no login, and no value but references."""
    written = [url[reference.start : reference.end] for reference in find_references(url)]
    scheme, authority, path, query = _split(url)
    shown = f"{scheme}{authority.rpartition('@')[2]}{path}"
    if query:
        shown += f"?{'&'.join(map(_without_value, query.split('&')))}"
    return _STAND_IN.sub(lambda stand_in: written[int(stand_in[1])], shown)


def _split(url: str) -> tuple[str, str, str, str]:
    """The parts of a url, with stand-ins for references: what a reference names may hold any character."""
    pieces: list[str] = []
    end = 0
    for number, reference in enumerate(find_references(url)):
        pieces += [url[end : reference.start].replace("\0", ""), f"\0{number}\0"]
        end = reference.end
    match = _PARTS.match("".join([*pieces, url[end:].replace("\0", "")]))
    assert match is not None, "every part may be empty"
    return match[1], match[2], match[3], match[4] or ""


def _without_value(parameter: str) -> str:
    name, equals, value = parameter.partition("=")
    if _STAND_IN.fullmatch(value if equals else name):
        return parameter
    return f"{name}=…" if equals else "…"
