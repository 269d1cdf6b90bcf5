"""Two agents of one file have the same name.

Agents are chosen by name, so only the first one could ever be asked.

Example: `[{"name": "docs", "url": "http://127.0.0.1:1/"}, {"name": "docs", "url": "http://127.0.0.1:2/"}]`
Instead: `[{"name": "docs", "url": "http://127.0.0.1:1/"}, {"name": "help", "url": "http://127.0.0.1:2/"}]`
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from dragoman.lint.diagnostic import Diagnostic, Related
from dragoman.lint.surroundings import NamedCell, name_of
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import CellGroup, keep
from dragoman.syntax.text import Span


def check_file(file: AgentFile) -> Iterator[Diagnostic]:
    """One error for each agent whose name another one had before."""
    repeated = _tally.repeated([_names_in(group) for group in file.cells.groups])
    first: dict[str, Span] = {}
    for start, cell in file.cells if repeated else ():
        name = name_of(cell)
        if name not in repeated:
            continue
        span = NamedCell(start, cell).name_span
        before = first.setdefault(name, span)
        if before is not span:
            related = (Related(before, "The other one is here."),)
            message = f'Another agent of this file is named "{name}" too: rename one of them.'
            yield Diagnostic("duplicate-name", message, span, related=related)


class _Names:
    """The names in a group of cells; the same object for the same group."""

    __slots__ = ("every",)

    def __init__(self, every: Sequence[str]) -> None:
        self.every = every


class _Tally:
    """How often each name occurs in the file that was last looked at.

    That is most often an earlier version of the one in question: only the groups that came or went are counted.
    """

    def __init__(self) -> None:
        self._counted = set[_Names]()
        self._times = Counter[str]()
        self._repeated = set[str]()

    def repeated(self, groups: Sequence[_Names]) -> set[str]:
        """The names that occur more than once in these groups."""
        now = set(groups)
        for group in self._counted - now:
            self._times.subtract(group.every)
            self._repeated.difference_update(name for name in group.every if self._times[name] < 2)
        for group in now - self._counted:
            self._times.update(group.every)
            self._repeated.update(name for name in group.every if self._times[name] > 1)
        self._counted = now
        if len(self._times) > 2 * sum(len(group.every) for group in now) + 100:
            self._times = +self._times  # without the names that are no more
        return self._repeated


_tally = _Tally()


@keep
def _names_in(group: CellGroup) -> _Names:
    return _Names([name for name in map(name_of, group.cells) if name])
