"""The page `delivery.md`: what becomes of an answer and where it goes, made from the tables of actions and modes.

What each pair does is not written down anywhere: an answer is played through, and the page tells what came of it.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from datetime import datetime

from dragoman.agents.model import Agent, Interactive, ResponseAction
from dragoman.agents.placing import INSTEAD, WITHOUT_MEANING, has_meaning
from dragoman.chat.delivery import Place, plan
from dragoman.chat.delivery.actions import ACTIONS
from dragoman.chat.delivery.devins.protected import PROTECTED_FILES, PROTECTED_FOLDERS, PROTECTED_PATHS
from dragoman.chat.delivery.effects import (
    Copy,
    CreateFile,
    Effect,
    Grow,
    HandOver,
    Insertion,
    Panel,
    Proposal,
    Replace,
    Review,
    SetInput,
    ShowPage,
    Surface,
    Where,
)
from dragoman.chat.delivery.modes import MODES
from dragoman.chat.events import StopReason, TurnOutcome
from dragoman.project.document import Document
from dragoman.project.recognise import NAMES
from dragoman.syntax.text import Span

ANSWER = "/write:a.py\n```py\nx\n```\n"
EVERYWHERE = Place(datetime(2026, 1, 1), Document("file:///a.py", "python", 1, "one\ntwo\n"), Span(4, 8), 4)
PANELS = {Surface.CHAT: "chat panel", Surface.RIGHT: "right panel", Surface.RUN: "bottom panel"}

INTRODUCTION = """\
Two keys of an agent decide: `responseAction` says what its answer becomes, `interactive` where that goes. An answer
that comes as one piece and one that streams are treated alike.
"""
CODE = """\
## What goes into code

Modes that put the answer into a document, a file or the clipboard take the content of its single fenced block, when it
has exactly one, else its text as it is. While an answer grows, what stands in the document is at any moment what would
stand there if the answer ended now: words before the first block give way to it. Fences are read as CommonMark reads
them: of backticks or tildes, longer ones around shorter ones, the last one perhaps not closed. Blocks named `devin` or
`devins` are no code.

The text takes on the line ends of the document. Where the lines behind it must begin anew, a line end is added.

## An answer that breaks off, or is empty

A turn that was stopped, failed, or ran into a limit replaces nothing, and nothing of it is pasted, filed or handed on.
What came of it is shown in the panel; what was inserted as it streamed stays; a diff is withdrawn, and its text shown.
An empty answer changes nothing either. Each time a notice says what did not happen. Where the editor has no document,
cursor or selection for a mode, the answer goes to the chat panel, and a notice says why.
"""
SCRIPTS = """\
## DevIns scripts

With `DevIns` the answer is a script: its blocks named `devin` or `devins`, else all of it. With `Direct` and `Stream`
such blocks are offered the same way. Nothing is applied or run before the user agrees.

- `/write:PATH` and a fenced block behind it: the content of the file. `/write:PATH#L2-L5`: of these lines only.
- `/patch`, or `/patch:PATH`, and a fenced unified diff behind it; git's headers, several files, new files, files that
  are removed or renamed. A hunk goes where it says, or to the only place where its old lines stand; numbers that are
  wrong do no harm. If there is no such place, or several, nothing of that file's patch is applied, and it is said.
- Every other command is listed as not run.

Paths stay inside the workspace, links followed: no absolute paths, no `..`, no characters that cannot be seen, no names
that some system takes for a device, a stream or another file. Line ends, and a missing one at the end of a file, stay.

These are asked for one by one, since they act by themselves:
"""
FLOW = """\
## Flow

Each entry of `transition` reads its `source` from the last document of the response that had text in it, and writes it
at its `target`, a path of names and indexes; objects and arrays that lack are made. Without `transition` the document
itself is handed on, and for an answer that is no JSON its text. With `flow.next` that object is the body of the next
agent's request, as it is: nothing in it is a placeholder or a reference.
"""


def delivery(made: str) -> Iterator[str]:
    """The page; `made` is the mark of pages that are made."""
    yield from ("# Where answers go", "", made, "", INTRODUCTION)
    yield from ("## What an answer becomes", "", "| `responseAction` | the answer |", "|---|---|")
    for name, action in ACTIONS.items():
        yield f"| `{name}` | {_sentence(sys.modules[action.become.__module__].__doc__)} |"
    yield from ("", "## Where it goes", "", "| `interactive` | the answer |", "|---|---|")
    yield from (f"| `{name}` | {_sentence(inspect.getdoc(mode))} |" for name, mode in MODES.items())
    yield from ("", "## Every pair", "", "What happens to an answer that is complete:", "")
    yield f"| | {' | '.join(f'`{action}`' for action in ResponseAction)} |"
    yield f"|---|{'---|' * len(ResponseAction)}"
    for mode in Interactive:
        yield f"| `{mode}` | {' | '.join(_cell(action, mode) for action in ResponseAction)} |"
    yield from ("", *_without_meaning(), "", CODE, SCRIPTS, *_protected(), "", FLOW.rstrip(), "")


def _without_meaning() -> Iterator[str]:
    yield "– marks pairs that contradict themselves. The rule [unused-interactive](rules.md#unused-interactive) tells"
    yield "of them, and the answer goes the way of `ChatPanel`:"
    yield ""
    for action, modes in WITHOUT_MEANING.items():
        if modes:
            yield f"- `{action}`: {INSTEAD[action]}."


def _protected() -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for place, reason in PROTECTED_FOLDERS.items():
        reasons.setdefault(reason, []).append(f"`{place}/`")
    for place, reason in (PROTECTED_PATHS | PROTECTED_FILES).items():
        reasons.setdefault(reason, []).append(f"`{place}`")
    reasons["it says which agents are asked, and with what"] += [f"`{name}`, `{name}c`" for name in NAMES]
    yield from ("| why | files |", "|---|---|")
    yield from (f"| {reason} | {', '.join(places)} |" for reason, places in reasons.items())


def _cell(action: ResponseAction, mode: Interactive) -> str:
    if not has_meaning(action, mode):
        return "–"
    agent = Agent("a", "http://h/", response_action=action, interactive=mode)
    turn = plan(agent, EVERYWHERE)
    effects = [*turn.begin(), *turn.on_text(ANSWER)]
    effects += turn.finish(TurnOutcome("", "", "a", StopReason.COMPLETED, ANSWER))
    return ", then ".join(dict.fromkeys(filter(None, map(_in_words, effects))))


def _in_words(effect: Effect) -> str:
    match effect:
        case Grow(where):
            return _growing(where)
        case Replace(target):
            return "replaced at once" if target.text else "inserted at once"
        case CreateFile():
            return "a new file"
        case Copy():
            return "the clipboard"
        case SetInput(surface):
            return f"the input of the {PANELS[surface]}"
        case ShowPage(surface):
            return f"a page in the {PANELS[surface]}"
        case Review():
            return "a review"
        case HandOver(surface):
            return f"data in the {PANELS[surface]}"
        case _:
            return ""


def _growing(where: Where) -> str:
    match where:
        case Panel(surface):
            return f"the {PANELS[surface]}"
        case Insertion():
            return "inserted as it streams"
        case Proposal():
            return "a diff as it streams"


def _sentence(docstring: str | None) -> str:
    """The first paragraph, on one line."""
    return re.sub(r"\s+", " ", (docstring or "").strip().split("\n\n")[0])
