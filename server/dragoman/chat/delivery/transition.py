"""`Flow`: the object that `transition` builds from the response of an agent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from dragoman.agents.model import JsonValue, Transition
from dragoman.chat.framing.json_text import Parsed, parse_json
from dragoman.syntax.jsonpath import EvaluationError, NoMatch, PathProblem, ast, compile_path, parse

LONGEST_ARRAY = 1000
"""Elements that a target may make an array have."""

DEEPEST_TARGET = 100
"""Steps of a target."""

_Key: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class HandedOn:
    """What was built, and a sentence for each entry that added nothing."""

    data: JsonValue
    problems: tuple[str, ...] = ()


def handed_on(document: JsonValue, text: str, transition: Sequence[Transition]) -> HandedOn:
    """What is handed on of a response: of its last document, else of its text; all of that without `transition`."""
    source = _read(text) if document is None else document
    return transferred(source, transition) if transition else HandedOn(source)


def transferred(source: JsonValue, transition: Sequence[Transition]) -> HandedOn:
    """A new object, with what each entry's `source` takes from the document written at its `target`."""
    built: JsonValue = None
    problems: list[str] = []
    for entry in transition:
        try:
            built = _written(built, _target(entry.target), _taken(source, entry.source))
        except _NotTransferredError as error:
            problems.append(f"nothing is written at {entry.target}: {error}")
    return HandedOn({} if built is None else built, tuple(problems))


class _NotTransferredError(Exception):
    """Why an entry adds nothing, as the end of a sentence."""


def _read(text: str) -> JsonValue:
    parsed = parse_json(text)
    return cast("JsonValue", parsed.value) if isinstance(parsed, Parsed) else text


def _taken(document: JsonValue, path: str) -> JsonValue:
    compiled = compile_path(path)
    if isinstance(compiled, PathProblem):
        raise _NotTransferredError(f"{path} is no JsonPath ({compiled.message})")
    outcome = compiled.evaluate(document)
    if isinstance(outcome, NoMatch):
        raise _NotTransferredError(f"the response has nothing at {path}.")
    if isinstance(outcome, EvaluationError):
        raise _NotTransferredError(f"{path} cannot be applied to the response: {outcome.message}")
    return outcome.value


def _target(path: str) -> list[_Key]:
    """The names and indexes of a path that means one place."""
    parsed = parse(path)
    if parsed.path is None:
        raise _NotTransferredError("this is no JsonPath.")
    if len(parsed.path.steps) > DEEPEST_TARGET:
        raise _NotTransferredError(f"it is more than {DEEPEST_TARGET} steps deep.")
    return [_key(step) for step in parsed.path.steps]


def _key(step: ast.Step) -> _Key:
    match step:
        case ast.Property(names=(name,)):
            return name
        case ast.Index(indexes=(index,)) if 0 <= index < LONGEST_ARRAY:
            return index
        case _:
            raise _NotTransferredError(f"a target is made of names, and of indexes from 0 to {LONGEST_ARRAY - 1}.")


def _written(holder: JsonValue, keys: Sequence[_Key], value: JsonValue) -> JsonValue:
    """`holder` with `value` at the path `keys`; objects and arrays that lack are made, gaps in arrays are null."""
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(key, str):
        entries = _entries(holder)
        return {**entries, key: _written(entries.get(key), rest, value)}
    items = _items(holder)
    padded: list[JsonValue] = [*items, *[None] * (key + 1 - len(items))]
    padded[key] = _written(padded[key], rest, value)
    return padded


def _entries(holder: JsonValue) -> dict[str, JsonValue]:
    if holder is None or isinstance(holder, dict):
        return holder or {}
    raise _NotTransferredError("something that is no object stands there already.")


def _items(holder: JsonValue) -> list[JsonValue]:
    if holder is None or isinstance(holder, list):
        return holder or []
    raise _NotTransferredError("something that is no array stands there already.")
