from __future__ import annotations

import pytest

from dragoman.syntax.chat_document import AgentValue, FileLink, TurnHeading, completable_at, parse_chat_document


@pytest.mark.parametrize(
    ("marked", "kind", "typed", "replaced"),
    [
        ("---\nagent: Do$0cs bot \n---\n", AgentValue, "Do", "Docs bot"),
        ("---\nagent:$0\n---\n", AgentValue, "", ""),
        ("---\nagent: $0\n---\n", AgentValue, "", ""),
        ("see @src/a$0pp.py now", FileLink, "src/a", "src/app.py"),
        ("see @$0", FileLink, "", ""),
        ('see @"my f$0ile" now', FileLink, "my f", '"my file"'),
        ("## You\n(@a$0", FileLink, "a", "a"),
        ("## Yo$0", TurnHeading, "Yo", "## Yo"),
        ("a\n\n#$0", TurnHeading, "", "#"),
    ],
)
def test_what_can_be_completed(marked: str, kind: type, typed: str, replaced: str) -> None:
    offset, text = marked.index("$0"), marked.replace("$0", "")
    place = completable_at(parse_chat_document(text), offset)
    assert isinstance(place, kind)
    assert (place.typed, text[place.span.start : place.span.end]) == (typed, replaced)


@pytest.mark.parametrize(
    "marked",
    [
        "---\ntheme: d$0\n---\n",
        "---\nage$0nt: a\n---\n",
        "mail ada@ex$0ample.org",
        "```\n@a$0\n```\n",
        "```\n## Y$0\n",
        "## You\nx\n## A\n<!-- answer 1 -->\n@a$0\n<!-- /answer 1 -->\n",
        "### $0",
        "plain $0",
    ],
)
def test_where_there_is_nothing_to_complete(marked: str) -> None:
    offset, text = marked.index("$0"), marked.replace("$0", "")
    assert completable_at(parse_chat_document(text), offset) is None
