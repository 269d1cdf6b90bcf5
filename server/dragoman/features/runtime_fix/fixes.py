"""The fixes themselves: each changes one key of an agent in the text as it is now, or opens a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.agents.address import host_of
from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.starter import start_auth, variable_for
from dragoman.features.runtime_fix.answer_paths import AnswerPath
from dragoman.features.runtime_fix.edit import set_key, value_at
from dragoman.features.runtime_fix.url import other_scheme, other_urls
from dragoman.lint.diagnostic import Fix
from dragoman.project.agent_file import AgentEntry, AgentFile
from dragoman.secrets.names import names_credential
from dragoman.secrets.reference import find_references
from dragoman.syntax.jsonc import ObjectNode

SHORTEST_RAISED = 60
"""Seconds; a limit below it is raised to that at once."""

_SHOWN = 60


def token_fixes(file: AgentFile, entry: AgentEntry, provider: ProviderDefinition) -> Iterator[Fix]:
    """The token is read from an environment variable; nothing, where a reference says already whence it comes."""
    agent = entry.agent
    is_custom = provider.name == "custom"
    name = variable_for(agent.name, "TOKEN") if is_custom else variable_for(provider.name)
    reference = f"${{env:{name}}}"
    title = f"Set the token: read it from the environment variable {name}"
    if agent.auth is not None and agent.auth.token:
        if not any(find_references(agent.auth.token.reveal())):
            yield Fix(title, set_key(file, entry, ("auth", "token"), reference), is_preferred=True)
    elif isinstance(value_at(file, entry, ("auth",)), ObjectNode):
        yield Fix(title, set_key(file, entry, ("auth", "token"), reference), is_preferred=True)
    elif not _has_credential_header(file, entry):
        yield Fix(title, set_key(file, entry, ("auth",), start_auth(provider, reference)), is_preferred=True)


def url_fixes(file: AgentFile, entry: AgentEntry, provider: ProviderDefinition) -> Iterator[Fix]:
    """Other addresses that may be meant."""
    for other in other_urls(entry.agent.url, provider):
        yield Fix(other.title, set_key(file, entry, ("url",), other.url))


def scheme_fixes(file: AgentFile, entry: AgentEntry) -> Iterator[Fix]:
    """The same address without TLS, or with it."""
    if other := other_scheme(entry.agent.url):
        yield Fix(other.title, set_key(file, entry, ("url",), other.url))


def timeout_fixes(file: AgentFile, entry: AgentEntry, seconds: float) -> Iterator[Fix]:
    """Twice as long. `seconds` is the longest that was waited for anything."""
    raised = max(SHORTEST_RAISED, 2 * seconds)
    value = int(raised) if raised == int(raised) else raised
    yield Fix(f"Raise defaultTimeout to {value} s", set_key(file, entry, ("defaultTimeout",), value))


def answer_path_fixes(file: AgentFile, entry: AgentEntry, offers: Sequence[AnswerPath]) -> Iterator[Fix]:
    """The text is read from another place."""
    for offer in offers:
        if offer.path != entry.agent.connector.response_format:
            title = f"Read the text from {offer.path}: “{_shortened(offer.text)}”"
            yield Fix(title, set_key(file, entry, ("connector", "responseFormat"), offer.path))


def billing_fixes(entry: AgentEntry, provider: ProviderDefinition) -> Iterator[Fix]:
    """The page where the vendor is paid, if the agent is really the vendor's own."""
    is_vendors = bool(provider.billing) and _domain(entry.agent.url) == _domain(provider.billing)
    if is_vendors and provider.billing.startswith("https://"):
        yield Fix(f"Open the billing page of {provider.title.partition(' (')[0]}", page=provider.billing)


def _domain(url: str) -> list[str]:
    """The last two labels of the host."""
    return host_of(url).partition(":")[0].split(".")[-2:]


def _has_credential_header(file: AgentFile, entry: AgentEntry) -> bool:
    """Whether the agent's own headers say who asks; they would win over `auth`."""
    own = entry.agent.connector.request_format
    return own is not None and any(map(names_credential, own.custom_headers))


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN].rstrip()}…"
