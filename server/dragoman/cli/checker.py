"""Linting the files of one run of `dragoman check`, and making their fixes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from dragoman.cli.check_files import Source, surroundings
from dragoman.cli.file_writing import replace_file
from dragoman.cli.report.findings import CheckedFile, Failure
from dragoman.cli.terminal import write
from dragoman.features.agents import diagnose
from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.mending import Mended, mend
from dragoman.lint.registry import RULES_BY_NAME
from dragoman.paths import uri_of
from dragoman.project.project import Project
from dragoman.project.recognise import LANGUAGE_ID
from dragoman.settings import Settings

_ON_DEMAND = ("unset-variable",)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rules are meant, and which files. Nothing selected: all. `levels` is the setting `rules`."""

    selected: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    levels: Mapping[str, str] = field(default_factory=dict[str, str])
    files: tuple[str, ...] = ()
    """More globs of agent files."""

    def takes(self, rule: str) -> bool:
        """Whether findings of a rule are told."""
        return rule not in self.ignored and (not self.selected or rule in self.selected)


def _levels(choice: Choice) -> Mapping[str, str]:
    """The setting `rules` of this run.

    What is switched on by name is told. Files are mostly checked where nobody asks agents, so that variables of the
    environment which are not set there are told of on demand alone.
    """
    wanted = dict.fromkeys(_ON_DEMAND, "off") | dict(choice.levels)
    for rule in choice.selected:
        if RULES_BY_NAME[rule].is_optional and RULES_BY_NAME[rule].group not in wanted:
            wanted.setdefault(rule, "warning")
        elif wanted.get(rule) == "off" and rule not in choice.levels:
            del wanted[rule]
    return wanted


class Checker:
    """The files as documents that are open in an editor would be: the linter sees what it would see there."""

    def __init__(self, sources: Sequence[Source], roots: Iterable[Path], choice: Choice) -> None:
        self._sources, self._choice = sources, choice
        self._project = Project()
        self._project.apply_settings(Settings(files=choice.files, rules=_levels(choice)))
        self._project.set_roots(roots)
        others = surroundings(self._project.roots, choice.files) - {source.path for source in sources}
        self._project.reread_from_disk(map(uri_of, sorted(others)))
        for source in sources:
            self._project.open(uri_of(source.path), LANGUAGE_ID, 0, source.text)

    def check(self, fixed: Mapping[Path, int]) -> Iterator[CheckedFile]:
        """What is wrong with each file as it is now; `fixed`: how many findings of it were mended before."""
        for source in self._sources:
            document = self._project.document(uri_of(source.path))
            assert document is not None, "each source is open"
            yield CheckedFile(source.name, document.text, tuple(self._told(source)), fixed.get(source.path, 0))

    def fix(self) -> tuple[dict[Path, int], list[Failure]]:
        """Write each file after its safe fixes, a text from stdin to stdout: how many there were, and what failed."""
        fixed: dict[Path, int] = {}
        failures: list[Failure] = []
        for source in self._sources:
            mended = self.mended(source)
            try:
                _put(source, mended)
                fixed[source.path] = mended.fixed
            except OSError as error:
                self._take(source, source.text)
                reason = (error.strerror or str(error)).lower()
                failures.append(Failure(source.name, f"cannot be written: {reason}"))
        return fixed, failures

    def mended(self, source: Source) -> Mended:
        """One file after its safe fixes; from now on it is so for the others too."""
        mended = mend(source.text, partial(self._diagnose, source))
        self._take(source, mended.text)
        return mended

    def _diagnose(self, source: Source, text: str) -> list[Diagnostic]:
        self._take(source, text)
        return list(self._told(source))

    def _take(self, source: Source, text: str) -> None:
        self._project.change(uri_of(source.path), 0, None, text)

    def _told(self, source: Source) -> Iterator[Diagnostic]:
        found = diagnose(self._project, uri_of(source.path))
        return (diagnostic for diagnostic in found if self._choice.takes(diagnostic.code))


def _put(source: Source, mended: Mended) -> None:
    text = source.mark + mended.text
    if source.is_stdin:
        write(sys.stdout, text)
    elif mended.fixed:
        replace_file(source.path, text)
