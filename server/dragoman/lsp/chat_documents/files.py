"""New chat documents, as ordinary files: empty ones, and conversations of the history to go on with.

They lie in `chats/` of the workspace's first folder, where editors know them as part of the project; without a
workspace, in the user's data folder, for the user alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from errno import EXDEV
from hashlib import sha256
from itertools import count
from pathlib import Path

from dragoman.chat.history.kept import KeptConversation, KeptTurn
from dragoman.paths import data_folder
from dragoman.project.recognise import CHAT_SUFFIX
from dragoman.syntax.chat_document import YOU, new_chat_document
from dragoman.syntax.chat_document.front_matter import quoted
from dragoman.syntax.chat_document.marks import closing_mark, note_line, opening_mark

_FOLDER = "chats"


def create_chat(roots: tuple[Path, ...], agent: str) -> Path:
    """A new file with an empty question for `agent`: `<date>-<n>.chat.md`. Raises OSError."""
    folder, today = _folder(roots), date.today().isoformat()
    for number in count(1):
        path = folder / f"{today}-{number}{CHAT_SUFFIX}"
        if _create(path, new_chat_document(agent), is_private=not roots):
            return path
    raise AssertionError("there is always another number")


def create_conversation(roots: tuple[Path, ...], conversation: KeptConversation) -> Path:
    """A file that holds the conversation; one that is there already is left as it is. Raises OSError."""
    which = sha256(conversation.id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    path = _folder(roots) / f"{conversation.created.date().isoformat()}-{which}{CHAT_SUFFIX}"
    _create(path, "".join(_written(conversation)), is_private=not roots)
    return path


def _folder(roots: tuple[Path, ...]) -> Path:
    """The folder for chats; one that the workspace leads elsewhere by a symbolic link is not used."""
    folder = (roots[0] if roots else data_folder()) / _FOLDER
    if roots and not folder.resolve().is_relative_to(roots[0].resolve()):
        raise OSError(EXDEV, f"{folder} leads out of the workspace")
    folder.mkdir(mode=0o777 if roots else 0o700, parents=True, exist_ok=True)
    return folder


def _create(path: Path, text: str, *, is_private: bool) -> bool:
    """Write a file that is not there yet; False if it is."""
    try:
        path.touch(mode=0o600 if is_private else 0o666, exist_ok=False)
    except FileExistsError:
        return False
    path.write_text(text, "utf-8", "replace", newline="\n")
    return True


def _written(conversation: KeptConversation) -> Iterator[str]:
    branch = conversation.branch
    yield f"---\nagent: {quoted(branch[-1].agent if branch else '')}\nconversation: {quoted(conversation.id)}\n---\n\n"
    for turn in branch:
        yield f"## {YOU}\n\n{turn.prompt if turn.typed is None else turn.typed}\n\n"
        yield from _answer(turn)
    yield f"## {YOU}\n"


def _answer(turn: KeptTurn) -> Iterator[str]:
    is_fit = turn.id.replace("-", "").isalnum()  # clients make up ids of their own
    answer_id = turn.id if is_fit else sha256(repr(turn.id).encode()).hexdigest()[:32]
    yield f"## {' '.join(turn.agent.split())}\n{opening_mark(answer_id)}\n\n"
    yield f"{turn.text}\n\n{closing_mark(answer_id)}\n\n"
    if turn.incomplete or turn.error_message:
        yield f"{note_line(turn.error_message or 'The answer is not complete.')}\n\n"
