"""What agents should not send, a panel that is closed, and a server that is killed."""

from __future__ import annotations

import os
import signal
from threading import Event

import pytest

from http_agent import HttpAgent
from neovim_session import Neovim
from neovim_turns import agent, layout, start, streamed

pytestmark = pytest.mark.neovim

SCREEN_ROW = """
local pattern = ...
return vim.api.nvim_win_call(vim.fn.bufwinid('dragoman://chat/1'), function()
  vim.cmd.redraw()
  local row = vim.fn.screenpos(0, vim.fn.search(pattern, 'cw'), 1).row
  local function cell(column)
    return vim.fn.screenstring(row, column)
  end
  return table.concat(vim.tbl_map(cell, vim.fn.range(1, vim.o.columns)))
end)
"""


IS_KEPT = """
local response = vim.lsp.get_clients()[1]:request_sync('dragoman/conversations', { query = ... }, 1000)
return response ~= nil and response.result ~= nil and response.result.items[1] ~= nil
"""


def ask(neovim: Neovim, *agents: dict[str, object]) -> None:
    start(neovim, "one\n", *agents)
    neovim.keys(":Dragoman chat Bot<CR>go<C-s>")


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("red \x1b[31mRED\x1b]0;title\x07", "red ^[[31mRED^[]0;title^G"),
        ("red \u202eevil\u202c", "red <202e>evil<202c>"),
    ],
    ids=["ansi", "bidi"],
)
def test_what_would_steer_a_terminal_is_seen_as_characters(neovim: Neovim, sent: str, seen: str) -> None:
    with HttpAgent(streamed(sent)) as http:
        ask(neovim, agent(http))
        neovim.until_transcript("red")
        neovim.until_idle()
    assert sent in neovim.transcript
    assert seen in neovim.lua(SCREEN_ROW, "^red")


def test_one_line_of_a_megabyte(neovim: Neovim) -> None:
    with HttpAgent(streamed("```\n", *(["x" * 65536] * 16), "\n```\nend")) as http:
        ask(neovim, agent(http))
        neovim.until_transcript("\nend")
        neovim.until_idle()
    assert "x" * (1 << 20) in neovim.transcript
    neovim.keys("still here")
    neovim.until("return vim.api.nvim_get_current_line() == 'still here'")


def test_a_fence_that_is_not_closed_ends_with_its_answer(neovim: Neovim) -> None:
    with HttpAgent(streamed("~~~~python\nprint()\n~~~\n```"), streamed("next")) as http:
        ask(neovim, agent(http))
        neovim.until_transcript("```")
        neovim.until_idle()
        neovim.keys("more<C-s>")
        neovim.until_transcript("next")
        assert neovim.until_idle().endswith("print()\n~~~\n```\n~~~~\n\n## You\n\nmore\n\n## Bot\n\nnext")


def test_an_answer_goes_on_behind_a_closed_panel(neovim: Neovim) -> None:
    more = Event()
    with HttpAgent(streamed("first", more, " second")) as http:
        ask(neovim, agent(http))
        neovim.until_transcript("first")
        neovim.keys("<Esc>q")
        neovim.until("return vim.fn.winnr('$') == 1")
        more.set()
        neovim.until_idle()
        assert layout(neovim) == "app.txt"
        neovim.keys(":Dragoman chat<CR>")
        assert neovim.until_transcript("first second") == "## You\n\ngo\n\n## Bot\n\nfirst second"


def test_the_conversation_is_still_there_after_the_server_was_killed(neovim: Neovim) -> None:
    with HttpAgent(streamed("alpha"), streamed("beta")) as http:
        ask(neovim, agent(http))
        neovim.until_transcript("alpha")
        neovim.until_idle()
        neovim.until(IS_KEPT, "alpha")
        os.kill(neovim.servers()[0], signal.SIGKILL)
        neovim.until("return #vim.lsp.get_clients({ name = 'dragoman' }) == 0")
        assert "alpha" in neovim.transcript
        neovim.keys("and then?<C-s>")
        neovim.until_transcript("beta")
        assert [message["content"] for message in http.requests[1].json["messages"]] == ["go", "alpha", "and then?"]
