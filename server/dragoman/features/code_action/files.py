"""One file for each agent, or one for all agents of a folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from dragoman.features.code_action.target import NewFile, Rewrite, Target
from dragoman.lint.diagnostic import TextEdit
from dragoman.lint.directive import ONWARDS, directives_in
from dragoman.lint.surroundings import shared_names
from dragoman.project.agent_file import AgentEntry, AgentFile
from dragoman.syntax.jsonc import ArrayNode, ObjectNode, PlainCell, parse
from dragoman.syntax.jsonc.tokens import COMMENT, TOKEN, is_sound
from dragoman.syntax.text import Span, line_start, newline_of

_MOST_FILES = 100
"""Nobody wants more of them in one folder, and all of them are made for each look at the menu."""

_LONGEST_NAME = 60
_BYTE_ORDER_MARK = "\ufeff"


def split(target: Target) -> Iterator[Rewrite]:
    """Each agent but the first goes into a file of its own, with the comments before it."""
    if not target.is_at_name or not holds_agents_only(target.file):
        return
    entries = list(target.file.entries())
    if not 2 <= len(entries) <= _MOST_FILES + 1:
        return
    text, names = target.file.text, set[str]()
    created: list[NewFile] = []
    for before, entry in pairwise(entries):
        gap = text[before.span.end : entry.span.start]
        behind_comma = gap[_comma_in(gap) + 1 :]
        start = entry.span.start - len(behind_comma.lstrip())
        name = _file_name(entry, lambda name: name in names or target.folder.is_taken(name))
        names.add(name)
        created.append(NewFile(name, _moved_out(text, start, entry.span) + newline_of(text)))
    behind = Span(entries[0].span.end, entries[-1].span.end)
    kept = text[behind.start : behind.start + _comma_in(text[behind.start : entries[1].span.start])]
    many = f"{len(created)} agents get files of their own"
    title = f"Split the file: {many if len(created) > 1 else '1 agent gets a file of its own'}"
    yield Rewrite(title, (TextEdit(behind, kept.rstrip()),), tuple(created))


def merge(target: Target) -> Iterator[Rewrite]:
    """The agents of all other files of the folder come into this one, and those files go."""
    if not target.is_at_name or not _can_be_merged(target.file):
        return
    others = [other for other in target.folder.files() if _can_be_merged(other.file) and any(other.file.entries())]
    files = [target.file, *(other.file for other in others)]
    if not 1 <= len(others) <= _MOST_FILES or any(shared_names(one, next_) for one, next_ in _pairs(files)):
        return
    newline = newline_of(target.file.text)
    added = "".join(f",{newline}{_agents_in(other.file.text)}" for other in others)
    many = f"{len(others)} other files" if len(others) > 1 else "the other file"
    edits = tuple(_put_behind(target.file.text, added, newline))
    yield Rewrite(f"Merge {many} of the folder into this one", edits, deleted=tuple(other.uri for other in others))


def holds_agents_only(file: AgentFile) -> bool:
    """Whether a file is sound, and holds an agent or an array of such, and nothing else."""
    return all(
        isinstance(cell, PlainCell)
        or (is_sound(cell.problems) and (cell.node is None or isinstance(cell.node, ObjectNode)))
        for _, cell in file.cells
    )


def _comma_in(gap: str) -> int:
    """Where the comma between two agents stands; one inside a comment is none."""
    return COMMENT.sub(lambda comment: " " * len(comment[0]), gap).find(",")


def _moved_out(text: str, start: int, agent: Span) -> str:
    """An agent with the comments before it, from `start` on, as it is at the left margin."""
    margin = text[line_start(text, agent.start) : agent.start]
    piece = text[start : agent.end]
    return piece if margin.strip() else re.sub(rf"(\r\n|\r|\n){margin}", r"\1", piece)


def _file_name(entry: AgentEntry, is_taken: Callable[[str], bool]) -> str:
    words = "-".join(re.findall(r"\w+", entry.agent.name.lower()))[:_LONGEST_NAME].strip("-") or "agent"
    number, name = 1, f"{words}.agent.json"
    while is_taken(name):
        number += 1
        name = f"{words}-{number}.agent.json"
    return name


def _can_be_merged(file: AgentFile) -> bool:
    """Whether it means the same among others: a comment that counts to the end of the file would mean more."""
    reaches_on = any(directive.word == ONWARDS for directive in directives_in(file))
    return holds_agents_only(file) and not reaches_on


def _pairs(files: list[AgentFile]) -> Iterator[tuple[AgentFile, AgentFile]]:
    return ((one, other) for index, one in enumerate(files) for other in files[index + 1 :])


def _agents_in(text: str) -> str:
    """The agents of a file with their comments, as they stand between two brackets."""
    root = parse(text).root
    inside = text.removeprefix(_BYTE_ORDER_MARK)
    if isinstance(root, ArrayNode):
        last = root.items[-1].span.end
        behind = text[last : root.span.end - 1]
        comma = _comma_in(behind)
        inside = text[root.span.start + 1 : last] + (behind if comma < 0 else behind[:comma] + behind[comma + 1 :])
    inside = inside.strip("\r\n").rstrip()
    *_, last_token = TOKEN.findall(inside)
    return inside + newline_of(text) if last_token.startswith("//") else inside


def _put_behind(text: str, added: str, newline: str) -> Iterator[TextEdit]:
    """The edits that put agents behind those of a file, and an array around them where there is none."""
    root = parse(text).root
    if isinstance(root, ArrayNode):
        end = root.items[-1].span.end
        yield TextEdit(Span(end, end), added)
    elif root is not None:
        yield TextEdit(Span(root.span.start, root.span.start), f"[{newline}")
        yield TextEdit(Span(root.span.end, root.span.end), f"{added}{newline}]")
