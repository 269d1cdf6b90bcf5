"""The same agents written in another way: with or without an array, in files of their own, templates as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from dragoman.agents.catalog import ProviderCatalog
from dragoman.features.code_action.removal import comment_with_blanks
from dragoman.features.code_action.template import expanded, packed
from dragoman.lint.diagnostic import TextEdit
from dragoman.lint.rules import autodev_hang
from dragoman.lint.subject import Subject, owner_mark
from dragoman.project.agent_file import AgentEntry, AgentFile
from dragoman.syntax.jsonc import ArrayNode, ObjectNode, PlacedCell, PropertyNode, find_property, parse
from dragoman.syntax.text import Span

KIND = "refactor.rewrite"

_MOST_FILES = 100
"""Nobody wants more of them in one folder, and all of them are made for each look at the menu."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be made beside this one."""

    name: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What the user chooses, the edits of this file, and the files to be made."""

    title: str
    edits: tuple[TextEdit, ...]
    created: tuple[NewFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """The agent at the caret, in its cell. `is_taken` says whether a file of a name is there already."""

    file: AgentFile
    placed: PlacedCell
    offset: int
    catalog: ProviderCatalog
    is_taken: Callable[[str], bool]

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


def rewrites(
    file: AgentFile, offset: int, catalog: ProviderCatalog, is_taken: Callable[[str], bool]
) -> Iterator[Rewrite]:
    """What can be written in another way at `offset`."""
    for placed in file.cells:
        if placed.start <= offset <= placed.start + placed.cell.length and isinstance(placed.cell.node, ObjectNode):
            target = Target(file, placed, offset, catalog, is_taken)
            for rewrite in _REWRITES:
                yield from rewrite(target)
            return


def _wrap(target: Target) -> Iterator[Rewrite]:
    root = _whole(target)
    if isinstance(root, ObjectNode) and target.is_at_name:
        start, end = root.span.start, root.span.end
        yield Rewrite("Put the agent into an array", (TextEdit(Span(start, start), "["), TextEdit(Span(end, end), "]")))


def _unwrap(target: Target) -> Iterator[Rewrite]:
    root = _whole(target)
    if isinstance(root, ArrayNode) and root.closed and target.is_at_name:
        behind = Span(root.items[0].span.end, root.span.end)
        kept = re.sub(r"\s*[,\]]", "", target.file.text[behind.start : behind.end])
        if "/" not in target.file.text[behind.start : behind.end]:
            opening = Span(root.span.start, root.span.start + 1)
            yield Rewrite("Take the only agent out of the array", (TextEdit(opening, ""), TextEdit(behind, kept)))


def _whole(target: Target) -> ObjectNode | ArrayNode | None:
    """The root of a file with one agent and nothing wrong."""
    if sum(1 for _ in target.file.entries()) > 1:
        return None
    tree = parse(target.file.text)
    is_sound = all(problem.code in ("comment", "trailing-comma") for problem in tree.problems)
    if isinstance(tree.root, ArrayNode) and len(tree.root.items) != 1:
        return None
    return tree.root if is_sound and isinstance(tree.root, ObjectNode | ArrayNode) else None


def _split(target: Target) -> Iterator[Rewrite]:
    """Each agent but the first goes into a file of its own, with the comments before it."""
    entries = list(target.file.entries())
    if not 1 < len(entries) <= _MOST_FILES or not target.is_at_name or _is_broken(target.file):
        return
    text, names = target.file.text, set[str]()
    created: list[NewFile] = []
    for before, entry in pairwise(entries):
        gap = text[before.span.end : entry.span.start]
        comma = _comma_in(gap)
        name = _file_name(entry, lambda name: name in names or target.is_taken(name))
        names.add(name)
        own = [gap[comma + 1 :].strip(), text[entry.span.start : entry.span.end], ""]
        created.append(NewFile(name, "\n".join(own).lstrip()))
    behind = Span(entries[0].span.end, entries[-1].span.end)
    kept = text[behind.start : behind.start + _comma_in(text[behind.start : entries[1].span.start])]
    many = f"{len(created)} agents get files of their own"
    title = f"Split the file: {many if len(created) > 1 else '1 agent gets a file of its own'}"
    yield Rewrite(title, (TextEdit(behind, kept.rstrip()),), tuple(created))


def _is_broken(file: AgentFile) -> bool:
    return any(problem.code == "syntax" for _, cell in file.cells for problem in cell.problems)


def _comma_in(gap: str) -> int:
    """Where the comma between two agents stands; one inside a comment is none."""
    blanked = re.sub(r"//[^\r\n]*|/\*.*?\*/", lambda comment: " " * len(comment[0]), gap, flags=re.DOTALL)
    return blanked.find(",")


def _file_name(entry: AgentEntry, is_taken: Callable[[str], bool]) -> str:
    words = "-".join(re.findall(r"\w+", entry.agent.name.lower())) or "agent"
    number, name = 1, f"{words}.agent.json"
    while is_taken(name):
        number += 1
        name = f"{words}-{number}.agent.json"
    return name


def _expand(target: Target) -> Iterator[Rewrite]:
    entry = target.template()
    inner = expanded(target.subject.text, entry) if entry else None
    if entry and entry.value and inner is not None:
        yield Rewrite("Write “requestFormat” as an object", target.in_file([TextEdit(entry.value.span, inner)]))


def _pack(target: Target) -> Iterator[Rewrite]:
    entry = target.template()
    edits = target.in_file(packed(target.subject.text, entry, target.placed.cell.comments)) if entry else ()
    if edits:
        yield Rewrite("Write “requestFormat” as a string, as AutoDev reads it", edits)


def _stream(target: Target) -> Iterator[Rewrite]:
    for diagnostic in autodev_hang.check_cell(target.subject):
        for fix in diagnostic.fixes:
            yield Rewrite(fix.title, target.in_file(fix.edits))


def _uncomment(target: Target) -> Iterator[Rewrite]:
    spans = [span.shifted(start) for start, cell in target.file.cells for span in cell.comments]
    if len(spans) > 1 and any(span.covers(target.offset) for span in spans):
        yield Rewrite(
            f"Remove all {len(spans)} comments",
            tuple(TextEdit(comment_with_blanks(target.file.text, span), "") for span in spans),
        )


_REWRITES: tuple[Callable[[Target], Iterator[Rewrite]], ...] = (
    _wrap,
    _unwrap,
    _split,
    _expand,
    _pack,
    _stream,
    _uncomment,
)
