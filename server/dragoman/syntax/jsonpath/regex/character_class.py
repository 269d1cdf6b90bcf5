r"""Reads `[a-z&&[^b]]` and what a backslash makes of a character: `\d`, `\x41`, `\p{Lu}`."""

from __future__ import annotations

import re

from dragoman.syntax.jsonpath.regex import characters
from dragoman.syntax.jsonpath.regex.characters import Flags
from dragoman.syntax.jsonpath.regex.nodes import CharacterTest
from dragoman.syntax.jsonpath.regex.source import Source, UnsupportedPatternError

_MAXIMUM_DEPTH = 20
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_CODE = re.compile(r"x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})")
_OCTAL = re.compile(r"0([0-3][0-7]{2}|[0-7]{1,2})")
_PROPERTY = re.compile(r"[pP](?:\{([^}]*)\}|([A-Z]))")


def read_class(source: Source, flags: Flags, depth: int = 0) -> CharacterTest:
    """The class whose `[` is at the cursor. `&&` takes what both of its sides allow."""
    if depth > _MAXIMUM_DEPTH:
        raise UnsupportedPatternError("its character classes are nested too deep")
    opening = source.position
    source.take()
    negative = source.peek() == "^"
    if negative:
        source.take()
    sides: list[list[CharacterTest]] = [[]]
    while source.peek() != "]" or not any(sides):
        if source.peek() == "":
            source.fail("this [ is never closed.", opening)
        if source.peek() == "&" and source.peek(1) == "&":
            source.position += 2
            sides.append([])
        else:
            sides[-1].extend(_read_member(source, flags, depth))
    source.take()
    test = characters.all_of([characters.any_of(side) for side in sides if side])
    return characters.negated(test) if negative else test


def _read_member(source: Source, flags: Flags, depth: int) -> list[CharacterTest]:
    if flags.x:
        start = source.position
        source.skip_comments(flags)
        if source.position > start:
            return []
    if source.peek() == "[":
        return [read_class(source, flags, depth + 1)]
    place = source.position
    first = _read_character(source)
    if first is None:
        return [read_escaped_class(source, flags)]
    if source.peek() != "-" or source.peek(1) in ("]", "[", ""):
        return [characters.literal(first, flags)]
    source.take()
    last = _read_character(source)
    if last is None or last < first:
        source.fail("this range of characters is wrong.", place)
    return [characters.between(first, last, flags)]


def _read_character(source: Source) -> str | None:
    """A character, perhaps escaped; None, and the cursor where it was, if a whole class is named."""
    if source.peek() != "\\":
        return source.take()
    if source.peek(1) and source.peek(1) in "dDsSwWhHvVpP":
        return None
    return _read_escaped_character(source)


def read_escaped_class(source: Source, flags: Flags) -> CharacterTest:
    """What the backslash at the cursor and its followers allow."""
    letter = source.peek(1)
    if letter and letter in "dDsSwWhHvV":
        source.position += 2
        return characters.shorthand(letter, flags)
    if letter and letter in "pP":
        return _read_property(source, flags)
    return characters.literal(_read_escaped_character(source), flags)


def _read_property(source: Source, flags: Flags) -> CharacterTest:
    source.take()
    found = _PROPERTY.match(source.text, source.position)
    if found is None:
        source.fail("behind \\p comes a name in braces, as in \\p{L}.")
    source.position = found.end()
    name = found[1] if found[1] is not None else found[2]
    test = characters.named_property(name, flags)
    if test is None:
        raise UnsupportedPatternError(f"it names the class {name}")
    return characters.negated(test) if found[0].startswith("P") else test


def _read_escaped_character(source: Source) -> str:
    source.take()
    if code := _CODE.match(source.text, source.position):
        source.position = code.end()
        number = int(code[1] or code[2] or code[3], 16)
        return chr(number) if number < 0x110000 else source.fail("there is no such character.")
    if octal := _OCTAL.match(source.text, source.position):
        source.position = octal.end()
        return chr(int(octal[1], 8))
    letter = source.take()
    if letter in _CONTROLS:
        return _CONTROLS[letter]
    if letter == "c" and source.peek():
        return chr(ord(source.take()) ^ 64)
    if letter and (letter in "GkNX" or (letter.isdecimal() and letter != "0")):
        raise UnsupportedPatternError(f"it uses \\{letter}")
    if letter == "" or (letter.isascii() and letter.isalnum()):
        source.fail("this escape does not exist.", source.position - 2)
    return letter
