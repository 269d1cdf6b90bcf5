"""`dragoman explain`: what a rule is about, as its documentation has it; or which rules there are."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import textwrap
from collections.abc import Collection, Iterator

from dragoman.cli.rule_names import no_such_rule
from dragoman.cli.terminal import is_styled, style, write
from dragoman.lint.registry import GROUPS, RULES, RULES_BY_NAME, rules_named
from dragoman.lint.rule import Rule

_WIDEST = 100
_BOLD, _CYAN = "1", "36"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    which = "its name, as findings end with, or that of a group; without it, the list of all"
    parser.add_argument("rule", metavar="RULE", nargs="?", help=which)


def run(arguments: argparse.Namespace) -> int:
    """Print it: 0, or 2 where there is no such rule."""
    name: str | None = arguments.rule
    if name is not None and not rules_named(name):
        write(sys.stderr, f"dragoman explain: {no_such_rule(name)}\n")
        return 2
    styled = is_styled(sys.stdout)
    if name is not None and name in RULES_BY_NAME:
        lines = _explain(RULES_BY_NAME[name], styled=styled)
    else:
        lines = _list(GROUPS if name is None else [name], styled=styled)
    write(sys.stdout, "".join(f"{line}\n" for line in lines))
    return 0


def _list(groups: Collection[str], *, styled: bool) -> Iterator[str]:
    """Each group and what it is about; under it, each rule and the first sentence of its documentation."""
    width = max(len(rule.name) for rule in RULES)
    for number, group in enumerate(groups):
        if number:
            yield ""
        for line in textwrap.wrap(f"{group}: {GROUPS[group]}", _width(), break_on_hyphens=False):
            yield style(_text(line, styled=False), _BOLD, styled=styled)
        for rule in (RULES_BY_NAME[name] for name in rules_named(group)):
            name = style(rule.name.ljust(width), _BOLD, styled=styled)
            yield f"  {name}  {_text(rule.documentation.partition(chr(10))[0], styled=styled)}"


def _width() -> int:
    return min(_WIDEST, shutil.get_terminal_size().columns)


def _explain(rule: Rule, *, styled: bool) -> Iterator[str]:
    """Its name, what and why, the example and what to write instead, each below its heading."""
    yield style(rule.name, _BOLD, styled=styled)
    width = _width()
    for paragraph in rule.documentation.strip().split("\n\n"):
        for part in re.split(r"\n(?=Instead: )", paragraph):
            yield ""
            label, colon, code = part.partition(": ")
            if colon and label in ("Example", "Instead"):
                # Code stands on a line of its own as it is, however long, so that it can be copied.
                yield style(f"{label}:", _BOLD, styled=styled)
                yield f"    {code.strip('`') if re.fullmatch('`[^`]*`', code) else code}"
            else:
                filled = textwrap.fill(" ".join(part.split()), width, break_long_words=False, break_on_hyphens=False)
                yield _text(filled, styled=styled)


def _text(markdown: str, *, styled: bool) -> str:
    """Markdown as plain text: of a link what it says; code in a colour, or in its quotes."""
    unlinked = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return re.sub(r"`([^`]*)`", lambda code: style(code[1], _CYAN, styled=True), unlinked) if styled else unlinked
