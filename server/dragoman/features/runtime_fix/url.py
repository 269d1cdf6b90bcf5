"""Addresses that may be meant where an agent has nothing at the one in its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from dragoman.agents.provider import ProviderDefinition

OPENAI_PATH = "/v1/chat/completions"
"""Where servers that are built like OpenAI's answer; looked for too by agents whose kind nobody has named."""

_PARTS = re.compile(r"(https?)://([^/?#]*)(?P<path>[^?#]*)(.*)", re.DOTALL)
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class OtherUrl:
    """An address and what is other in it; the title shows nothing of the old one, which may hold secrets."""

    title: str
    url: str


def other_urls(url: str, provider: ProviderDefinition) -> list[OtherUrl]:
    """What may be meant by `url`, the likeliest first."""
    parts = _PARTS.fullmatch(url.strip())
    offers: dict[str, OtherUrl] = {}
    for offer in _offers(parts, provider) if parts else ():
        offers.setdefault(offer.url, offer)
    return [offer for address, offer in offers.items() if address != url]


def other_scheme(url: str) -> OtherUrl | None:
    """The same address without TLS, or with it; None for what is no http address."""
    scheme, _, rest = url.strip().partition("://")
    other = {"https": "http", "http": "https"}.get(scheme.lower())
    return OtherUrl(f"Begin url with {other}://", f"{other}://{rest}") if other else None


def _offers(parts: re.Match[str], provider: ProviderDefinition) -> Iterator[OtherUrl]:
    scheme, authority, path, rest = parts.groups()
    if "//" in path:
        yield OtherUrl("Write / for // in url", f"{scheme}://{authority}{re.sub('/{2,}', '/', path)}{rest}")
    known = _known_path(provider)
    joined = _joined(path, known) if known else None
    if joined is not None:
        yield OtherUrl(f"Let url end with {known}", f"{scheme}://{authority}{joined}{rest}")
    if scheme == "http" and _is_public(authority):
        yield OtherUrl("Begin url with https://", f"https://{authority}{path}{rest}")
    if path.endswith("/") and path.strip("/"):
        yield OtherUrl("Leave out the / at the end of url", f"{scheme}://{authority}{path.rstrip('/')}{rest}")
    # The provider's own address, where it needs no more than what the agent's parameters say.
    if provider.url and set(_NAME.findall(provider.url)) <= set(provider.request.in_url):
        yield OtherUrl(f"Use the address of {provider.title}: {provider.url}", provider.url)


def _known_path(provider: ProviderDefinition) -> str:
    """The path at which agents of this kind answer; "" where that is not the same for all."""
    default = _PARTS.fullmatch(provider.url)
    path = default["path"] if default else OPENAI_PATH if provider.name == "custom" else ""
    return "" if _NAME.search(path) else path.rstrip("/")


def _joined(path: str, known: str) -> str | None:
    """`path` with what of `known` is missing at its end; None if nothing is, or if it leads somewhere else."""
    given, wanted = [step for step in path.split("/") if step], [step for step in known.split("/") if step]
    if given[-len(wanted) :] == wanted:
        return None
    for length in range(len(wanted), -1, -1):
        if length <= len(given) and given[len(given) - length :] == wanted[:length] and (length or not given):
            return "/" + "/".join([*given, *wanted[length:]])
    # Only the version in front is missing: `/chat/completions`.
    is_end = len(given) < len(wanted) and bool(given) and wanted[-len(given) :] == given
    return known if is_end else None


def _is_public(authority: str) -> bool:
    """Whether it names a host in the world at large, where nobody answers without TLS any more."""
    host = authority.rpartition("@")[2].partition(":")[0]
    if "." not in host or "$" in host or host.endswith((".local", ".localhost", ".internal", ".lan")):
        return False
    try:
        ip_address(host)
    except ValueError:
        return True
    return False
