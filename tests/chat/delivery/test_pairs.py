"""Every action with every mode: what happens to an answer that is complete, one that breaks off, and an empty one."""

from __future__ import annotations

import pytest

from deliveries import NOW, agent, delivered, text_at, told, words
from dragoman.agents.model import Interactive, ResponseAction
from dragoman.agents.placing import WITHOUT_MEANING
from dragoman.chat.delivery import Place
from dragoman.chat.delivery.actions import ACTIONS
from dragoman.chat.delivery.effects import Grow, Insertion, Panel, Proposal, Replace
from dragoman.chat.delivery.modes import MODES
from dragoman.chat.events import StopReason

PAIRS = """
    Direct    | ChatPanel             | chat end                | chat break                        |
    Direct    | RightPanel            | right end               | right break                       |
    Direct    | RunPanel              | run end                 | run break                         |
    Direct    | AppendCursor          | follow insert           | follow chat break tell            | follow tell
    Direct    | AppendCursorStream    | follow inserting end    | follow inserting break tell       | follow tell
    Direct    | InsertBeforeSelection | follow insert           | follow chat break tell            | follow tell
    Direct    | ReplaceSelection      | follow replace          | follow chat break tell            | follow tell
    Direct    | ReplaceCurrentFile    | follow replace          | follow chat break tell            | follow tell
    Direct    | OutputFile            | file.py                 | chat break tell                   | tell
    Direct    | OnPaste               | copy                    | chat break tell                   | tell
    Direct    | StreamDiff            | follow diff end         | follow diff break chat break tell | follow tell
    Stream    | ChatPanel             | chat end                | chat break                        |
    Stream    | RightPanel            | right end               | right break                       |
    Stream    | RunPanel              | run end                 | run break                         |
    Stream    | AppendCursor          | follow inserting end    | follow inserting break tell       | follow tell
    Stream    | AppendCursorStream    | follow inserting end    | follow inserting break tell       | follow tell
    Stream    | InsertBeforeSelection | follow inserting end    | follow inserting break tell       | follow tell
    Stream    | ReplaceSelection      | follow chat end replace | follow chat break tell            | follow tell
    Stream    | ReplaceCurrentFile    | follow chat end replace | follow chat break tell            | follow tell
    Stream    | OutputFile            | chat end file.py        | chat break tell                   | tell
    Stream    | OnPaste               | chat end copy           | chat break tell                   | tell
    Stream    | StreamDiff            | follow diff end         | follow diff break chat break tell | follow tell
    TextChunk | ChatPanel             | input:chat              | chat break tell                   | tell
    TextChunk | RightPanel            | input:right             | right break tell                  | tell
    TextChunk | RunPanel              | input:chat              | chat break tell                   | tell
    TextChunk | AppendCursor          | input:chat              | chat break tell                   | tell
    TextChunk | AppendCursorStream    | input:chat              | chat break tell                   | tell
    TextChunk | InsertBeforeSelection | input:chat              | chat break tell                   | tell
    TextChunk | ReplaceSelection      | input:chat              | chat break tell                   | tell
    TextChunk | ReplaceCurrentFile    | input:chat              | chat break tell                   | tell
    TextChunk | OutputFile            | input:chat              | chat break tell                   | tell
    TextChunk | OnPaste               | input:chat              | chat break tell                   | tell
    TextChunk | StreamDiff            | input:chat              | chat break tell                   | tell
    WebView   | ChatPanel             | page:chat               | chat break tell                   | tell
    WebView   | RightPanel            | page:right              | right break tell                  | tell
    WebView   | RunPanel              | page:run                | run break tell                    | tell
    WebView   | AppendCursor          | page:chat               | chat break tell                   | tell
    WebView   | AppendCursorStream    | page:chat               | chat break tell                   | tell
    WebView   | InsertBeforeSelection | page:chat               | chat break tell                   | tell
    WebView   | ReplaceSelection      | page:chat               | chat break tell                   | tell
    WebView   | ReplaceCurrentFile    | page:chat               | chat break tell                   | tell
    WebView   | OutputFile            | file.html               | chat break tell                   | tell
    WebView   | OnPaste               | copy                    | chat break tell                   | tell
    WebView   | StreamDiff            | page:chat               | chat break tell                   | tell
    DevIns    | ChatPanel             | chat end review         | chat break tell                   | tell
    DevIns    | RightPanel            | right end review        | right break tell                  | tell
    DevIns    | RunPanel              | run end review          | run break tell                    | tell
    DevIns    | AppendCursor          | chat end review         | chat break tell                   | tell
    DevIns    | AppendCursorStream    | chat end review         | chat break tell                   | tell
    DevIns    | InsertBeforeSelection | chat end review         | chat break tell                   | tell
    DevIns    | ReplaceSelection      | chat end review         | chat break tell                   | tell
    DevIns    | ReplaceCurrentFile    | chat end review         | chat break tell                   | tell
    DevIns    | OutputFile            | chat end review         | chat break tell                   | tell
    DevIns    | OnPaste               | chat end review         | chat break tell                   | tell
    DevIns    | StreamDiff            | chat end review         | chat break tell                   | tell
    Flow      | ChatPanel             | hand-over:chat          | chat break tell                   | tell
    Flow      | RightPanel            | hand-over:right         | right break tell                  | tell
    Flow      | RunPanel              | hand-over:run           | run break tell                    | tell
    Flow      | AppendCursor          | hand-over:chat          | chat break tell                   | tell
    Flow      | AppendCursorStream    | hand-over:chat          | chat break tell                   | tell
    Flow      | InsertBeforeSelection | hand-over:chat          | chat break tell                   | tell
    Flow      | ReplaceSelection      | hand-over:chat          | chat break tell                   | tell
    Flow      | ReplaceCurrentFile    | hand-over:chat          | chat break tell                   | tell
    Flow      | OutputFile            | file.json               | chat break tell                   | tell
    Flow      | OnPaste               | copy                    | chat break tell                   | tell
    Flow      | StreamDiff            | hand-over:chat          | chat break tell                   | tell
"""
"""Action, mode, complete, stopped, empty."""

ANSWER = ["/write:a.py\n", "```py\nx", "\n```\n"]
ROWS = [[cell.strip() for cell in (row + "|||").split("|")[:5]] for row in PAIRS.strip().splitlines()]


def test_the_table_has_every_pair():
    assert [row[:2] for row in ROWS] == [[action, mode] for action in ResponseAction for mode in Interactive]
    assert list(ACTIONS) == list(WITHOUT_MEANING) == list(ResponseAction)
    assert list(MODES) == list(Interactive)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_what_happens(row: list[str]):
    action, mode, complete, stopped, empty = row
    asked = agent(action, mode)
    assert words(delivered(asked, ANSWER)) == complete
    assert words(delivered(asked, ANSWER[:2], reason=StopReason.CANCELLED)) == stopped
    assert words(delivered(asked, [])) == empty


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
@pytest.mark.parametrize("reason", set(StopReason) - {StopReason.COMPLETED})
def test_a_part_of_an_answer_can_be_seen_and_replaces_nothing(row: list[str], reason: StopReason):
    effects = delivered(agent(row[0], row[1]), ANSWER[:2], reason=reason)
    assert not any(isinstance(effect, Replace) for effect in effects)
    assert text_at(Panel, effects) == "".join(ANSWER[:2]) or text_at(Insertion, effects).strip() == "x"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_what_the_editor_lacks_sends_the_answer_to_the_chat_panel_and_says_so(row: list[str]):
    effects = delivered(agent(row[0], row[1]), ANSWER, Place(NOW))
    is_edit = row[1] in MODES_OF_DOCUMENTS and row[0] in ("Direct", "Stream")
    assert not any(isinstance(getattr(effect, "where", None), Insertion | Proposal) for effect in effects)
    if is_edit:
        assert f"Docs asks for “interactive”: “{row[1]}”, but " in told(effects)[0]
        assert text_at(Panel, effects) == "".join(ANSWER)
    else:
        assert told(effects) == []


MODES_OF_DOCUMENTS = {
    "AppendCursor",
    "AppendCursorStream",
    "InsertBeforeSelection",
    "ReplaceSelection",
    "ReplaceCurrentFile",
    "StreamDiff",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_nothing_empty_is_added(row: list[str]):
    effects = delivered(agent(row[0], row[1]), [*"".join(ANSWER)])
    assert [effect for effect in effects if isinstance(effect, Grow) and not effect.delta] == []
