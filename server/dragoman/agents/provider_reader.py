"""From the value of a provider's file to the typed definition. `provider_check` says before what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from dragoman.agents.model import JsonValue
from dragoman.agents.provider import (
    ProviderDefinition,
    RequestDefinition,
    ResponseDefinition,
    Selector,
    SourceSelector,
    StopCall,
    StopSelector,
)

Json: TypeAlias = Mapping[str, Any]


def read_definition(name: str, data: Json) -> ProviderDefinition:
    """The definition that `data` is, which nothing is wrong with and which holds all that it took over."""
    auth: Json = data.get("auth", {})
    return ProviderDefinition(
        name=name,
        title=data.get("title", name),
        description=data.get("description", ""),
        documentation=data.get("documentation", ""),
        billing=data.get("billing", ""),
        url=data.get("url", ""),
        auth_type=auth.get("type", "Bearer"),
        key_header=auth.get("header", "x-api-key"),
        accepts_connector=data.get("connector", True),
        like=data.get("like", ""),
        needs=_names(data.get("needs", [])),
        request=_request(data.get("request", {})),
        response=_response(data.get("response", {})),
        parameters=data.get("parameters", {}),
    )


def merged(base: Json, own: Json) -> dict[str, Any]:
    """`own` over `base`, objects key by key."""
    result = {**base, **own}
    for key, value in own.items():
        inherited = base.get(key)
        if isinstance(value, dict) and isinstance(inherited, dict):
            result[key] = merged(cast("Json", inherited), cast("Json", value))
    return result


def _request(data: Json) -> RequestDefinition:
    return RequestDefinition(
        body=data.get("body", {}),
        headers=data.get("headers", {}),
        query=data.get("query", {}),
        message=data.get("message", {"role": "$role", "content": "$text"}),
        roles=data.get("roles", {}),
        in_url=_names(data.get("inUrl", [])),
        stop=_stop_call(data["stop"]) if "stop" in data else None,
    )


def _stop_call(data: Json) -> StopCall:
    return StopCall(data.get("method", "POST"), data.get("path", {}), data.get("query", {}), data.get("body", {}))


def _response(data: Json) -> ResponseDefinition:
    return ResponseDefinition(
        text=_selectors(data.get("text", [])),
        reasoning=_selectors(data.get("reasoning", [])),
        replace=_selectors(data.get("replace", [])),
        follow_ups=_selectors(data.get("followUps", [])),
        final=_selectors(data.get("final", [])),
        errors=_selectors(data.get("errors", [])),
        end=_selectors(data.get("end", [])),
        gather=frozenset(_names(data.get("gather", []))),
        sources=_sources(data["sources"]) if "sources" in data else None,
        stop=_stop(data["stop"]) if "stop" in data else None,
        usage={kind: _names(paths) for kind, paths in data.get("usage", {}).items()},
        conversation=_values(data.get("conversation", {})),
        turn=_values(data.get("turn", {})),
        percent_encoded=data.get("percentEncoded", False),
        end_required=data.get("endRequired", False),
    )


def _sources(data: Json) -> SourceSelector:
    parts = {part: _names(data.get(part, [])) for part in ("title", "uri", "excerpt")}
    return SourceSelector(path=data["path"], **parts)


def _stop(data: Json) -> StopSelector:
    meanings = (frozenset(_names(data.get(meaning, []))) for meaning in ("maxTokens", "refused"))
    return StopSelector(_names(data["path"]), *meanings)


def _values(data: Json) -> dict[str, tuple[Selector, ...]]:
    return {name: _selectors(places) for name, places in data.items()}


def _selectors(value: JsonValue) -> tuple[Selector, ...]:
    """One place, or a list of them."""
    return tuple(_selector(item) for item in (value if isinstance(value, list) else [value]))


def _selector(value: Any) -> Selector:
    if isinstance(value, str):
        return Selector(path=value)
    return Selector(frozenset(_names(value.get("event", []))), value.get("path", ""))


def _names(value: JsonValue) -> tuple[str, ...]:
    """One name, or a list of them."""
    return (value,) if isinstance(value, str) else tuple(cast("list[str]", value))
