"""What a real Neovim shows: its screen as it draws it, and that as a picture.

With DRAGOMAN_PICTURES set, the pictures of docs/ are made, which needs Chromium.
"""

from __future__ import annotations

import gc
import html
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pynvim

from neovim_session import Neovim

DOCS = Path(__file__).parent.parent / "docs"
PAGE = """<meta charset="utf-8"><style>
body { margin: 12px; background: #14161b; color: #e0e2ea; font: 14px/18px 'DejaVu Sans Mono', monospace }
pre { margin: 0; font: inherit }
</style><pre>"""


@dataclass(frozen=True)
class Screen:
    """Rows of cells, each a piece of HTML; and as plain text."""

    cells: list[list[str]]
    text: str = field(repr=False)


def screen_of(neovim: Neovim, columns: int, lines: int) -> Screen:
    """The screen, once Neovim has drawn it in that size."""
    screen = _drawn(neovim, columns, lines)
    with warnings.catch_warnings():  # pynvim leaves a loop that it was made to run to the collector
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    return screen


def _drawn(neovim: Neovim, columns: int, lines: int) -> Screen:
    nvim = pynvim.attach("socket", path=str(neovim.workspace.parent / "socket"))
    nvim.ui_attach(columns, lines, rgb=True, ext_linegrid=True)
    cells = [[" "] * columns for _ in range(lines)]
    letters = [[" "] * columns for _ in range(lines)]
    styles: dict[int, dict[str, Any]] = {}

    def redrawn(_name: str, events: list[Any]) -> None:
        for name, *calls in events:
            for call in calls:
                if name == "hl_attr_define":
                    styles[call[0]] = call[1]
                elif name == "grid_line":
                    for column, (text, style) in enumerate(_cells_of(call), call[2]):
                        cells[call[1]][column] = styled(text, styles.get(style, {}))
                        letters[call[1]][column] = text
        if any(name == "flush" for name, *_ in events) and any(letter != " " for row in letters for letter in row):
            nvim.stop_loop()

    nvim.run_loop(lambda *_: None, redrawn)
    nvim.close()
    return Screen(cells, "\n".join("".join(row).rstrip() for row in letters))


def _cells_of(call: list[Any]) -> Iterator[tuple[str, int]]:
    """The cells of one piece of a line; one without a style of its own has that of the one before."""
    style = 0
    for text, *more in call[3]:
        style = more[0] if more else style
        for _ in range(more[1] if len(more) > 1 else 1):
            yield text, style


def keep_picture(screen: Screen, name: str) -> None:
    """Make the picture of that name in docs/, where pictures are wanted."""
    if os.environ.get("DRAGOMAN_PICTURES"):
        _picture(PAGE + "\n".join("".join(row) for row in screen.cells), screen, DOCS / name)


def styled(text: str, style: dict[str, Any]) -> str:
    """A cell as HTML."""
    rules = [f"color:#{style['foreground']:06x}"] if "foreground" in style else []
    rules += [f"background:#{style['background']:06x}"] if "background" in style else []
    rules += ["font-weight:bold"] if style.get("bold") else []
    rules += ["font-style:italic"] if style.get("italic") else []
    shown = html.escape(text)
    return f'<span style="{";".join(rules)}">{shown}</span>' if rules else shown


def _picture(page: str, screen: Screen, target: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "Chromium is not on the path."
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, encoding="utf-8")
        size = f"--window-size={int(len(screen.cells[0]) * 8.43) + 24},{len(screen.cells) * 18 + 24}"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/own"]
        subprocess.run([chromium, *options, size, f"--screenshot={target}", source.as_uri()], check=True, timeout=60)
