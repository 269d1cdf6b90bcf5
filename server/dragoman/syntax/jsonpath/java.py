"""Numbers and values as Java writes and compares them, since the engine's answers depend on it."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal

from dragoman.syntax.jsonpath.outcome import JsonValue

_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?")


def parse_decimal(text: str) -> Decimal | None:
    """What `new BigDecimal(text)` gives, or None where that fails. An exponent has nine digits at most."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def to_decimal(number: float) -> Decimal | None:
    """The number with the digits that Java writes for it; None for infinity."""
    if isinstance(number, int):
        return Decimal(number)
    if not math.isfinite(number):
        return None
    plain = Decimal(repr(number))
    if plain == 0:
        return Decimal("0.0")
    if 1e-3 <= abs(number) < 1e7:
        return plain
    # Double.toString writes 1.0E7 here: one digit behind the point, but no more than needed.
    shortest = plain.normalize()
    return shortest if len(shortest.as_tuple().digits) > 1 else Decimal(f"{shortest:e}".replace("e", ".0e"))


def to_text(value: JsonValue) -> str:
    """What `toString()` gives: `concat` joins these."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(Decimal(value))
        case float():
            return _double_text(value)
        case list():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case dict():
            return "{" + ", ".join(f"{name}={to_text(item)}" for name, item in value.items()) + "}"


def _double_text(number: float) -> str:
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return repr(number)
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else f"{'-' * (number < 0)}Infinity"
    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    first, *rest = map(str, digits)
    return f"{'-' * sign}{first}.{''.join(rest) or '0'}E{int(exponent) + len(rest)}"


def utf16_length(text: str) -> int:
    """How many units of UTF-16 a text has: its length in Java."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_order(text: str) -> bytes:
    """A key that sorts texts as Java does."""
    return text.encode("utf-16-be", "surrogatepass")


def equal_values(left: JsonValue, right: JsonValue) -> bool:
    """Equality of lists and objects: unlike with bare numbers, 1 differs from 1.0 in there."""
    pending: list[tuple[JsonValue, JsonValue]] = [(left, right)]
    while pending:
        one, other = pending.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            pending.extend((one[name], other[name]) for name in one)
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            pending.extend(zip(one, other, strict=True))
        elif type(one) is not type(other) or one != other:
            return False
    return True
