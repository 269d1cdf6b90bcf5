"""Reads a JSON text that an agent sent: strictly, and without ever raising.

`json.loads` alone accepts NaN, recurses as deep as the text nests, raises a plain ValueError for long integers, turns
1e999 into infinity and lets lone surrogates through, which no UTF-8 output can carry.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from math import isfinite
from typing import Final, NoReturn

MAX_DEPTH: Final = 256
"""Deepest nesting that is read: code that recurses over a value stays within Python's stack."""

MAX_INTEGER_LENGTH: Final = 640
"""Characters that `int` converts under every setting: `sys.int_info.str_digits_check_threshold`."""

# A string that is not closed runs to the end: looking for its quotes again from within would cost time squared.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|([\[{])|[\]}]', re.DOTALL)
_SURROGATE_ESCAPES = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON text's value: dict, list, str, int, float, bool or None.

    A number that no `float` or reasonable `int` holds is a str, its JSON text.
    """

    value: object


@dataclass(frozen=True, slots=True)
class NotJson:
    """Why a text is not JSON, or is refused: a clause whose subject is the text."""

    reason: str


def parse_json(text: str) -> Parsed | NotJson:
    """The value of `text` by RFC 8259. Lone surrogates become U+FFFD."""
    return _parse_ordinary(text) or _parse_any(text)


def _parse_ordinary(text: str) -> Parsed | None:
    """The short way, for what an event of a stream mostly is; None for whatever is out of the ordinary."""
    brackets = text.count("[") + text.count("{")
    if len(text) > MAX_INTEGER_LENGTH or brackets > MAX_DEPTH or "\\u" in text:
        return None
    try:
        value, end = _ORDINARY_DECODER.raw_decode(text)
    except ValueError:
        return None
    return Parsed(value) if end == len(text) else None


def _parse_any(text: str) -> Parsed | NotJson:
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deep(text):
        return NotJson(f"it is nested deeper than {MAX_DEPTH} levels")
    if "\\ud" in text or "\\uD" in text:
        text = _SURROGATE_ESCAPES.sub(lambda found: r"\ufffd" if found[1] else found[0], text)
    try:
        return Parsed(_DECODER.decode(text))
    except json.JSONDecodeError as error:
        detail = error.msg[:1].lower() + error.msg[1:]
        return NotJson(f"it is not valid JSON ({detail}, character {error.pos + 1})")
    except _NotANumberError as error:
        return NotJson(f"it is not valid JSON ({error})")


def _is_deep(text: str) -> bool:
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        if token[1]:
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif not token[0].startswith('"'):
            depth -= 1
    return False


class _NotANumberError(ValueError):
    pass


def _refuse_constant(name: str) -> NoReturn:
    raise _NotANumberError(f"{name} is no JSON number")


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= MAX_INTEGER_LENGTH else text


def _real(text: str) -> float | str:
    number = float(text)
    return number if isfinite(number) else text


_ORDINARY_DECODER = json.JSONDecoder(parse_float=_real, parse_constant=_refuse_constant)
_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_real, parse_constant=_refuse_constant)
