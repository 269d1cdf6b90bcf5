"""Asking again, editing, looking at a request, and conversations of earlier sessions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from http_agent import HttpAgent, Reply
from neovim_session import Neovim

pytestmark = pytest.mark.neovim

PROMPT = "return table.concat(vim.api.nvim_buf_get_lines(vim.fn.bufnr('dragoman://prompt'), 0, -1, false), '\\n')"
PROMPT_WINBAR = "return vim.wo[vim.fn.bufwinid('dragoman://prompt')].winbar"
CURRENT = "return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')"


def said(text: str) -> Reply:
    return Reply(b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}).encode() + b"\n\n")


def agent(http: HttpAgent, name: str = "Bot", **more: Any) -> dict[str, Any]:
    return {"name": name, "url": http.url, **more}


def open_panel(neovim: Neovim, *agents: dict[str, Any]) -> None:
    neovim.write_agents(*agents)
    neovim.open("app.py", "print()\n")
    neovim.keys(":Dragoman chat<CR>")
    neovim.until("return vim.fn.mode() == 'i' and vim.fn.bufname() == 'dragoman://prompt'")


def converse(neovim: Neovim, *turns: tuple[str, str]) -> None:
    """Prompts and what is answered; normal mode in the prompt afterwards."""
    for prompt, answer in turns:
        neovim.keys(f"{prompt}<C-s>")
        neovim.until_transcript(answer)
        neovim.until_idle()
    neovim.keys("<Esc>")


def contents(http: HttpAgent) -> list[list[str]]:
    return [[message["content"] for message in asked.json["messages"]] for asked in http.requests]


def test_retry_takes_the_place_of_the_last_answer(neovim: Neovim) -> None:
    replies = [said(text) for text in ("alpha", "beta", "gamma", "delta")]
    with HttpAgent(*replies) as http, HttpAgent(said("other")) as other:
        open_panel(neovim, agent(http), agent(other, "Other"))
        neovim.choose("Bot")
        converse(neovim, ("1", "alpha"), ("2", "beta"))
        neovim.keys(":Dragoman retry<CR>")
        neovim.until_transcript("gamma")
        assert neovim.until_idle() == "## You\n\n1\n\n## Bot\n\nalpha\n\n## You\n\n2\n\n## Bot\n\ngamma"
        neovim.keys(":Dragoman retry Other<CR>")
        neovim.until_transcript("other")
        assert neovim.until_idle().endswith("## You\n\n2\n\n## Other\n\nother")
    assert contents(http) == [["1"], ["1", "alpha", "2"], ["1", "alpha", "2"]]
    assert contents(other) == [["1", "alpha", "2"]]


def test_editing_the_last_prompt(neovim: Neovim) -> None:
    with HttpAgent(said("alpha"), said("beta"), said("gamma")) as http:
        open_panel(neovim, agent(http))
        converse(neovim, ("one", "alpha"))
        neovim.keys(":Dragoman edit<CR>")
        neovim.until(f"{PROMPT} == 'one' and vim.fn.bufname() == 'dragoman://prompt'")
        assert "Instead of the last prompt" in neovim.lua(PROMPT_WINBAR)
        neovim.keys(":Dragoman edit<CR>")
        neovim.until(f"{PROMPT} == ''")
        assert "Instead" not in neovim.lua(PROMPT_WINBAR)
        neovim.keys("<Esc>:Dragoman edit<CR>")
        neovim.until(f"{PROMPT} == 'one'")
        neovim.keys("A more<C-s>")
        neovim.until_transcript("beta")
        assert neovim.until_idle() == "## You\n\none more\n\n## Bot\n\nbeta"
        assert neovim.lua(PROMPT) == ""
        neovim.keys("two<C-s>")
        neovim.until_transcript("gamma")
    assert contents(http) == [["one"], ["one more"], ["one more", "beta", "two"]]


def test_nothing_to_ask_again(neovim: Neovim) -> None:
    neovim.lua("vim.notify = function(message) _G.told = message end")
    neovim.keys(":Dragoman retry<CR>")
    assert neovim.until("return _G.told") == "Dragoman: Nothing was asked here yet."


def test_the_request_that_would_be_sent(neovim: Neovim) -> None:
    with HttpAgent(said("alpha")) as http:
        open_panel(neovim, agent(http, auth={"type": "Bearer", "token": "${env:NOT_SET_HERE}"}))
        neovim.keys("it's<CR>this<Esc>:Dragoman preview<CR>")
        neovim.until("return vim.bo.bufhidden == 'wipe'")
        shown = neovim.lua(CURRENT)
    assert http.requests == []
    assert f"POST {http.url}\n" in shown
    assert "Authorization: Bearer ${env:NOT_SET_HERE}\n" in shown
    assert '{"messages": [{"role": "user", "content": "it\'s\\nthis"}]}' in shown
    assert "```sh\ncurl -N " in shown


def test_a_conversation_of_an_earlier_session_goes_on(tmp_path: Path) -> None:
    with HttpAgent(said("alpha"), said("beta"), said("gamma")) as http:
        with Neovim(tmp_path) as neovim:
            open_panel(neovim, agent(http))
            converse(neovim, ("first question", "alpha"))
            neovim.keys(":Dragoman retry<CR>")
            neovim.until_transcript("beta")
            neovim.until_idle()
        (tmp_path / "workspace" / ".git").rmdir()
        (tmp_path / "workspace").rename(tmp_path / "before")
        with Neovim(tmp_path) as neovim:
            open_panel(neovim, agent(http))
            neovim.choose("first question")
            neovim.keys("<Esc>:Dragoman history quest<CR>")
            neovim.until_transcript("beta")
            assert neovim.transcript == "## You\n\nfirst question\n\n## Bot\n\nbeta"
            neovim.keys("Aand then?<C-s>")
            neovim.until_transcript("gamma")
    assert contents(http)[2] == ["first question", "beta", "and then?"]
