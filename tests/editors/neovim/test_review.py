"""DevIns scripts in Neovim: the files that they write and patch are looked at, and written on consent only."""

from __future__ import annotations

import pytest

from http_agent import HttpAgent
from neovim_session import Neovim
from neovim_turns import agent, ask_about_line, lines, start, streamed, until_lines

pytestmark = pytest.mark.neovim

TEXT = "one\ntwo\nthree\n"
SCRIPT = """I do this:

```devin
/write:src/new.txt
~~~
hello
~~~
/patch
~~~
--- a/app.txt
+++ b/app.txt
@@ -1,3 +1,3 @@
 one
-two
+zwei
 three
~~~
/run:make
```
"""
HOLD = """
vim.ui.select = function(items, options, on_choice)
  _G.question = { items = items, prompt = options.prompt, choose = on_choice }
end
"""
QUESTION_WINDOW = """
for _, win in ipairs(vim.api.nvim_list_wins()) do
  if vim.api.nvim_win_get_config(win).relative == 'editor' then
    return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(win), 0, -1, false), '\\n')
  end
end
"""


def review(neovim: Neovim, http: HttpAgent) -> None:
    neovim.lua(HOLD)
    start(neovim, TEXT, agent(http, action="DevIns"))
    ask_about_line(neovim, 2)
    neovim.until("return _G.question ~= nil")


def test_what_would_change_is_shown_before_anything_is_written(neovim: Neovim) -> None:
    with HttpAgent(streamed(SCRIPT)) as http:
        review(neovim, http)
    assert neovim.lua("return _G.question.prompt") == "Apply what Bot proposes for 2 files?"
    shown = neovim.lua(QUESTION_WINDOW)
    assert "created: src/new.txt (+1 −0)\nchanged: app.txt (+1 −1)" in shown
    diff = neovim.until("return vim.fn.bufnr('.diff') ~= -1 and vim.fn.bufwinid('.diff') ~= -1") and lines(
        neovim, ".diff"
    )
    assert "+hello" in diff
    assert "-two\n+zwei" in diff
    assert neovim.lua("return vim.bo[vim.fn.bufnr('.diff')].filetype") == "diff"
    assert lines(neovim) == TEXT.removesuffix("\n")
    assert not (neovim.workspace / "src").exists()


def test_consent_makes_one_edit(neovim: Neovim) -> None:
    with HttpAgent(streamed(SCRIPT)) as http:
        review(neovim, http)
        neovim.lua("_G.question.choose('Apply')")
        until_lines(neovim, "one\nzwei\nthree")
        until_lines(neovim, "hello", "new.txt")
    neovim.lua("vim.cmd('silent wall')")
    assert (neovim.workspace / "src/new.txt").read_text() == "hello\n"
    assert (neovim.workspace / "app.txt").read_text() == "one\nzwei\nthree\n"


@pytest.mark.parametrize("choice", ["'Do not apply'", "nil"])
def test_without_consent_nothing_is_written(neovim: Neovim, choice: str) -> None:
    with HttpAgent(streamed(SCRIPT)) as http:
        review(neovim, http)
        neovim.lua(f"_G.question.choose({choice})")
        neovim.until("return vim.fn.execute('messages'):find('nothing was applied', 1, true) ~= nil")
    assert lines(neovim) == TEXT.removesuffix("\n")
    assert (neovim.workspace / "app.txt").read_text() == TEXT
    assert not (neovim.workspace / "src").exists()
    assert neovim.lua(QUESTION_WINDOW) is None


def test_who_is_writing_a_prompt_stays_there(neovim: Neovim) -> None:
    neovim.lua(HOLD)
    with HttpAgent(streamed(SCRIPT)) as http:
        start(neovim, TEXT, agent(http, action="DevIns"))
        neovim.keys(":Dragoman chat<CR>go<C-s>next")
        neovim.until("return _G.question ~= nil and vim.fn.bufwinid('.diff') ~= -1")
        neovim.keys(" one")
        until_lines(neovim, "next one", "dragoman://prompt")
