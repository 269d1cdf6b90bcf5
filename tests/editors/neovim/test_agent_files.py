"""Editing an agent file in Neovim: nothing of this is the plugin's own but the config of the client."""

from __future__ import annotations

from pathlib import Path

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


_DEFAULTS = """
local buf = vim.fn.bufnr(...)
local is_hover = vim.iter(vim.api.nvim_buf_get_keymap(buf, 'n')):any(function(map) return map.lhs == 'K' end)
return { is_hover, vim.bo[buf].omnifunc, vim.bo[buf].tagfunc, vim.bo[buf].formatexpr }
"""
_OURS = [True, "v:lua.vim.lsp.omnifunc", "v:lua.vim.lsp.tagfunc", "v:lua.vim.lsp.formatexpr()"]
_WITHOUT = [False, "csscomplete#CompleteCSS", "", ""]


@pytest.mark.parametrize("names", [("app.css", "agents.json"), ("agents.json", "app.css")])
def test_other_files_keep_their_keys(neovim: Neovim, names: tuple[str, str]) -> None:
    """Both are open, one of them in another window, when the server tells which documents are its own."""
    for name in (*names, "later.css", "later.agents.json"):
        neovim.write(name, "")
    neovim.lua("vim.cmd.edit((...))", names[0])
    neovim.lua("vim.cmd.split((...))", names[1])
    neovim.until("local clients = vim.lsp.get_clients() return clients[1] and next(clients[1].registrations)")
    assert neovim.lua(_DEFAULTS, "agents.json") == _OURS
    assert neovim.lua(_DEFAULTS, "app.css") == _WITHOUT

    neovim.lua("vim.cmd.edit('later.css') vim.cmd.edit('later.agents.json')")
    assert neovim.lua(_DEFAULTS, "later.agents.json") == _OURS
    assert neovim.lua(_DEFAULTS, "later.css") == _WITHOUT


def test_an_agent_is_written_by_completion_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COZE_API_KEY", "some-token")
    with Neovim(tmp_path) as neovim:
        write_by_completion(neovim)


def write_by_completion(neovim: Neovim) -> None:
    neovim.open("agents.json", "")
    neovim.lua("vim.o.completeopt = 'menuone,noselect,popup'")
    neovim.lua("vim.lsp.completion.enable(true, vim.lsp.get_clients()[1].id, 0)")
    neovim.keys("icoze")
    neovim.until("return vim.api.nvim_get_current_line() == 'coze'")
    neovim.lua("vim.lsp.completion.get()")
    neovim.until("return vim.fn.pumvisible() == 1")

    neovim.keys("<C-n><C-y>")
    neovim.until("return vim.snippet.active()")
    neovim.keys("My bot")
    for line in (4, 5, 6):
        neovim.keys("<Tab>")
        neovim.until("return vim.fn.line('.') == ... and vim.fn.mode() ~= 'n'", line)
    neovim.keys("7<Esc>")

    text = neovim.until(
        "return vim.fn.mode() == 'n' and table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')"
    )
    assert text.split("\n") == [
        "{",
        '  "name": "My bot",',
        '  "provider": "coze",',
        '  "url": "https://api.coze.com/v3/chat",',
        '  "auth": {"type": "Bearer", "token": "${env:COZE_API_KEY}"},',
        '  "parameters": {"bot_id": "7"}',
        "}",
    ]
    neovim.until("return #vim.diagnostic.get(0) == 0")
