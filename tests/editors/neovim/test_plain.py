"""A Neovim without our plugin: `vim.lsp.start` alone. Questions and answers are an ordinary buffer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from http_agent import HttpAgent, Reply
from neovim_session import Neovim

ACTION = """
local wanted = ...
vim.lsp.buf.code_action({ apply = true, filter = function(action) return vim.startswith(action.title, wanted) end })
"""

TYPES_FIRST = """
local apply = vim.lsp.handlers['workspace/applyEdit']
vim.lsp.handlers['workspace/applyEdit'] = function(...)
  vim.lsp.handlers['workspace/applyEdit'] = apply
  vim.api.nvim_buf_set_lines(0, 6, 6, true, { 'Tell me.', '' })
  return apply(...)
end
"""
"""The user is quicker than the first edit."""


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Neovim]:
    with Neovim(tmp_path, with_plugin=False) as neovim:
        yield neovim


def until_text(neovim: Neovim, part: str) -> str:
    neovim.until("return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n'):find(..., 1, true)", part)
    return neovim.text


def test_a_conversation_in_a_buffer(plain: Neovim) -> None:
    answers = Reply([b"data: It is \n\n", b"data: a test.\n\n"], pause=0.3), Reply(b"data: Yes.\n\n")
    with HttpAgent(*answers) as http:
        plain.write_agents({"name": "coder", "url": http.url})
        plain.open("x.chat.md", "---\nagent: coder\n---\n\n## You\n\nWhat is this?\n")
        plain.keys("G")
        plain.lua(ACTION, "Send")
        text = until_text(plain, "conversation: ")
        assert "## You\n\nWhat is this?\n\n## coder\n<!-- answer " in text
        assert "-->\n\nIt is a test.\n\n<!-- /answer " in text
        assert text.endswith("\n\n## You\n")

        plain.keys("GoReally?<Esc>")
        until_text(plain, "Really?")
        plain.lua(ACTION, "Send")
        text = until_text(plain, "Yes.")
        plain.until("return #vim.lsp.get_clients({ name = 'dragoman' }) == 1")
        assert text.index("Really?") < text.index("Yes.")
    before = plain.text
    plain.keys("u")
    plain.until("return vim.fn.undotree().seq_cur < vim.fn.undotree().seq_last")
    assert "It is a test." in plain.text
    plain.keys("<C-r>")
    plain.until("return vim.fn.undotree().seq_cur == vim.fn.undotree().seq_last")
    assert plain.text.startswith(before[:200])


def test_typing_while_it_streams(plain: Neovim) -> None:
    words = [f"word{number} " for number in range(20)]
    with HttpAgent(Reply([f"data: {word}\n\n".encode() for word in words], pause=0.1)) as http:
        plain.write_agents({"name": "coder", "url": http.url})
        plain.open("x.chat.md", "---\nagent: coder\n---\n\n## You\n\nWhat is this?\n")
        plain.lua(ACTION, "Send")
        until_text(plain, "word0")
        plain.keys("7GA Tell me at length, please.<Esc>")
        text = until_text(plain, "conversation: ")
    assert "What is this? Tell me at length, please." in text
    answer = text[text.index("<!-- answer") : text.index("<!-- /answer")]
    assert answer.split("-->")[1].split() == [word.strip() for word in words]


def test_typing_at_the_very_moment_of_the_first_edit(plain: Neovim) -> None:
    """Neovim has opened the document with version 0, at which it looks at no version of an edit."""
    with HttpAgent(Reply([b"data: It is \n\n", b"data: a test.\n\n"])) as http:
        plain.write_agents({"name": "coder", "url": http.url})
        plain.open("x.chat.md", "---\nagent: coder\n---\n\n## You\n\nWhat is this?\n")
        plain.lua(TYPES_FIRST)
        plain.lua(ACTION, "Send")
        text = until_text(plain, "conversation: ")
    assert "## You\n\nTell me.\n\nWhat is this?\n\n## coder\n" in text
    assert "-->\n\nIt is a test.\n\n<!-- /answer " in text


def test_completing_files_and_agents(plain: Neovim) -> None:
    plain.write_agents({"name": "coder", "url": "http://127.0.0.1:9/"})
    plain.write("app.py", "print()\n")
    plain.open("x.chat.md", "---\nagent: co\n---\n\nsee @\n")
    complete = """
    local params = vim.lsp.util.make_position_params(0, 'utf-16')
    vim.lsp.buf_request(0, 'textDocument/completion', params, function(_, result)
      _G.completed = vim.tbl_map(function(item) return item.textEdit.newText end, result.items)
    end)
    """
    plain.lua("vim.api.nvim_win_set_cursor(0, {2, 8})\n" + complete)
    assert plain.until("return _G.completed") == ["coder"]
    plain.lua("_G.completed = nil vim.api.nvim_win_set_cursor(0, {5, 5})\nvim.cmd.startinsert({bang = true})")
    plain.keys("ap")
    plain.until("return vim.api.nvim_get_current_line() == 'see @ap'")
    plain.lua(complete)
    assert plain.until("return _G.completed") == ["app.py"]
