"""Editing an agent file in Neovim: nothing of this is the plugin's own but the config of the client."""

from __future__ import annotations

import pytest

from neovim_session import Neovim

pytestmark = pytest.mark.neovim


def test_a_diagnostic_marks_the_wrong_word_behind_wide_characters(neovim: Neovim) -> None:
    line = '[{"name": "ä😀", "url": "https://x.example", "responseAction": "Streem"}]'
    neovim.open("agents.json", line)

    (diagnostic,) = neovim.until("local found = vim.diagnostic.get(0) return found[1] and found")

    encoded = line.encode()
    assert encoded[diagnostic["col"] : diagnostic["end_col"]] == b'"Streem"'
    assert diagnostic["lnum"] == 0
    assert "Stream" in diagnostic["message"]


def test_a_value_is_completed_while_it_is_typed(neovim: Neovim) -> None:
    neovim.open("agents.json", '[{"name": "ä", "url": "https://x.example", "responseAction": }]')
    neovim.lua("vim.o.completeopt = 'menuone,noselect,popup'")
    neovim.lua("vim.lsp.completion.enable(true, vim.lsp.get_clients()[1].id, 0, { autotrigger = true })")
    neovim.keys('f}i"')
    neovim.until("return vim.fn.pumvisible() == 1")

    neovim.keys("Str<C-n><C-y><Esc>")

    neovim.until("return vim.fn.pumvisible() == 0 and vim.fn.mode() == 'n'")
    assert '"responseAction": "Stream"' in neovim.lua("return vim.api.nvim_get_current_line()")


def test_special_buffers_are_left_alone(neovim: Neovim) -> None:
    neovim.open("app.py", "print()")

    neovim.lua("vim.cmd.help()")

    assert neovim.lua("return #vim.lsp.get_clients({ bufnr = 0 })") == 0
