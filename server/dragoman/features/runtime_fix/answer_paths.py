"""Where the text of an answer may stand: paths for `responseFormat`, from documents in which no text was found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias, cast

from dragoman.agents.model import Dialect, JsonValue
from dragoman.syntax.jsonc import parse, to_value
from dragoman.syntax.jsonpath import Found, PathProblem, compile_path

MOST = 5
"""Paths that are offered; more are no help in choosing."""

_MOST_VALUES, _DEEPEST = 5000, 30
_ANY = None
_Step: TypeAlias = "str | int | None"
"""A key, an index, or any index."""

# The names of places that hold the words of an answer, the likeliest first.
_LIKELY = (
    "content", "text", "answer", "delta", "outputtext", "response", "output", "message", "result", "reply",
    "completion", "generatedtext", "generation", "value", "parts", "chunk", "msg", "body", "data",
)  # fmt: skip
_UNLIKELY = re.compile(
    r"(?:.*_)?(?:id|ids|uuid|model|object|type|kind|role|created|updated|timestamp|time|date|status|state|code|event"
    r"|.*reason|version|fingerprint|url|uri|href|lang|language|locale|name|key|hash|trace|request|session)(?:_at)?",
    re.IGNORECASE,
)
_BESIDE_THE_ANSWER = re.compile(
    r"source|citation|reference|document|retriev|context|metadata|usage|tool|error|history|input|prompt|question|query"
    r"|reasoning|thinking|thought|suggest",
    re.IGNORECASE,
)
_NO_PROSE = re.compile(r"[0-9a-fA-F-]{16,}|[\d\s:.,TZ+/-]{8,}|\w+://\S*|[A-Za-z]+[-_][A-Za-z0-9_-]{12,}")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HIDDEN = "•••"
"""What stands where a secret was taken out; a key that it stands in is another one in truth."""


@dataclass(frozen=True, slots=True)
class AnswerPath:
    """A path, and all the text that it finds in the documents, one after another."""

    path: str
    text: str


def answer_paths(documents: Sequence[str], dialect: Dialect = Dialect.JAYWAY) -> list[AnswerPath]:
    """The paths at which these JSON documents hold text, the likeliest place of an answer first."""
    values = [_value(document) for document in documents]
    texts: dict[tuple[_Step, ...], str] = {}
    for steps, text in (place for value in values for place in _text_places(value)):
        texts[steps] = texts.get(steps, "") + text
    rated = sorted(((-_likelihood(steps, text), number, steps) for number, (steps, text) in enumerate(texts.items())))
    # Ids and the like are offered only where there is nothing better.
    likely = [steps for unlikelihood, _, steps in rated if unlikelihood < 0] or [steps for *_, steps in rated]
    found = (_found(_written(steps), values, dialect) for steps in likely)
    return list(islice((offer for offer in found if offer is not None), MOST))


def _value(document: str) -> JsonValue:
    """What a document says; also one that was cut, or that secrets were taken out of."""
    try:
        return json.loads(document)
    except (ValueError, RecursionError):
        return cast("JsonValue", to_value(parse(document).root))


def _text_places(root: JsonValue) -> Iterator[tuple[tuple[_Step, ...], str]]:
    """Each string and the steps to it, in the order of the document; where elements are alike, those to all of them."""
    stack: list[tuple[tuple[_Step, ...], JsonValue]] = [((), root)]
    for _ in range(_MOST_VALUES):
        if not stack:
            return
        steps, value = stack.pop()
        if isinstance(value, str) and value.strip():
            yield steps, value
        elif len(steps) < _DEEPEST:
            stack.extend((((*steps, step), child) for step, child in reversed(_children(value))))


def _children(value: JsonValue) -> list[tuple[_Step, JsonValue]]:
    match value:
        case dict():
            return [(key, child) for key, child in value.items() if _HIDDEN not in key]
        case list():
            indexes = [_ANY] * len(value) if _are_alike(value) else range(len(value))
            return list(zip(indexes, value, strict=True))
        case _:
            return []


def _are_alike(items: list[JsonValue]) -> bool:
    """Whether the elements look like pieces of one text, so that what is said of one holds for all."""
    return len(items) > 1 and len({_look(item) for item in items}) == 1


def _look(item: JsonValue) -> object:
    if isinstance(item, dict):
        return frozenset(item), str(item.get("type"))
    return type(item)


def _written(steps: tuple[_Step, ...]) -> str:
    return "$" + "".join(map(_written_step, steps))


def _written_step(step: _Step) -> str:
    if isinstance(step, str):
        escaped = step.replace("\\", "\\\\").replace("'", "\\'")
        return f".{step}" if _PLAIN_KEY.fullmatch(step) else f"['{escaped}']"
    return "[*]" if step is _ANY else f"[{step}]"


def _found(path: str, values: Sequence[JsonValue], dialect: Dialect) -> AnswerPath | None:
    """What `path` really finds, asked of the engine that will read the answers; None if that is not text alone."""
    compiled = compile_path(path, dialect.value)
    if isinstance(compiled, PathProblem):
        return None
    found = [outcome.value for value in values if isinstance(outcome := compiled.evaluate(value), Found)]
    items = [item for value in found for item in (value if isinstance(value, list) else [value])]
    if not all(isinstance(item, str) for item in items):
        return None
    text = "".join(map(str, items))
    return AnswerPath(path, text) if text.strip() else None


def _likelihood(steps: tuple[_Step, ...], text: str) -> float:
    """How well a place fits for an answer, by the names that lead to it and by its text; at most 0 for ids and such."""
    keys = [step for step in steps if isinstance(step, str)]
    last = keys[-1] if keys else ""
    plain = re.sub(r"[^a-z]", "", last.lower())
    name = 60 - 2 * _LIKELY.index(plain) if plain in _LIKELY else 0
    prose = min(len(text), 400) / 8 + (20 if " " in text.strip() else 0)
    beside = 60 if any(map(_BESIDE_THE_ANSWER.search, keys)) else 0
    unlikely = 100 if _UNLIKELY.fullmatch(_CAMEL.sub("_", last)) else 50 if _NO_PROSE.fullmatch(text.strip()) else 0
    return 20 + name + prose - beside - unlikely - len(steps)
