"""Whole values that an agent of a kind begins with: `auth`, `parameters`, `connector`, a template."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.agents.model import JsonValue
from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.starter import start_agent, token_reference
from dragoman.agents.writing import Layout, Path, leaves, write_inline

_FROM_A_NEW_AGENT = frozenset({("auth",), ("parameters",), ("connector",)})


def whole_value(definition: ProviderDefinition | None, path: Path, with_snippets: bool) -> str:
    """What a new agent of this kind has at `path`, on one line; "" where that is nothing."""
    if definition is None or path not in _FROM_A_NEW_AGENT:
        return ""
    agent = start_agent(definition, token=token_reference("agent" if definition.name == "custom" else definition.name))
    value = agent.get(str(path[0]))
    return "" if value is None else write_inline(value, layout(value, path, with_snippets), path)


def layout(value: JsonValue, path: Path, with_snippets: bool) -> Layout:
    """With tab stops where one agent of a kind differs from the next."""
    return Layout(tab_stops=list(_own_leaves(value, path)) if with_snippets else ())


def _own_leaves(value: JsonValue, path: Path) -> Iterator[Path]:
    for leaf in leaves(value, path):
        if leaf[0] in ("name", "url", "parameters") or leaf[-1] in ("token", "responseFormat"):
            yield leaf
