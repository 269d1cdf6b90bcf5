"""DevIns: what a script writes and patches, as one edit that the user looks at and agrees to, or not.

Nothing is applied unasked. A client that asks about edits by itself (change annotations) does so; else the user gets
the changes as a diff to look at, and a question. Files that act by themselves are asked for one by one in any client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from functools import partial
from pathlib import Path

from dragoman.chat.delivery.devins.changes import ChangeKind, Changes, FileChange, changes_of
from dragoman.chat.delivery.devins.script import Script
from dragoman.lsp.dialogs import apply_edit, choose, say
from dragoman.lsp.edits import Delivery
from dragoman.lsp.effects.occasion import Occasion
from dragoman.lsp.effects.review_edit import review_edit
from dragoman.lsp.effects.review_files import open_documents, read_file, write_change
from dragoman.project.document import Document
from dragoman.syntax.printable import printable

APPLY, LEAVE_OUT = "Apply", "Do not apply"
_MOST_SHOWN = 20
"""Files, or lines of one, that a question shows."""

_OPERATIONS = {ChangeKind.CREATED: "create", ChangeKind.DELETED: "delete"}


async def review(occasion: Occasion, script: Script) -> None:
    """Offer the changes of a script, and tell what became of them."""
    project = occasion.session.project
    documents = open_documents(occasion.session)
    changes = await asyncio.to_thread(
        changes_of, script, project.roots, partial(read_file, documents=documents), project.settings.files
    )
    _tell_what_is_left_out(occasion, changes)
    files = [file for file in changes.files if await _is_agreed_in_particular(occasion, file)]
    if files:
        await _offer(occasion, files, documents)


async def _offer(occasion: Occasion, files: Sequence[FileChange], documents: Mapping[Path, Document]) -> None:
    session = occasion.session
    edited = [file for file in files if _can_be_edited(occasion, file)]
    written = [file for file in files if file not in edited]
    asks_itself = session.client.change_annotations and not written
    if not asks_itself and not await _is_agreed(occasion, files):
        say(session, f"{occasion.agent}: nothing was applied.")
        return
    if edited:
        opened = [documents.get(file.path) for file in edited]
        edit = review_edit(edited, opened, session.client, asks=asks_itself)
        if not await apply_edit(session, edit, f"Changes of {printable(occasion.agent)}", seconds=None):
            say(session, f"{occasion.agent}: the editor applied nothing.")
            return
    if written:
        done, problems = await asyncio.to_thread(_write, written)
        for problem in problems:
            occasion.warn(problem)
        if done:
            say(session, f"{occasion.agent}: {', '.join(done)}.")


def _can_be_edited(occasion: Occasion, file: FileChange) -> bool:
    """Whether the client can make this change, bound to versions; else it is made on the disk."""
    session = occasion.session
    if session.writers.delivery is Delivery.NOTIFY or not session.client.versioned_edits:
        return False
    needed = _OPERATIONS.get(file.kind)
    return needed is None or needed in session.client.file_operations


def _write(files: Sequence[FileChange]) -> tuple[list[str], list[str]]:
    """Change the files on the disk: what is done, and what is not."""
    done: list[str] = []
    problems: list[str] = []
    for file in files:
        try:
            write_change(file)
            done.append(f"{file.name} {file.kind}")
        except OSError as error:
            problems.append(f"{file.name} is left as it was: {error.strerror}.")
    return done, problems


async def _is_agreed(occasion: Occasion, files: Sequence[FileChange]) -> bool:
    """Whether the user agrees to all of it, having been shown the diff where that is possible."""
    await occasion.show_scratch("".join(map(_diff, files)), "diff", f"review-{occasion.agent}")
    told = [_told(file) for file in files[:_MOST_SHOWN]]
    more = [f"… and {len(files) - _MOST_SHOWN} more"] if len(files) > _MOST_SHOWN else []
    count = "one file" if len(files) == 1 else f"{len(files)} files"
    question = f"Apply what {printable(occasion.agent)} proposes for {count}?"
    return await choose(occasion.session, "\n".join([question, *told, *more]), (APPLY, LEAVE_OUT)) == APPLY


async def _is_agreed_in_particular(occasion: Occasion, file: FileChange) -> bool:
    """Whether the user agrees to a file that acts by itself; to any other, that is asked later."""
    if not file.needs_confirmation:
        return True
    agent = printable(occasion.agent)
    question = f"{agent} wants {file.name} {file.kind}, and {file.caution}. Is that what you want?"
    lines = [printable(line) for line in _diff(file).splitlines()[2:]]
    more = [f"… and {len(lines) - _MOST_SHOWN} lines more"] if len(lines) > _MOST_SHOWN else []
    asked = "\n".join([question, *lines[:_MOST_SHOWN], *more])
    return await choose(occasion.session, asked, (APPLY, LEAVE_OUT)) == APPLY


def _tell_what_is_left_out(occasion: Occasion, changes: Changes) -> None:
    """What no consent would bring about."""
    for problem in changes.problems:
        occasion.warn(problem)
    if changes.not_run:
        commands = ", ".join(one.line for one in changes.not_run[:_MOST_SHOWN])
        say(occasion.session, f"{occasion.agent} asked for commands that are not run: {commands}")
    if not changes.files and not changes.problems and not changes.not_run:
        say(occasion.session, f"{occasion.agent} changes nothing.")


def _told(file: FileChange) -> str:
    lines = _diff(file).splitlines()[2:]
    added = sum(line.startswith("+") for line in lines)
    removed = sum(line.startswith("-") for line in lines)
    return f"{file.kind}: {file.name} (+{added} −{removed})"


def _diff(file: FileChange) -> str:
    before, after = (file.before or "").splitlines(keepends=True), (file.after or "").splitlines(keepends=True)
    lines = unified_diff(before, after, f"a/{file.name}", f"b/{file.name}")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
