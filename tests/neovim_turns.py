"""What tests of Neovim ask, of agents that say what they are told to, and how the windows look then."""

from __future__ import annotations

import json
from threading import Event
from typing import Any

from http_agent import HttpAgent, Reply
from neovim_session import Neovim

LINES = """
local buf = vim.fn.bufnr((...))
return buf ~= -1 and table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\\n') or nil
"""
PROMPT = "dragoman://prompt"

_LAYOUT = """
local function named(node)
  if node[1] == 'leaf' then
    return vim.fn.fnamemodify(vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(node[2])), ':t')
  end
  return { node[1], unpack(vim.tbl_map(named, node[2])) }
end
return named(vim.fn.winlayout())
"""


def streamed(*pieces: str | Event) -> Reply:
    """An answer in these pieces; it waits at each event."""
    return Reply([piece if isinstance(piece, Event) else _event(piece) for piece in pieces])


def _event(text: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}).encode() + b"\n\n"


def agent(http: HttpAgent, mode: str = "ChatPanel", action: str = "Direct", **more: Any) -> dict[str, Any]:
    return {"name": "Bot", "url": http.url, "interactive": mode, "responseAction": action, **more}


def start(neovim: Neovim, text: str, *agents: dict[str, Any], name: str = "app.txt") -> None:
    """A file is open, and the server knows the agents."""
    neovim.write_agents(*agents)
    neovim.open(name, text)
    neovim.until("return require('dragoman.agents').names(vim.lsp.get_clients()[1])[1]")
    neovim.lua("_G.told = {} vim.notify = function(message) table.insert(_G.told, message) end")


def ask_about_line(neovim: Neovim, line: int, question: str = "what?") -> None:
    """By the command, with that line selected; the cursor stays in the file."""
    neovim.keys(f"<Esc>{line}GV:Dragoman ask Bot {question}<CR>")


def lines(neovim: Neovim, name: str = "app.txt") -> str:
    return neovim.lua(LINES, name)


def until_lines(neovim: Neovim, wanted: str, name: str = "app.txt") -> None:
    neovim.until(f"return (function(...) {LINES} end)(...) == select(2, ...)", name, wanted)


def until_told(neovim: Neovim, part: str) -> str:
    """The message that has `part` in it."""
    return neovim.until(
        "local part = ... return vim.iter(_G.told):find(function(told) return told:find(part, 1, true) end)", part
    )


def layout(neovim: Neovim) -> Any:
    """The windows, as rows and columns of what they show."""
    return neovim.lua(_LAYOUT)
