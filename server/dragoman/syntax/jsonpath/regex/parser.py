"""Reads a regular expression of Java into nodes."""

from __future__ import annotations

from dragoman.syntax.jsonpath.regex import characters
from dragoman.syntax.jsonpath.regex.character_class import read_class, read_escaped_class
from dragoman.syntax.jsonpath.regex.characters import Flags
from dragoman.syntax.jsonpath.regex.nodes import Ahead, Choice, Node, One, Place, Repeat, Sequence
from dragoman.syntax.jsonpath.regex.source import BadPatternError, Source, UnsupportedPatternError

__all__ = ["BadPatternError", "UnsupportedPatternError", "parse_pattern"]

MAXIMUM_DEPTH = 40
MAXIMUM_COUNT = 1000
_LINE_BREAK = Choice(
    (
        Sequence((One(characters.one_of("\r")), One(characters.one_of("\n")))),
        Sequence((One(characters.one_of("\r")), Ahead(One(characters.one_of("\n")), negative=True))),
        One(characters.one_of("\n\x0b\f\x85\u2028\u2029")),
    )
)
"""`\\R`, which never takes a pair apart."""


def parse_pattern(pattern: str, flags: str) -> Node:
    """The tree of `pattern` with the flags whose letters are given.

    Raises `BadPatternError` where Java does, and `UnsupportedPatternError` for what Java has and this does not.
    """
    source = Source(pattern)
    node = _read_choice(source, Flags(**dict.fromkeys(flags, True)), 0)
    if source.peek() == ")":
        source.fail("this ) closes nothing.")
    return node


def _read_choice(source: Source, flags: Flags, depth: int) -> Node:
    """Up to a `)` or the end."""
    if depth > MAXIMUM_DEPTH:
        raise UnsupportedPatternError("it is nested too deep")
    options: list[Node] = []
    parts: list[Node] = []
    while True:
        source.skip_comments(flags)
        match source.peek():
            case "" | ")":
                options.append(Sequence(tuple(parts)))
                return options[0] if len(options) == 1 else Choice(tuple(options))
            case "|":
                source.take()
                options.append(Sequence(tuple(parts)))
                parts = []
            case _ if (changed := source.read_flags(flags)) is not None:
                flags = changed
            case _:
                parts.append(_read_repeated(source, flags, depth))


def _read_repeated(source: Source, flags: Flags, depth: int) -> Node:
    node = _read_atom(source, flags, depth)
    source.skip_comments(flags)
    match source.peek():
        case "*":
            minimum, maximum = 0, None
        case "+":
            minimum, maximum = 1, None
        case "?":
            minimum, maximum = 0, 1
        case "{":
            minimum, maximum = _read_counts(source)
        case _:
            return node
    source.take()
    return _with_mode(source, Repeat(node, minimum, maximum))


def _with_mode(source: Source, node: Repeat) -> Node:
    """`?` makes a quantifier reluctant, which a whole match does not notice; `+` makes it possessive, which it does."""
    if source.peek() == "?":
        source.take()
    elif source.peek() == "+":
        source.take()
        return _possessive(node)
    return node


def _possessive(node: Repeat) -> Node:
    """It never gives back: a single character that could still be taken may not follow."""
    not_another = Ahead(node.body, negative=True)
    if isinstance(node.body, One) and node.maximum is None:
        return Sequence((node, not_another))
    if isinstance(node.body, One) and (node.minimum, node.maximum) == (0, 1):
        return Choice((node.body, not_another))
    raise UnsupportedPatternError("it has a possessive quantifier")


def _read_counts(source: Source) -> tuple[int, int | None]:
    """`{2}`, `{2,}` or `{2,5}`; leaves the cursor on the closing brace."""
    source.take()
    minimum = source.read_number()
    if minimum is None:
        source.fail("a number is missing behind {. Write \\{ for the character itself.")
    maximum: int | None = minimum
    if source.peek() == ",":
        source.take()
        maximum = source.read_number()
    if source.peek() != "}":
        source.fail("} is missing here.")
    if maximum is not None and maximum < minimum:
        source.fail("the second number is smaller than the first.")
    if max(minimum, maximum or 0) > MAXIMUM_COUNT:
        raise UnsupportedPatternError(f"it repeats something more than {MAXIMUM_COUNT} times")
    return minimum, maximum


def _read_atom(source: Source, flags: Flags, depth: int) -> Node:
    match character := source.peek():
        case "(":
            return _read_group(source, flags, depth)
        case "[":
            return One(read_class(source, flags))
        case "*" | "+" | "?":
            source.fail(f"nothing to repeat before {character}. Write \\{character} for the character itself.")
        case "{":
            return Sequence(())  # Java repeats nothing then.
        case "\\":
            return _read_escape(source, flags)
        case "^":
            test = characters.at_line_start(flags) if flags.m else characters.at_start
        case "$":
            test = characters.at_line_end(flags) if flags.m else characters.before_last_line_end(flags)
        case ".":
            source.take()
            return One(characters.dot(flags))
        case _:
            return One(characters.literal(source.take(), flags))
    source.take()
    return Place(test)


def _read_group(source: Source, flags: Flags, depth: int) -> Node:
    opening = source.position
    source.take()
    wrap = None
    if source.peek() == "?":
        source.take()
        flags, wrap = _read_group_kind(source, flags)
    body = _read_choice(source, flags, depth + 1)
    if source.peek() != ")":
        source.fail("this ( is never closed.", opening)
    source.take()
    return body if wrap is None else Ahead(body, negative=wrap == "!")


def _read_group_kind(source: Source, flags: Flags) -> tuple[Flags, str | None]:
    """What stands between `(?` and the body: the flags inside, and `=` or `!` if the group only looks ahead."""
    kind = source.take()
    if kind == "<" and source.peek() not in ("=", "!", ""):
        if not source.read_name():
            source.fail("the name of a group is missing or wrong.")
        return flags, None
    match kind:
        case ":":
            return flags, None
        case "=" | "!":
            return flags, kind
        case "<":
            raise UnsupportedPatternError("it looks behind")
        case ">":
            raise UnsupportedPatternError("it has an atomic group")
        case _:
            changed = source.read_flag_letters(flags, kind)
            if changed is None or source.take() != ":":
                source.fail("this kind of group does not exist.")
            return changed, None


def _read_escape(source: Source, flags: Flags) -> Node:
    match source.peek(1):
        case "A":
            node = Place(characters.at_start)
        case "z":
            node = Place(characters.at_end)
        case "Z":
            node = Place(characters.before_last_line_end(flags))
        case "b" | "B" as letter:
            node = Place(characters.at_word_boundary(flags, negative=letter == "B"))
        case "R":
            node = _LINE_BREAK
        case _:
            return One(read_escaped_class(source, flags))
    source.take()
    source.take()
    return node
