"""`dragoman explain`: what a rule is about, as its documentation has it; or all rules."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator

from dragoman.cli.rule_names import no_such_rule
from dragoman.cli.terminal import is_styled, style, write
from dragoman.lint.registry import RULES, RULES_BY_NAME
from dragoman.lint.rule import Rule

_WIDEST = 100
_BOLD, _CYAN = "1", "36"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("rule", metavar="RULE", nargs="?", help="its name, as findings end with; without it, the list")


def run(arguments: argparse.Namespace) -> int:
    """Print it: 0, or 2 where there is no such rule."""
    name: str | None = arguments.rule
    if name is not None and name not in RULES_BY_NAME:
        write(sys.stderr, f"dragoman explain: {no_such_rule(name)}\n")
        return 2
    styled = is_styled(sys.stdout)
    lines = _list(styled=styled) if name is None else _explain(RULES_BY_NAME[name], styled=styled)
    write(sys.stdout, "".join(f"{line}\n" for line in lines))
    return 0


def _list(*, styled: bool) -> Iterator[str]:
    """Each rule and the first sentence of its documentation."""
    width = max(len(rule.name) for rule in RULES)
    for rule in sorted(RULES, key=lambda rule: rule.name):
        name = style(rule.name.ljust(width), _BOLD, styled=styled)
        yield f"{name}  {_text(rule.documentation.partition(chr(10))[0], styled=styled)}"


def _explain(rule: Rule, *, styled: bool) -> Iterator[str]:
    """Its name, what and why, the example and what to write instead, each below its heading."""
    yield style(rule.name, _BOLD, styled=styled)
    width = min(_WIDEST, shutil.get_terminal_size().columns)
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
