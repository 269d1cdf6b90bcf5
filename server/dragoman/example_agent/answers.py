"""What the example agent says, and the phrases that make it misbehave. Pure text, the same for every kind of agent."""

from __future__ import annotations

import re
from enum import StrEnum

from dragoman.example_agent.exchange import Refusal

_QUOTED_CHARACTERS = 280
_TOKEN = re.compile(r"\s*\S{1,12}|\s+")


class Wish(StrEnum):
    """A phrase that changes how the prompt is answered, wherever it stands in the prompt, in any case."""

    FAIL_HALFWAY = "please fail halfway"
    FAIL = "please fail"
    USAGE_LIMIT = "usage limit"
    CUT = "please cut"
    SLOW = "please slow down"


WISHES = {
    Wish.FAIL: "answers with an HTTP error, 500",
    Wish.FAIL_HALFWAY: "sends half an answer, then this kind of agent's own error event",
    Wish.CUT: "sends half an answer, then drops the connection",
    Wish.USAGE_LIMIT: "answers as an agent whose quota is used up, 402",
    Wish.SLOW: "takes ten times as long for every word",
}
"""What each phrase does, for people."""


def wish_in(prompt: str) -> Wish | None:
    """The first of `Wish` that `prompt` holds."""
    lowered = prompt.lower()
    return next((wish for wish in Wish if wish in lowered), None)


def refuse_on_demand(wish: Wish | None) -> None:
    """Raise the `Refusal` that the prompt asked for, if it asked for one."""
    if wish is Wish.FAIL:
        raise Refusal(500, f"This is the error you asked for by saying “{wish}”.")
    if wish is Wish.USAGE_LIMIT:
        raise Refusal(402, f"The usage limit is reached, as you said “{wish}”.")


def compose(prompt: str, turn: int, how_read: str) -> str:
    """The answer to `prompt`, in Markdown; `how_read` is the paragraph about the way it travels."""
    return (
        f"You asked:\n\n{_quoted(prompt)}\n\n"
        f"This is turn {turn} of our conversation. {how_read}\n\n"
        "I am only an example: no model stands behind me, so this is all I know."
    )


def tokens(text: str) -> list[str]:
    """`text` in small pieces, as a model would send it; joined they are `text` again."""
    return _TOKEN.findall(text)


def _quoted(prompt: str) -> str:
    shown = prompt.strip()
    if len(shown) > _QUOTED_CHARACTERS:
        shown = shown[:_QUOTED_CHARACTERS].rstrip() + " …"
    return "\n".join(f"> {line}".rstrip() for line in shown.splitlines() or ["(nothing)"])
