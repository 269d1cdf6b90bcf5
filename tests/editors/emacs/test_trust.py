"""The question whether an agent of the workspace may be asked, and other questions of the server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emacs_session import Emacs
from http_agent import HttpAgent, Reply

pytestmark = pytest.mark.emacs

HELLO = Reply(b'data: {"choices": [{"delta": {"content": "hello"}}]}\n\n')
SHOWN = """(let ((b (get-buffer "*dragoman question*")))
             (and b (get-buffer-window b) (active-minibuffer-window)
                  (list (with-current-buffer b (buffer-string))
                        (with-current-buffer (window-buffer (minibuffer-window)) (buffer-string)))))"""


def ask(emacs: Emacs, http: HttpAgent, **more: Any) -> list[str]:
    """The question that a prompt to an agent of the workspace raises: the whole text, and what the user types at."""
    emacs.write("agents.json", json.dumps([{"name": "Docs bot", "url": http.url, **more}]))
    emacs.open("app.py", "print()\n")
    emacs.press("M-x dragoman-chat RET")
    emacs.until_chat("asks for your consent first")
    emacs.eval('(setq dragoman--agent "Docs bot")')
    emacs.press("what? RET")
    return emacs.until(SHOWN)


def test_the_question_is_shown_whole_and_the_answer_counts(emacs: Emacs) -> None:
    with HttpAgent(HELLO) as http:
        text, asked = ask(emacs, http, auth={"type": "Bearer", "token": "${env:HOME}"})
        assert asked == "Allow prompts to “Docs bot”, an agent that comes with this workspace? (Allow, Do not allow) "
        assert text.startswith(asked.partition(" (")[0])
        assert f"Address: {http.url}" in text
        assert "Resolved for it: ${env:HOME}" in text
        assert http.connections == 0
        emacs.press("Allow RET")
        emacs.until_chat("hello")
    assert emacs.eval(SHOWN) is None


def test_quitting_is_not_now(emacs: Emacs) -> None:
    with HttpAgent(HELLO) as http:
        ask(emacs, http)
        emacs.press("C-g")
        emacs.until_chat("dragoman trust allow")
        assert http.connections == 0


def test_other_answers_stream_while_the_question_stands(emacs: Emacs) -> None:
    with HttpAgent(HELLO, Reply(HELLO.body * 50)) as http:
        emacs.write_agents({"name": "Mine", "url": http.url})
        ask(emacs, http)
        emacs.eval(
            '(with-current-buffer (dragoman--new-buffer (with-current-buffer "*dragoman*" default-directory))'
            ' (setq dragoman--agent "Mine") (dragoman--ask "hi") nil)'
        )
        emacs.until('(string-search "hello" (with-current-buffer "*dragoman*<2>" (buffer-string)))')
        emacs.press("Allow RET")
        emacs.until('(string-search "hello" (with-current-buffer "*dragoman*" (buffer-string)))')


def test_a_command_of_the_server_asks_for_what_is_missing(emacs: Emacs) -> None:
    with HttpAgent(HELLO) as http:
        emacs.write_agents({"name": "Docs bot", "url": http.url})
        emacs.open("agents.json", "[]")
        emacs.until("(eglot-managed-p)")
        emacs.eval('(progn (dragoman--execute (dragoman--server) "dragoman.chat" (make-hash-table)) nil)')
        emacs.until("(active-minibuffer-window)")
        emacs.press("hi SPC there RET")
        transcript = emacs.until_chat("hello")
    assert transcript.startswith("Docs bot")
    assert http.requests[0].json["messages"] == [{"role": "user", "content": "hi there"}]
