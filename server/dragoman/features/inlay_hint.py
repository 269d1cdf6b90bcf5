"""Inlay hints: the defaults that decide what becomes of a question and its answer, where an agent says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.agents.catalog import ProviderCatalog
from dragoman.agents.model import Agent, AuthType
from dragoman.agents.placing import has_meaning
from dragoman.features.describe import describe_pair
from dragoman.project.agent_file import AgentEntry, AgentFile
from dragoman.syntax.text import Span

_TIMEOUTS = "10/60/120 s"
_TIMEOUTS_TOLD = "Without `defaultTimeout`: 10 s to connect, 60 s to the first byte, 120 s between bytes."


@dataclass(frozen=True, slots=True)
class InlayHint:
    """A few words to be shown at `offset`, and what they mean, in Markdown."""

    offset: int
    label: str
    tooltip: str


def inlay_hints(file: AgentFile, within: Span, providers: ProviderCatalog) -> Iterator[InlayHint]:
    """Of each agent in a span at most two: behind its name, and behind `auth.type` where the header goes unsaid."""
    for entry in file.entries():
        if entry.span.start <= within.end and within.start <= entry.span.end:
            yield from (hint for hint in _hints(entry, providers) if within.covers(hint.offset))


def _hints(entry: AgentEntry, providers: ProviderCatalog) -> Iterator[InlayHint]:
    agent, keys = entry.agent, entry.keys
    name, auth_type = entry.inside_string("name"), entry.inside_string("auth", "type")
    told = dict(_defaults(agent, keys))
    if name is not None and told:
        yield InlayHint(name.end + 1, ", ".join(told), "\n\n".join(dict.fromkeys(told.values())))
    definition = providers.definition(agent.provider)
    if auth_type and definition and agent.auth and agent.auth.type is AuthType.API_KEY and not agent.auth.header:
        header = definition.key_header
        yield InlayHint(auth_type.end + 1, f"header: {header}", f"Without `header`, the token goes into `{header}`.")


def _defaults(agent: Agent, keys: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What counts instead of each key that is not there, and what that means."""
    pair = describe_pair(agent.response_action, agent.interactive)
    if "responseAction" not in keys:
        yield agent.response_action.value, pair
    if "interactive" not in keys and has_meaning(agent.response_action, agent.interactive):
        yield agent.interactive.value, pair
    if "defaultTimeout" not in keys:
        yield _TIMEOUTS, _TIMEOUTS_TOLD
