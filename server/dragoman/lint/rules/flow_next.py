"""`flow.next` names no agent that can be asked.

The object that the flow has built goes to the agent of that name: in this file, in another one of the workspace, or in
your own. Where there is none, or it is disabled, the flow ends there.

Example: `{"name": "a", "url": "http://h/", "responseAction": "Flow", "flow": {"next": "b"}}`
Instead: `{"name": "a", "url": "http://h/", "responseAction": "Flow", "flow": {"next": "a"}}`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from dragoman.agents.model import ResponseAction
from dragoman.agents.reader import read_agent
from dragoman.lint.diagnostic import Diagnostic, Elsewhere, Related, Severity
from dragoman.lint.suggest import closest, proposal
from dragoman.lint.surroundings import NamedCell, Neighbour, Surroundings, all_names, cells_named, is_enabled
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import Cell, CellGroup, encode_string, find, keep


def check_project(file: AgentFile, surroundings: Surroundings) -> Iterator[Diagnostic]:
    """One warning for each such name."""
    for start, group in zip(file.cells.starts, file.cells.groups, strict=False):
        for index, target in _targets_in(group):
            cell, at = group.cells[index], start + group.starts[index]
            yield from _check(NamedCell(at, cell), target, file, surroundings)


@keep
def _targets_in(group: CellGroup) -> tuple[tuple[int, str], ...]:
    """The agents of a group of cells that hand on, by their place in it, and to whom."""
    named = ((index, _target_of(cell)) for index, cell in enumerate(group.cells))
    return tuple((index, target) for index, target in named if target)


def _target_of(cell: Cell) -> str:
    agent = cast("dict[str, Any]", cell.value) if isinstance(cell.value, dict) else {}
    return read_agent(agent).flow_next if agent.get("responseAction") == ResponseAction.FLOW else ""


def _check(giver: NamedCell, target: str, file: AgentFile, surroundings: Surroundings) -> Iterator[Diagnostic]:
    node = find(giver.cell.node, ("flow", "next"))
    if node is None:
        return
    span = node.span.shifted(giver.start)
    files = [Neighbour("", file), *surroundings.others()]
    found = [(neighbour, cell) for neighbour in files for cell in cells_named(neighbour.file, target)]
    if not found:
        meant = closest(target, sorted({name for one in files for names in all_names(one.file) for name in names}))
        hint = f': did you mean "{meant}"?' if meant else "."
        fixes = (proposal(meant, span, encode_string(meant)),) if meant else ()
        yield Diagnostic(
            "flow-next", f'There is no agent "{target}" to hand on to{hint}', span, Severity.WARNING, fixes
        )
    elif not any(is_enabled(named.cell) for _, named in found):
        neighbour, cell = found[0]
        enabled = find(cell.cell.node, ("enabled",))
        place = enabled.span.shifted(cell.start) if enabled else cell.name_span
        related = (Related(place, "It is disabled here.", Elsewhere.of(neighbour.uri, neighbour.file.text)),)
        message = f'The agent "{target}" is disabled, so nothing is handed on to it.'
        yield Diagnostic("flow-next", message, span, Severity.WARNING, related=related)
