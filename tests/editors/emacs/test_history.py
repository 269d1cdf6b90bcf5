"""Conversations of earlier sessions, the request that would be sent, and the log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emacs_session import Emacs
from http_agent import HttpAgent, Reply

pytestmark = pytest.mark.emacs


def said(text: str) -> Reply:
    return Reply(b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}).encode() + b"\n\n")


def converse(emacs: Emacs, *turns: tuple[str, str]) -> None:
    emacs.open("app.py", "print()\n")
    emacs.press("M-x dragoman-chat RET")
    emacs.until_chat("RET sends what stands below")
    for prompt, answer in turns:
        emacs.press(f"{prompt} RET")
        emacs.until_chat(answer)
        emacs.until_idle()


def test_a_conversation_of_an_earlier_session_goes_on(tmp_path: Path) -> None:
    with HttpAgent(said("alpha ä😀"), said("beta"), said("gamma")) as http:
        with Emacs(tmp_path) as emacs:
            emacs.write_agents({"name": "Bot", "url": http.url})
            converse(emacs, ("first", "alpha"))
            emacs.press("C-c C-r")
            emacs.until_chat("beta")
            emacs.until_idle()
        (tmp_path / "socket").unlink(missing_ok=True)
        with Emacs(tmp_path) as emacs:
            emacs.open("app.py", "print()\n")
            emacs.press("C-u M-x dragoman-conversations RET firs RET")
            emacs.until('(string-search "first" (buffer-string))')
            emacs.press("RET")
            emacs.until_chat("beta")
            assert emacs.transcript.startswith("You\nfirst\n\nBot\nbeta")
            assert "alpha" not in emacs.transcript
            emacs.press("then RET")
            emacs.until_chat("gamma")
            emacs.until_idle()
    assert [message["content"] for message in http.requests[2].json["messages"]] == ["first", "beta", "then"]


def test_conversations_are_searched_renamed_exported_and_deleted(emacs: Emacs) -> None:
    with HttpAgent(said("alpha"), said("beta")) as http:
        emacs.write_agents({"name": "Bot", "url": http.url})
        converse(emacs, ("one", "alpha"))
        emacs.press("C-c C-n")
        emacs.until('(equal (buffer-name) "*dragoman*<2>")')
        emacs.press("two RET")
        emacs.until_chat("beta")
        emacs.until_idle()
    emacs.press("C-c C-l")
    emacs.until("(eq major-mode 'dragoman-conversations-mode)")
    titles = "(mapcar (lambda (entry) (aref (cadr entry) 3)) tabulated-list-entries)"
    assert sorted(emacs.until(titles)) == ["one", "two"]
    emacs.press("s alph RET")
    emacs.until(f'(equal {titles} \'("one"))')
    emacs.press("M-< r C-a C-k Neuer SPC Name RET")
    emacs.until(f'(equal {titles} \'("Neuer Name"))')
    emacs.press("e RET")
    emacs.until('(string-suffix-p ".md" (or buffer-file-name ""))')
    assert "alpha" in emacs.eval("(buffer-string)")
    emacs.press("C-x o")
    emacs.until("(eq major-mode 'dragoman-conversations-mode)")
    emacs.press("M-< d yes RET")
    emacs.until(f"(null {titles})")
    emacs.press("s RET")
    emacs.until(f'(equal {titles} \'("two"))')


def test_the_request_that_would_be_sent(emacs: Emacs) -> None:
    with HttpAgent(said("alpha")) as http:
        emacs.write_agents({"name": "Bot", "url": http.url, "auth": {"type": "Bearer", "token": "${env:NOT_SET_HERE}"}})
        converse(emacs)
        emacs.press("it's C-j this C-c C-v")
        shown = emacs.until('(and (equal (buffer-name) "*dragoman preview*") (buffer-string))')
    assert http.requests == []
    assert f"POST {http.url}\n" in shown
    assert "Authorization: Bearer ${env:NOT_SET_HERE}\n" in shown
    assert '{"messages": [{"role": "user", "content": "it\'s\\nthis"}]}' in shown
    assert "\ncurl -N " in shown


def test_the_log_is_opened(emacs: Emacs) -> None:
    emacs.open("app.py", "print()\n")
    emacs.press("M-x dragoman-log RET")
    shown = "(mapcar #'window-buffer (window-list))"
    log = f'(seq-find (lambda (b) (string-suffix-p ".log" (or (buffer-file-name b) ""))) {shown})'
    assert "the log of process" in emacs.until(f"(and {log} (with-current-buffer {log} (buffer-string)))")
