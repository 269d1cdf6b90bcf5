"""Validation: what a value does that its schema forbids, one violation for each defect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from dragoman.schema.explain import explain, is_explained
from dragoman.schema.store import Form, Schema, agent_form
from dragoman.schema.violation import Violation

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.exceptions import ValidationError


def violations(value: Any, definition: str, form: Form | None = None) -> list[Violation]:
    """Everything in `value` that one definition of `form`, an agent's if not given, forbids; in no particular order."""
    form = form or agent_form()
    if is_explained(definition, form):
        return _once(explain(value, form.definitions[definition], (), form))
    return _once(validated(value, definition, form))


def validated(value: Any, definition: str, form: Form) -> Iterator[Violation]:
    """The same from a validator that knows all of JSON Schema."""
    errors = _validator(definition, form).iter_errors(value)  # pyright: ignore[reportUnknownMemberType]
    for error in cast("Iterator[ValidationError]", errors):
        yield from _expand(error)


def _once(violations: Iterable[Violation]) -> list[Violation]:
    found = {(violation.keyword, violation.path): violation for violation in violations}
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


@lru_cache(maxsize=16)
def _validator(definition: str, form: Form) -> Draft202012Validator:
    schema = {"$defs": form.definitions, "$ref": f"#/$defs/{definition}"}
    return _validator_class()(schema, format_checker=_formats())


def _formats() -> FormatChecker:
    """`jsonpath` is the one format that schemas of ours name and that is held to."""
    from jsonschema import FormatChecker

    formats = FormatChecker(formats=())
    formats.checks("jsonpath")(_is_path)  # pyright: ignore[reportUnknownMemberType]
    return formats


def _is_path(value: object) -> bool:
    # Not at the top: only definitions of providers hold any.
    from dragoman.syntax.jsonpath import PathProblem, compile_path

    return not isinstance(value, str) or not isinstance(compile_path(value, "jayway"), PathProblem)


def _validator_class() -> type[Draft202012Validator]:
    # Not at the top: it takes 60 ms, and a server that has no agent file open does without.
    from jsonschema import Draft202012Validator

    return Draft202012Validator
