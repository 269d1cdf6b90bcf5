"""The words of the first `curl` command in a text, as a POSIX shell or Windows' cmd.exe would take them apart.

No shell is run. A variable is not looked up: `$NAME` and `${NAME}`, where a shell would put in a value, become the
reference `${env:NAME}`. What a shell would run, `$(…)`, stays as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_CARET_STYLE = re.compile(r'\^"|\^[ \t]*\r?\n')
_CARET = re.compile(r"\^(?:[ \t]*\r?\n|(.)|\Z)", re.DOTALL)

_POSIX = re.compile(
    r"""
    (?P<skip>\\[ \t]*\r?\n)                     # a line goes on; white space behind the backslash is a slip
    | (?P<next_line>\r?\n(?=[ \t]*-))           # so is a line break before an option
    | (?P<comment>(?<!\S)\#[^\r\n]*)
    | (?P<end>[|;&<>\r\n])
    | (?P<space>[ \t]+)
    | '(?P<single>[^']*)'
    | \$'(?P<ansi>(?:[^'\\]|\\.)*)'
    | "(?P<double>(?:[^"\\]|\\.)*)"
    | \$\{(?P<braced>[A-Za-z_]\w*)[^{}]*\} | \$(?P<name>[A-Za-z_]\w*)
    | (?P<run>\$\([^()]*\)|`[^`]*`)
    | \\(?P<escaped>.)
    | (?P<plain>[^\s|;&<>'"$\\`]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_DOUBLE = re.compile(
    r'\\\r?\n|\\(?P<escaped>["$`\\])|\$\{(?P<braced>[A-Za-z_]\w*)[^{}]*\}|\$(?P<name>[A-Za-z_]\w*)', re.DOTALL
)
_WINDOWS = re.compile(
    r'(?P<end>[|&<>\r\n])|(?P<space>[ \t]+)|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>\\"|[^\s|&<>"]|.)', re.DOTALL
)
_ANSI = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|(.))", re.DOTALL)
_ANSI_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b"}


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The words behind `curl`. `is_all`: nothing stands behind the command. The words may hold secrets."""

    words: tuple[str, ...] = field(repr=False)
    is_all: bool = True


def read_command_line(text: str) -> CommandLine | None:
    """The first `curl` command in `text`; None where there is none."""
    commands = [*_commands(text)]
    for index, words in enumerate(commands):
        names = [re.split(r"[/\\]", word)[-1].lower() for word in words]
        for name in ("curl", "curl.exe"):
            if name in names:
                return CommandLine(tuple(words[names.index(name) + 1 :]), index + 1 == len(commands))
    return None


def _commands(text: str) -> Iterator[list[str]]:
    """The words of each command."""
    words: list[str] = []
    word: str | None = None
    for piece in _pieces(text):
        if isinstance(piece, str):
            word = (word or "") + piece
            continue
        if word is not None:
            words.append(word)
            word = None
        if piece is _END and words:
            yield words
            words = []
    if word is not None:
        words.append(word)
    if words:
        yield words


class _Border:
    """What stands between two words, or two commands."""


_SPACE, _END = _Border(), _Border()


def _pieces(text: str) -> Iterator[str | _Border]:
    """Pieces of words and what is between them."""
    if _CARET_STYLE.search(text):
        text, pattern = _CARET.sub(lambda caret: caret[1] or "", text), _WINDOWS
    else:
        pattern = _POSIX
    for match in pattern.finditer(text):
        yield _piece(match)


def _piece(match: re.Match[str]) -> str | _Border:
    content = match[0]
    match match.lastgroup:
        case "skip" | "next_line" | "comment" | "space":
            return _SPACE
        case "end":
            return _END
        case "ansi":
            return _decoded(match["ansi"])
        case "double":
            return _IN_DOUBLE.sub(_in_double, match["double"])
        case "quoted":
            return re.sub(r'\\(["\\])', r"\1", match["quoted"])
        case "braced" | "name":
            return f"${{env:{match['braced'] or match['name']}}}"
        case "single" | "escaped":
            return match[str(match.lastgroup)]
        case _:
            return content


def _in_double(match: re.Match[str]) -> str:
    """What a backslash or a variable means between double quotes."""
    name = match["braced"] or match["name"]
    return f"${{env:{name}}}" if name else match["escaped"] or ""


def _decoded(text: str) -> str:
    """What is meant by the inside of `$'…'`. Two halves of a surrogate pair become one character."""

    def character(match: re.Match[str]) -> str:
        for group, base in ((1, 16), (2, 16), (3, 16), (4, 8)):
            if match[group]:
                return chr(min(int(match[group], base), 0x10FFFF))
        return _ANSI_LETTERS.get(match[5], match[5])

    decoded = _ANSI.sub(character, text)
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
