"""Answers about a region in Emacs, each where its agent wants it: what is seen for each mode, and for each action."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Event

import pytest

from emacs_session import Emacs
from http_agent import HttpAgent, Reply
from polling import poll

pytestmark = pytest.mark.emacs

FILE = "one\ntwo\nthree\n"
ANSWER = "Like this:\n```text\nzwei ä😀\n```\nGood."
CODE = "zwei ä😀"

APP = '(with-current-buffer "app.txt" (buffer-substring-no-properties (point-min) (point-max)))'
SIDE = """(seq-some (lambda (w) (and (eq (buffer-local-value 'major-mode (window-buffer w)) 'dragoman-chat-mode)
                                    (symbol-name (or (window-parameter w 'window-side) 'main)))) (window-list))"""
NEW_FILE = """(seq-some (lambda (b) (and (string-match-p "/output-[^/]*\\\\'" (or (buffer-file-name b) ""))
                                         (with-current-buffer b (and (not (buffer-modified-p)) (buffer-string)))))
                        (buffer-list))"""
DIFF = """(seq-some (lambda (b) (with-current-buffer b (and (eq major-mode 'dragoman-proposal-mode) dragoman--decide
                                                           (buffer-substring-no-properties 1 (point-max)))))
                    (buffer-list))"""


def streamed(text: str, size: int = 7) -> list[bytes]:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return [b"data: " + json.dumps({"choices": [{"delta": {"content": piece}}]}).encode() + b"\n\n" for piece in pieces]


@pytest.fixture
def http() -> Iterator[HttpAgent]:
    with HttpAgent(Reply(streamed(ANSWER))) as agent:
        yield agent


def ask(emacs: Emacs, http: HttpAgent, question: str = "explain", **agent: object) -> None:
    """About `two`, the second line of a file that no other server has."""
    emacs.write_agents({"name": "Bot", "url": http.url, **agent})
    emacs.open("app.txt", FILE)
    emacs.eval('(progn (goto-char (point-min)) (search-forward "two") (push-mark (match-beginning 0) t t) nil)')
    emacs.press(f"M-x dragoman-ask-region RET {question} RET")


INSERTED = {
    "AppendCursor": f"one\ntwo{CODE}\nthree\n",
    "AppendCursorStream": f"one\ntwo{CODE}\nthree\n",
    "InsertBeforeSelection": f"one\n{CODE}\ntwo\nthree\n",
    "ReplaceSelection": f"one\n{CODE}\nthree\n",
    "ReplaceCurrentFile": f"{CODE}\n",
}


@pytest.mark.parametrize("mode", INSERTED)
def test_modes_that_write_into_the_document(emacs: Emacs, http: HttpAgent, mode: str) -> None:
    ask(emacs, http, interactive=mode)
    poll(lambda: emacs.eval(APP) == INSERTED[mode] or None, INSERTED[mode])
    emacs.until_idle()
    emacs.eval('(with-current-buffer "app.txt" (undo) nil)')
    assert emacs.eval(APP) == FILE, "one step of undo"


@pytest.mark.parametrize(("mode", "side"), [("ChatPanel", "main"), ("RightPanel", "right"), ("RunPanel", "bottom")])
def test_modes_that_show_the_answer(emacs: Emacs, http: HttpAgent, mode: str, side: str) -> None:
    ask(emacs, http, interactive=mode)
    emacs.until_chat("Good.")
    emacs.until(f'(equal {SIDE} "{side}")')
    assert emacs.eval(APP) == FILE


def test_a_new_file(emacs: Emacs, http: HttpAgent) -> None:
    ask(emacs, http, interactive="OutputFile")
    assert emacs.until(NEW_FILE) == f"{CODE}\n"


def test_the_clipboard(emacs: Emacs, http: HttpAgent) -> None:
    ask(emacs, http, interactive="OnPaste")
    emacs.until(f'(equal (substring-no-properties (or (car kill-ring) "")) "{CODE}")')


@pytest.mark.parametrize("question", ["explain", "shorter!"])
@pytest.mark.parametrize(("command", "outcome"), [("accept", f"one\n{CODE}\nthree\n"), ("reject", FILE)])
def test_a_diff(emacs: Emacs, http: HttpAgent, question: str, command: str, outcome: str) -> None:
    ask(emacs, http, question, interactive="StreamDiff")
    diff = emacs.until(DIFF)
    assert diff == f"--- a/app.txt\n+++ b/app.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+{CODE}\n three\n"
    assert emacs.eval(APP) == FILE
    emacs.press(f"M-x dragoman-{command} RET")
    poll(lambda: emacs.eval(f"(and (null (dragoman--proposals)) {APP})") == outcome or None, outcome)
    if outcome != FILE:
        emacs.eval('(with-current-buffer "app.txt" (undo) nil)')
        assert emacs.eval(APP) == FILE, "one step of undo"


def test_an_accepted_diff_of_lines_is_no_surprise_to_the_server(emacs: Emacs, http: HttpAgent) -> None:
    emacs.write_agents({"name": "Bot", "url": http.url, "interactive": "StreamDiff"})
    emacs.open("app.txt", FILE)
    emacs.eval("(progn (goto-char (point-min)) (push-mark (point) t t) (forward-line 2) nil)")
    emacs.press("M-x dragoman-ask-region RET explain RET")
    emacs.until(DIFF)
    assert "C-c C-c accepts" in emacs.eval("(with-current-buffer (dragoman--proposal) (dragoman--proposal-header))")
    emacs.press("M-x dragoman-accept RET")
    expected = f"{CODE}\nthree\n"
    poll(lambda: emacs.eval(APP) == expected or None, expected)
    emacs.eval('(with-current-buffer "app.txt" (goto-char (point-max)) (insert "four") nil)')
    emacs.press("M-x dragoman-preview RET")
    emacs.until('(get-buffer "*dragoman preview*")')
    assert "as it was" not in emacs.eval('(with-current-buffer "*Messages*" (buffer-string))')


def test_a_diff_grows_with_the_answer(emacs: Emacs) -> None:
    more = Event()
    shown = "(and (dragoman--proposals) (with-current-buffer (car (dragoman--proposals)) (buffer-string)))"
    with HttpAgent(Reply([*streamed("```\nzwei\n"), more, *streamed("drei\n```\n")])) as http:
        ask(emacs, http, interactive="StreamDiff")
        emacs.until(f'(string-search "\\n+zwei" (or {shown} ""))')
        with pytest.raises(RuntimeError, match="not complete yet"):
            emacs.eval("(dragoman-accept)")
        more.set()
        assert "\n-two\n+zwei\n+drei\n" in emacs.until(DIFF)


def test_a_stopped_answer_withdraws_its_diff(emacs: Emacs) -> None:
    with HttpAgent(Reply(streamed("```\nzwei\ndrei"), end="hold")) as http:
        ask(emacs, http, interactive="StreamDiff")
        emacs.until("(dragoman--proposals)")
        emacs.press("M-x dragoman-reject RET")
        emacs.until("(null (dragoman--proposals))")
        assert "zwei" in emacs.until_idle()
    assert emacs.eval(APP) == FILE


def test_a_diff_never_goes_over_what_was_typed_meanwhile(emacs: Emacs, http: HttpAgent) -> None:
    ask(emacs, http, interactive="StreamDiff")
    emacs.until(DIFF)
    emacs.eval(
        '(with-current-buffer "app.txt" (goto-char 1) (insert "null\\n") (search-forward "tw") (insert "x") nil)'
    )
    emacs.press("M-x dragoman-accept RET")
    emacs.until('(string-search "has been changed meanwhile" (with-current-buffer "*Messages*" (buffer-string)))')
    assert emacs.eval(APP) == "null\none\ntwxo\nthree\n"


def test_typing_elsewhere_moves_the_diff(emacs: Emacs, http: HttpAgent) -> None:
    ask(emacs, http, interactive="StreamDiff")
    emacs.until(DIFF)
    emacs.eval('(with-current-buffer "app.txt" (goto-char 1) (insert "ä😀 null\\n") nil)')
    emacs.press("M-x dragoman-accept RET")
    expected = f"ä😀 null\none\n{CODE}\nthree\n"
    poll(lambda: emacs.eval(APP) == expected or None, expected)


def test_a_killed_proposal_is_rejected(emacs: Emacs, http: HttpAgent) -> None:
    ask(emacs, http, interactive="StreamDiff")
    emacs.until(DIFF)
    emacs.eval("(progn (kill-buffer (car (dragoman--proposals))) nil)")
    assert emacs.eval(APP) == FILE


def test_typing_while_an_answer_is_inserted(emacs: Emacs) -> None:
    steps = [Event() for _ in range(8)]
    body = [piece for n, step in enumerate(steps) for piece in (step, *streamed(f"word{n}\n"))]
    with HttpAgent(Reply(body)) as http:
        ask(emacs, http, interactive="AppendCursorStream")
        for n, step in enumerate(steps):
            step.set()
            emacs.until(f'(string-search "word{n}" {APP})')
            emacs.eval(f'(with-current-buffer "app.txt" (goto-char (point-min)) (insert "t{n} ") nil)')
        emacs.until_idle()
    typed = "".join(f"t{n} " for n in reversed(range(8)))
    words = "".join(f"word{n}\n" for n in range(8))
    poll(lambda: emacs.eval(APP) == f"{typed}one\ntwo{words}\nthree\n" or None, emacs.eval(APP))


SEEN = {
    "Direct": '(string-search "zwei" (buffer-string))',
    "Stream": '(string-search "zwei" (buffer-string))',
    "TextChunk": '(equal (dragoman--input-text) "zwei")',
    "WebView": '(equal browsed "zwei")',
    "DevIns": '(string-search "zwei" (buffer-string))',
    "Flow": '(string-search "zwei" (buffer-string))',
}
"""For each action, what is to be seen of the answer `zwei`, in the chat or the browser."""


@pytest.mark.parametrize("action", SEEN)
def test_actions(emacs: Emacs, action: str) -> None:
    emacs.eval(
        "(setq browsed nil browse-url-browser-function (lambda (url &rest _) (with-temp-buffer"
        ' (insert-file-contents (dragoman--path url)) (when (search-forward "zwei" nil t) (setq browsed "zwei")))))'
    )
    with HttpAgent(Reply(streamed("zwei"))) as http:
        ask(emacs, http, responseAction=action, interactive="ChatPanel")
        emacs.until(f"(and (dragoman--buffers) (with-current-buffer (car (dragoman--buffers)) {SEEN[action]}))")
        emacs.until_idle()


def test_a_flow_asks_the_next_agent(emacs: Emacs) -> None:
    with HttpAgent(Reply(streamed("first"))) as http, HttpAgent(Reply(streamed("second"))) as following:
        first = {"name": "Bot", "url": http.url, "responseAction": "Flow", "flow": {"next": "Next"}}
        emacs.write_agents(first, {"name": "Next", "url": following.url})
        emacs.open("app.txt", FILE)
        emacs.eval('(with-current-buffer (dragoman--buffer) (setq dragoman--agent "Bot") nil)')
        emacs.press("M-x dragoman-ask-region RET explain RET")
        emacs.until_chat("second")
        assert "Next" in emacs.until_idle()


def test_asking_again_puts_the_answer_in_the_same_place(emacs: Emacs) -> None:
    with HttpAgent(Reply(streamed("zwei")), Reply(streamed("deux"))) as http:
        ask(emacs, http, interactive="ReplaceSelection")
        poll(lambda: emacs.eval(APP) == "one\nzwei\nthree\n" or None, "the answer")
        emacs.until_idle()
        emacs.eval('(with-current-buffer "app.txt" (goto-char (point-min)) (insert "null\\n") nil)')
        emacs.press("M-x dragoman-retry RET")
        poll(lambda: emacs.eval(APP) == "null\none\ndeux\nthree\n" or None, "the second answer, for the first one")


def test_what_was_undone_is_answered_again(emacs: Emacs) -> None:
    with HttpAgent(Reply(streamed("zwei")), Reply(streamed("deux"))) as http:
        ask(emacs, http, "shorter!", interactive="ReplaceSelection")
        poll(lambda: emacs.eval(APP) == "one\nzwei\nthree\n" or None, "the answer")
        emacs.until_idle()
        emacs.eval('(with-current-buffer "app.txt" (undo) nil)')
        assert emacs.eval(APP) == FILE
        emacs.press("M-x dragoman-retry RET")
        poll(lambda: emacs.eval(APP) == "one\ndeux\nthree\n" or None, "the second answer")


def test_an_answer_about_nothing_goes_where_the_user_is(emacs: Emacs, http: HttpAgent) -> None:
    emacs.write_agents({"name": "Bot", "url": http.url, "interactive": "AppendCursor"})
    emacs.open("app.txt", FILE)
    emacs.eval("(progn (goto-char (point-min)) (end-of-line) nil)")
    emacs.press("M-x dragoman-chat RET")
    emacs.until("(eq major-mode 'dragoman-chat-mode)")
    emacs.press("go RET")
    expected = f"one{CODE}\ntwo\nthree\n"
    poll(lambda: emacs.eval(APP) == expected or None, expected)
