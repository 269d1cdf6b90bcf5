"""A comment that should switch rules off, and does not.

`// dragoman-disable-next-line plain-token` switches a rule off for the line below, `dragoman-disable-line` for its own
line, `dragoman-disable` from there to the end of the file. Rules and groups can be named, with commas or blanks between
them; with no name, all rules are meant. A reason may follow behind `--`.

Example: `{"auth": {"type": "Bearer", "token": "eyJhbGci"}} // dragoman-disable-line plain-tokn`
Instead: `{"auth": {"type": "Bearer", "token": "eyJhbGci"}} // dragoman-disable-line plain-token`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.lint.diagnostic import Diagnostic, Severity
from dragoman.lint.directive import WORDS, Told
from dragoman.lint.suggest import closest, correction


def check_directives(comments: Sequence[Told]) -> Iterator[Diagnostic]:
    """One warning for each word or name that means nothing, one piece of information for each that had no effect."""
    for told in comments:
        if not told.directive.is_known:
            yield _unknown_word(told)
        for disabled, meant in told.unknown:
            hint = f'did you mean "{meant}"?' if meant else "dragoman explain lists them."
            fixes = (correction(disabled.name, meant, disabled.span, meant),) if meant else ()
            message = f'There is no rule "{disabled.name}": {hint}'
            yield Diagnostic("disable-comment", message, disabled.span, Severity.WARNING, fixes)
        for disabled in told.unused:
            what = f'"{disabled.name}" finds' if disabled.name else "The rules find"
            message = f"{what} nothing here that this comment could switch off."
            yield Diagnostic("disable-comment", message, disabled.span, Severity.INFORMATION)


def _unknown_word(told: Told) -> Diagnostic:
    word, span = told.directive.word, told.directive.word_span
    meant = closest(word, WORDS)
    fixes = (correction(word, meant, span, meant),) if meant else ()
    message = f'"{word}" means nothing: a comment can say {", ".join(WORDS)}.'
    return Diagnostic("disable-comment", message, span, Severity.WARNING, fixes)
