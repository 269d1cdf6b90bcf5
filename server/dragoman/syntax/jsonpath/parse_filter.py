"""Reads the condition of a filter, parentheses included.

or         = and { "||" and }
and        = operand { "&&" operand }
operand    = "(" or ")" | "!" operand | comparison
comparison = value [ operator value ]
"""

from __future__ import annotations

from collections.abc import Callable

from dragoman.syntax.jsonpath.ast import (
    And,
    Comparison,
    Condition,
    ConstantLiteral,
    Exists,
    JsonText,
    Not,
    NumberLiteral,
    Operand,
    Operator,
    Or,
    Path,
    PatternLiteral,
    StringLiteral,
)
from dragoman.syntax.jsonpath.java import parse_decimal
from dragoman.syntax.jsonpath.literals import BadEscapeError, unescape
from dragoman.syntax.jsonpath.reader import Reader
from dragoman.syntax.jsonpath.regex import BadPatternError, UnsupportedPatternError, parse_pattern
from dragoman.syntax.text import Span

_OPERATOR_SIGNS = "<>=~!"
_PATTERN_FLAGS = "dixmsuU"
_OPERATORS = {operator.value: operator for operator in Operator}
_CONSTANTS = {"true": True, "false": False, "null": None}
_NO_VALUE = "A value is missing here: a path, a number, true, false, null, or text in quotes."


def read_condition(reader: Reader, read_path: Callable[[Reader], Path]) -> Condition:
    """The condition that takes all of the reader's range."""
    condition = _FilterParser(reader, read_path).read_or()
    reader.skip_blanks()
    if reader.position < reader.end:
        reader.fail(reader.position, "The filter is complete before this. Join conditions with && or ||.")
    return condition


class _FilterParser:
    """The grammar above, one method for each rule."""

    def __init__(self, reader: Reader, read_path: Callable[[Reader], Path]) -> None:
        self.reader = reader
        self.read_path = read_path

    def read_or(self) -> Condition:
        start = self.reader.position
        conditions = self._read_chain("||", self.read_and)
        return conditions[0] if len(conditions) == 1 else Or(Span(start, self.reader.position), conditions)

    def read_and(self) -> Condition:
        start = self.reader.position
        conditions = self._read_chain("&&", self.read_operand)
        return conditions[0] if len(conditions) == 1 else And(Span(start, self.reader.position), conditions)

    def _read_chain(self, joint: str, read: Callable[[], Condition]) -> tuple[Condition, ...]:
        conditions = [read()]
        while True:
            after = self.reader.after_blanks(self.reader.position)
            if not self.reader.text.startswith(joint, after, self.reader.end):
                return tuple(conditions)
            self.reader.position = after + 2
            conditions.append(read())

    def read_operand(self) -> Condition:
        reader = self.reader
        reader.skip_blanks()
        start = reader.position
        is_not = reader.peek() == "!" and reader.char(reader.after_blanks(start + 1)) not in ("$", "@")
        if not is_not and reader.peek() != "(":
            return self.read_comparison()
        reader.enter(start)
        reader.position += 1
        condition = self.read_operand() if is_not else self._read_until_closed(start)
        reader.leave()
        return Not(Span(start, reader.position), condition) if is_not else condition

    def _read_until_closed(self, opening: int) -> Condition:
        reader = self.reader
        condition = self.read_or()
        reader.skip_blanks()
        if reader.peek() == "":
            reader.fail_at_end("This ( is never closed.", opening)
        if reader.peek() != ")":
            message = "A condition ends before this. Join conditions with && or ||, or close the parenthesis."
            reader.fail(reader.position, message, opening=opening)
        reader.position += 1
        return condition

    def read_comparison(self) -> Condition:
        """A value alone is a test that it exists, which only a path can pass."""
        reader = self.reader
        reader.skip_blanks()
        start = reader.position
        negation, left = self._read_negated()
        end = reader.position
        operator_span = self._operator_ahead()
        operator = _OPERATORS.get(reader.text[operator_span.start : operator_span.end].lower())
        if operator:
            reader.position = operator_span.end
            ignored, right = self._read_negated()
            return Comparison(Span(start, reader.position), left, operator, operator_span, right, negation or ignored)
        if reader.char(operator_span.start) not in ("", ")", "&", "|"):
            message = (
                "There is no such operator. Write one like ==, !=, <, >, =~ or in, or join conditions with && or ||."
            )
            reader.fail(operator_span.start, message, end=operator_span.end)
        if not isinstance(left, Path):
            message = "A value alone is no condition. Test a path, as in @.name, or compare: @.name == 'value'."
            reader.fail(left.span.start, message, end=left.span.end)
        return Exists(Span(start, end), left, negated=negation is not None)

    def _read_negated(self) -> tuple[Span | None, Operand]:
        """A value, and the `!` that may stand before a path."""
        reader = self.reader
        reader.skip_blanks()
        start = reader.position
        if reader.peek() != "!":
            return None, self._read_value()
        reader.position = reader.after_blanks(start + 1)
        if reader.peek() not in ("$", "@"):
            reader.fail(start, "Behind ! comes a path or a parenthesis: write !@.name or !(…).")
        return Span(start, start + 1), self._read_value()

    def _operator_ahead(self) -> Span:
        """Signs go together; a word reaches to the next blank."""
        reader = self.reader
        start = end = reader.after_blanks(reader.position)
        if reader.char(end) and reader.char(end) in _OPERATOR_SIGNS:
            while reader.char(end) and reader.char(end) in _OPERATOR_SIGNS:
                end += 1
        else:
            while reader.char(end) not in ("", " "):
                end += 1
        return Span(start, end)

    def _read_value(self) -> Operand:
        self.reader.skip_blanks()
        match self.reader.peek():
            case "$" | "@":
                return self._read_inner_path()
            case "'" | '"':
                return self._read_string()
            case "[" | "{":
                return self._read_json()
            case "/":
                return self._read_pattern()
            case "t" | "f" | "n":
                return self._read_constant()
            case _:
                return self._read_number()

    def _read_inner_path(self) -> Path:
        """A path ends before a blank, an operator, or a `)` that does not close a call without arguments."""
        reader = self.reader
        start = reader.position
        reader.position += 1
        while True:
            if reader.peek() == "[":
                closing = reader.find_closing(reader.position, "]")
                if closing == -1:
                    reader.fail_at_end("] is missing: this bracket is never closed.", reader.position)
                reader.position = closing + 1
            character = reader.peek()
            if character in ("", " ") or character in _OPERATOR_SIGNS:
                break
            if character == ")" and not self._closes_call(start):
                break
            reader.position += 1
        inner = reader.within(start, reader.position)
        if reader.text[reader.position - 1] == ".":
            reader.fail(reader.position - 1, "A path cannot end with a dot. Write a name behind it, or remove it.")
        return self.read_path(inner)

    def _closes_call(self, start: int) -> bool:
        before = self.reader.text[start : self.reader.position].rstrip(" ")
        return before.endswith("(") and "." in before[1:]

    def _read_string(self) -> StringLiteral:
        reader = self.reader
        start = reader.position
        end = reader.find_unescaped(reader.peek(), start + 1)
        if end == -1:
            reader.fail_at_end("The text that opens here is never closed.", start)
        reader.position = end + 1
        try:
            return StringLiteral(Span(start, end + 1), unescape(reader.text[start + 1 : end]))
        except BadEscapeError as error:
            reader.fail(start + 1 + error.offset, "Behind \\u come four hexadecimal digits.")

    def _read_json(self) -> JsonText:
        reader = self.reader
        start = reader.position
        closing = reader.find_closing(start, "]" if reader.peek() == "[" else "}")
        if closing == -1:
            reader.fail_at_end("This JSON value is never closed.", start)
        reader.position = closing + 1
        return JsonText(Span(start, closing + 1), reader.text[start : closing + 1])

    def _read_pattern(self) -> PatternLiteral:
        reader = self.reader
        start = reader.position
        closing = reader.find_unescaped("/", start + 1)
        if closing == -1:
            reader.fail_at_end("The pattern that opens here is never closed. Write / behind it.", start)
        end = closing + 1
        while reader.char(end) and reader.char(end) in _PATTERN_FLAGS:
            end += 1
        reader.position = end
        pattern, flags = reader.text[start + 1 : closing], reader.text[closing + 1 : end]
        try:
            parse_pattern(pattern, flags)
        except BadPatternError as error:
            reader.fail(min(start + 1 + error.offset, closing), f"The pattern is wrong: {error}")
        except UnsupportedPatternError:
            pass  # Legal in Java as far as can be told from here; evaluating it says that it cannot be previewed.
        return PatternLiteral(Span(start, end), pattern, flags)

    def _read_constant(self) -> ConstantLiteral:
        reader = self.reader
        for word, value in _CONSTANTS.items():
            if reader.text.startswith(word, reader.position, reader.end):
                reader.position += len(word)
                return ConstantLiteral(Span(reader.position - len(word), reader.position), value)
        return reader.fail(reader.position, _NO_VALUE, end=self._operator_ahead().end)

    def _read_number(self) -> NumberLiteral:
        reader = self.reader
        start = reader.position
        while (character := reader.peek()) and (character.isdecimal() or character in "-.eE"):
            reader.position += 1
        number = parse_decimal(reader.text[start : reader.position])
        if number is None:
            reader.fail(start, _NO_VALUE, end=reader.position)
        return NumberLiteral(Span(start, reader.position), number)
