"""A quick look at an agent: whether it is certain that no rule has anything to say about it.

Nearly every agent of every file is fine. Where this says so, no rule is run and no tree is made of the agent: that is
what makes a large file open at once. It is careful: what it does not know, or cannot tell from the value alone, is not
called clean, and then the rules decide. Tests hold that no rule has anything to say about what is called clean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from dragoman.agents.catalog import ProviderCatalog
from dragoman.agents.model import Interactive, ResponseAction
from dragoman.agents.placing import has_meaning
from dragoman.lint.address import host_of, is_loopback
from dragoman.schema.conform import conforms
from dragoman.secrets.reference import find_references
from dragoman.syntax.jsonc import decode_plain

_PLAIN_URL = re.compile(r"(https?)://([A-Za-z0-9.-]++)(?::[1-9][0-9]{0,3})?+(?:[/?#][^\x00-\x1f\x7f]*+)?+")
_COMMON = frozenset(
    {
        *("$schema", "auth", "connector", "defaultTimeout", "description", "enabled", "flow", "icon", "interactive"),
        *("name", "provider", "responseAction", "url"),
    }
)
"""Keys of which this module knows all that rules say of them. Agents with others are left to the rules."""


def is_clean(agent: Mapping[str, Any], providers: ProviderCatalog) -> bool:
    """Whether no rule about agents has anything to say about the value of a plain cell."""
    return (
        agent.keys() <= _COMMON
        and conforms(agent, "agent", providers.form)
        and _is_clean_address(agent["url"], agent.get("auth"))
        and _is_clean_connector(agent.get("connector"))
        and _is_clean_provider(agent, providers)
        and _has_clean_place(agent.get("responseAction"), agent.get("interactive"))
    )


def _is_clean_address(url: str, auth: Mapping[str, str] | None) -> bool:
    token = auth["token"].strip() if auth else ""
    if token and not any(find_references(token)):
        return False
    match = _PLAIN_URL.fullmatch(url)
    return match is not None and _is_clean_host(match[2], is_protected=match[1] == "https" or not token)


@lru_cache(maxsize=1024)
def _is_clean_host(host: str, *, is_protected: bool) -> bool:
    try:
        return host_of(f"http://{host}") != "" and (is_protected or is_loopback(host))
    except ValueError:
        return False


def _is_clean_provider(agent: Mapping[str, Any], providers: ProviderCatalog) -> bool:
    if "provider" not in agent:
        return True
    definition = providers.definition(agent["provider"])
    return definition is not None and ("connector" not in agent or definition.accepts_connector)


def _has_clean_place(action: str | None, mode: str | None) -> bool:
    return action is None or mode is None or has_meaning(ResponseAction(action), Interactive(mode))


def _is_clean_connector(connector: Mapping[str, Any] | None) -> bool:
    if connector is None:
        return True
    if not _is_path(connector.get("responseFormat", ""), connector.get("dialect", "jayway")):
        return False
    template = connector.get("requestFormat", "")
    return _is_clean_text(template) if isinstance(template, str) else _is_clean_template(template)


@lru_cache(maxsize=1024)
def _is_path(text: str, dialect: str) -> bool:
    # Not at the top: a server that has no agent file open does without.
    from dragoman.syntax.jsonpath import PathProblem, compile_path

    return not text.strip() or not isinstance(compile_path(text.strip(), dialect), PathProblem)


@lru_cache(maxsize=1024)
def _is_clean_text(template: str) -> bool:
    if not template.strip():
        return True
    value = decode_plain(template)
    return value is not None and conforms(value, "requestFormat") and _is_clean_template(value)


def _is_clean_template(template: Mapping[str, Any]) -> bool:
    fields = template.get("customFields")
    if "customHeaders" in template or (fields is not None and "fields" in template):
        return False
    return "messages" not in cast("Mapping[str, Any]", fields or {})
