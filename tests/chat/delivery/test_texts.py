"""What exactly is put where, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliveries import DOCUMENT, NOW, PLACE, agent, delivered, text_at, told, words
from dragoman.agents.model import Transition
from dragoman.chat.delivery import Place, plan
from dragoman.chat.delivery.effects import (
    Copy,
    CreateFile,
    End,
    Follow,
    Grow,
    HandOver,
    Insertion,
    Panel,
    Proposal,
    Replace,
    Review,
    Rewrite,
    SetInput,
    ShowPage,
    Surface,
    Target,
)
from dragoman.chat.events import StopReason
from dragoman.project.document import Document
from dragoman.syntax.text import Span

FENCED = "Here:\n\n```python\nx = 1\n```\nDone.\n"
WINDOWS = Document("file:///w/a.py", "python", 4, "one\r\ntwo\r\nthree\r\n")
CRLF = replace(PLACE, document=WINDOWS, selection=Span(5, 10))


def test_a_panel_shows_the_answer_as_it_is():
    assert delivered(agent("Direct", "RightPanel"), ["a\r\n", "```py\n"]) == [
        Grow(Panel(Surface.RIGHT), "a\r\n"),
        Grow(Panel(Surface.RIGHT), "```py\n"),
        End(Panel(Surface.RIGHT), complete=True),
    ]


def test_a_selection_is_replaced_by_the_single_block():
    target = Target("file:///w/a.py", 3, Span(4, 8), "two\n")
    assert delivered(agent("Direct", "ReplaceSelection"), [FENCED]) == [Follow(target), Replace(target, "x = 1\n")]


@pytest.mark.parametrize(
    ("mode", "selection", "answer", "text"),
    [
        ("AppendCursor", Span(4, 8), FENCED, "x = 1"),
        ("AppendCursor", None, "no fence\n", "no fence\n"),
        ("InsertBeforeSelection", Span(4, 8), FENCED, "x = 1\n"),
        ("InsertBeforeSelection", Span(5, 8), FENCED, "x = 1"),
        ("ReplaceSelection", Span(4, 7), FENCED, "x = 1"),
        ("ReplaceSelection", Span(4, 8), "no fence", "no fence\n"),
        ("ReplaceSelection", Span(4, 8), "```\na\n```\n```\nb\n```\n", "```\na\n```\n```\nb\n```\n"),
        ("ReplaceCurrentFile", None, FENCED, "x = 1\n"),
        ("ReplaceCurrentFile", None, "x = 1", "x = 1\n"),
    ],
)
def test_a_text_fits_to_its_place(mode: str, selection: Span | None, answer: str, text: str):
    place = Place(NOW, DOCUMENT, selection, cursor=4)
    [edit] = [one for one in delivered(agent("Direct", mode), [answer], place) if isinstance(one, Replace)]
    assert edit.text == text


def test_a_document_keeps_its_line_ends():
    effects = delivered(agent("Direct", "ReplaceSelection"), ["```\na\nb\n```"], CRLF)
    assert effects[-1] == Replace(Target("file:///w/a.py", 4, Span(5, 10), "two\r\n"), "a\r\nb\r\n")
    streamed = delivered(agent("Direct", "AppendCursorStream"), [*"```\r\na\r\nb\r\n```"], CRLF)
    assert text_at(Insertion, streamed) == "a\r\nb"


def test_a_diff_shows_the_selection_or_the_document():
    for selection, span in ((Span(4, 8), Span(4, 8)), (None, Span(0, 14))):
        effects = delivered(agent("Direct", "StreamDiff"), [*FENCED], Place(NOW, DOCUMENT, selection))
        assert text_at(Proposal, effects) == "x = 1\n"
        [where] = {effect.where for effect in effects if isinstance(effect, Grow | Rewrite | End)}
        assert isinstance(where, Proposal)
        assert where.target.span == span


@given(st.lists(st.sampled_from(["```", "```py", "\n", "\r\n", "x", "  ", "~~~", "```devin", "/write:a"]), max_size=14))
def test_what_grows_is_in_the_end_what_is_put_at_once(pieces: list[str]):
    once = [one for one in delivered(agent("Direct", "AppendCursor"), pieces, CRLF) if isinstance(one, Replace)]
    grown = text_at(Insertion, delivered(agent("Direct", "AppendCursorStream"), pieces, CRLF))
    assert grown == (once[0].text if once else "")


def test_a_text_that_is_replaced_is_replaced_where_it_stands():
    delivery = plan(agent("Direct", "AppendCursorStream"), PLACE)
    effects = [*delivery.on_text("wrong"), *delivery.on_replace("```\nri"), *delivery.on_text("ght\n")]
    assert text_at(Insertion, effects) == "right"
    panel = plan(agent(), PLACE)
    assert [*panel.on_text("a"), *panel.on_replace("b")] == [
        Grow(Panel(Surface.CHAT), "a"),
        Rewrite(Panel(Surface.CHAT), "b"),
    ]


@pytest.mark.parametrize(
    ("answer", "file"),
    [
        (FENCED, CreateFile("output-20261122-083005.py", "x = 1\n")),
        ("Just words", CreateFile("output-20261122-083005.md", "Just words\n")),
        ("```\na\n```", CreateFile("output-20261122-083005.txt", "a\n")),
        ("```../../evil\na\n```", CreateFile("output-20261122-083005.txt", "a\n")),
        ("```C++ title=a\na\n```", CreateFile("output-20261122-083005.cpp", "a\n")),
    ],
)
def test_a_file_is_named_after_its_fence(answer: str, file: CreateFile):
    assert delivered(agent("Direct", "OutputFile"), [answer]) == [file]


def test_the_other_actions():
    assert delivered(agent("TextChunk"), [FENCED]) == [SetInput(Surface.CHAT, FENCED)]
    assert delivered(agent("WebView", "RightPanel"), ["```html\n<p>\n```"]) == [ShowPage(Surface.RIGHT, "<p>")]
    assert delivered(agent("WebView"), ["<p>\n```py\nx\n```"]) == [ShowPage(Surface.CHAT, "<p>\n```py\nx\n```")]
    assert delivered(agent("WebView", "OnPaste"), ["<p>"]) == [Copy("<p>")]
    assert words(delivered(agent("DevIns"), ["/run:make\n"])) == "chat end review"
    assert told(delivered(agent("DevIns"), ["hello"])) == ["Docs answered with no command: there is nothing to review."]


def test_flow_asks_the_next_agent_or_hands_the_client_what_it_has():
    document = {"a": [1, {"b": "x"}]}
    moves = (Transition("$.a[1].b", "$.q"), Transition("$.c", "$.d"))
    assert delivered(agent("Flow"), ["x"], document=document) == [HandOver(Surface.CHAT, document)]
    effects = delivered(agent("Flow", flow_next="Next", transition=moves), ["x"], document=document)
    assert effects[-1] == HandOver(Surface.CHAT, {"q": "x"}, "Next")
    assert told(effects) == ["Docs: nothing is written at $.d: the response has nothing at $.c."]
    effects = delivered(agent("Flow", flow_next="Next"), ["words"])
    assert told(effects) == ["Docs: Next is not asked: what is handed on is no object."]
    assert effects[-1] == HandOver(Surface.CHAT, "words")


@pytest.mark.parametrize("action", ["Direct", "Stream"])
def test_a_script_in_an_answer_is_offered_and_is_no_code(action: str):
    answer = "See:\n```devin\n/write:a.py\n```py\nx\n```\n```\n"
    effects = delivered(agent(action, "ReplaceSelection"), [*answer])
    assert words(effects).endswith("chat end tell review")
    assert told(effects) == ["Docs answered without any code: nothing was replaced."]
    [review] = [effect for effect in effects if isinstance(effect, Review)]
    assert [change.path for change in review.script.changes] == ["a.py"]
    assert text_at(Panel, effects) == answer


def test_what_did_not_happen_is_said():
    cut = delivered(agent("Direct", "ReplaceCurrentFile"), ["x"], reason=StopReason.MAX_TOKENS)
    assert told(cut) == ["Docs did not answer to the end: nothing was replaced."]
    stays = delivered(agent("Direct", "AppendCursorStream"), ["x"], reason=StopReason.TIMEOUT)
    assert told(stays) == ["Docs did not answer to the end: what there is stays in the document."]
    assert told(delivered(agent("Direct", "OnPaste"), [])) == [
        "Docs answered with an empty text: the clipboard is as it was."
    ]
    assert delivered(agent("Direct", "OnPaste"), [], reason=StopReason.ERROR) == []
