"""The screen as people see it: the panel beside an agent file, and a chat document. Their pictures are in docs/."""

from __future__ import annotations

from pathlib import Path

import pytest

from http_agent import HttpAgent
from neovim_screen import keep_picture, screen_of
from neovim_session import Neovim
from neovim_turns import agent, streamed

pytestmark = pytest.mark.neovim

QUESTION = "---\nagent: Bot\n---\n\n## You\n\nHow do I reverse a list in Python?\n"
ANSWER = "A slice makes a new list:\n\n```python\nwords[::-1]\n```\n\n`words.reverse()` changes the list itself."
SEND = "vim.lsp.buf.code_action({ apply = true, filter = function(one) return vim.startswith(one.title, 'Send') end })"
PLAIN = "vim.o.laststatus = 0 vim.o.ruler = false vim.o.showcmd = false vim.o.shortmess = 'aF'"
AGENTS = """[
  {
    "name": "Bot",
    "url": "%s",
    "connector": {
      "responseFormat": "$.choices[0].delta.content"
    }
  },
  {
    "name": "Reviewer",
    "url": "https://agents.example.com/review",
    "connector": {
      "responseFormat": "$.choices[0.delta.content"
    },
    "responseAction": "stream"
  }
]
"""


def test_the_panel_beside_an_agent_file(tmp_path: Path) -> None:
    with HttpAgent(streamed(*ANSWER)) as http, Neovim(tmp_path) as neovim:
        neovim.lua(PLAIN + " vim.o.columns = 132 vim.o.lines = 26")
        neovim.lua("vim.diagnostic.config({ virtual_lines = true, signs = true })")
        neovim.open("agents.json", AGENTS % http.url)
        neovim.until("return #vim.diagnostic.get(0) == 2")
        neovim.choose("Allow")
        neovim.keys(":Dragoman chat Bot<CR>How do I reverse a list in Python?<C-s>")
        neovim.until_transcript("changes the list itself.")
        neovim.until_idle()
        screen = screen_of(neovim, 132, 26)
    assert '"stream" must be written "Stream".' in screen.text
    assert "A slice makes a new list:" in screen.text
    keep_picture(screen, "neovim.png")


def test_a_chat_document(tmp_path: Path) -> None:
    with HttpAgent(streamed(*ANSWER)) as http, Neovim(tmp_path) as neovim:
        neovim.lua(PLAIN)
        neovim.write_agents(agent(http))
        neovim.open("lists.chat.md", QUESTION)
        neovim.keys("G")
        neovim.lua(SEND)
        neovim.until("return vim.fn.search('reverse()', 'nw') ~= 0 and vim.fn.search('^conversation', 'nw') ~= 0")
        screen = screen_of(neovim, 90, 30)
    assert "words[::-1]" in screen.text
    keep_picture(screen, "neovim-chat-document.png")
