"""The same agents written in another way: with or without an array, in files of their own, templates as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dragoman.agents.catalog import ProviderCatalog
from dragoman.features.code_action.files import holds_agents_only, merge, split
from dragoman.features.code_action.removal import comment_with_blanks
from dragoman.features.code_action.target import Folder, Rewrite, Target
from dragoman.features.code_action.template import expanded, packed
from dragoman.lint.diagnostic import TextEdit
from dragoman.lint.rules import autodev_hang
from dragoman.project.agent_file import AgentFile
from dragoman.syntax.jsonc import ArrayNode, ObjectNode, parse
from dragoman.syntax.text import Span

KIND = "refactor.rewrite"
_NOWHERE = Folder()


def rewrites(file: AgentFile, offset: int, catalog: ProviderCatalog, folder: Folder = _NOWHERE) -> Iterator[Rewrite]:
    """What can be written in another way at `offset`. `folder`: what is beside the file."""
    for placed in file.cells:
        if placed.start <= offset <= placed.start + placed.cell.length and isinstance(placed.cell.node, ObjectNode):
            target = Target(file, placed, offset, catalog, folder)
            for rewrite in _REWRITES:
                yield from rewrite(target)
            return


def _wrap(target: Target) -> Iterator[Rewrite]:
    root = _whole(target)
    if isinstance(root, ObjectNode):
        start, end = root.span.start, root.span.end
        yield Rewrite("Put the agent into an array", (TextEdit(Span(start, start), "["), TextEdit(Span(end, end), "]")))


def _unwrap(target: Target) -> Iterator[Rewrite]:
    root = _whole(target)
    if isinstance(root, ArrayNode):
        behind = Span(root.items[0].span.end, root.span.end)
        kept = re.sub(r"\s*[,\]]", "", target.file.text[behind.start : behind.end])
        if "/" not in target.file.text[behind.start : behind.end]:
            opening = Span(root.span.start, root.span.start + 1)
            yield Rewrite("Take the only agent out of the array", (TextEdit(opening, ""), TextEdit(behind, kept)))


def _whole(target: Target) -> ObjectNode | ArrayNode | None:
    """The root of a file that holds one agent and nothing else."""
    if not target.is_at_name or not holds_agents_only(target.file) or sum(1 for _ in target.file.entries()) > 1:
        return None
    root = parse(target.file.text).root
    return root if isinstance(root, ObjectNode | ArrayNode) else None


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
    split,
    merge,
    _expand,
    _pack,
    _stream,
    _uncomment,
)
