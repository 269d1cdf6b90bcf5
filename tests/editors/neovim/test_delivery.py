"""Where answers go in Neovim: edits that the server makes, with the client and with none."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from http_agent import HttpAgent, Reply
from neovim_session import Neovim

pytestmark = pytest.mark.neovim

CODE = "first\nzweite ä😀é\nthird\n"
LINES = "vim.api.nvim_buf_get_lines(select(1, ...), 0, -1, true)"
ANSWER = "Here it is:\n\n```\nneu 🦜\n```\n"


@pytest.fixture
def http() -> Iterator[HttpAgent]:
    pieces = [{"choices": [{"delta": {"content": ANSWER[at : at + 3]}}]} for at in range(0, len(ANSWER), 3)]
    body = b"".join(b"data: " + json.dumps(piece).encode() + b"\n\n" for piece in pieces)
    with HttpAgent(Reply(body)) as agent:
        yield agent


@pytest.mark.parametrize(
    ("interactive", "text"),
    [
        ("ReplaceSelection", "first\nneu 🦜\nthird\n"),
        ("InsertBeforeSelection", "first\nneu 🦜\nzweite ä😀é\nthird\n"),
        ("AppendCursorStream", "first\nzweite ä😀éneu 🦜\nthird\n"),
        ("ReplaceCurrentFile", "neu 🦜\n"),
    ],
)
def test_a_code_action_puts_the_answer_where_its_agent_wants_it(
    neovim: Neovim, http: HttpAgent, interactive: str, text: str
) -> None:
    connector = {"responseFormat": "$.choices[0].delta.content"}
    neovim.write_agents({"name": "Docs bot", "url": http.url, "connector": connector, "interactive": interactive})
    neovim.open("app.txt", CODE)
    neovim.until("return require('dragoman.agents').names(vim.lsp.get_clients()[1])[1]")
    buffer = neovim.lua("return vim.api.nvim_get_current_buf()")
    neovim.choose("Ask Docs bot: fix")
    neovim.keys("2GV")
    neovim.until("return vim.fn.mode() == 'V'")

    neovim.lua("vim.lsp.buf.code_action()")

    lines = text.removesuffix("\n").split("\n")
    neovim.until(f"return vim.deep_equal({LINES}, select(2, ...))", buffer, lines)
    neovim.lua("vim.api.nvim_buf_call(select(1, ...), function() vim.cmd('silent undo') end)", buffer)
    undone = neovim.lua(f"return {LINES}", buffer)
    assert "\n".join(undone) + "\n" == CODE, "one step of undo"
