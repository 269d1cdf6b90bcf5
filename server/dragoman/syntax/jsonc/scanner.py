"""Tokens and problems: a position in a text, what stands there, and what was found wrong on the way to it.

Where something is missing, the problem marks the next token, or the last character before the end of the text.
"""

from __future__ import annotations

import re

from dragoman.syntax.jsonc.nodes import Problem, StringNode
from dragoman.syntax.jsonc.strings import decode_string
from dragoman.syntax.text import LINE_END, Span

_BLANK = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\r\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_PLAIN_STRING = re.compile(r'"([^"\\\x00-\x1f]*+)"')
_STRING = re.compile(r'"(?:[^"\\\r\n]++|\\[^\r\n])*+\\?"?')
_SINGLE_QUOTED = re.compile(r"'(?:[^'\\\r\n]++|\\[^\r\n])*+\\?'?")
_KEY_AHEAD = re.compile(r"""(?:"(?:[^"\\\r\n]++|\\[^\r\n])*+(")?|'[^'\r\n]*+(')?)[ \t\r\n]*+(:)?""")
_STRAY_BRACKET = re.compile(r"[]}][ \t\r\n]*+,?[ \t\r\n]*+(?:" + _KEY_AHEAD.pattern + ")?")
_WORD = re.compile(r"""[^\s{}\[\]:,"'/]+|/|\s""")
_OPENING = re.compile(r"[{\[]")


class Scanner:
    """A position in a text, and what was found on the way to it.

    Positions count from the start of the text; every span that is handed out counts from `base`, where reading began.
    """

    __slots__ = (
        "_unclosed_at",
        "arrays",
        "base",
        "comments",
        "examined",
        "items",
        "last_end",
        "objects",
        "position",
        "problems",
        "text",
    )

    def __init__(self, text: str, base: int = 0) -> None:
        self.text = text
        self.arrays = self.objects = 0
        """How many brackets of each kind are open around the position."""
        self.base = base
        self.position = position = base
        self.last_end = position
        """The end of the last token: where something that is missing should have stood."""
        self.examined = position
        """How far the text was looked at; an edit behind it cannot change what was read."""
        self.items = 0
        """How many there were, at any depth."""
        self.problems: list[Problem] = []
        self.comments: list[Span] = []
        self._unclosed_at: int | None = None

    # Taking tokens

    def string(self) -> StringNode:
        """Read the string at the next token; one that is not closed ends with its line."""
        start = self.position
        plain = _PLAIN_STRING.match(self.text, start)
        if plain is not None:  # most are
            self.move_to(plain.end())
            return StringNode(self.span(start, plain.end()), plain[1])
        quote = self.text[start]
        match = (_STRING if quote == '"' else _SINGLE_QUOTED).match(self.text, start)
        assert match is not None, "a quote always begins a string"
        end = match.end()
        self.examined = max(self.examined, end + 1)
        closed = end - start > 1 and self.text[end - 1] == quote and not _ends_escaped(self.text, start, end)
        if not closed:
            end = _end_of_unclosed(self.text, start, end)
        self.move_to(end)
        decoded = decode_string(self.text, start + 1, end - 1 if closed else end)
        for bad in decoded.bad:
            self.problem(bad.message, bad.span.shifted(-self.base))
        span = self.span(start, end)
        if not closed:
            self.problem("The closing quote of this string is missing.", span, missing=quote, insert_at=span.end)
        elif quote == "'":
            self.problem("Strings need double quotes.", span)
        return StringNode(span, decoded.value, closed, quote)

    def peek(self) -> str:
        """The first character of the next token, "" at the end. Blanks and comments before it are taken."""
        text = self.text
        while True:
            blank = _BLANK.match(text, self.position)
            position = self.position = blank.end() if blank else self.position
            first = text[position : position + 1]
            if first != "/" or not text.startswith(("//", "/*"), position):
                break
            self._comment()
        self.examined = max(self.examined, position + 2)
        return first

    def here(self) -> Span:
        """The next token's first character; at the end of the text, the last character before it that is no blank."""
        if self.position < len(self.text):
            return self.span(self.position, self.position + 1)
        end = max(self.last_end, self.base + self.comments[-1].end) if self.comments else self.last_end
        return self.span(max(end - 1, 0), end)

    def problem(
        self, message: str, span: Span, *, opened: Span | None = None, missing: str = "", insert_at: int = 0
    ) -> None:
        """Note that the text is no JSON at `span`."""
        self.problems.append(Problem("syntax", message, span, opened, missing, insert_at))

    def warn_of_comma(self, comma: int) -> None:
        """Note the comma behind the last item; `comma` is where it stands in the text."""
        message = "JSON allows no comma behind the last item."
        self.problems.append(Problem("trailing-comma", message, self.span(comma, comma + 1)))

    def take_one(self) -> int:
        """Go behind the token of one character that stands here; returns its offset."""
        start = self.position
        self.move_to(start + 1)
        return start

    def rewind_to(self, end: int, problems: int, comments: int) -> None:
        """Forget what was taken behind `end`, where there were so many problems and comments."""
        self.position = self.last_end = end
        del self.problems[problems:]
        del self.comments[comments:]

    def is_key_ahead(self) -> bool:
        """Whether the next token is a string with a colon behind it."""
        return self._looks_at_key(_KEY_AHEAD)

    def is_stray_bracket(self) -> bool:
        """Whether the bracket at the next token cannot end anything, since a key follows."""
        return self._looks_at_key(_STRAY_BRACKET)

    def _looks_at_key(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.position)
        if match is None:
            return False
        self.examined = max(self.examined, match.end() + 2)
        return match[3] is not None and (match[1] or match[2]) is not None

    def take_to_bracket(self) -> Span:
        """Take everything up to the next `{` or `[`; returns what of it stands in this line."""
        start = self.position
        line_end = LINE_END.search(self.text, start)
        bracket = _OPENING.search(self.text, start)
        self.move_to(bracket.start() if bracket else len(self.text))
        shown = min(self.position, line_end.start() if line_end else len(self.text))
        return Span(start - self.base, shown - self.base)

    def next_span(self) -> Span:
        """The whole next token."""
        first = self.peek()
        start = self.position
        probe = Scanner(self.text, start)
        if first == "":
            return self.here()
        if first in "\"'":
            probe.string()
        elif first in "{}[],:":
            probe.take_one()
        else:
            probe.take_word()
        self.examined = max(self.examined, probe.examined)
        return self.span(start, probe.last_end)

    def missing(self, missing: str, message: str) -> None:
        """Note that `missing` should stand before the next token."""
        self.problem(message, self.next_span(), missing=missing, insert_at=self.last_end - self.base)

    def unclosed(self, closer: str, opener: int | None, but: str) -> None:
        """Note that the bracket which stands at `opener` is not closed here."""
        insert_at = self.last_end - self.base
        was_never_opened = closer == "}" and opener is None
        # Of several brackets that are open at the same place, the innermost speaks for all.
        if was_never_opened or self._unclosed_at == insert_at:
            return
        self._unclosed_at = insert_at
        opened = None if opener is None else self.span(opener, opener + 1)
        self.problem(f"“{closer}” is missing: {but}.", self.here(), opened=opened, missing=closer, insert_at=insert_at)

    def give_up(self, message: str) -> None:
        """Note why the rest of the text is not read, and take it."""
        self.problem(message, self.span(self.base, self.base + 1))
        self.move_to(len(self.text))
        self._unclosed_at = self.last_end - self.base

    def has_ended_unclosed(self) -> bool:
        """Whether the text has ended inside a bracket, which was told then."""
        return self._unclosed_at == self.last_end - self.base and self.peek() == ""

    def span(self, start: int, end: int) -> Span:
        """A span to hand out, from positions in the text."""
        return Span(start - self.base, end - self.base)

    def span_from(self, start: int) -> Span:
        """From `start` to the end of the last token."""
        return Span(start - self.base, self.last_end - self.base)

    def _comment(self) -> None:
        match = _COMMENT.match(self.text, self.position)
        assert match is not None, "called at a comment only"
        span = self.span(match.start(), match.end())
        self.comments.append(span)
        if match[0].startswith("/*") and (len(match[0]) < 4 or not match[0].endswith("*/")):
            self.problem("The end of this comment (*/) is missing.", span)
        self.position = match.end()
        self.examined = max(self.examined, match.end() + 1)

    def take_word(self) -> str:
        """Take what is no string, bracket, comma or colon."""
        match = _WORD.match(self.text, self.position)
        assert match is not None, "every character that starts no other token starts a word"
        self.move_to(match.end())
        return match[0]

    def move_to(self, end: int) -> None:
        """Go on behind a token that ends at `end`."""
        self.position = self.last_end = end
        self.examined = max(self.examined, end + 1)


def _ends_escaped(text: str, start: int, end: int) -> bool:
    """Whether the quote at the end of `text[start:end]` is escaped, so that it closes nothing."""
    backslashes = 0
    index = end - 2
    while index > start and text[index] == "\\":
        backslashes += 1
        index -= 1
    return backslashes % 2 == 1


def _end_of_unclosed(text: str, start: int, end: int) -> int:
    """Where the string `text[start:end]`, which lacks its closing quote, was most likely meant to end."""
    stripped = text[start:end].rstrip()
    if stripped.endswith(","):  # one at the end of the line belongs behind the string
        return start + len(stripped) - 1
    return start + len(stripped) if text[start] == "'" else end
