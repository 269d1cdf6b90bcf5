"""From an empty file in Neovim to an agent without a mistake, by what is proposed alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from neovim_session import Neovim

pytestmark = pytest.mark.neovim

_COMPLETION = """
vim.o.completeopt = 'menuone,noinsert'
vim.lsp.completion.enable(true, vim.lsp.get_clients()[1].id, 0)
"""
_SHOWN = """
local info = vim.fn.complete_info({ 'items', 'pum_visible' })
return info.pum_visible == 1 and vim.tbl_map(function(item)
  return item.abbr ~= '' and item.abbr or item.word
end, info.items)
"""


@pytest.fixture
def neovim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Neovim]:
    for name in ("OPENAI_API_KEY", "CHAINDESK_API_KEY", "DOCS_TOKEN"):
        monkeypatch.setenv(name, "some-token")
    with Neovim(tmp_path) as running:
        running.open("agents.json", "")
        running.lua(_COMPLETION)
        yield running


def test_an_agent_of_openai(neovim: Neovim) -> None:
    take(neovim, "i", "OpenAI (chat completions) agent")
    fill(neovim, {2: "Chat", 4: "", 5: "", 6: ""})
    neovim.keys("<Esc>/parameters<CR>f}i, ")
    take(neovim, "", "temperature", ", ")
    neovim.keys("0.2<Esc>")

    assert written(neovim) == {
        "name": "Chat",
        "provider": "openai",
        "url": "https://api.openai.com/v1/chat/completions",
        "auth": {"type": "Bearer", "token": "${env:OPENAI_API_KEY}"},
        "parameters": {"model": "gpt-4o", "temperature": 0.2},
    }


def test_an_agent_of_chaindesk(neovim: Neovim) -> None:
    take(neovim, "ichain", "Chaindesk agent", "chain")
    fill(neovim, {2: "Library", 4: "https://app.chaindesk.ai/api/agents/7/query", 5: ""})
    neovim.keys("<Esc>/token<CR>A,<CR>")
    take(neovim, '"para', "parameters", '"para')
    take(neovim, "", "modelName", '"parameters": {')
    pick(neovim, "gpt_4o_mini")  # the snippet leaves a choice
    neovim.keys("<Esc>")

    assert written(neovim) == {
        "name": "Library",
        "provider": "chaindesk",
        "url": "https://app.chaindesk.ai/api/agents/7/query",
        "auth": {"type": "Bearer", "token": "${env:CHAINDESK_API_KEY}"},
        "parameters": {"modelName": "gpt_4o_mini"},
    }


def test_an_agent_that_describes_itself(neovim: Neovim) -> None:
    neovim.keys("i{}<Left>")
    take(neovim, "", "name", "{")
    neovim.until("return vim.snippet.active()")
    neovim.keys("Docs<Esc>$i, ")
    take(neovim, "", "url", ", ")
    take(neovim, "", "http://127.0.0.1:8765/v1/chat/completions", '"url": "')
    neovim.keys("<Esc>$i, ")
    take(neovim, "", "connector", ", ")
    neovim.until("return vim.fn.mode() == 's'")
    neovim.keys("<Esc>:s/{.customFields.*/{<CR>A")
    take(neovim, "", "fields", '"requestFormat": {')
    take(neovim, "", "query", '"fields": {')
    neovim.until("return vim.fn.mode() == 's'")
    neovim.keys("<Esc>A}, ")
    take(neovim, "", "responseFormat", ", ")
    take(neovim, "", "$.answer", '"responseFormat": "')
    neovim.keys("<Esc>A}}<Esc>")

    assert written(neovim) == {
        "name": "Docs",
        "url": "http://127.0.0.1:8765/v1/chat/completions",
        "connector": {"requestFormat": {"fields": {"query": "$content"}}, "responseFormat": "$.answer"},
    }


def take(neovim: Neovim, typed: str, label: str, behind: str = "") -> None:
    """Type, ask for proposals once the caret is `behind` that text, and take one."""
    neovim.keys(typed)
    neovim.until(
        "return vim.fn.mode() == 'i' and vim.endswith(vim.fn.getline('.'):sub(1, vim.fn.col('.') - 1), ...)", behind
    )
    neovim.lua("vim.lsp.completion.get()")
    pick(neovim, label)


def pick(neovim: Neovim, label: str) -> None:
    """Take what is shown: what was asked for, or the choice that a snippet leaves."""
    shown: list[str] = neovim.until(_SHOWN)
    assert label in shown
    neovim.keys("<C-n>" * shown.index(label) + "<C-y>")
    neovim.until("return vim.fn.pumvisible() == 0")


def fill(neovim: Neovim, texts: dict[int, str]) -> None:
    """Type at the tab stops of a snippet, each on its line; "" leaves what stands there."""
    for line, text in texts.items():
        neovim.until("return vim.fn.line('.') == ... and vim.fn.mode() == 's'", line)
        neovim.keys(f"{text}<Tab>")
    neovim.until("return not vim.snippet.active() and vim.fn.mode() == 'i'")


def written(neovim: Neovim) -> dict[str, Any]:
    """The agent, once there is nothing more to say of it."""
    neovim.until("return vim.fn.mode() == 'n'")
    neovim.until("return #vim.diagnostic.get(0) == 0")
    return json.loads(neovim.text)
