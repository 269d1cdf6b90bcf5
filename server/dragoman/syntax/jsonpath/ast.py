"""A JsonPath as a tree: every node knows the range of the path text it came from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from dragoman.syntax.text import Span


@dataclass(frozen=True, slots=True)
class Path:
    """A whole path: at the top, inside a filter, or as an argument of a function."""

    span: Span
    root: str
    """`$` or `@`; a path that is written without either starts at `$`, and `root_is_written` is False."""
    steps: tuple[Step, ...]
    root_is_written: bool = True
    ignored: Span | None = None
    """One last character that the engine passes over in silence, as in `$.a[0]x`."""


@dataclass(frozen=True, slots=True)
class Property:
    """`.name`, `['name']` or `['a', 'b']`."""

    span: Span
    names: tuple[str, ...]
    name_spans: tuple[Span, ...]
    quoted: bool


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]`, `[-1]` or `[0, 1]`."""

    span: Span
    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """`[start:end]`; at least one of both is given. A step is read and has no effect."""

    span: Span
    start: int | None
    end: int | None
    has_step: bool


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`*` or `[*]`."""

    span: Span


@dataclass(frozen=True, slots=True)
class Descend:
    """`..`: the next step applies at every depth."""

    span: Span


@dataclass(frozen=True, slots=True)
class Filter:
    """`[?(condition)]`."""

    span: Span
    condition: Condition


@dataclass(frozen=True, slots=True)
class Call:
    """`name()` or `name(argument, …)`. The name need not be one of a known function."""

    span: Span
    name: str
    name_span: Span
    arguments: tuple[Argument, ...]


Step: TypeAlias = Property | Index | Slice | Wildcard | Descend | Filter | Call


@dataclass(frozen=True, slots=True)
class JsonText:
    """JSON inside a path, as an argument or an operand. It is read only when it is needed, and leniently."""

    span: Span
    text: str


Argument: TypeAlias = Path | JsonText


@dataclass(frozen=True, slots=True)
class StringLiteral:
    """`'text'` or `"text"`, unescaped."""

    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """A number, with its digits as written."""

    span: Span
    value: Decimal


@dataclass(frozen=True, slots=True)
class ConstantLiteral:
    """`true`, `false` or `null`."""

    span: Span
    value: bool | None


@dataclass(frozen=True, slots=True)
class PatternLiteral:
    """`/pattern/flags`: a regular expression of Java."""

    span: Span
    pattern: str
    flags: str


Operand: TypeAlias = Path | JsonText | StringLiteral | NumberLiteral | ConstantLiteral | PatternLiteral


class Operator(StrEnum):
    """What stands between two operands. Words are accepted in any case."""

    EQUAL = "=="
    SAME = "==="
    NOT_EQUAL = "!="
    NOT_SAME = "!=="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    MATCHES_PATTERN = "=~"
    IN = "in"
    NOT_IN = "nin"
    ANY_OF = "anyof"
    NONE_OF = "noneof"
    SUBSET_OF = "subsetof"
    CONTAINS = "contains"
    SIZE = "size"
    EMPTY = "empty"
    EXISTS = "exists"
    ALL = "all"
    TYPE = "type"
    MATCHES = "matches"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`."""

    span: Span
    left: Operand
    operator: Operator
    operator_span: Span
    right: Operand
    ignored_not: Span | None = None
    """A `!` before one of the two, as in `!@.a == 1`: the engine drops it."""


@dataclass(frozen=True, slots=True)
class Exists:
    """`@.a`, or `!@.a` when it must be absent."""

    span: Span
    path: Path
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    """`!` before a condition in parentheses."""

    span: Span
    condition: Condition


@dataclass(frozen=True, slots=True)
class And:
    """`a && b && …`."""

    span: Span
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """`a || b || …`."""

    span: Span
    conditions: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Exists | Not | And | Or


@dataclass(frozen=True, slots=True)
class PathProblem:
    """Why a text is no path. `span` lies within the text and holds at least one character unless the text is empty."""

    span: Span
    message: str
    related: Span | None = None
    """The opening bracket or quote that is never closed."""


@dataclass(frozen=True, slots=True)
class ParsedPath:
    """What was read from `text`: either `path` or `problem` is given."""

    text: str
    path: Path | None
    problem: PathProblem | None
