"""A quick look at an agent: whether it is certain that no rule has anything to say about it.

Nearly every agent of every file is fine. Where this says so, no rule is run and no tree is made of the agent: that is
what makes a large file open at once. It is careful: what it does not know, or cannot tell from the value alone, is not
called clean, and then the rules decide. Tests hold that no rule has anything to say about what is called clean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

from dragoman.agents.catalog import ProviderCatalog
from dragoman.agents.model import Interactive, ResponseAction
from dragoman.agents.placeholders import MEANINGS, placeholders_in
from dragoman.agents.placing import has_meaning
from dragoman.lint.address import host_of, is_loopback
from dragoman.lint.references import broken_references
from dragoman.lint.rules.bad_timeout import is_sensible
from dragoman.lint.rules.stream_flag import FLAGS, STREAMS
from dragoman.lint.rules.unsent_prompt import PROMPT
from dragoman.lint.unfilled import unfilled
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
        and _is_clean_connector(agent)
        and _is_clean_provider(agent, providers)
        and _has_clean_place(agent.get("responseAction"), agent.get("interactive"))
        and (not agent.get("flow") or agent.get("responseAction") == ResponseAction.FLOW)
        and ("defaultTimeout" not in agent or is_sensible(agent["defaultTimeout"]))
    )


def _is_clean_address(url: str, auth: Mapping[str, str] | None) -> bool:
    token = auth["token"].strip() if auth else ""
    if "$" in url or not _is_clean_token(token):
        return False
    match = _PLAIN_URL.fullmatch(url)
    return match is not None and _is_clean_host(match[2], is_protected=match[1] == "https" or not token)


@lru_cache(maxsize=1024)
def _is_clean_token(token: str) -> bool:
    return not token or (any(find_references(token)) and not any(broken_references(token, others=True)))


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


def _is_clean_connector(agent: Mapping[str, Any]) -> bool:
    connector: Mapping[str, Any] | None = agent.get("connector")
    if connector is None:
        return True
    path = connector.get("responseFormat", "")
    if not _is_path(path, connector.get("dialect", "jayway")):
        return False
    form = connector.get("requestFormat", "")
    streams = not STREAMS.isdisjoint((agent.get("responseAction"), agent.get("interactive")))
    if isinstance(form, str):
        return _is_clean_text(form, path, streams=streams)
    return _is_clean_template(form, path, streams=streams)


@lru_cache(maxsize=1024)
def _is_path(text: str, dialect: str) -> bool:
    # Not at the top: a server that has no agent file open does without.
    from dragoman.lint.path_hints import hints
    from dragoman.syntax.jsonpath import PathProblem, compile_path

    path = text.strip()
    if not path:
        return True
    return not isinstance(compile_path(path, dialect), PathProblem) and (dialect != "jayway" or not hints(path))


@lru_cache(maxsize=1024)
def _is_clean_text(form: str, path: str, *, streams: bool) -> bool:
    if not form.strip():
        return True
    template = decode_plain(form)
    if template is None or not conforms(template, "requestFormat"):
        return False
    return _is_clean_template(template, path, streams=streams)


def _is_clean_template(template: Mapping[str, Any], path: str, *, streams: bool) -> bool:
    fields = template.get("customFields")
    if "customHeaders" in template or (fields is not None and "fields" in template):
        return False
    if "messages" in cast("Mapping[str, Any]", fields or {}):
        return False
    body = template.get("fields")
    return (
        not any(map(_needs_a_look, _strings(template)))
        and (not body or not PROMPT.isdisjoint(placeholders_in(body)))
        and _is_clean_flag(template, path, streams=streams)
    )


def _is_clean_flag(template: Mapping[str, Any], path: str, *, streams: bool) -> bool:
    """Whether nothing says otherwise than the flag whether the answer streams."""
    parts: list[Mapping[str, Any]] = [template.get("fields", {}), template.get("customFields", {})]
    flags = [part[key] for part in parts for key in FLAGS if key in part]
    asks, refuses = any(flag is True for flag in flags), any(flag is False for flag in flags)
    return not (asks and "message" in path) and not (refuses and (streams or "delta" in path))


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in cast("list[Any]", value):
                yield from _strings(item)
        case dict():
            for inner in cast("dict[str, Any]", value).values():
                yield from _strings(inner)
        case _:
            pass


def _needs_a_look(text: str) -> bool:
    return "$" in text and ("${" in text or any(unfilled(text, MEANINGS.keys())))
