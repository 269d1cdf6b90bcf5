"""Where a file is to be written in another way, and what that comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from dragoman.agents.catalog import ProviderCatalog
from dragoman.lint.diagnostic import TextEdit
from dragoman.lint.subject import Subject, owner_mark
from dragoman.lint.surroundings import Neighbour
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import PlacedCell, PropertyNode, find_property


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be made beside this one."""

    name: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What the user chooses, the edits of this file, the files to be made, and the URIs of those to be deleted."""

    title: str
    edits: tuple[TextEdit, ...]
    created: tuple[NewFile, ...] = ()
    deleted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Folder:
    """What is beside a file: whether one of a name is there already, and the other agent files."""

    is_taken: Callable[[str], bool] = lambda _: False
    files: Callable[[], Sequence[Neighbour]] = tuple


@dataclass(frozen=True, slots=True)
class Target:
    """The agent at the caret, in its cell."""

    file: AgentFile
    placed: PlacedCell
    offset: int
    catalog: ProviderCatalog
    folder: Folder

    def in_file(self, edits: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
        """Edits whose spans count from the cell's start, as those of the file."""
        return tuple(TextEdit(edit.span.shifted(self.placed.start), edit.new_text) for edit in edits)

    @property
    def subject(self) -> Subject:
        """The agent as rules look at it."""
        start, cell = self.placed
        return Subject(cell, self.file.text[start : start + cell.length], self.catalog)

    @property
    def is_at_name(self) -> bool:
        """Whether the caret is at the agent's name, else its opening brace: where the agent as a whole is meant."""
        node = self.placed.cell.node
        if node is None:
            return False
        start = self.placed.start
        return owner_mark(node).shifted(start).covers(self.offset) or self.offset == node.span.start + start

    def template(self) -> PropertyNode | None:
        """The agent's request format, if the caret is in it."""
        entry = find_property(self.placed.cell.node, ("connector", "requestFormat"))
        return entry if entry and entry.span.shifted(self.placed.start).covers(self.offset) else None
