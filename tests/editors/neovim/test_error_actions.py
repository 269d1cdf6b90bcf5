"""What an error offers is done from the transcript; the server's log is opened."""

from __future__ import annotations

import json

import pytest

from http_agent import JSON, HttpAgent, Reply
from neovim_session import Neovim

pytestmark = pytest.mark.neovim


def ask(neovim: Neovim, url: str) -> str:
    """The transcript of a turn that failed, and the cursor on what it offers."""
    neovim.write_agents({"name": "Bot", "url": url, "connector": {"responseFormat": "$.text"}})
    neovim.open("app.py", "print()\n")
    neovim.keys(":Dragoman chat<CR>?<C-s>")
    neovim.until_transcript("▹ ")
    return neovim.until_idle()


def test_the_agents_file_is_mended(neovim: Neovim) -> None:
    with HttpAgent(Reply(json.dumps({"answer": "yes"}).encode(), headers=JSON)) as http:
        transcript = ask(neovim, http.url)
        assert "▹ Read the text from $.answer: “yes”\n  <CR> does it" in transcript

        neovim.keys("<Esc><C-w>k:call search('▹', 'w')<CR><CR>")

        lines = "return table.concat(vim.fn.getbufline(vim.fn.bufnr('agents.json'), 1, '$'), '\\n')"
        text = neovim.until(f"local text = (function() {lines} end)() return text:find('answer', 1, true) and text")
        (agent,) = json.loads(text)
        assert agent["connector"]["responseFormat"] == "$.answer"


def test_the_agent_is_asked_again_in_its_place(neovim: Neovim) -> None:
    with HttpAgent(Reply(b"", 500), Reply(b'data: {"text": "Here I am."}\n\n')) as http:
        assert "▹ Ask again" in ask(neovim, http.url)

        neovim.keys("<Esc><C-w>k:call search('▹', 'w')<CR><CR>")

        transcript = neovim.until_transcript("Here I am.")
        assert "✕" not in transcript


def test_the_log_is_opened(neovim: Neovim) -> None:
    neovim.open("app.py", "print()\n")
    neovim.keys(":Dragoman log<CR>")
    neovim.until("return vim.fn.expand('%:e') == 'log'")
    assert "the log of process" in neovim.lua("return vim.fn.getline(1)")
