"""How long a piece of an answer is on its way to the eye: from the agent's write to the redraw of a real Neovim.

Run as `python benchmarks/neovim_paint.py`. A user interface is attached to Neovim, as a terminal is; the agent and that
interface are threads of this process, so both moments are of one clock.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pynvim

from first_token import Agent
from lsp import report

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from neovim_session import Neovim, poll

PROMPTS = 40


def main() -> None:
    """Measure the first text of warm turns in the chat panel."""
    agent = Agent()
    with tempfile.TemporaryDirectory() as folder, Neovim(Path(folder)) as neovim:
        neovim.write_agents({"name": "bench", "url": f"http://127.0.0.1:{agent.port}/"})
        neovim.open("app.py", "print()\n")
        screen = Screen(str(Path(folder) / "socket"))
        neovim.keys(":Dragoman chat bench<CR>")
        neovim.until("return vim.fn.mode() == 'i'")
        taken: list[float] = []
        for number in range(PROMPTS):
            screen.watch_for("token 0")
            neovim.keys(f"{number}<C-s>")
            poll(lambda: screen.painted_at, "the first token on the screen")
            taken.append((screen.painted_at - agent.written_at[0]) / 1e6)
            neovim.until("return not require('dragoman').status():find(' · ')")
            neovim.keys("<Esc>gn")
        report("first text painted, cold", taken[:1])
        report("first text painted, warm", taken[1:])


class Screen:
    """A user interface that looks for a text in what Neovim draws."""

    def __init__(self, address: str) -> None:
        self.painted_at = 0
        self._wanted = ""
        self._is_drawn = False
        threading.Thread(target=self._run, args=(address,), daemon=True).start()

    def watch_for(self, text: str) -> None:
        """From now on, note when `text` is drawn."""
        self.painted_at, self._is_drawn, self._wanted = 0, False, text

    def _run(self, address: str) -> None:
        nvim = pynvim.attach("socket", path=address)
        nvim.ui_attach(120, 40, rgb=True, ext_linegrid=True)
        with suppress(EOFError):  # the end of Neovim
            nvim.run_loop(lambda *_: None, self._redrawn)

    def _redrawn(self, _name: str, events: list[Any]) -> None:
        for event in events:
            if event[0] == "grid_line" and self._wanted and not self._is_drawn:
                self._is_drawn = any(self._wanted in _text(line[3]) for line in event[1:])
            elif event[0] == "flush" and self._is_drawn and not self.painted_at:
                self.painted_at = time.monotonic_ns()


def _text(cells: list[list[Any]]) -> str:
    """What a line draws: each cell is a text, perhaps a colour, perhaps how often it is drawn."""
    return "".join(cell[0] * (cell[2] if len(cell) > 2 else 1) for cell in cells)


if __name__ == "__main__":
    main()
