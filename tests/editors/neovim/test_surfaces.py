"""The places where the client itself shows an answer: what happens to the user's own windows, drafts and text."""

from __future__ import annotations

import os
import signal
from threading import Event

import pytest

from http_agent import HttpAgent
from neovim_session import Neovim
from neovim_turns import PROMPT, agent, ask_about_line, layout, lines, start, streamed, until_lines, until_told

pytestmark = pytest.mark.neovim

TEXT = "one\ntwo\nthree\n"
DIFF = "dragoman://diff/1"
WINBAR = "return vim.wo[vim.fn.bufwinid('dragoman://diff/1')].winbar:find(..., 1, true) ~= nil"


def open_diff(neovim: Neovim, http: HttpAgent) -> None:
    start(neovim, TEXT, agent(http, "StreamDiff"))
    ask_about_line(neovim, 2)
    neovim.until("return vim.fn.bufexists('dragoman://diff/1') == 1")


def test_the_surfaces_are_told_to_the_server(neovim: Neovim) -> None:
    neovim.open("app.txt", TEXT)
    said = neovim.lua("return vim.lsp.get_clients()[1].config.capabilities.experimental.dragoman.surfaces")
    assert said == ["chatPanel", "clipboard", "diff", "input", "rightPanel", "runPanel"]


def test_a_panel_moves_to_where_the_answer_wants_it_and_the_cursor_stays_in_it(neovim: Neovim) -> None:
    with HttpAgent(streamed("hello")) as http:
        start(neovim, TEXT, agent(http, "RunPanel"))
        neovim.keys(":Dragoman chat<CR>go<C-s>more")
        neovim.until_transcript("hello")
        neovim.until_idle()
        neovim.until("return vim.fn.winlayout()[1] == 'col'")
        neovim.keys(" text")
        until_lines(neovim, "more text", PROMPT)


def test_floating_windows(neovim: Neovim) -> None:
    neovim.lua("require('dragoman').setup({ panel = { position = 'float', width = 50 } })")
    with HttpAgent(streamed("hello")) as http:
        start(neovim, TEXT, agent(http))
        neovim.keys(":Dragoman chat<CR>go<C-s>")
        neovim.until_transcript("hello")
        neovim.until_idle()
        assert layout(neovim) == "app.txt"
        neovim.keys("<Esc>q")
        neovim.until("return vim.fn.winnr('$') == 1")


def test_an_answer_that_goes_elsewhere_opens_no_window(neovim: Neovim) -> None:
    more = Event()
    with HttpAgent(streamed("x", more, "y")) as http:
        start(neovim, TEXT, agent(http, "AppendCursorStream"))
        neovim.choose("Ask Bot: explain")
        neovim.lua("vim.lsp.buf.code_action({ range = { start = { 2, 0 }, ['end'] = { 2, 3 } } })")
        until_lines(neovim, "one\ntwox\nthree")
        assert layout(neovim) == "app.txt"
        neovim.until("return require('dragoman').status() == 'Bot · streaming'")
        more.set()
        until_lines(neovim, "one\ntwoxy\nthree")
        assert neovim.until_idle() == ""
        neovim.keys(":Dragoman chat<CR>")
        assert "xy" in neovim.until_transcript("xy")


def test_an_error_that_nobody_sees_is_told(neovim: Neovim) -> None:
    start(neovim, TEXT, {"name": "Bot", "url": "http://127.0.0.1:1/", "interactive": "AppendCursor"})
    neovim.choose("Ask Bot: explain")
    neovim.lua("vim.lsp.buf.code_action({ range = { start = { 2, 0 }, ['end'] = { 2, 3 } } })")
    until_told(neovim, "127.0.0.1")


def test_a_proposed_prompt_does_not_write_over_a_draft(neovim: Neovim) -> None:
    answering = Event()
    with HttpAgent(streamed(answering, "ask\r\nthis")) as http:
        start(neovim, TEXT, agent(http, action="TextChunk"))
        neovim.keys(":Dragoman chat<CR>go<C-s>my draft")
        until_lines(neovim, "my draft", PROMPT)
        answering.set()
        until_lines(neovim, "my draft\n\nask\nthis", PROMPT)


def test_what_is_copied_keeps_its_lines_and_characters(neovim: Neovim) -> None:
    with HttpAgent(streamed("a\x00b\nä🦜\n")) as http:
        start(neovim, TEXT, agent(http, "OnPaste"))
        ask_about_line(neovim, 1)
        neovim.until("return vim.fn.getreg('\"', 1, true)[2] == 'ä🦜'")
        neovim.keys("<Esc>Gp")
        neovim.until("return vim.fn.line('$') == 5")
        assert lines(neovim).split("\n")[3:] == ["a\x00b", "ä🦜"]


def test_a_diff_grows_and_is_one_undo_step(neovim: Neovim) -> None:
    more, last = Event(), Event()
    with HttpAgent(streamed("zwei", more, "\nzweieinhalb", last, "!")) as http:
        open_diff(neovim, http)
        until_lines(neovim, "one\nzwei\nthree", DIFF)
        assert neovim.lua(WINBAR, "Bot · streaming")
        neovim.keys(":Dragoman accept<CR>")
        until_told(neovim, "Bot still answers.")
        neovim.keys("ggOzero<Esc>")
        more.set()
        until_lines(neovim, "zero\none\nzwei\nzweieinhalb\nthree", DIFF)
        last.set()
        neovim.until(WINBAR, "Bot proposes")
        assert lines(neovim) == "zero\none\ntwo\nthree"
        neovim.keys(":call win_gotoid(bufwinid('dragoman://diff/1'))<CR><CR>")
        until_lines(neovim, "zero\none\nzwei\nzweieinhalb!\nthree")
    neovim.until("return vim.fn.bufexists('dragoman://diff/1') == 0")
    assert neovim.lua("return vim.wo[vim.fn.bufwinid('app.txt')].diff") is False
    neovim.lua("vim.api.nvim_buf_call(vim.fn.bufnr('app.txt'), function() vim.cmd('silent undo') end)")
    assert lines(neovim) == "zero\none\ntwo\nthree"


@pytest.mark.parametrize("how", [":Dragoman reject<CR>", ":call win_gotoid(bufwinid('dragoman://diff/1'))<CR>q"])
def test_a_diff_is_rejected(neovim: Neovim, how: str) -> None:
    with HttpAgent(streamed("zwei")) as http:
        open_diff(neovim, http)
        neovim.until(WINBAR, "Bot proposes")
        neovim.keys(how)
        neovim.until("return vim.fn.bufexists('dragoman://diff/1') == 0")
        neovim.until_idle()
    assert lines(neovim) == "one\ntwo\nthree"


def test_closing_a_diff_that_grows_rejects_it(neovim: Neovim) -> None:
    more = Event()
    with HttpAgent(streamed("zwei", more, "\n")) as http:
        open_diff(neovim, http)
        neovim.keys(":call win_gotoid(bufwinid('dragoman://diff/1'))<CR>:quit<CR>")
        neovim.until("return vim.fn.bufexists('dragoman://diff/1') == 0")
        more.set()
        neovim.until_idle()
    assert lines(neovim) == "one\ntwo\nthree"
    assert neovim.lua("return vim.wo[vim.fn.bufwinid('app.txt')].diff") is False


def test_what_was_typed_there_meanwhile_is_not_written_over(neovim: Neovim) -> None:
    with HttpAgent(streamed("zwei")) as http:
        open_diff(neovim, http)
        neovim.until(WINBAR, "Bot proposes")
        neovim.keys("2Glrh<Esc>")
        until_lines(neovim, "one\ntho\nthree")
        neovim.keys(":Dragoman accept<CR>")
        neovim.until("return vim.fn.execute('messages'):find('has been changed meanwhile', 1, true) ~= nil")
    assert lines(neovim) == "one\ntho\nthree"
    assert neovim.transcript.endswith("zwei")


def test_a_diff_is_taken_away_when_the_answer_is_stopped_or_the_server_dies(neovim: Neovim) -> None:
    gone = "return vim.fn.bufexists('dragoman://diff/' .. ...) == 0 and not vim.wo[vim.fn.bufwinid('app.txt')].diff"
    with HttpAgent(streamed("zwei", Event())) as http:
        open_diff(neovim, http)
        neovim.keys(":Dragoman stop<CR>")
        neovim.until(gone, 1)
        neovim.until_idle()
        ask_about_line(neovim, 2)
        neovim.until("return vim.fn.bufexists('dragoman://diff/2') == 1")
        os.kill(neovim.servers()[0], signal.SIGKILL)
        neovim.until(gone, 2)
    assert lines(neovim) == "one\ntwo\nthree"
