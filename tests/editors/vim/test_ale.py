"""Vim with ALE and its configuration: checking, completing, fixing, and a chat document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from http_agent import HttpAgent, Reply
from vim_session import Vim

pytestmark = pytest.mark.vim

FINDINGS = "map(copy(ale#engine#GetLoclist(bufnr(''))), 'v:val.text')"
STREEM = '[{"name": "ä😀", "url": "https://x.example", "responseAction": "Streem"}]'


@pytest.fixture
def vim(tmp_path: Path) -> Iterator[Vim]:
    with Vim(tmp_path, "ale.vim", setup="packadd! ale\nset omnifunc=ale#completion#OmniFunc") as running:
        yield running


def choose(vim: Vim, title: str) -> None:
    """One of the code actions, by its number in ALE's list."""
    seen = len(vim.screen)
    vim.keys(":ALECodeAction\r")
    (number,) = vim.wait_for(rf"(\d+)\) {title}\s", seen)
    vim.wait_for("empty cancels", seen)
    vim.keys(f"{number}\r")


@pytest.mark.parametrize("name", ["agents.json", "my.agents.jsonc", "my.agent.json", ".agents/x.jsonc"])
def test_agent_files_are_checked(vim: Vim, name: str) -> None:
    vim.open(name, STREEM + "\n")
    assert vim.until(FINDINGS) == ['"responseAction" has no value "Streem": did you mean "Stream"?']


def test_a_fix_is_done(vim: Vim) -> None:
    vim.open("agents.json", STREEM + "\n")
    vim.until(FINDINGS)
    vim.command("call search('Streem')")
    choose(vim, "Change to “Stream”")
    vim.until("getline(1) =~# 'Stream'")
    assert vim.text == STREEM.replace("Streem", "Stream")
    vim.until(f"empty({FINDINGS})")


def test_a_value_is_completed(vim: Vim) -> None:
    vim.open("agents.json", STREEM.replace('"Streem"', "") + "\n")
    vim.until(FINDINGS)
    vim.command("call search('}')")
    vim.keys("i\x18\x0f")
    vim.until("getline(1) =~# 'Direct'")
    assert vim.text == STREEM.replace("Streem", "Direct")


def test_hover_tells_what_a_key_means(vim: Vim) -> None:
    vim.open("agents.json", STREEM + "\n")
    vim.until(FINDINGS)
    vim.command("call search('responseAction')")
    vim.keys(":ALEHover\r")
    vim.wait_for("What is done with the answer", 0)


def test_a_question_is_sent_and_the_answer_written(vim: Vim) -> None:
    with HttpAgent(Reply([b"data: An \n\n", b"data: answer.\n\n"])) as http:
        vim.write_agents({"name": "coder", "url": http.url})
        vim.open("x.chat.md", "---\nagent: coder\n---\n\n## You\n\nWas heißt das, ä😀?\n")
        vim.command("normal! G")
        choose(vim, "Send to coder")
        vim.until("search('^conversation: ', 'nw')")
    assert re.search(
        r"\nWas heißt das, ä😀\?\n\n## coder\n<!-- answer \w+ -->\n\nAn answer\.\n\n<!-- /answer", vim.text
    )
    assert len(http.requests) == 1
