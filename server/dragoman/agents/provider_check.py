"""What is wrong with the file of a provider's definition, each with the keys that lead to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from dragoman.schema.store import provider_form
from dragoman.schema.validate import violations
from dragoman.schema.violation import Violation
from dragoman.syntax.jsonc import ObjectNode, parse, to_value

_NEEDED = (("response", "sources"), ("response", "stop"))
"""Where a `path` has to be, though perhaps one that is taken over."""


@dataclass(frozen=True, slots=True)
class DefinitionProblem:
    """One thing that is wrong. `message` is a sentence that names the key; `path` leads to it.

    `kind` is the keyword of the schema that is broken, the code of the parser's problem, `like`, or `hidden`. `known`
    are the words that may stand there.
    """

    kind: str
    message: str
    path: tuple[str | int, ...] = ()
    known: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The path as people write it: `response.text[1].path`."""
        return _dotted(self.path)


def problems_in_text(text: str) -> tuple[DefinitionProblem, ...]:
    """What is wrong with a file by itself."""
    tree = parse(text)
    found = tuple(
        DefinitionProblem(problem.code, f"The file is no JSON: {problem.message}")
        for problem in tree.problems
        if problem.code in ("syntax", "empty-file")
    )
    if found:
        return found
    if not isinstance(tree.root, ObjectNode):
        return (DefinitionProblem("type", "A definition is an object { }."),)
    return tuple(_in_words(violation) for violation in violations(to_value(tree.root), "provider", provider_form()))


def problems_in_whole(data: Mapping[str, Any]) -> Iterator[DefinitionProblem]:
    """What is wrong with a definition that has taken over what it is `like`."""
    for outer, inner in _NEEDED:
        part = cast("Mapping[str, Any]", data.get(outer, {})).get(inner)
        if part is not None and "path" not in part:
            yield DefinitionProblem("required", f'"path" is missing in "{outer}.{inner}".', (outer, inner))


def _in_words(violation: Violation) -> DefinitionProblem:
    path = violation.path
    return DefinitionProblem(violation.keyword, _sentence(violation), path, _known(violation))


def _sentence(violation: Violation) -> str:
    *owner, _ = violation.path or ("", "")
    key, home = _dotted(violation.path), _dotted(owner)
    match violation.keyword:
        case "additionalProperties":
            where = f' in "{home}"' if home else ""
            return f'Unknown key "{violation.path[-1]}"{where}.'
        case "type":
            kinds = [violation.expected] if isinstance(violation.expected, str) else violation.expected
            return f'"{key}" must be {" or ".join(_KINDS[kind] for kind in kinds)}.'
        case "enum":
            words = ", ".join(f'"{word}"' for word in violation.expected)
            return f'"{key}" must be one of {words}.'
        case "minLength":
            return f'"{key}" must not be empty.'
        case "format":
            return f'"{key}" is no JsonPath.'
        case other:
            raise AssertionError(f"the schema of definitions uses {other}, for which there are no words")


_KINDS = {
    "string": "text in double quotes",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "an object { }",
    "array": "an array [ ]",
}


def _known(violation: Violation) -> tuple[str, ...]:
    return tuple(violation.expected) if violation.keyword in ("additionalProperties", "enum") else ()


def _dotted(path: Sequence[str | int]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")
