"""Validation: what a value does that its schema forbids, one violation for each defect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from dragoman.schema.store import Schema, agent_file_schema

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class Violation:
    """One keyword of the schema that a value breaks.

    `path` leads to the value; for `required` and `additionalProperties` it ends with the missing or unknown key,
    for `propertyNames` with the key that may not be.
    `expected` is the keyword's own value: the list of an `enum`, the bound of a `minimum`; for `additionalProperties`
    the known keys. `found` is the value; for `required` and `additionalProperties`, the object.
    """

    keyword: str
    path: tuple[str | int, ...]
    expected: Any
    found: Any


def violations(value: Any, definition: str) -> list[Violation]:
    """Everything in `value` that the schema's definition forbids, in no particular order."""
    errors = cast("Iterator[ValidationError]", _validator(definition).iter_errors(value))  # pyright: ignore[reportUnknownMemberType]
    found = {(violation.keyword, violation.path): violation for error in errors for violation in _expand(error)}
    # What is of the wrong type breaks other keywords too (an `enum`), which says nothing more.
    return [violation for key, violation in found.items() if key[0] == "type" or ("type", key[1]) not in found]


def matches(value: Any, schema: Schema) -> bool:
    """Whether `value` is valid against a small schema of its own, such as the `if` of a condition."""
    return _validator_class()(schema).is_valid(value)  # pyright: ignore[reportUnknownMemberType]


def _expand(error: ValidationError) -> Iterator[Violation]:
    path = tuple(error.absolute_path)
    keyword = str(error.validator)
    found = cast("Any", error.instance)
    expected = cast("Any", error.validator_value)
    match keyword:
        case "required":
            for key in expected:
                if key not in found:
                    yield Violation(keyword, (*path, key), expected, found)
        case "additionalProperties" if expected is False:
            known = list(cast("Mapping[str, Any]", error.schema).get("properties", {}))
            for key in found:
                if key not in known:
                    yield Violation(keyword, (*path, key), known, found)
        case "pattern" if "propertyNames" in error.relative_schema_path:
            yield Violation("propertyNames", (*path, found), expected, found)
        case _:
            yield Violation(keyword, path, expected, found)


@cache
def _validator(definition: str) -> Draft202012Validator:
    definitions = agent_file_schema()["$defs"]
    return _validator_class()({"$defs": definitions, "$ref": f"#/$defs/{definition}"})


def _validator_class() -> type[Draft202012Validator]:
    # Not at the top: it takes 60 ms, and a server that has no agent file open does without.
    from jsonschema import Draft202012Validator

    return Draft202012Validator
