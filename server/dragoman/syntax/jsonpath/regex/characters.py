r"""What a character or a place must be: classes such as `\d`, case, and line ends, as Java defines them."""

from __future__ import annotations

import string
import unicodedata
from typing import NamedTuple

from dragoman.syntax.jsonpath.regex.nodes import CharacterTest, PlaceTest

_LINE_ENDS = "\n\r\x85\u2028\u2029"
_HORIZONTAL_SPACES = " \t\xa0\u1680\u180e\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_VERTICAL_SPACES = "\n\x0b\f\r\x85\u2028\u2029"
_ASCII_SPACES = " \t\n\x0b\f\r"
_WORD = string.ascii_letters + string.digits + "_"


class Flags(NamedTuple):
    """The flags of `java.util.regex.Pattern`, by their letters."""

    i: bool = False
    d: bool = False
    m: bool = False
    s: bool = False
    u: bool = False
    x: bool = False
    U: bool = False


def literal(character: str, flags: Flags) -> CharacterTest:
    """One character, in either case if the flags say so."""
    return between(character, character, flags)


def between(first: str, last: str, flags: Flags) -> CharacterTest:
    """A range. Without the flag `u` only ASCII letters have two cases."""
    if not flags.i:
        return lambda character: first <= character <= last

    def test(character: str) -> bool:
        if first <= character <= last:
            return True
        if not (flags.u or flags.U or character.isascii()):
            return False
        return first <= character.lower() <= last or first <= character.upper() <= last

    return test


def one_of(characters: str) -> CharacterTest:
    """Any of these."""
    return frozenset(characters).__contains__


def negated(test: CharacterTest) -> CharacterTest:
    """Any character that fails the test."""
    return lambda character: not test(character)


def any_of(tests: list[CharacterTest]) -> CharacterTest:
    """A character that passes one test at least."""
    return tests[0] if len(tests) == 1 else lambda character: any(test(character) for test in tests)


def all_of(tests: list[CharacterTest]) -> CharacterTest:
    """A character that passes all tests."""
    return tests[0] if len(tests) == 1 else lambda character: all(test(character) for test in tests)


def dot(flags: Flags) -> CharacterTest:
    """`.`: line ends only with the flag `s`."""
    if flags.s:
        return lambda character: True
    return negated(one_of("\n" if flags.d else _LINE_ENDS))


def shorthand(letter: str, flags: Flags) -> CharacterTest:
    r"""`\d`, `\s`, `\w`, `\h`, `\v`, and their opposites in upper case."""
    if letter.isupper():
        return negated(shorthand(letter.lower(), flags))
    match letter:
        case "d":
            return str.isdecimal if flags.U else one_of(string.digits)
        case "s":
            return str.isspace if flags.U else one_of(_ASCII_SPACES)
        case "w":
            return _is_unicode_word if flags.U else one_of(_WORD)
        case "h":
            return one_of(_HORIZONTAL_SPACES)
        case _:
            return one_of(_VERTICAL_SPACES)


def _is_unicode_word(character: str) -> bool:
    return character == "_" or character.isalnum() or unicodedata.category(character)[0] == "M"


_PROPERTIES: dict[str, CharacterTest] = {
    "ASCII": str.isascii,
    "Alnum": one_of(string.ascii_letters + string.digits),
    "Alpha": one_of(string.ascii_letters),
    "Blank": one_of(" \t"),
    "Cntrl": one_of("".join(map(chr, (*range(32), 127)))),
    "Digit": one_of(string.digits),
    "Graph": one_of(string.ascii_letters + string.digits + string.punctuation),
    "IsAlphabetic": str.isalpha,
    "IsDigit": str.isdecimal,
    "IsLowercase": str.islower,
    "IsUppercase": str.isupper,
    "IsWhite_Space": str.isspace,
    "Lower": one_of(string.ascii_lowercase),
    "Print": one_of(string.ascii_letters + string.digits + string.punctuation + " "),
    "Punct": one_of(string.punctuation),
    "Space": one_of(_ASCII_SPACES),
    "Upper": one_of(string.ascii_uppercase),
    "XDigit": one_of(string.hexdigits),
}
_CATEGORIES = (
    *("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe"),
    *("Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Cs", "Co", "Cn"),
)


_UNICODE = {
    "Alpha": "IsAlphabetic",
    "Digit": "IsDigit",
    "Lower": "IsLowercase",
    "Space": "IsWhite_Space",
    "Upper": "IsUppercase",
}
_CASELESS = {"Lower": "Alpha", "Upper": "Alpha", "IsLowercase": "IsAlphabetic", "IsUppercase": "IsAlphabetic"}


def named_property(name: str, flags: Flags) -> CharacterTest | None:
    r"""The class that `\p{name}` names, or None if it is not known here."""
    if flags.i and name.removeprefix("Is") in ("Lu", "Ll", "Lt"):
        return lambda character: unicodedata.category(character) in ("Lu", "Ll", "Lt")
    name = _UNICODE.get(name, name) if flags.U else name
    name = _CASELESS.get(name, name) if flags.i else name
    category = name.removeprefix("Is") if name.removeprefix("Is") in _CATEGORIES else None
    if category:
        return lambda character: unicodedata.category(character).startswith(category)
    return _PROPERTIES.get(name)


def at_start(text: str, index: int) -> bool:
    r"""`^` and `\A`."""
    return index == 0


def at_end(text: str, index: int) -> bool:
    r"""`\z`."""
    return index == len(text)


def before_last_line_end(flags: Flags) -> PlaceTest:
    r"""`$` and `\Z`: the end, or before a line end that is the last thing in the text."""
    ends = ("", "\n") if flags.d else ("", "\r\n", *_LINE_ENDS)

    def test(text: str, index: int) -> bool:
        in_pair = text[index - 1 : index + 1] == "\r\n" and index > 0 and not flags.d
        return len(text) - index <= 2 and text[index:] in ends and not in_pair

    return test


def at_line_start(flags: Flags) -> PlaceTest:
    """`^` with the flag `m`: never at the end, not even of an empty text."""
    ends = "\n" if flags.d else _LINE_ENDS

    def test(text: str, index: int) -> bool:
        if index == len(text):
            return False
        return index == 0 or (text[index - 1] in ends and text[index - 1 : index + 1] != "\r\n")

    return test


def at_line_end(flags: Flags) -> PlaceTest:
    """`$` with the flag `m`."""
    ends = "\n" if flags.d else _LINE_ENDS

    def test(text: str, index: int) -> bool:
        if index == len(text):
            return True
        in_pair = not flags.d and index > 0 and text[index - 1 : index + 1] == "\r\n"
        return text[index] in ends and not in_pair

    return test


def at_word_boundary(flags: Flags, *, negative: bool) -> PlaceTest:
    r"""`\b` and `\B`."""
    is_word = _is_unicode_word

    def test(text: str, index: int) -> bool:
        before = index > 0 and is_word(text[index - 1])
        behind = index < len(text) and is_word(text[index])
        return (before != behind) != negative

    return test
