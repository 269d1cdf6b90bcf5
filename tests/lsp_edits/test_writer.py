"""The rules of a writer, one by one. `«»` is where it writes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dragoman.lsp.edits import (
    Delivery,
    Output,
    Place,
    Region,
    RegionWriter,
    Send,
    Settled,
    StopCause,
    Stopped,
    delivery_for,
)
from dragoman.syntax.chat_document import answer_frame, parse_chat_document
from dragoman.syntax.text import LineIndex
from marked import unmark


class Desk:
    """A writer and the text of the document in the editor, version by version."""

    def __init__(self, marked: str, *, delivery: Delivery = Delivery.EDIT, versioned: bool = True) -> None:
        self.text, spans = unmark(marked)
        self.version = 1
        place = Place.of(self.text, spans[0])
        self.writer = RegionWriter(self.text, 1, place, delivery=delivery, versioned=versioned)

    def applied(self, send: Send) -> str:
        """The text with an edit."""
        span = send.edit.span
        return self.text[: span.start] + send.edit.new_text + self.text[span.end :]

    def becomes(self, *texts: str, now: float) -> list[Output]:
        """The editor tells of a version."""
        self.text = texts[-1]
        self.version += 1
        return self.writer.changed(texts, self.version, now)


def sent(outputs: list[Output]) -> Send:
    """The one edit in `outputs`."""
    (send,) = outputs
    assert isinstance(send, Send)
    return send


def test_one_edit_is_on_its_way_and_what_comes_meanwhile_is_gathered() -> None:
    desk = Desk("x = «»\n")
    first = sent(desk.writer.show(Region("1"), 0))
    assert (first.edit.span.start, first.edit.new_text, first.version) == (4, "1", 1)
    assert desk.writer.show(Region("12"), 0.3) == []
    assert desk.writer.show(Region("123"), 0.6) == []
    assert desk.writer.answered(first.id, True, 0.6) == []
    second = sent(desk.becomes(desk.applied(first), now=0.7))
    assert (second.edit.new_text, second.version, second.continues) == ("23", 2, True)


def test_no_more_than_four_edits_a_second() -> None:
    desk, times, now, answer = Desk("«»"), [], 0.0, ""
    while now < 3:
        answer += "word "
        for output in [*desk.writer.show(Region(answer), now), *desk.writer.woke(now)]:
            times.append(now)
            desk.writer.answered(sent([output]).id, True, now)
            desk.becomes(desk.applied(sent([output])), now=now)
        now += 0.01
    assert all(later - earlier >= 0.25 for earlier, later in pairwise(times))
    assert 11 <= len(times) <= 12


@pytest.mark.parametrize("version_comes_first", [True, False])
def test_a_refused_edit_is_made_anew_for_the_next_version(version_comes_first: bool) -> None:
    desk = Desk("x = «»\n")
    first = sent(desk.writer.show(Region("1"), 0))
    if version_comes_first:
        assert desk.becomes("yx = \n", now=0.01) == []
        again = sent(desk.writer.answered(first.id, False, 0.02))
    else:
        assert desk.writer.answered(first.id, False, 0.01) == []
        again = sent(desk.becomes("yx = \n", now=0.02))
    assert (again.edit.span.start, again.edit.new_text, again.version, again.continues) == (5, "1", 2, False)


def test_applied_is_no_proof() -> None:
    desk = Desk("x = «»\n")
    first = sent(desk.writer.finish(Region("1"), 0))
    assert desk.writer.answered(first.id, True, 0.01) == []
    again = sent(desk.becomes("yx = \n", now=0.1))
    assert (again.edit.span.start, again.version) == (5, 2)
    desk.writer.answered(again.id, True, 0.11)
    assert desk.becomes(desk.applied(again), now=0.12) == [Settled(is_proven=True)]
    assert desk.writer.is_over


def test_a_version_from_before_the_answer_may_have_been_on_its_way() -> None:
    desk = Desk("x = «»\n")
    first = sent(desk.writer.show(Region("1"), 0))
    assert desk.becomes("yx = \n", now=0.01) == []
    assert desk.writer.answered(first.id, True, 0.02) == []
    assert desk.writer.wake_at == 0.32
    assert sent(desk.writer.woke(0.32)).version == 2


def test_nothing_heard_after_it_was_applied_counts_until_a_version_says_otherwise() -> None:
    desk = Desk("x = «»\n")
    first = sent(desk.writer.finish(Region("1"), 0))
    desk.writer.answered(first.id, True, 0.01)
    assert desk.writer.wake_at == 0.31
    assert desk.writer.woke(0.31) == [Settled(is_proven=False)]
    assert desk.writer.woke(0.4) == []
    assert not desk.writer.is_over
    again = sent(desk.becomes("yx = \n", now=5))
    assert desk.becomes(desk.applied(again), now=5.1) == [Settled(is_proven=True)]


def test_nothing_more_is_written_to_a_text_that_was_not_shown() -> None:
    desk = Desk("x = «»\n")
    first = sent(desk.writer.show(Region("1"), 0))
    desk.writer.answered(first.id, True, 0.01)
    assert desk.writer.show(Region("12"), 1) == []
    assert desk.writer.finish(Region("12"), 2) == []
    assert desk.writer.woke(20.1) == [Stopped(StopCause.UNCONFIRMED, "", "12", unsure="1")]


def test_an_edit_in_the_region_stops_it() -> None:
    desk = Desk("x = «»\n")
    desk.becomes(desk.applied(sent(desk.writer.show(Region("one"), 0))), now=0)
    assert desk.writer.show(Region("one two"), 0.1) == []
    assert desk.becomes("x = oNe\n", now=0.2) == [Stopped(StopCause.EDITED, "one", " two")]
    assert desk.writer.woke(1) == []


def test_undo_of_the_last_edit_stops_it() -> None:
    desk = Desk("x = «»\n")
    text = desk.applied(sent(desk.writer.show(Region("one"), 0)))
    assert desk.becomes(text, now=0) == []
    assert desk.becomes("x = \n", now=0.2) == [Stopped(StopCause.EDITED, "one", "")]


def test_a_closed_document_stops_it() -> None:
    desk = Desk("x = «»\n")
    desk.writer.show(Region("one"), 0)
    assert desk.writer.closed() == [Stopped(StopCause.CLOSED, "", "one", unsure="one")]
    assert desk.writer.closed() == []


def test_an_editor_that_says_nothing_at_all() -> None:
    desk = Desk("x = «»\n")
    desk.writer.show(Region("one"), 0)
    assert desk.writer.wake_at == 20
    assert desk.writer.woke(20) == [Stopped(StopCause.UNCONFIRMED, "", "one", unsure="one")]


def test_an_editor_that_takes_no_edits() -> None:
    desk = Desk("x = «»\n")
    first = sent(desk.writer.show(Region("one"), 0))
    desk.writer.answered(first.id, False, 1)
    assert desk.writer.woke(21) == [Stopped(StopCause.REFUSED, "", "one")]
    busy = Desk("x = «»\n")
    outputs = busy.writer.show(Region("one"), 0)
    for number in range(30):
        if outputs and isinstance(outputs[0], Stopped):
            break
        busy.writer.answered(sent(outputs).id, False, number)
        outputs = busy.becomes("y" + busy.text, now=number)
    assert outputs == [Stopped(StopCause.REFUSED, "", "one")]
    assert number == 21


def test_an_edit_that_landed_elsewhere_is_noticed() -> None:
    desk = Desk("a\nb«»\nc\n")
    desk.writer.show(Region("12"), 0)
    (stopped,) = desk.becomes("x\na\nb\nc\n", "x\na12\nb\nc\n", now=0.1)
    assert isinstance(stopped, Stopped)
    assert (stopped.cause, stopped.delivered, stopped.rest) == (StopCause.ASTRAY, "", "12")
    assert stopped.undo is not None
    assert (desk.text[stopped.undo.span.start : stopped.undo.span.end], stopped.undo.new_text) == ("12", "")


def test_an_answer_that_is_taken_back_is_replaced() -> None:
    desk = Desk("x = «»\n")
    desk.becomes(desk.applied(sent(desk.writer.show(Region("one two"), 0))), now=0)
    send = sent(desk.writer.finish(Region("one 2!"), 1))
    assert desk.becomes(desk.applied(send), now=1) == [Settled(is_proven=True)]
    assert desk.text == "x = one 2!\n"


def test_a_selection_is_replaced_and_not_if_it_was_changed() -> None:
    desk = Desk("x = «old» + 1\n")
    send = sent(desk.writer.finish(Region("new"), 0))
    assert desk.applied(send) == "x = new + 1\n"
    changed = Desk("x = «old» + 1\n", delivery=Delivery.FINAL)
    assert changed.writer.show(Region("new"), 0) == []
    assert changed.becomes("x = o1d + 1\n", now=1) == [Stopped(StopCause.EDITED, "", "new")]


def test_final_is_one_edit() -> None:
    desk = Desk("x = «»\n", delivery=Delivery.FINAL)
    assert desk.writer.show(Region("on"), 0) == []
    assert sent(desk.writer.finish(Region("one"), 9)).edit.new_text == "one"


def test_a_client_without_versions_gets_one_edit_after_a_quiet_moment_and_loses_nothing() -> None:
    desk = Desk("x = «»\n", versioned=False)
    assert desk.writer.show(Region("one"), 0) == []
    assert desk.becomes("x = \n\n", now=1) == []
    assert desk.writer.finish(Region("one"), 1.2) == []
    assert desk.writer.wake_at == 1.5
    first = sent(desk.writer.woke(1.5))
    desk.writer.answered(first.id, True, 1.6)
    assert desk.becomes("x = \n\n\n", now=1.7) == []
    assert desk.writer.woke(2) == [Stopped(StopCause.UNCONFIRMED, "", "one", unsure="one")]
    selection = Desk("x = «old»\n", versioned=False)
    assert selection.writer.finish(Region("new"), 0) == [Stopped(StopCause.UNVERSIONED, "", "new")]


@pytest.mark.parametrize("after", ["a\r\n1\r\n2b\r\n", "a\r\n1\n2b\r\n"])
def test_line_ends_are_those_of_the_document_and_any_is_recognised(after: str) -> None:
    desk = Desk("a\r\n«»b\r\n")
    send = sent(desk.writer.show(Region("1\n2"), 0))
    assert send.edit.new_text == "1\r\n2"
    assert desk.becomes(after, now=0) == []
    more = sent(desk.writer.finish(Region("1\n2\n3"), 1))
    assert desk.becomes(desk.applied(more), now=1) == [Settled(is_proven=True)]
    assert desk.text.replace("\r\n", "\n") == "a\n1\n2\n3b\n"


_MARK = "<!-- /answer 33caac41ba864ba3ba98b22b29b71c47 -->"
_TOLD_BY_VS_CODE = [
    ((13, 49), "\n\n## You\n"),
    (
        (13, 0),
        "1. one\n2. two\n\n```python\nx = 1\n```\n\nSee [the manual](https://docs.example.com/json) for the rest.\n\n",
    ),
    ((11, 0), "`read` opens **JSON** a file."),
]
"""What it told of one edit, which took two empty lines and that mark away and wrote them again."""


def told_in_parts(desk: Desk) -> list[str]:
    """The texts by way of which VS Code told of the answer."""
    texts = [desk.text]
    for (line, character), new in _TOLD_BY_VS_CODE:
        at = LineIndex(texts[-1]).start_of(line) + character
        texts.append(texts[-1][:at] + new + texts[-1][at:])
    return texts[1:]


@pytest.mark.parametrize(("typed_before", "typed_after"), [("", ""), ("x", ""), ("", "y"), ("x", "y")])
def test_an_edit_that_is_told_of_in_parts(typed_before: str, typed_after: str) -> None:
    """By an editor that gathers its changes, together with what its user has typed meanwhile."""
    desk = Desk("\n" * 11 + f"«\n\n{_MARK}»\n")
    parts = told_in_parts(desk)
    send = sent(desk.writer.finish(Region(parts[-1].strip("\n") + "\n"), 0))
    assert desk.applied(send) == parts[-1]
    before = [typed_before + desk.text] if typed_before else []
    parts = [typed_before + part for part in parts]
    after = [typed_after + parts[-1]] if typed_after else []
    assert desk.becomes(*before, *parts, *after, now=0) == [Settled(is_proven=True)]


def test_an_editor_that_ends_its_last_line() -> None:
    desk = Desk("a\n«»")
    send = sent(desk.writer.show(Region("one"), 0))
    assert desk.becomes(desk.applied(send) + "\n", now=0) == []
    assert sent(desk.writer.show(Region("one two"), 1)).edit.span.start == 5


@pytest.mark.parametrize("first", ["", "on"])
def test_more_of_an_answer_and_more_behind_it_only_add(first: str) -> None:
    desk = Desk("q«»\n")
    desk.becomes(desk.applied(sent(desk.writer.show(Region(first, "\n# A\n", "\n<end>"), 0))), now=0)
    outputs = desk.writer.finish(Region("one", "\n# A\n", "\n<end>\n\n# You"), 1)
    while not isinstance(outputs[0], Settled):
        send = sent(outputs)
        assert send.edit.span.start == send.edit.span.end
        outputs = desk.becomes(desk.applied(send), now=1)
    assert desk.text == "q\n# A\none\n<end>\n\n# You\n"


def test_into_a_chat_document_while_the_next_question_is_typed() -> None:
    text = "---\nagent: A\n---\n\n## You\n\nWhy?\n"
    frame = answer_frame(parse_chat_document(text), "A", "1")
    desk = Desk(text[: frame.place.start] + "«»" + text[frame.place.end :])
    desk.becomes(desk.applied(sent(desk.writer.show(Region("", frame.before, frame.after), 0))), now=0)
    desk.becomes(desk.applied(sent(desk.writer.show(Region("Be", frame.before, frame.after), 1))), now=1)
    desk.becomes(desk.text + "\n## You\nAnd", now=1.1)
    ended = frame.ended(with_next_turn=False)
    send = sent(desk.writer.finish(Region("Because.", frame.before, ended), 2))
    assert desk.becomes(desk.applied(send), now=2) == [Settled(is_proven=True)]
    turns = parse_chat_document(desk.text).turns
    assert [turn.text for turn in turns] == ["Why?", "Because.", "And"]


@pytest.mark.parametrize(
    ("setting", "applies_edits", "versioned", "expected"),
    [
        (None, True, True, Delivery.EDIT),
        ("edit", True, True, Delivery.EDIT),
        ("nonsense", True, True, Delivery.EDIT),
        ("final", True, True, Delivery.FINAL),
        ("notify", True, True, Delivery.NOTIFY),
        (None, True, False, Delivery.FINAL),
        ("edit", True, False, Delivery.FINAL),
        ("edit", False, True, Delivery.EDIT),
        ("edit", False, False, Delivery.FINAL),
        ("final", False, False, Delivery.FINAL),
        ("notify", False, False, Delivery.NOTIFY),
        ("nonsense", False, True, Delivery.NOTIFY),
        (None, False, False, Delivery.NOTIFY),
    ],
)
def test_delivery_is_what_is_set_as_far_as_the_client_can(
    setting: str | None, applies_edits: bool, versioned: bool, expected: Delivery
) -> None:
    assert delivery_for(setting, applies_edits=applies_edits, versioned=versioned) is expected
