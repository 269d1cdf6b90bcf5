"""From a turn's events and its result to a transcript: what real agents seldom send, handed in by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from neovim_session import Neovim

pytestmark = pytest.mark.neovim


@pytest.fixture(scope="module")
def neovim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neovim]:
    """One for all: each test has a conversation of its own."""
    with Neovim(tmp_path_factory.mktemp("neovim")) as running:
        yield running


PLAY = """
local events, result = ...
local conversation = require('dragoman.conversation').new()
local turn = conversation:begin('t', 'Bot')
for _, event in ipairs(events) do
  turn:take(event)
end
turn:finish(result)
turn:finish(result) -- a second end changes nothing
return table.concat(vim.api.nvim_buf_get_lines(conversation.buf, 0, -1, false), '\\n')
"""


def play(neovim: Neovim, *events: dict[str, Any], **result: Any) -> str:
    return neovim.lua(PLAY, events, {"stopReason": "completed", "textLength": 0, **result})


def text(delta: str) -> dict[str, Any]:
    return {"kind": "text", "delta": delta}


def test_lengths_are_counted_in_utf_16(neovim: Neovim) -> None:
    assert play(neovim, text("ä😀\r\n"), textLength=5) == "## Bot\n\nä😀\n"


def test_text_that_got_lost_is_told(neovim: Neovim) -> None:
    told = "⚠ Only 1 of 3 characters have arrived here. Ask again."
    assert play(neovim, text("a"), textLength=3) == f"## Bot\n\na\n\n{told}"


def test_the_text_can_be_replaced(neovim: Neovim) -> None:
    replaced = {"kind": "replaceText", "text": "two\nlines"}
    assert play(neovim, text("one\r"), replaced, text("!"), textLength=10) == "## Bot\n\ntwo\nlines!"


def test_reasoning_that_comes_late_stands_before_the_text(neovim: Neovim) -> None:
    reasoning = {"kind": "reasoning", "delta": "so\nwhat"}
    assert play(neovim, text("yes"), reasoning, text("!"), textLength=4) == "## Bot\n\n> so\n> what\n\nyes!"


def test_notices_and_endings_are_one_line_each(neovim: Neovim) -> None:
    notice = {"kind": "notice", "level": "warning", "code": "x", "message": "mind\nthe gap"}
    shown = play(neovim, notice, stopReason="max_tokens")
    limit = "⚠ The answer ends here because the agent has reached its limit of tokens."
    assert shown == f"## Bot\n\n⚠ mind the gap\n{limit}"


def test_what_a_turn_took_stands_in_the_status_line(neovim: Neovim) -> None:
    def figures(**usage: Any) -> str:
        return neovim.lua("return require('dragoman.turn').figures(...)", {"usage": usage})

    assert figures(total=15, cost=0.001289, currency="USD") == "· 15 tokens · 0.001289 USD"
    assert figures(cost=2.0) == "· cost 2"
    assert figures(input=1) == ""


def test_unknown_kinds_are_let_pass(neovim: Neovim) -> None:
    assert play(neovim, {"kind": "hologram", "delta": 1}, text("a"), textLength=1) == "## Bot\n\na"


def test_a_follow_up_goes_into_the_prompt_and_is_not_sent(neovim: Neovim) -> None:
    neovim.open("app.py", "")
    neovim.keys(":Dragoman chat<CR>")
    neovim.until("return vim.fn.bufname() == 'dragoman://prompt'")
    neovim.lua(
        "local turn = require('dragoman.panel').conversation():begin('t', 'Bot')"
        "turn:finish({ stopReason = 'completed', textLength = 0, followUps = { 'Why?', 'How?' } })"
    )

    neovim.keys("<Esc><C-w>kG2k<CR>")

    neovim.until("return vim.fn.bufname() == 'dragoman://prompt' and vim.fn.getline(1) == 'Why?'")
    assert neovim.transcript == "## Bot\n\n▹ Why?\n▹ How?\n  <CR> takes one into the prompt"
