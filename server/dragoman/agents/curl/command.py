"""What the options of a `curl` command say about its request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dragoman.agents.curl.shell import CommandLine

_LONG_OF = {
    "H": "header", "d": "data", "X": "request", "u": "user", "m": "max-time", "b": "cookie",
    "F": "form", "A": "user-agent", "e": "referer", "x": "proxy", "o": "output", "w": "write-out",
    "T": "upload-file", "E": "cert", "K": "config", "D": "dump-header", "c": "cookie-jar", "r": "range",
    "C": "continue-at", "k": "insecure", "G": "get", "I": "head", "s": "silent", "S": "show-error",
    "N": "no-buffer", "L": "location", "v": "verbose", "i": "include", "f": "fail", "g": "globoff",
    "O": "remote-name", "#": "progress-bar",
}  # fmt: skip
"""Letter → long name of an option."""

_DATA = ("data", "data-raw", "data-binary", "data-ascii", "json")
_WITH_VALUE = frozenset(
    {
        *(*_DATA, "data-urlencode", "form", "form-string", "header", "request", "url", "user", "max-time", "cookie"),
        *("user-agent", "referer", "oauth2-bearer", "proxy", "output", "write-out", "upload-file", "cert", "key"),
        *("config", "dump-header", "cookie-jar", "range", "continue-at", "connect-timeout", "cacert", "resolve"),
        *("retry", "retry-delay", "retry-max-time", "interface", "proxy-user", "proto", "limit-rate", "ciphers"),
    }
)
"""Options that take the next word."""

_OF_NO_MATTER = frozenset(
    {
        *("silent", "show-error", "no-buffer", "location", "compressed", "verbose", "include", "fail", "globoff"),
        *("progress-bar", "output", "write-out", "remote-name", "dump-header", "fail-with-body", "no-progress-meter"),
        *("http1.1", "http2", "user-agent", "referer", "cookie-jar"),
    }
)
"""Options that change nothing in what an agent is told, or only what Dragoman decides for itself."""

_REFUSED: Mapping[str, str] = {
    "get": "With -G the data become part of the address, but Dragoman sends every prompt by POST, in a JSON body.",
    "head": "With -I nothing but headers is asked for.",
    "form": "-F sends a form of several parts, but Dragoman sends JSON.",
    "form-string": "--form-string sends a form of several parts, but Dragoman sends JSON.",
    "data-urlencode": "--data-urlencode sends a form, but Dragoman sends JSON.",
    "upload-file": "-T sends a file, but Dragoman sends JSON.",
    "config": "With -K the request is described in a file, which is not looked at: write its options into the command.",
}
"""Options whose request is none that an agent could be sent → why, as a sentence."""


class CurlError(ValueError):
    """A command that cannot become an agent. Its text is a sentence, without any value of the command."""


@dataclass(frozen=True, slots=True)
class CurlCommand:
    """The request of a command. Everything in it may hold secrets."""

    url: str = field(repr=False)
    body: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    user: str = field(default="", repr=False)
    max_time: float | None = None
    is_insecure: bool = False
    ignored: tuple[str, ...] = ()
    """Options that say something which is not taken over."""


def read_command(line: CommandLine) -> CurlCommand:
    """What `line` asks for. Raises `CurlError`."""
    options = [*_options(line.words)]
    for name, _ in options:
        if name in _REFUSED:
            raise CurlError(_REFUSED[name])
    method = next((value.upper() for name, value in reversed(options) if name == "request"), "POST")
    if method != "POST":
        raise CurlError(f"The command asks by {method}, but Dragoman sends every prompt by POST.")
    return CurlCommand(
        url=_url(options),
        body=_body(options),
        headers=tuple(_headers(options)),
        user=next((value for name, value in reversed(options) if name == "user"), ""),
        max_time=_seconds(options),
        is_insecure=any(name == "insecure" for name, _ in options),
        ignored=tuple(dict.fromkeys(_written(name) for name, _ in options if not _is_understood(name))),
    )


def _options(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each option by its long name, with its value; what belongs to none is a `url`."""
    left = [*reversed(words)]
    while left:
        word = left.pop()
        if word.startswith("--") and len(word) > 2:
            yield _long_option(word[2:], left)
        elif word.startswith("-") and len(word) > 1:
            yield from _short_options(word[1:], left)
        else:
            yield "url", word


def _long_option(name: str, left: list[str]) -> tuple[str, str]:
    if name in _WITH_VALUE:
        return name, left.pop() if left else ""
    # An option that is not known takes the next word, unless that can only be something else.
    is_known = name in _OF_NO_MATTER or name in _LONG_OF.values()
    takes_next = not is_known and left and not left[-1].startswith("-") and "://" not in left[-1]
    return name, left.pop() if takes_next else ""


def _short_options(letters: str, left: list[str]) -> Iterator[tuple[str, str]]:
    """Several letters may share a dash; what follows a letter that takes a value is that value."""
    for index, letter in enumerate(letters):
        name = _LONG_OF.get(letter, letter)
        if name in _WITH_VALUE:
            rest = letters[index + 1 :]
            yield name, rest or (left.pop() if left else "")
            return
        yield name, ""


def _url(options: list[tuple[str, str]]) -> str:
    urls = [value for name, value in options if name == "url" and value.strip()]
    if not urls:
        raise CurlError("The command names no address.")
    # Of several words the first that looks like an address is meant; the others are left over from broken quotes.
    url = next((url for url in urls if "://" in url), urls[0])
    return url if "://" in url or url.startswith("${") else f"http://{url}"


def _body(options: list[tuple[str, str]]) -> str:
    data = [(name, value) for name, value in options if name in _DATA]
    if not data:
        raise CurlError("The command sends no data (-d), so there is no place for a prompt in it.")
    if any(value.startswith("@") and name != "data-raw" for name, value in data):
        raise CurlError("The data are in a file (@…), which is not looked at: write them into the command.")
    return "&".join(value for _, value in data)


def _headers(options: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, value in options:
        if name == "header":
            header, _, text = value.removeprefix(":").partition(":")
            if text.strip():  # curl leaves out a header without a value
                yield header.strip(), text.strip()
        elif name == "cookie" and "=" in value:  # else it names a file
            yield "Cookie", value
        elif name == "oauth2-bearer":
            yield "Authorization", f"Bearer {value}"


def _seconds(options: list[tuple[str, str]]) -> float | None:
    text = next((value for name, value in reversed(options) if name == "max-time"), "")
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", text) and float(text) > 0 else None


def _is_understood(name: str) -> bool:
    is_read = name in (*_DATA, "header", "request", "url", "user", "max-time", "insecure", "oauth2-bearer", "cookie")
    return is_read or name in _OF_NO_MATTER


def _written(name: str) -> str:
    return f"-{name}" if len(name) == 1 else f"--{name}"
