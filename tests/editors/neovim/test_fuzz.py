"""Somebody types at random in a real Neovim while an answer streams into the same document.

`DRAGOMAN_TYPISTS=100` plays so many runs. Each line of the user's has a name of its own, so that what is typed can be
foretold without knowing where the answer stands. What holds: the answer stands there in one piece, once, where it
belongs; without it, the text is what the user has typed.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from http_agent import HttpAgent
from neovim_session import Neovim
from neovim_turns import agent, lines, start, streamed

pytestmark = pytest.mark.neovim

RUNS = int(os.environ.get("DRAGOMAN_TYPISTS", "10"))
KEYSTROKES = 12
HOME = 4
"""The line that is asked about; nobody types in it."""

Text = list[str]


def appended(home: str, answer: str) -> str:
    return home + answer


def put_before(home: str, answer: str) -> str:
    return f"{answer}\n{home}"


def replaced(_home: str, answer: str) -> str:
    return answer


MODES: dict[str, Callable[[str, str], str]] = {
    "AppendCursor": appended,
    "AppendCursorStream": appended,
    "InsertBeforeSelection": put_before,
    "ReplaceSelection": replaced,
}


class Typist:
    """Types at random, in every line but one, and knows what the text is without the answer."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.text: Text = [f"user{number:02} äöü😀" for number in range(8)]
        self.home = self.text[HOME]
        self._count = len(self.text)

    def keys(self) -> str:
        """The next ones: a line, found by its name, grows at its end or start, shrinks, or is followed by another."""
        line = self._chance.choice([line for line in self.text if line is not self.home])
        at = self.text.index(line)
        name = next(word for word in line.split() if word.startswith("user"))
        find = f"<Esc>:call search('{name}', 'cw')<CR>"
        match self._chance.choice(["end", "start", "shrink", "line"]):
            case "end":
                typed = f" é{self._chance.randrange(99)}"
                self.text[at] = line + typed
                return f"{find}A{typed}"
            case "start":
                self.text[at] = "ß " + line
                return f"{find}Iß "
            case "shrink" if not line.endswith(name):
                self.text[at] = line[:-1]
                return f"{find}A<BS>"
            case _:
                self.text.insert(at + 1, f"user{self._count:02} 🦜")
                self._count += 1
                return f"{find}o{self.text[at + 1]}"


def test_nothing_is_lost_doubled_or_misplaced(tmp_path: Path) -> None:
    with Neovim(tmp_path) as neovim, HttpAgent() as http:
        agents = [agent(http, mode) | {"name": mode} for mode in MODES]
        start(neovim, "", *agents)
        for seed in range(RUNS):
            play(neovim, http, seed)


def play(neovim: Neovim, http: HttpAgent, seed: int) -> None:
    chance = random.Random(seed)
    mode = list(MODES)[seed % len(MODES)]
    words = [f"w{number}" + chance.choice([" ", ".", "\n", "🦜", "\r\n"]) for number in range(KEYSTROKES)] + ["end"]
    gates = [Event() for _ in words]
    http.replies, http.requests = [streamed(*(part for pair in zip(gates, words, strict=True) for part in pair))], []
    typist, name = Typist(chance), f"run{seed}.txt"
    neovim.keys("<Esc>")
    neovim.open(name, "\n".join(typist.text) + "\n")
    neovim.choose(f"Ask {mode}: explain")
    neovim.lua(
        "local row, name = ... vim.fn.cursor(row, 1) local range = { start = { row, 0 }, ['end'] = { row, #name } }"
        "vim.lsp.buf.code_action({ range = range })",
        HOME + 1,
        typist.home,
    )
    neovim.until("return require('dragoman').status():find(' · ') ~= nil")
    for gate in gates:
        if chance.random() < 0.8:
            neovim.keys(typist.keys())
        gate.set()
    neovim.keys("<Esc>")
    answer = "".join(words).replace("\r\n", "\n")
    text = "\n".join(typist.text).replace(typist.home, MODES[mode](typist.home, answer))
    try:
        neovim.until("return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n') == ...", text)
    except TimeoutError:
        assert lines(neovim, name) == text, f"run {seed}, {mode}"
    neovim.until_idle()
