"""Conversations as Markdown and JSON files."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman.chat.events import Source, Usage
from dragoman.chat.history.export import as_json, as_markdown, export
from dragoman.chat.history.kept import KeptConversation, KeptTurn

AT = datetime(2026, 1, 31, 12, 0, 0, 5000, UTC)
TURN = KeptTurn(
    id="t",
    agent="a",
    prompt="Why?",
    text="So.",
    reasoning="",
    sources=(),
    usage=None,
    stop_reason="completed",
    incomplete=False,
    error_code=None,
    error_message=None,
    began=AT,
)
CONVERSATION = KeptConversation("c", "Why?", "", AT, AT, (TURN,))


def of(**changes: object) -> KeptConversation:
    return replace(CONVERSATION, turns=(replace(TURN, **changes),))


def test_markdown() -> None:
    assert (
        as_markdown(CONVERSATION)
        == """\
# Why?

2026-01-31T12:00:00.005Z

## You

```markdown
Why?
```

## a

```markdown
So.
```
"""
    )


def test_all_that_a_turn_can_have() -> None:
    conversation = of(
        reasoning="First …",
        sources=(Source("A [b](c)", "https://x.test/a"), Source(None, "javascript:alert(1)"), Source(excerpt="<b>")),
        error_message="It *broke* off.",
        incomplete=True,
    )
    assert """\
## a

Reasoning:

```markdown
First …
```

```markdown
So.
```

- A \\[b\\]\\(c\\) <https://x.test/a>
- javascript:alert\\(1\\)
- \\<b\\>

**It \\*broke\\* off\\.**

*The answer is not complete.*
""" in as_markdown(conversation)


@pytest.mark.parametrize("text", ["```\ncode\n```", "````", "a ``` b", "``````\n<script>\n", "~~~", "\n```"])
def test_nothing_gets_out_of_its_fence(text: str) -> None:
    lines = as_markdown(of(text=text)).splitlines()
    opening = next(line for line in lines[lines.index("## a") :] if line.endswith("`markdown"))
    fence = opening.removesuffix("markdown")
    assert fence not in text
    assert lines[-1] == fence


def test_a_title_is_one_line_of_plain_text() -> None:
    title = replace(CONVERSATION, title="a\n# b <i> ![x](y)")
    assert as_markdown(title).splitlines()[0] == r"# a \# b \<i\> \!\[x\]\(y\)"


def test_json() -> None:
    conversation = of(
        reasoning="r",
        sources=(Source("T", None, "e"),),
        usage=Usage(output=3),
        stop_reason="error",
        incomplete=True,
        error_code="auth",
        error_message="Set the token.",
    )
    assert as_json(replace(conversation, workspace="/work")) == {
        "conversationId": "c",
        "title": "Why?",
        "workspace": "file:///work",
        "created": "2026-01-31T12:00:00.005Z",
        "updated": "2026-01-31T12:00:00.005Z",
        "headTurnId": "t",
        "turns": [
            {
                "turnId": "t",
                "agent": "a",
                "prompt": "Why?",
                "text": "So.",
                "reasoning": "r",
                "sources": [{"title": "T", "excerpt": "e"}],
                "usage": {"output": 3},
                "stopReason": "error",
                "incomplete": True,
                "error": {"code": "auth", "message": "Set the token."},
                "at": "2026-01-31T12:00:00.005Z",
            }
        ],
    }


@pytest.mark.parametrize(
    ("id_", "title", "name"),
    [
        ("c", "Why?", "Why-2e7d2c03.md"),
        ("../../c", "/etc/passwd", "etc-passwd-c91a925b.md"),
        ("c", "..", "conversation-2e7d2c03.md"),
        ("c", "x" * 200, f"{'x' * 40}-2e7d2c03.md"),
        ("c", "你好", "你好-2e7d2c03.md"),
    ],
)
def test_the_file_is_in_its_folder_and_for_its_owner(tmp_path: Path, id_: str, title: str, name: str) -> None:
    folder = tmp_path / "exports"
    path = export(replace(CONVERSATION, id=id_, title=title), "markdown", folder)
    assert path.name == name
    assert [*folder.iterdir()] == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_exporting_again_replaces_the_file_and_follows_no_link(tmp_path: Path) -> None:
    path = export(CONVERSATION, "json", tmp_path)
    path.unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    path.symlink_to(elsewhere)
    assert export(of(text="New."), "json", tmp_path) == path
    assert json.loads(path.read_text("utf-8"))["turns"][0]["text"] == "New."
    assert elsewhere.read_text() == "mine"
