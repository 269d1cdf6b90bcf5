"""Plain eglot, with nothing of ours but the server: questions and answers are an ordinary buffer."""

from __future__ import annotations

from pathlib import Path

import pytest

from emacs_session import SERVE, Emacs, lisp
from http_agent import HttpAgent, Reply
from polling import poll

pytestmark = pytest.mark.emacs

START = f"""(progn
  (require 'eglot)
  (setq eglot-confirm-server-initiated-edits nil)
  (setq eglot-server-programs (list (cons 'text-mode (list {" ".join(map(lisp, SERVE))}))))
  (find-file %s)
  (text-mode)
  (call-interactively 'eglot)
  nil)"""
SEND = """(progn
  (jsonrpc-request (eglot-current-server) :workspace/executeCommand
    (list :command "dragoman.send" :arguments (vector (list :textDocument (eglot--TextDocumentIdentifier)))))
  nil)"""
TYPE = '(progn (goto-char (point-min)) (search-forward "## You") (forward-line 2) (end-of-line) (insert %s) nil)'


def in_chat(emacs: Emacs, code: str) -> object:
    return emacs.eval(f'(with-current-buffer "x.chat.md" {code})')


def text_of(emacs: Emacs) -> str:
    return str(in_chat(emacs, "(buffer-substring-no-properties 1 (point-max))"))


def test_typing_while_an_answer_streams(tmp_path: Path) -> None:
    words = [f"word{number} " for number in range(20)]
    reply = Reply([f"data: {word}\n\n".encode() for word in words], pause=0.1)
    with HttpAgent(reply) as http, Emacs(tmp_path) as emacs:
        emacs.write_agents({"name": "coder", "url": http.url})
        path = emacs.write("x.chat.md", "---\nagent: coder\n---\n\n## You\n\nWhat is this?\n")
        emacs.eval(START % lisp(str(path)))
        emacs.until('(with-current-buffer "x.chat.md" (and (eglot-managed-p) t))')
        in_chat(emacs, SEND)
        poll(lambda: "word0" in text_of(emacs), "the answer")
        for letter in " At length.":
            in_chat(emacs, TYPE % lisp(letter))
        poll(lambda: "\nconversation: " in text_of(emacs), "the end of the answer")
        text = text_of(emacs)
    assert "What is this? At length.\n\n## coder" in text
    answer = text[text.index("<!-- answer") : text.index("<!-- /answer")]
    assert answer.partition("-->")[2].split() == [word.strip() for word in words]
