from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.syntax.chat_document import completable_at, parse_chat_document

TEXT = """---
agent: "Docs bot"  # the one of the team
conversation: 'c-1'
theme: dark
---

## You

Explain @src/app.py#L3-L10 and (@notes.md), please.

```markdown
## You
@not/a/link
```

## Docs bot
<!-- answer 7f -->

## Summary

## You
It reads the file.

```python
print(1)

<!-- /answer 7f -->

*The answer is not complete: it took too long.* <!-- note -->

## You
And `@this` to ada@example.org or @"my file.txt"?
"""


def test_front_matter() -> None:
    front = parse_chat_document(TEXT).front_matter
    assert front is not None
    assert [(entry.key, entry.value) for entry in front.entries] == [
        ("agent", "Docs bot"), ("conversation", "c-1"), ("theme", "dark"),
    ]  # fmt: skip
    assert [TEXT[entry.value_span.start : entry.value_span.end] for entry in front.entries] == [
        '"Docs bot"', "'c-1'", "dark",
    ]  # fmt: skip
    assert TEXT[front.span.start : front.span.end].endswith("---\n")


def test_turns() -> None:
    document = parse_chat_document(TEXT)
    assert [(turn.role, turn.name) for turn in document.turns] == [("user", ""), ("agent", "Docs bot"), ("user", "")]
    question, answer, prompt = document.turns
    assert question.text.startswith("Explain @src")
    assert question.text.endswith("```")
    assert answer.text == "## Summary\n\n## You\nIt reads the file.\n\n```python\nprint(1)"
    assert TEXT[answer.content.start : answer.content.end] == answer.text
    assert (answer.answer_id, answer.note) == ("7f", "The answer is not complete: it took too long.")
    assert document.prompt is prompt
    assert "".join(TEXT[turn.span.start : turn.span.end] for turn in document.turns) == TEXT[TEXT.index("## You") :]


def test_blocks_are_numbered_in_each_answer() -> None:
    answer = "- item\n  ```python extra\n    a\n  b\n  ```\n\n~~~\n```\n~~~\n"
    text = f"## You\nx\n## A\n<!-- answer 1 -->\n{answer}<!-- /answer 1 -->\n"
    blocks = parse_chat_document(text).turns[-1].blocks
    assert [(one.number, one.language, one.text) for one in blocks] == [(1, "python", "  a\nb\n"), (2, "", "```\n")]
    assert text[blocks[0].span.start : blocks[0].span.end].startswith("  ```python extra")
    assert text[blocks[1].content.start : blocks[1].content.end] == "```\n"
    assert [block.is_closed for block in blocks] == [True, True]
    assert not parse_chat_document(TEXT).turns[1].blocks[0].is_closed


def test_links() -> None:
    question, _, prompt = parse_chat_document(TEXT).turns
    assert [(link.path, link.lines) for link in question.links] == [("src/app.py", (3, 10)), ("notes.md", None)]
    assert TEXT[question.links[0].span.start : question.links[0].span.end] == "@src/app.py#L3-L10"
    assert TEXT[question.links[1].path_span.start : question.links[1].path_span.end] == "notes.md"
    assert [link.path for link in prompt.links] == ["my file.txt"]
    backwards = parse_chat_document("@a#L9-3 @b#L0 @c#L" + "9" * 12).turns[0]
    assert [(link.path, link.lines) for link in backwards.links][:2] == [("a", (9, 9)), ("b", (1, 1))]


def test_a_question_needs_no_heading() -> None:
    assert [turn.text for turn in parse_chat_document("why?\n").turns] == ["why?"]
    behind = parse_chat_document("## You\na\n## B\n<!-- answer 1 -->\nb\n<!-- /answer 1 -->\n\nand then?\n")
    assert [(turn.role, turn.text) for turn in behind.turns] == [("user", "a"), ("agent", "b"), ("user", "and then?")]
    assert behind.prompt is behind.turns[-1]


def test_documents_without_marks_are_read_by_their_headings() -> None:
    document = parse_chat_document("---\nagent: bot\n---\n## you ##\na\n## Bot\nb\n## Other\nc\n## You\n\n")
    assert [turn.role for turn in document.turns] == ["user", "agent", "user"]
    assert [turn.text for turn in document.turns] == ["a", "b\n## Other\nc", ""]
    assert document.prompt is None


def test_a_formatter_may_part_a_heading_from_its_mark() -> None:
    document = parse_chat_document("## You\n\na\n\n## B\n\n<!-- answer 1 -->\n\n## You\n\n<!-- /answer 1 -->\n")
    assert [(turn.role, turn.text) for turn in document.turns] == [("user", "a"), ("agent", "## You")]


def test_an_answer_that_has_lost_its_closing_mark_ends_at_the_next_question() -> None:
    document = parse_chat_document("## You\na\n## B\n<!-- answer 1 -->\nb\n\n## You\nc\n")
    assert [(turn.role, turn.text) for turn in document.turns] == [("user", "a"), ("agent", "b"), ("user", "c")]


PARTS = st.sampled_from([
    "---", "---\n", "agent: x", "agent:", "\n", "\r\n", "\r", "## You", "## x", "## ", "##", "<!-- answer 1 -->",
    "<!-- /answer 1 -->", "<!-- /answer 2 -->", "*n* <!-- note -->", "```", "~~~~", "`", "``", "@", '@"', "@a", "#L1-L",
    "#L2", " ", "\t", "\ufeff", '"', "\\", "'", "\x00", "\u2028", "\ud800", "😀", "text",
])  # fmt: skip


@given(st.lists(PARTS | st.text(max_size=4), max_size=40).map("".join))
@settings(max_examples=500)
def test_any_text_is_a_chat_document(text: str) -> None:
    document = parse_chat_document(text)
    end = document.front_matter.span.end if document.front_matter else 0
    for turn in document.turns:
        assert end <= turn.span.start <= turn.content.start <= turn.content.end <= turn.span.end
        assert not text[end : turn.span.start].strip() or turn is not document.turns[0]
        end = turn.span.end
        for part in (*turn.blocks, *turn.links):
            assert turn.content.start <= part.span.start < part.span.end <= turn.content.end
    assert not document.turns or end == len(text)
    for offset in range(len(text) + 1):
        place = completable_at(document, offset)
        assert place is None or (place.span.start <= offset <= place.span.end and text[:offset].endswith(place.typed))
