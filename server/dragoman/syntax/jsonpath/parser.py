"""Reads a path of the Jayway dialect: the root and its steps. Never raises; a bad path gives one problem.

It accepts what the engine accepts, odd things included (`$.x{0}` is a name, one stray last character is passed over):
what is legal but surely a mistake is for the lints to say.
"""

from __future__ import annotations

from functools import lru_cache

from dragoman.syntax.jsonpath.ast import Call, Descend, ParsedPath, Path, Property, Step, Wildcard
from dragoman.syntax.jsonpath.parse_arguments import read_arguments
from dragoman.syntax.jsonpath.parse_bracket import read_bracket
from dragoman.syntax.jsonpath.reader import Reader, UnreadableError
from dragoman.syntax.text import Span


@lru_cache(maxsize=512)
def parse(text: str) -> ParsedPath:
    """Read `text` as a path."""
    try:
        return ParsedPath(text, _read_whole(text), None)
    except UnreadableError as error:
        return ParsedPath(text, None, error.problem)


def _read_whole(text: str) -> Path:
    reader = Reader(text, 0, len(text.rstrip(" ")))
    if reader.end == 0:
        reader.fail(0, "The path is empty. Write $ for the whole document, or $.name for a part of it.")
    if text[reader.end - 1] == ".":
        reader.fail(
            reader.end - 1, "A path cannot end with a dot. Write the name of a property behind it, or remove it."
        )
    return read_path(reader) if text[0] in "$@" else _read_without_root(reader)


def read_path(reader: Reader) -> Path:
    """The path that starts with `$` or `@` at the cursor and takes all of the reader's range."""
    start = reader.position
    reader.position += 1
    steps: list[Step] = []
    if reader.position < reader.end and reader.peek() not in (".", "["):
        root = reader.text[start]
        reader.fail(reader.position, f"Behind {root} comes a dot or a bracket: write {root}.name or {root}['name'].")
    if reader.position < reader.end:
        _read_steps(reader, steps)
    return Path(Span(start, reader.end), reader.text[start], tuple(steps), ignored=_ignored(reader))


def _read_without_root(reader: Reader) -> Path:
    """`a.b` means `$.a.b`, and so `.a` means `$..a`."""
    steps: list[Step] = []
    if reader.peek() == " ":
        reader.fail(0, "A path cannot begin with a blank. Remove it.", end=reader.after_blanks(0))
    if reader.peek() == ".":
        steps.append(Descend(Span(0, 1)))
        reader.position = 1
    _read_step_behind_dots(reader, steps)
    if reader.position < reader.end - 1:
        _read_steps(reader, steps)
    return Path(Span(0, reader.end), "$", tuple(steps), root_is_written=False, ignored=_ignored(reader))


def _ignored(reader: Reader) -> Span | None:
    return Span(reader.position, reader.end) if reader.position < reader.end else None


def _read_steps(reader: Reader, steps: list[Step]) -> None:
    """Read until one character is left at most: the engine takes that for the end."""
    while True:
        if reader.peek() == ".":
            _read_dots(reader, steps)
        _read_step_behind_dots(reader, steps)
        if reader.position >= reader.end - 1:
            return


def _read_dots(reader: Reader, steps: list[Step]) -> None:
    start = reader.position
    reader.position += 1
    if reader.peek() == ".":
        reader.position += 1
        steps.append(Descend(Span(start, reader.position)))


def _read_step_behind_dots(reader: Reader, steps: list[Step]) -> None:
    start = reader.position
    match reader.peek():
        case "":
            reader.fail(start, "A path cannot end with a dot. Write the name of a property behind it, or remove it.")
        case ".":
            reader.fail(start, "One dot too many here. Write one before a name, or two to search at every depth.")
        case "[":
            steps.append(read_bracket(reader, read_path))
        case "*":
            reader.position += 1
            steps.append(Wildcard(Span(start, reader.position)))
        case _:
            steps.append(_read_name_or_call(reader))


def _read_name_or_call(reader: Reader) -> Property | Call:
    """Almost any character may stand in a name; a blank may not, and a parenthesis makes it a call."""
    start = reader.position
    while reader.peek() not in ("", ".", "[", "(", " "):
        reader.position += 1
    span = Span(start, reader.position)
    name = reader.text[start : reader.position]
    if reader.peek() == " ":
        reader.fail(reader.position, "A name behind a dot cannot hold a blank. Remove it, or write ['my name'].")
    if reader.peek() == "(":
        return _read_call(reader, name, span)
    return Property(span, (name,), (span,), quoted=False)


def _read_call(reader: Reader, name: str, name_span: Span) -> Call:
    opening = reader.position
    if not _is_balanced(reader, opening):
        reader.fail_at_end(f"The ( of {name}( is never closed. Write ) behind the last argument.", opening)
    if reader.char(opening + 1) == ")":
        # The engine stays on the parenthesis, so that more text becomes a name that begins with it.
        reader.position = opening + 2 if opening + 2 == reader.end else opening + 1
        return Call(Span(name_span.start, opening + 2), name, name_span, ())
    reader.position = opening + 1
    arguments = read_arguments(reader, opening, read_path)
    return Call(Span(name_span.start, reader.position), name, name_span, arguments)


def _is_balanced(reader: Reader, opening: int) -> bool:
    """Whether the parenthesis is closed somewhere; quotes do not hide one from the engine here."""
    depth = 0
    for character in reader.text[opening : reader.end]:
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return True
    return False
