from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from dragoman.syntax.chat_document import (
    ChatDocument,
    add_prompt_heading,
    answer_frame,
    append_to_answer,
    begin_answer,
    mark_incomplete,
    new_chat_document,
    parse_chat_document,
    set_front_matter,
)
from dragoman.syntax.text import TextEdit


def applied(document: ChatDocument, edit: TextEdit | None) -> ChatDocument:
    assert edit is not None
    text = document.text
    return parse_chat_document(text[: edit.span.start] + edit.new_text + text[edit.span.end :])


def test_a_whole_conversation() -> None:
    document = parse_chat_document(new_chat_document("Docs bot") + "Why?\n")
    document = applied(document, set_front_matter(document, "conversation", "c-1"))
    document = applied(document, begin_answer(document, "Docs bot", "1"))
    document = applied(document, append_to_answer(document, "1", "Because."))
    document = applied(document, append_to_answer(document, "1", "\n\nReally."))
    document = applied(document, mark_incomplete(document, "1", "It was stopped."))
    document = applied(document, add_prompt_heading(document))
    assert document.text == (
        "---\nagent: Docs bot\nconversation: c-1\n---\n\n## You\n\nWhy?\n\n"
        "## Docs bot\n<!-- answer 1 -->\n\nBecause.\n\nReally.\n\n<!-- /answer 1 -->\n\n"
        "*It was stopped.* <!-- note -->\n\n## You\n\n"
    )
    assert [turn.text for turn in document.turns] == ["Why?", "Because.\n\nReally.", ""]
    assert document.turns[1].note == "It was stopped."
    assert add_prompt_heading(document) is None
    assert set_front_matter(document, "conversation", "c-1") is None
    assert append_to_answer(document, "2", "x") is None


def test_a_frame_says_what_an_answer_ends_in() -> None:
    frame = answer_frame(parse_chat_document("## You\nWhy?"), "A", "1")
    assert frame.before + "Because." + frame.ended("Not all.") == (
        "\n\n## A\n<!-- answer 1 -->\n\nBecause.\n\n<!-- /answer 1 -->\n\n*Not all.* <!-- note -->\n\n## You\n"
    )
    assert frame.ended(with_next_turn=False) == frame.after


def test_a_fence_left_open_in_a_question_is_closed_before_the_answer() -> None:
    document = parse_chat_document("## You\nWhy?\n~~~~py\nx = 1\n")
    document = applied(document, begin_answer(document, "A", "1"))
    assert [turn.role for turn in document.turns] == ["user", "agent"]
    assert document.turns[0].text == "Why?\n~~~~py\nx = 1\n\n~~~~"


def test_line_ends_are_those_of_the_document() -> None:
    document = parse_chat_document("## You\r\n\r\nWhy?\r\n")
    document = applied(document, begin_answer(document, "A", "1"))
    document = applied(document, append_to_answer(document, "1", "a\nb"))
    assert document.text.count("\n") == document.text.count("\r\n")
    assert document.turns[-1].text == "a\r\nb"


def test_front_matter_is_made_where_there_is_none() -> None:
    document = parse_chat_document("Why?\n")
    document = applied(document, set_front_matter(document, "agent", "a: b"))
    assert document.text == '---\nagent: "a: b"\n---\n\nWhy?\n'
    document = applied(document, set_front_matter(document, "agent", "c"))
    assert document.text == "---\nagent: c\n---\n\nWhy?\n"
    empty = parse_chat_document("---\nagent:\n---\n")
    assert applied(empty, set_front_matter(empty, "agent", "x")).text == "---\nagent: x\n---\n"


@given(st.text(alphabet=st.characters(exclude_characters="\r\n"), max_size=12))
@example('"')
@example("- x # y: 'z' \\")
def test_any_name_of_an_agent_comes_back(name: str) -> None:
    assert parse_chat_document(new_chat_document(name)).agent == " ".join(name.split())


_LINES = st.sampled_from(["text", "## You", "## A", "```", "````py", "~~~", "", "  - x", "<!-- answer 2 -->", "@a.py"])
_PROSE = st.lists(_LINES, max_size=8).map("\n".join)


@given(st.lists(st.tuples(_PROSE, _PROSE), max_size=4), st.sampled_from(["", "\n", "\n\n"]))
def test_what_is_written_is_read_again(turns: list[tuple[str, str]], end: str) -> None:
    """Whatever an agent says stands in its own answer; what was there before is as it was."""
    document = parse_chat_document("---\nagent: A\n---\n")
    answers: list[str] = []
    for number, (prompt, answer) in enumerate(turns):
        document = parse_chat_document(document.text + ("" if number else "\n## You\n") + prompt + end)
        before = len(document.turns)
        frame = answer_frame(document, "A", f"id-{number}")
        edit = TextEdit(frame.place, frame.before + answer + frame.ended("stopped" if number % 2 else ""))
        document = applied(document, edit)
        assert [turn.role for turn in document.turns[before:]] == ["agent", "user"]
        answers.append("\n".join(line for line in answer.split("\n")).strip("\n"))
        found = document.answer(f"id-{number}")
        assert found is not None
        assert found.note == ("stopped" if number % 2 else None)
    assert [document.answer(f"id-{number}").text for number in range(len(turns))] == answers  # pyright: ignore
