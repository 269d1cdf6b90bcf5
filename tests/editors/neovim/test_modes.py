"""Where answers go in Neovim: the 11 modes and the 6 actions, each from a question to what is seen."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from http_agent import HttpAgent
from neovim_session import Neovim
from neovim_turns import PROMPT, agent, ask_about_line, layout, lines, start, streamed, until_lines, until_told

pytestmark = pytest.mark.neovim

TEXT = "first\nzweite ä😀é\nthird\n"
ANSWER = "Here it is:\n\n```\nneu 🦜\n```\n"
FILE_AND_PANEL = ["app.txt", ["col", "1", "prompt"]]


def shown_in_panel(neovim: Neovim) -> None:
    assert "neu 🦜" in neovim.until_transcript("neu 🦜\n```")
    neovim.until_idle()
    assert layout(neovim) == ["row", *FILE_AND_PANEL]


def shown_at_the_bottom(neovim: Neovim) -> None:
    neovim.until("return vim.fn.winlayout()[1] == 'col'")
    neovim.until_transcript("neu 🦜\n```")
    assert layout(neovim) == ["col", "app.txt", "1", "prompt"]


def text_is(text: str) -> Callable[[Neovim], None]:
    return lambda neovim: until_lines(neovim, text)


def filed(neovim: Neovim) -> None:
    until_lines(neovim, "neu 🦜", "output-")
    (made,) = neovim.workspace.glob("output-*")
    assert made.suffix == ".txt"


def copied(neovim: Neovim) -> None:
    neovim.until("return vim.fn.getreg('\"') == 'neu 🦜'")
    until_told(neovim, "The answer of Bot is in register")


def compared(neovim: Neovim) -> None:
    neovim.until("return vim.fn.bufexists('dragoman://diff/1') == 1")
    until_lines(neovim, "first\nneu 🦜\nthird", "dragoman://diff/1")
    neovim.until("return vim.wo[vim.fn.bufwinid('dragoman://diff/1')].winbar:find('proposes') ~= nil")
    assert lines(neovim) == TEXT.removesuffix("\n"), "nothing is changed before it is accepted"
    neovim.keys(":Dragoman accept<CR>")
    until_lines(neovim, "first\nneu 🦜\nthird")


MODES = {
    "ChatPanel": shown_in_panel,
    "RightPanel": shown_in_panel,
    "RunPanel": shown_at_the_bottom,
    "AppendCursor": text_is("first\nzweite ä😀éneu 🦜\nthird"),
    "AppendCursorStream": text_is("first\nzweite ä😀éneu 🦜\nthird"),
    "InsertBeforeSelection": text_is("first\nneu 🦜\nzweite ä😀é\nthird"),
    "ReplaceSelection": text_is("first\nneu 🦜\nthird"),
    "ReplaceCurrentFile": text_is("neu 🦜"),
    "OutputFile": filed,
    "OnPaste": copied,
    "StreamDiff": compared,
}


@pytest.mark.parametrize(("mode", "check"), MODES.items(), ids=MODES)
def test_a_mode(neovim: Neovim, mode: str, check: Callable[[Neovim], None]) -> None:
    with HttpAgent(streamed(*ANSWER)) as http:
        start(neovim, TEXT, agent(http, mode))
        ask_about_line(neovim, 2)
        check(neovim)
        neovim.until_idle()
    if lines(neovim) != TEXT.removesuffix("\n"):
        neovim.lua("vim.api.nvim_buf_call(vim.fn.bufnr('app.txt'), function() vim.cmd('silent undo') end)")
        assert lines(neovim) == TEXT.removesuffix("\n"), "one step of undo"


def prompt_is(text: str) -> Callable[[Neovim], None]:
    return lambda neovim: until_lines(neovim, text, PROMPT)


def opened_as_page(neovim: Neovim) -> None:
    page = neovim.until("return _G.opened")
    assert page.endswith(".html")


def reviewed(neovim: Neovim) -> None:
    neovim.until("return _G.shown_choices[1] ~= nil")
    assert neovim.choices() == [["Apply", "Do not apply"]]


def shown_as_json(neovim: Neovim) -> None:
    neovim.until("return vim.fn.bufnr('.json') ~= -1")
    (delta,) = json.loads(lines(neovim, ".json"))["choices"]
    assert delta["delta"]["content"] == "}", "without a transition, the last document of the response"


ACTIONS = {
    "Direct": (ANSWER, shown_in_panel),
    "Stream": (ANSWER, shown_in_panel),
    "TextChunk": ("Ask *this*\ninstead.", prompt_is("Ask *this*\ninstead.")),
    "WebView": ("<h1>Hi</h1>", opened_as_page),
    "DevIns": ("/write:new.txt\n```\nhello\n```\n", reviewed),
    "Flow": ('{"path": "x"}', shown_as_json),
}


@pytest.mark.parametrize(("action", "answer", "check"), [(name, *row) for name, row in ACTIONS.items()], ids=ACTIONS)
def test_an_action(neovim: Neovim, action: str, answer: str, check: Callable[[Neovim], None]) -> None:
    with HttpAgent(streamed(*answer)) as http:
        start(neovim, TEXT, agent(http, action=action))
        neovim.choose("Do not apply")
        neovim.lua(
            "vim.ui.open = function(path) _G.opened = path return { wait = function() return { code = 0 } end } end"
        )
        ask_about_line(neovim, 2)
        check(neovim)
    assert lines(neovim) == TEXT.removesuffix("\n")
