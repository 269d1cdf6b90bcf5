"""Sending a selection from Neovim, by the command and by code actions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from http_agent import HttpAgent, Reply
from neovim_session import Neovim

pytestmark = pytest.mark.neovim

CODE = "first\n  zweite 'ä😀é'\nthird\n"


@pytest.fixture
def http(neovim: Neovim) -> Iterator[HttpAgent]:
    answer = {"choices": [{"delta": {"content": "It is code."}}]}
    with HttpAgent(Reply(b"data: " + json.dumps(answer).encode() + b"\n\n")) as agent:
        connector = {"responseFormat": "$.choices[0].delta.content"}
        neovim.write_agents({"name": "Docs bot", "url": agent.url, "connector": connector})
        neovim.open("app.py", CODE)
        neovim.until("return require('dragoman.agents').names(vim.lsp.get_clients()[1])[1]")
        yield agent


def asked(http: HttpAgent) -> Any:
    return http.requests[0].json["messages"][-1]["content"]


def test_the_command_sends_characters_with_their_path_and_lines(neovim: Neovim, http: HttpAgent) -> None:
    neovim.keys("2Gfävll:Dragoman ask Docs bot what is it?<CR>")

    transcript = neovim.until_transcript("It is code.")

    assert asked(http) == "what is it?\n\napp.py, line 2:\n\n```python\nä😀é\n```"
    assert transcript.startswith("## You\n\nwhat is it?\n▸ app.py 2\n\n## Docs bot\n\n")


def test_the_command_sends_whole_lines_and_unsaved_text(neovim: Neovim, http: HttpAgent) -> None:
    neovim.keys("2GIneu <Esc>:2,3Dragoman ask why?<CR>")

    neovim.until_transcript("It is code.")

    assert asked(http) == "why?\n\napp.py, lines 2-3:\n\n```python\n  neu zweite 'ä😀é'\nthird\n```"


def test_without_a_prompt_the_panel_opens_with_the_selection_named(neovim: Neovim, http: HttpAgent) -> None:
    neovim.keys("GkVk:Dragoman ask<CR>")
    neovim.until("return vim.fn.mode() == 'i' and vim.wo.winbar:find('▸ app.py 1–2', 1, true) ~= nil")
    neovim.keys("well?<C-s>")

    neovim.until_transcript("It is code.")

    assert asked(http) == "well?\n\napp.py, lines 1-2:\n\n```python\nfirst\n  zweite 'ä😀é'\n```"
    neovim.until("return vim.wo.winbar:find('▸', 1, true) == nil")


def test_a_code_action_sends_the_selection(neovim: Neovim, http: HttpAgent) -> None:
    neovim.choose("Ask Docs bot: explain")
    neovim.keys("2Gfävll")
    neovim.until("return vim.fn.mode() == 'v' and vim.fn.getpos('.')[3] > 15")

    neovim.lua("vim.lsp.buf.code_action()")

    transcript = neovim.until_transcript("It is code.")
    assert asked(http) == "Explain this code.\n\napp.py, line 2:\n\n```python\nä😀é\n```"
    assert transcript.startswith("## You\n\nExplain this code.\n▸ app.py 2\n\n## Docs bot\n\n")
    assert neovim.until_idle().endswith("It is code."), "nothing is said to be missing"


def test_a_turn_that_the_server_starts_asks_for_its_prompt_and_shows_in_the_panel(
    neovim: Neovim, http: HttpAgent
) -> None:
    neovim.lua("vim.ui.input = function(options, on_confirm) on_confirm(options.prompt .. 'hello') end")

    neovim.lua("vim.lsp.get_clients()[1]:exec_cmd({ command = 'dragoman.chat', title = 'Chat' })")

    assert neovim.until_transcript("It is code.") == "## Docs bot\n\nIt is code."
    assert asked(http) == "Ask Docs bot: hello"
