"""The question whether an agent of the workspace may be asked."""

from __future__ import annotations

import json

import pytest

from http_agent import HttpAgent, Reply
from neovim_session import Neovim

pytestmark = pytest.mark.neovim

HELLO = Reply(b'data: {"choices": [{"delta": {"content": "hello"}}]}\n\n')
HOLD = """
vim.ui.select = function(items, options, on_choice)
  _G.question = { items = items, prompt = options.prompt, choose = on_choice }
end
"""
SHOWN = """
for _, win in ipairs(vim.api.nvim_list_wins()) do
  local config = vim.api.nvim_win_get_config(win)
  if config.relative == 'editor' then
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(win), 0, -1, false)
    return { table.concat(lines, '\\n'), config.height, vim.api.nvim_win_text_height(win, {}).all }
  end
end
"""


def test_the_question_is_shown_whole_and_the_answer_counts(unserved: Neovim) -> None:
    unserved.lua(HOLD)
    with HttpAgent(HELLO) as http:
        secret = {"type": "Bearer", "token": "${env:HOME}"}
        unserved.write("agents.json", json.dumps([{"name": "Docs bot", "url": http.url, "auth": secret}]))
        unserved.open("app.py", "print()\n")
        unserved.keys(":Dragoman ask what?<CR>")
        unserved.until("return _G.question ~= nil")
        prompt, items = unserved.lua("return { _G.question.prompt, _G.question.items }")
        text, height, needed = unserved.lua(SHOWN)
        assert prompt == "Allow prompts to “Docs bot”, an agent that comes with this workspace?"
        assert items == ["Allow", "Do not allow"]
        assert f"Address: {http.url}" in text
        assert "Resolved for it: ${env:HOME}" in text
        assert height == needed
        assert http.connections == 0
        unserved.lua("_G.question.choose('Allow')")
        unserved.until_transcript("hello")
    assert unserved.lua(SHOWN) is None


def test_escape_is_not_now(unserved: Neovim) -> None:
    unserved.lua(HOLD)
    with HttpAgent(HELLO) as http:
        unserved.write("agents.json", json.dumps([{"name": "Docs bot", "url": http.url}]))
        unserved.open("app.py", "print()\n")
        unserved.keys(":Dragoman ask what?<CR>")
        unserved.until("return _G.question ~= nil")
        unserved.lua("_G.question.choose(nil)")
        unserved.until_transcript("dragoman trust allow")
        assert http.connections == 0
    assert unserved.lua(SHOWN) is None
