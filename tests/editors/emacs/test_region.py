"""Asking about a region, in files that other servers may have."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from emacs_session import Emacs
from http_agent import HttpAgent, Reply

pytestmark = pytest.mark.emacs

CODE = "first\n  zweite 'ä😀é'\nthird\n"
ANSWER = b"data: " + json.dumps({"choices": [{"delta": {"content": "It is code."}}]}).encode() + b"\n\n"


@pytest.fixture
def http(emacs: Emacs) -> Iterator[HttpAgent]:
    with HttpAgent(Reply(ANSWER)) as agent:
        emacs.write_agents({"name": "Docs bot", "url": agent.url})
        (emacs.workspace / "src").mkdir()
        emacs.open("src/app.py", CODE)
        yield agent


def asked(http: HttpAgent) -> str:
    return http.requests[-1].json["messages"][-1]["content"]


def select(emacs: Emacs, text: str) -> None:
    found = f'(progn (goto-char (point-min)) (search-forward "{text}") (push-mark (match-beginning 0) t t) nil)'
    emacs.eval(found)


def test_characters_go_with_their_path_and_lines(emacs: Emacs, http: HttpAgent) -> None:
    select(emacs, "ä😀é")
    emacs.press("M-x dragoman-ask-region RET what SPC is SPC it? RET")

    chat = emacs.until_chat("It is code.")

    assert asked(http) == "what is it?\n\nsrc/app.py, line 2:\n\n```python\nä😀é\n```"
    assert chat.startswith("You\nwhat is it?\n▸ app.py 2\n\nDocs bot")
    assert emacs.eval("(with-current-buffer (car (dragoman--buffers)) dragoman--attached)") is None


def test_unsaved_text_counts_and_the_line_where_nothing_is_selected(emacs: Emacs, http: HttpAgent) -> None:
    emacs.eval('(progn (goto-char (point-min)) (insert "neu ") nil)')
    emacs.press("M-x dragoman-ask-region RET why? RET")
    emacs.until_chat("It is code.")
    assert asked(http) == "why?\n\nsrc/app.py, line 1:\n\n```python\nneu first\n```"

    emacs.until_idle()
    emacs.press("C-x o")
    emacs.until('(equal (buffer-name) "app.py")')
    emacs.type("noch ")
    emacs.press("M-x dragoman-ask-region RET and SPC now? RET")
    emacs.until_chat("and now?")
    emacs.until_idle()
    assert asked(http) == "and now?\n\nsrc/app.py, line 1:\n\n```python\nneu noch first\n```"


def test_without_a_question_the_chat_opens_with_the_region_named(emacs: Emacs, http: HttpAgent) -> None:
    select(emacs, "first\n  zweite 'ä😀é'")
    emacs.press("M-x dragoman-ask-region RET RET")
    emacs.until("(eq major-mode 'dragoman-chat-mode)")
    assert "  ▸ app.py 1–2" in emacs.eval("(dragoman--header)")
    emacs.press("well? RET")
    emacs.until_chat("It is code.")
    assert asked(http) == "well?\n\nsrc/app.py, lines 1-2:\n\n```python\nfirst\n  zweite 'ä😀é'\n```"
    assert "▸" not in emacs.eval("(dragoman--header)")


@pytest.mark.parametrize(
    ("intent", "words"),
    [("explain", "Explain this code."), ("fix", "Fix this code."), ("tests", "Write tests for this code.")],
)
def test_an_intent_begins_a_conversation(emacs: Emacs, http: HttpAgent, intent: str, words: str) -> None:
    select(emacs, "ä😀é")
    emacs.press(f"M-x dragoman-ask-region RET {intent} RET")

    chat = emacs.until_chat("It is code.")

    assert asked(http).endswith("\n\nsrc/app.py, line 2:\n\n```python\nä😀é\n```")
    assert chat.startswith(f"You\n{words}\n▸ app.py 2\n\nDocs bot")
    assert "has not arrived" not in emacs.until_idle()


def test_what_is_wrong_there_goes_along_with_a_fix(emacs: Emacs, http: HttpAgent) -> None:
    emacs.eval(
        "(progn (setq-local flymake-diagnostic-functions (list (lambda (report &rest _)"
        ' (funcall report (list (flymake-make-diagnostic (current-buffer) 9 15 :error "no such word"))))))'
        " (flymake-mode 1) (flymake-start) nil)"
    )
    emacs.until("(flymake-diagnostics)")
    select(emacs, "zweite")
    emacs.press("M-x dragoman-ask-region RET fix RET")
    emacs.until_chat("It is code.")
    assert "src/app.py, diagnostics:\n\n```\nline 2: error: no such word\n```" in asked(http)


def test_a_buffer_without_a_file_goes_as_text(emacs: Emacs, http: HttpAgent) -> None:
    emacs.eval('(progn (switch-to-buffer "notes") (insert "one\\ntwo\\nthree") nil)')
    select(emacs, "two\nthree")
    emacs.press("M-x dragoman-ask-region RET explain RET")
    emacs.until_chat("It is code.")
    assert asked(http) == "Explain this code.\n\nnotes, lines 2-3:\n\n```fundamental\ntwo\nthree\n```"
