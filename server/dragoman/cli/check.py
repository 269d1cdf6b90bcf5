"""`dragoman check`: what an editor would say of agent files, for the command line and for continuous integration."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterator, Sequence

from dragoman.cli.check_files import STDIN, Source, find_sources, workspaces
from dragoman.cli.check_fixes import difference
from dragoman.cli.checker import Checker, Choice
from dragoman.cli.report import github, json, sarif, text
from dragoman.cli.report.findings import Failure, Report
from dragoman.cli.rule_names import no_such_rule
from dragoman.cli.terminal import is_styled, style, write
from dragoman.lint.diagnostic import Severity
from dragoman.lint.registry import rules_named
from dragoman.settings import SEVERITIES
from dragoman.syntax.printable import printable

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2
_FORMATS: dict[str, Callable[[Report, bool], Iterator[str]]] = {
    "text": lambda report, styled: text.lines(report, styled=styled),
    "json": lambda report, _: json.lines(report),
    "sarif": lambda report, _: sarif.lines(report),
    "github": lambda report, _: github.lines(report),
}
"""How to print a report; in colours, where a format has any."""
_EPILOG = """\
exit code:
  0  nothing found, or nothing as severe as --severity
  1  findings; with --diff, something would change
  2  a path that cannot be checked, a folder named that holds no agent file, a bad option"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    paths = "files, taken for agent files whatever their names; folders to be searched; - for stdin (default: .)"
    parser.add_argument("paths", metavar="PATH", nargs="*", help=paths)
    parser.add_argument("--stdin-filename", default="", metavar="FILE", help="the file that stdin is the text of")
    parser.add_argument("--format", choices=_FORMATS, default="text", help="how to print (default: %(default)s)")
    changes = parser.add_mutually_exclusive_group()
    fix = "make the safe fixes, then tell what is left; with stdin, print the text and tell on stderr"
    changes.add_argument("--fix", action="store_true", help=fix)
    changes.add_argument("--diff", action="store_true", help="print what --fix would change, and change nothing")
    files = "a glob of more agent files, as the setting files has it; may be given more than once"
    parser.add_argument("--files", action="append", default=[], metavar="GLOB", help=files)
    for option, meaning in {"--select": "only these rules", "--ignore": "all rules but these"}.items():
        which = f"{meaning}, by name or group: a,b"
        parser.add_argument(option, action="extend", type=_rule_names, default=[], metavar="RULES", help=which)
    least = "the least severity that makes the exit code 1 (default: %(default)s)"
    parser.add_argument("--severity", choices=SEVERITIES[:0:-1], default="warning", help=least)
    levels = f"the severity of a rule or group: {', '.join(SEVERITIES)}; may be given more than once"
    parser.add_argument("--rules", action="extend", type=_levels, default=[], metavar="RULE=LEVEL,…", help=levels)


def run(arguments: argparse.Namespace) -> int:
    """Do the work; the exit code."""
    gc.disable()  # all that is read stays until the end: to look through it again and again takes a fifth of the time
    try:
        return _run(arguments)
    finally:
        gc.enable()


def _run(arguments: argparse.Namespace) -> int:
    found = list(find_sources(arguments.paths, arguments.stdin_filename, arguments.files))
    sources = [source for source in found if isinstance(source, Source)]
    failures = [failure for failure in found if isinstance(failure, Failure)]
    selected, ignored = frozenset(arguments.select), frozenset(arguments.ignore)
    choice = Choice(selected, ignored, dict(arguments.rules), tuple(arguments.files))
    checker = Checker(sources, workspaces(path for path in arguments.paths if path != STDIN), choice)
    if arguments.diff:
        code = _print_differences(checker, sources)
    else:
        fixed, unwritten = checker.fix() if arguments.fix else ({}, [])
        failures += unwritten
        out = sys.stderr if arguments.fix and any(source.is_stdin for source in sources) else sys.stdout
        report = Report(tuple(checker.check(fixed)), tuple(failures))
        write(out, "".join(f"{line}\n" for line in _FORMATS[arguments.format](report, is_styled(out))))
        code = _exit_code(report, arguments.severity)
    for failure in failures:
        write(sys.stderr, f"dragoman check: {printable(failure.name)}: {printable(failure.reason)}\n")
    return COULD_NOT_RUN if failures else code


def _print_differences(checker: Checker, sources: Sequence[Source]) -> int:
    styled, code = is_styled(sys.stdout), CLEAN
    for source in sources:
        after = checker.mended(source).text
        for line in difference(source.name, source.mark + source.text, source.mark + after):
            write(sys.stdout, _shown(line, styled=styled) if sys.stdout.isatty() else line)
            code = FINDINGS
    return code


def _shown(line: str, *, styled: bool) -> str:
    """A line of a difference as a terminal may be shown it."""
    colour = {"+": "32", "-": "31", "@": "36"}.get(line[0], "")
    return style(printable(line.rstrip("\r\n")), colour, styled=styled and colour != "") + "\n"


def _exit_code(report: Report, severity: str) -> int:
    least = Severity[severity.upper()]
    return FINDINGS if any(found <= least for found in report.counts()) else CLEAN


def _rule_names(listed: str) -> list[str]:
    """The rules that are listed, those of groups one by one."""
    names = [name.strip() for name in listed.split(",") if name.strip()]
    for name in names:
        if not rules_named(name):
            raise argparse.ArgumentTypeError(no_such_rule(name))
    return [rule for name in names for rule in rules_named(name)]


def _levels(listed: str) -> list[tuple[str, str]]:
    pairs = [pair.partition("=")[::2] for pair in listed.split(",") if pair.strip()]
    for name, level in pairs:
        _rule_names(name)
        if level.strip() not in SEVERITIES:
            raise argparse.ArgumentTypeError(f"{name}={level}: the level is one of {', '.join(SEVERITIES)}")
    return [(name.strip(), level.strip()) for name, level in pairs]
