"""What is compared in a filter, and when two of these are equal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from dragoman.syntax.jsonpath.functions import NameSet
from dragoman.syntax.jsonpath.java import equal_values, parse_decimal, to_decimal
from dragoman.syntax.jsonpath.literals import BadEscapeError, BadJsonError, parse_lenient_json, unescape
from dragoman.syntax.jsonpath.outcome import JsonValue
from dragoman.syntax.jsonpath.parser import parse
from dragoman.syntax.jsonpath.regex import UnsupportedPatternError, compile_pattern
from dragoman.syntax.jsonpath.run import Run, StoppedError


class Special(Enum):
    """Operands that are no values."""

    UNDEFINED = "the path found nothing"
    PATH = "a text in a list that reads as a path: it equals nothing"


UNDEFINED: Final = Special.UNDEFINED


@dataclass(frozen=True, slots=True)
class Json:
    """A list or an object: from the document, or as text in the path, which is read when it is needed."""

    value: JsonValue = None
    text: str | None = None

    def read(self) -> JsonValue:
        """The value. Raises if the text is no JSON."""
        return self.value if self.text is None else _read_json(self.text)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression."""

    source: str
    flags: str

    def matches(self, text: str, run: Run) -> bool:
        """Whether it matches the whole text. Raises if it cannot be previewed."""
        try:
            return compile_pattern(self.source, self.flags)(text, run.shared.spend)
        except UnsupportedPatternError as error:
            raise StoppedError(f"The pattern /{self.source}/ cannot be previewed: {error}.") from error


Operand: TypeAlias = bool | Decimal | str | Json | Pattern | Literal[Special.UNDEFINED, Special.PATH] | None


def from_value(value: JsonValue) -> Operand:
    """The operand for a value that a path found."""
    if isinstance(value, NameSet):
        raise StoppedError("What keys() gives cannot be compared.")
    if isinstance(value, (list, dict)):
        return Json(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value)
    return value


def _number(value: float) -> Decimal:
    number = to_decimal(value)
    if number is None:
        raise StoppedError("A number is too large to be compared.")
    return number


@lru_cache(maxsize=256)
def _read_json(text: str) -> JsonValue:
    try:
        return parse_lenient_json(text)
    except BadJsonError as error:
        raise StoppedError(f"{text} is no JSON: {error}.") from error


def from_list(values: list[JsonValue], run: Run) -> list[Operand]:
    """The operands for the elements of a list. A list of lists or objects cannot be searched."""
    run.shared.spend(len(values))
    return [_from_element(value) for value in values]


def _from_element(value: JsonValue) -> Operand:
    if isinstance(value, (list, dict)):
        raise StoppedError("A list that holds lists or objects cannot be searched.")
    return _from_text(value) if isinstance(value, str) else from_value(value)


def _from_text(text: str) -> Operand:
    """Text in a list may be read as a path, as JSON, or as a literal with quotes and escapes of its own."""
    stripped = text.strip()
    if stripped[:1] in ("$", "@") and parse(stripped).path:
        return Special.PATH
    if stripped[:1] + stripped[-1:] in ("[]", "{}") and _is_json(stripped):
        return Json(text=text)
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    try:
        return unescape(text)
    except BadEscapeError as error:
        raise StoppedError("A text in a list has a wrong escape.") from error


def _is_json(text: str) -> bool:
    try:
        parse_lenient_json(text)
    except BadJsonError:
        return False
    return True


def are_equal(left: Operand, right: Operand) -> bool:
    """`==`. JSON text on the left equals nothing, since the engine compares the text itself."""
    if isinstance(left, Json) and isinstance(right, Json):
        return left is right or (left.text is None and equal_values(left.value, right.read()))
    return are_equal_in_list(left, right)


def are_equal_in_list(left: Operand, right: Operand) -> bool:
    """Like `==`, but JSON counts by its text. A number and a text are compared as what the left one is."""
    match left:
        case bool() | None:
            return left is right
        case str():
            return left == (str(right) if isinstance(right, Decimal) else right)
        case Decimal():
            return left == (parse_decimal(right) if isinstance(right, str) else right) and not isinstance(right, bool)
        case Json():
            return isinstance(right, Json) and left.text is not None and left.text == right.text
        case Pattern():
            return left is right
        case _:
            return False
