"""Answers and their blocks of code put somewhere by hand, from the transcript and by the command."""

from __future__ import annotations

import pytest

from http_agent import HttpAgent
from neovim_session import Neovim
from neovim_turns import agent, ask_about_line, lines, start, streamed, until_lines, until_told

pytestmark = pytest.mark.neovim

TEXT = "one\ntwo\nthree\n"
ANSWER = "First:\n\n```python\nprint(1)\n\n```\nthen:\n~~~\nzwei\n~~~\nor\n\n```\nlast\n"
TO_BLOCK = ":call win_gotoid(bufwinid('dragoman://chat/1'))<CR>:call search('{}')<CR>"


@pytest.fixture
def answered(neovim: Neovim) -> Neovim:
    """An answer with three blocks about the second line, in the panel; the cursor is in the file."""
    with HttpAgent(streamed(ANSWER)) as http:
        start(neovim, TEXT, agent(http))
        ask_about_line(neovim, 2, "```")
        neovim.until_transcript("last")
        neovim.until_idle()
    return neovim


def test_the_block_at_the_cursor_is_copied(answered: Neovim) -> None:
    answered.keys(TO_BLOCK.format("print") + "gy")
    until_told(answered, "The block is in register")
    assert answered.lua("return vim.fn.getreg('\"', 1, true)") == ["print(1)"]


def test_it_is_inserted_at_the_cursor_of_the_file(answered: Neovim) -> None:
    answered.keys("3G0" + TO_BLOCK.format("^zwei") + "gp")
    until_lines(answered, "one\ntwo\nzweithree")


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("replace 2", "one\nzwei\nthree"),
        ("replace", "one\nlast\nthree"),
        ("replaceFile 2", "zwei"),
        ("insert 2", "one\nzweitwo\nthree"),
    ],
)
def test_by_the_command(answered: Neovim, command: str, text: str) -> None:
    answered.keys(f":Dragoman apply {command}<CR>")
    until_lines(answered, text)


def test_a_range_is_what_is_replaced(answered: Neovim) -> None:
    answered.keys(":1,2Dragoman apply replace 2<CR>")
    until_lines(answered, "zwei\nthree")


def test_a_diff_of_what_was_asked_about(answered: Neovim) -> None:
    answered.keys(TO_BLOCK.format("^zwei") + "gD")
    answered.until("return vim.fn.bufexists('dragoman://diff/1') == 1")
    until_lines(answered, "one\nzwei\nthree", "dragoman://diff/1")
    answered.until("return vim.wo[vim.fn.bufwinid('dragoman://diff/1')].winbar:find('proposes') ~= nil")
    answered.keys(":Dragoman accept<CR>")
    until_lines(answered, "one\nzwei\nthree")


def test_a_new_file_is_named_after_the_language(answered: Neovim) -> None:
    answered.keys(TO_BLOCK.format("print") + "gN")
    until_lines(answered, "print(1)", "output-")
    assert answered.lua("return vim.fn.fnamemodify(vim.fn.bufname('output-'), ':e')") == "py"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("apply", "Apply it how? There are: copy, diff, insert, newFile, replace, replaceFile"),
        ("apply copy 4", "The last answer has no block 4."),
        ("accept", "There is no diff."),
    ],
)
def test_what_cannot_be_done_is_told(answered: Neovim, command: str, told: str) -> None:
    answered.keys(f":Dragoman {command}<CR>")
    until_told(answered, told)
    assert lines(answered) == TEXT.removesuffix("\n")


def test_another_diff_takes_the_place_of_the_first(answered: Neovim) -> None:
    proposes = "return vim.wo[vim.fn.bufwinid('dragoman://diff/' .. ...)].winbar:find('proposes') ~= nil"
    for number in (1, 2):
        answered.keys(f":Dragoman apply diff {number}<CR>")
        answered.until(f"return vim.fn.bufexists('dragoman://diff/{number}') == 1")
        answered.until(proposes, number)
    answered.until("return vim.fn.bufexists('dragoman://diff/1') == 0")
    answered.keys(":Dragoman accept<CR>")
    until_lines(answered, "one\nzwei\nthree")
