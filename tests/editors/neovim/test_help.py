"""What the plugin tells about itself."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from neovim_session import PLUGIN, Neovim

pytestmark = pytest.mark.neovim

AGENT = {"name": "Bot", "url": "http://127.0.0.1:9/chat"}


def test_checkhealth_finds_everything_well(unserved: Neovim) -> None:
    agents = [AGENT, {**AGENT, "name": "Broken", "responseAction": "Streem"}]
    unserved.write("agents.json", json.dumps(agents, indent=2))
    unserved.open("app.py", "print()\n")

    unserved.lua("vim.cmd.checkhealth('dragoman')")

    report = "\n".join(unserved.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)"))
    assert "ERROR" not in report
    assert re.search(r"OK dragoman \d+\.\d+", report)
    assert f"OK A server runs for {unserved.workspace}" in report
    assert "OK Bot (agents.json:3), at 127.0.0.1:9" in report
    assert "WARNING Broken (agents.json:7) cannot be asked: " in report


def test_checkhealth_says_how_to_install_a_missing_server(neovim: Neovim) -> None:
    neovim.lua("require('dragoman').setup({ cmd = { 'no-such-program', 'serve' } })")

    neovim.lua("vim.cmd.checkhealth('dragoman')")

    report = "\n".join(neovim.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)"))
    assert "ERROR `no-such-program` is not found on the path." in report
    assert "pipx install" in report


def test_every_reference_of_the_manual_leads_somewhere(neovim: Neovim, tmp_path: Path) -> None:
    copy = tmp_path / "plugin"
    shutil.copytree(PLUGIN / "doc", copy / "doc")
    neovim.lua("vim.cmd.helptags(...)", str(copy / "doc"))
    neovim.lua("vim.opt.runtimepath:prepend(...)", str(copy))
    manual = (PLUGIN / "doc" / "dragoman.txt").read_text(encoding="utf-8")
    references = set(re.findall(r"\|(\S+?)\|", manual))

    assert references
    known = {reference: neovim.lua("return vim.fn.getcompletion(..., 'help')", reference) for reference in references}
    assert [reference for reference, tags in known.items() if reference not in tags] == []


def test_the_command_is_completed(neovim: Neovim) -> None:
    neovim.write_agents(AGENT, {**AGENT, "name": "Docs bot"}, {**AGENT, "name": "Broken", "url": 1})
    neovim.open("app.py", "print()\n")
    neovim.until("return require('dragoman.agents').names(vim.lsp.get_clients()[1])[1]")

    completed = "return vim.fn.getcompletion(..., 'cmdline')"
    assert neovim.lua(completed, "Dragoman c") == ["chat", "conversations"]
    assert neovim.lua(completed, "Dragoman r") == ["reject", "retry"]
    assert neovim.lua(completed, "Dragoman apply ne") == ["newFile"]
    assert neovim.lua(completed, "Dragoman chat ") == ["Bot", "Docs bot"]
    assert neovim.lua(completed, "Dragoman ask Docs ") == ["bot"]
