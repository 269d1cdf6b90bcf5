"""Makes docs/neovim-chat-document.png: a chat document in a real Neovim, as its user interface draws it.

Run as `python docs/neovim_pictures.py`, with Chromium on the path: it turns the drawn cells into a picture.
"""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pynvim

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from http_agent import HttpAgent
from neovim_session import Neovim
from neovim_turns import agent, streamed

COLUMNS, LINES = 90, 30
PICTURE = Path(__file__).parent / "neovim-chat-document.png"
QUESTION = "---\nagent: Bot\n---\n\n## You\n\nHow do I reverse a list in Python?\n"
ANSWER = "A slice makes a new list:\n\n```python\nwords[::-1]\n```\n\n`words.reverse()` changes the list itself."
SEND = "vim.lsp.buf.code_action({ apply = true, filter = function(one) return vim.startswith(one.title, 'Send') end })"
PAGE = """<meta charset="utf-8"><style>
body { margin: 12px; background: #14161b; color: #e0e2ea; font: 14px/18px 'DejaVu Sans Mono', monospace }
pre { margin: 0; font: inherit }
</style><pre>"""


def main() -> None:
    """Ask in a chat document, and take the picture."""
    with tempfile.TemporaryDirectory() as folder, HttpAgent(streamed(*ANSWER)) as http, Neovim(Path(folder)) as neovim:
        neovim.write_agents(agent(http))
        neovim.lua("vim.o.laststatus = 0 vim.o.ruler = false vim.o.showcmd = false vim.o.shortmess = 'aF'")
        neovim.open("lists.chat.md", QUESTION)
        neovim.keys("G")
        neovim.lua(SEND)
        neovim.until("return vim.fn.search('reverse()', 'nw') ~= 0 and vim.fn.search('^conversation', 'nw') ~= 0")
        cells = draw(str(Path(folder) / "socket"))
    picture(page(cells))


def draw(address: str) -> list[list[str]]:
    """The screen: rows of cells, each a piece of HTML."""
    nvim = pynvim.attach("socket", path=address)
    nvim.ui_attach(COLUMNS, LINES, rgb=True, ext_linegrid=True)
    grid = [[" "] * COLUMNS for _ in range(LINES)]
    styles: dict[int, dict[str, Any]] = {}

    def redrawn(_name: str, events: list[Any]) -> None:
        for name, *calls in events:
            for call in calls:
                if name == "hl_attr_define":
                    styles[call[0]] = call[1]
                elif name == "grid_line":
                    put(grid, styles, call)
        if any(name == "flush" for name, *_ in events) and any(cell != " " for row in grid for cell in row):
            nvim.stop_loop()

    nvim.run_loop(lambda *_: None, redrawn)
    return grid


def put(grid: list[list[str]], styles: dict[int, dict[str, Any]], call: list[Any]) -> None:
    """One piece of a line; a cell without a style of its own has that of the one before."""
    _, row, column, cells, *_ = call
    style = 0
    for text, *more in cells:
        style = more[0] if more else style
        for _ in range(more[1] if len(more) > 1 else 1):
            grid[row][column] = styled(text, styles.get(style, {}))
            column += 1


def styled(text: str, style: dict[str, Any]) -> str:
    """A cell as HTML."""
    rules = [f"color:#{style['foreground']:06x}"] if "foreground" in style else []
    rules += [f"background:#{style['background']:06x}"] if "background" in style else []
    rules += ["font-weight:bold"] if style.get("bold") else []
    rules += ["font-style:italic"] if style.get("italic") else []
    shown = html.escape(text)
    return f'<span style="{";".join(rules)}">{shown}</span>' if rules else shown


def page(cells: list[list[str]]) -> str:
    """The screen as a page."""
    return PAGE + "\n".join("".join(row) for row in cells)


def picture(content: str) -> None:
    """The page as a picture."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not on the path.")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(content, encoding="utf-8")
        size = f"--window-size={COLUMNS * 8 + 60},{LINES * 18 + 22}"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/own"]
        subprocess.run([chromium, *options, size, f"--screenshot={PICTURE}", source.as_uri()], check=True, timeout=60)


if __name__ == "__main__":
    main()
