"""The chat panel in Neovim, with a real server and agents that play what each test needs."""

from __future__ import annotations

import json
import os
import signal
from threading import Event
from typing import Any

import pytest

from http_agent import HttpAgent, Reply
from neovim_session import Neovim
from polling import poll

pytestmark = pytest.mark.neovim

FOLDED_LINES = """
return vim.api.nvim_win_call(..., function()
  local function is_folded(row)
    return vim.fn.foldclosed(row) ~= -1
  end
  return vim.tbl_map(vim.fn.getline, vim.tbl_filter(is_folded, vim.fn.range(1, vim.fn.line('$'))))
end)
"""


def agent(name: str, url: str, **more: Any) -> dict[str, Any]:
    connector = {"responseFormat": "$.choices[0].delta.content"}
    return {"name": name, "url": url, "connector": connector, "responseAction": "Stream", **more}


def delta(text: str, key: str = "content") -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {key: text}}]}).encode() + b"\n\n"


def open_panel(neovim: Neovim, *agents: dict[str, Any], file: str = "print()\n") -> None:
    """The panel beside a file; insert mode in the prompt."""
    neovim.write_agents(*agents)
    neovim.open("app.py", file)
    neovim.keys(":Dragoman chat<CR>")
    neovim.until("return vim.fn.mode() == 'i' and vim.fn.bufname() == 'dragoman://prompt'")


def test_an_answer_streams_into_the_panel(neovim: Neovim) -> None:
    pieces = ["# Title\r", "\nfirst ä", "😀\n", "", "sec\x00ond\r", "third  \n"]
    with HttpAgent(Reply([delta(piece) for piece in pieces])) as http:
        open_panel(neovim, agent("Docs bot", http.url), agent("Other", http.url))
        neovim.choose("Docs bot")
        neovim.keys("what is<CR>this?<C-s>")

        neovim.until_transcript("third")
        transcript = neovim.until_idle()

    answer = "# Title\nfirst ä😀\nsec\x00ond\nthird  \n"
    assert transcript == f"## You\n\nwhat is\nthis?\n\n## Docs bot\n\n{answer}"
    assert http.requests[0].json["messages"] == [{"role": "user", "content": "what is\nthis?"}]
    assert neovim.choices() == [["● Docs bot — " + http.url.split("/")[2], "● Other — " + http.url.split("/")[2]]]
    assert neovim.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)") == [""], "the prompt is empty again"


def test_stopping_keeps_the_text_and_hangs_up(neovim: Neovim) -> None:
    with HttpAgent(Reply([delta("so far\n```python\nprint()")], end="hold")) as http:
        open_panel(neovim, agent("Slow", http.url))
        neovim.keys("go<C-s>")
        neovim.until_transcript("print()")
        assert "Slow · streaming" in neovim.lua("return vim.wo[...].winbar", neovim.transcript_window)

        neovim.keys("<C-c>")

        transcript = neovim.until_idle()
        assert poll(http.hung_up.is_set, "the agent's connection is closed")

    assert transcript.endswith("so far\n```python\nprint()\n```\n\n■ Stopped."), "the code block is closed"


def test_the_next_turn_goes_on_and_a_new_conversation_does_not(neovim: Neovim) -> None:
    with HttpAgent(Reply(delta("one")), Reply(delta("two")), Reply(delta("three"))) as http:
        open_panel(neovim, agent("Bot", http.url))
        neovim.keys("1<C-s>")
        neovim.until_transcript("one")
        neovim.until_idle()
        neovim.keys("2<C-s>")
        neovim.until_transcript("two")
        neovim.until_idle()
        neovim.keys("<Esc>gn3<C-s>")
        neovim.until_transcript("three")

    asked = [[message["content"] for message in request.json["messages"]] for request in http.requests]
    assert asked == [["1"], ["1", "one", "2"], ["3"]]
    assert "one" not in neovim.transcript


def test_another_agent_takes_over_the_conversation(neovim: Neovim) -> None:
    with HttpAgent(Reply(delta("mine"))) as first, HttpAgent(Reply(delta("yours"))) as second:
        open_panel(neovim, agent("First", first.url), agent("Second", second.url))
        neovim.choose("First")
        neovim.keys("1<C-s>")
        neovim.until_transcript("mine")
        neovim.until_idle()
        neovim.choose("Second")
        neovim.keys("<Esc>ga")
        neovim.until("return require('dragoman').status() == 'Second'")
        neovim.keys("A2<C-s>")
        neovim.until_transcript("yours")

    assert [message["content"] for message in second.requests[0].json["messages"]] == ["1", "mine", "2"]


def test_reasoning_is_folded_when_the_answer_begins(neovim: Neovim) -> None:
    answering = Event()
    thoughts = [delta("hm,\nlet me", "reasoning_content"), delta(" see", "reasoning_content")]
    with HttpAgent(Reply([*thoughts, answering, delta("42")])) as http:
        open_panel(neovim, agent("Thinker", http.url))
        neovim.keys("?<C-s>")
        neovim.until_transcript("> hm,\n> let me see")
        answering.set()
        neovim.until_transcript("42")

    assert neovim.lua(FOLDED_LINES, neovim.transcript_window) == ["", "> hm,", "> let me see"]


def test_sources_and_follow_ups_are_listed(neovim: Neovim) -> None:
    sources = [{"source_url": "https://x.example/guide", "datasource_name": "Guide"}]
    end = {"answer": "see the guide", "sources": sources}
    stream = b"event: answer\ndata: see%20the%20guide\n\nevent: endpoint_response\ndata: "
    with HttpAgent(Reply(stream + json.dumps(end).encode() + b"\n\ndata: [DONE]\n\n")) as http:
        open_panel(neovim, {"name": "Library", "url": http.url, "provider": "chaindesk"})
        neovim.keys("?<C-s>")

        neovim.until_transcript("Sources")

    assert "see the guide\n\nSources\n\n1. " in neovim.transcript
    assert "https://x.example/guide" in neovim.transcript


def test_an_agent_with_errors_cannot_be_chosen_and_says_why(neovim: Neovim) -> None:
    with HttpAgent(Reply(delta("hello"))) as http:
        open_panel(neovim, agent("Broken", http.url, responseAction="Streem"), agent("Good", http.url))
        neovim.lua("vim.notify = function(message) _G.told = message end")
        neovim.choose("Broken")

        neovim.keys("?<C-s>")

        told = neovim.until("return _G.told")
        assert told.startswith("Dragoman: Broken cannot be asked: ")
        good, broken = neovim.choices()[0]
        assert good.startswith("● Good")
        assert broken.startswith("✕ Broken — cannot be asked: ")
        assert http.requests == []
        assert neovim.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)") == ["?"], "the prompt is kept"


def test_an_error_is_shown_with_the_key_to_blame(neovim: Neovim) -> None:
    with HttpAgent(Reply(b'{"error": {"message": "no such key"}}', status=401)) as http:
        open_panel(neovim, agent("Bot", http.url, auth={"type": "Bearer", "token": "${env:PATH}"}))
        neovim.keys("?<C-s>")
        neovim.until_transcript("✕ ")
        transcript = neovim.until_idle()

        neovim.keys("<Esc><C-w>kgd")

        neovim.until("return vim.fn.expand('%:t') == 'agents.json'")

    assert transcript.startswith("## You\n\n?\n\n## Bot\n\n✕ Agent “Bot” ")
    assert transcript.endswith("\n  gd shows the place in agents.json")
    assert '"token"' in neovim.lua("return vim.api.nvim_get_current_line()")


def test_the_panel_ends_the_turn_when_the_server_dies_and_asks_again(neovim: Neovim) -> None:
    with HttpAgent(Reply([delta("so far")], end="hold"), Reply(delta("again"))) as http:
        open_panel(neovim, agent("Bot", http.url))
        neovim.keys("go<C-s>")
        neovim.until_transcript("so far")
        (server,) = neovim.servers()

        os.kill(server, signal.SIGKILL)

        transcript = neovim.until_idle()
        assert "so far\n\n✕ The server has ended (signal 9)." in transcript
        neovim.keys("once more<C-s>")
        neovim.until_transcript("again")


def test_the_cursor_stays_where_the_user_reads(neovim: Neovim) -> None:
    more = Event()
    first, rest = "".join(f"line {n}\n\n" for n in range(60)), "".join(f"more {n}\n\n" for n in range(60))
    with HttpAgent(Reply([delta(first), more, delta(rest), delta("end")])) as http:
        open_panel(neovim, agent("Bot", http.url))
        neovim.keys("go<C-s>")
        neovim.until_transcript("line 59")
        window = neovim.transcript_window
        at_end = "return vim.api.nvim_win_call(..., function() return vim.fn.line('.') == vim.fn.line('$') end)"
        assert neovim.lua(at_end, window), "it follows as long as it is at the end"
        neovim.keys("<Esc><C-w>k20G")
        neovim.until("return vim.fn.line('.') == 20")
        top = neovim.lua("return vim.fn.line('w0')")

        more.set()

        neovim.until_transcript("end")
        assert neovim.lua("return { vim.fn.line('.'), vim.fn.line('w0') }") == [20, top]


def test_what_the_user_types_meanwhile_is_not_disturbed(neovim: Neovim) -> None:
    steps = [Event() for _ in range(20)]
    pieces = [piece for n, step in enumerate(steps) for piece in (step, delta(f"word{n}\n"))]
    with HttpAgent(Reply(pieces)) as http:
        open_panel(neovim, agent("Bot", http.url), file="")
        neovim.keys("go<C-s>")
        neovim.until("return require('dragoman').status() ~= 'Bot'")
        neovim.keys("<Esc><C-w>hi")
        for n, step in enumerate(steps):
            neovim.keys(f"typed {n}<CR>")
            step.set()
        neovim.until_transcript("word19")
        neovim.keys("done<Esc>u")
        neovim.until("return vim.fn.mode() == 'n'")

    assert "".join(f"word{n}\n" for n in range(20)) in neovim.transcript
    assert neovim.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)") == [""], "all typed text is one undo step"
    neovim.keys("<C-r>")
    typed = [*(f"typed {n}" for n in range(20)), "done"]
    neovim.until("return vim.fn.line('$') > 1")
    assert neovim.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)") == typed


def test_every_conversation_looks_the_same(neovim: Neovim) -> None:
    looks = """
      local win = vim.fn.bufwinid('dragoman://chat/' .. ...)
      return vim.tbl_map(function(name) return vim.wo[win][name] end, { 'linebreak', 'number', 'winfixbuf' })
    """
    neovim.lua("vim.o.number = true")
    open_panel(neovim, agent("Docs bot", "http://127.0.0.1:1/"))
    first = neovim.lua(looks, 1)
    neovim.keys("<Esc>:Dragoman new<CR>")
    neovim.until("return vim.fn.bufwinid('dragoman://chat/2') ~= -1")
    assert neovim.lua(looks, 2) == first == [True, False, True]


def test_the_panel_opens_where_setup_says_and_closes_as_one(neovim: Neovim) -> None:
    neovim.lua("require('dragoman').setup({ panel = { position = 'bottom', height = 12 }, keymaps = { close = 'Q' } })")
    open_panel(neovim, agent("Bot", "http://127.0.0.1:9"))
    layout = neovim.lua("return vim.fn.winlayout()")
    assert [layout[0], [part[0] for part in layout[1]]] == ["col", ["leaf", "leaf", "leaf"]]

    neovim.keys("<Esc><C-w>k:quit<CR>")

    neovim.until("return vim.fn.winnr('$') == 1")
    neovim.keys(":Dragoman chat<CR>")
    neovim.until("return vim.fn.winnr('$') == 3")
    neovim.keys("<Esc>Q")
    neovim.until("return vim.fn.winnr('$') == 1")
