"""What a DevIns script would change, reviewed in Emacs: nothing is written before the user accepts it."""

from __future__ import annotations

import json

import pytest

from emacs_session import Emacs
from http_agent import HttpAgent, Reply
from polling import poll

pytestmark = pytest.mark.emacs

FILE = "one\ntwo\nthree\n"
SCRIPT = """```devin
/write:src/new.txt
```text
ä😀 new
```
/write:app.txt
```text
one
zwei
three
```
```
"""
REVIEW = """(and (dragoman--proposals) (with-current-buffer (car (dragoman--proposals))
                                                 (and dragoman--decide (substring-no-properties (buffer-string)))))"""
APP = '(with-current-buffer "app.txt" (buffer-substring-no-properties (point-min) (point-max)))'
NONE = "(null (dragoman--proposals))"


def propose(emacs: Emacs, http: HttpAgent) -> str:
    """The review of the script, while `app.txt` is open."""
    emacs.write_agents({"name": "Bot", "url": http.url, "responseAction": "DevIns", "interactive": "ChatPanel"})
    emacs.open("app.txt", FILE)
    emacs.press("M-x dragoman-ask-region RET explain RET")
    return emacs.until(REVIEW)


def scripted(script: str = SCRIPT) -> HttpAgent:
    return HttpAgent(Reply(b"data: " + json.dumps({"choices": [{"delta": {"content": script}}]}).encode() + b"\n\n"))


def test_each_file_is_shown_with_its_diff(emacs: Emacs) -> None:
    with scripted() as http:
        shown = propose(emacs, http)
    assert shown == (
        "created src/new.txt\n--- /dev/null\n+++ b/src/new.txt\n@@ -0,0 +1 @@\n+ä😀 new\n"
        "changed app.txt\n--- a/app.txt\n+++ b/app.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n three\n"
    )
    assert emacs.eval(APP) == FILE
    assert not (emacs.workspace / "src").exists()


def test_accepted(emacs: Emacs) -> None:
    with scripted() as http:
        propose(emacs, http)
    emacs.press("M-x dragoman-accept RET")
    poll((emacs.workspace / "src/new.txt").exists, "the new file")
    assert (emacs.workspace / "src/new.txt").read_text() == "ä😀 new\n"
    poll(lambda: emacs.eval(APP) == "one\nzwei\nthree\n" or None, "the change")
    assert (emacs.workspace / "app.txt").read_text() == FILE, "what is changed is not saved"
    assert emacs.eval(NONE)


@pytest.mark.parametrize("how", ["(call-interactively 'dragoman-reject)", "(kill-buffer (car (dragoman--proposals)))"])
def test_refused(emacs: Emacs, how: str) -> None:
    with scripted() as http:
        propose(emacs, http)
    emacs.eval(f"(progn {how} nil)")
    emacs.until('(string-search "applied nothing" (with-current-buffer "*Messages*" (buffer-string)))')
    assert emacs.eval(APP) == FILE
    assert not (emacs.workspace / "src").exists()


def test_a_file_is_left_out(emacs: Emacs) -> None:
    with scripted() as http:
        propose(emacs, http)
    emacs.eval('(progn (pop-to-buffer (car (dragoman--proposals))) (goto-char 1) (search-forward "changed app") nil)')
    emacs.press("x")
    emacs.until('(string-search "1 of 2 files" (dragoman--proposal-header))')
    emacs.press("C-c C-c")
    poll((emacs.workspace / "src/new.txt").exists, "the new file")
    assert emacs.eval(NONE)
    assert emacs.eval(APP) == FILE


def test_what_was_typed_meanwhile_stays(emacs: Emacs) -> None:
    with scripted() as http:
        propose(emacs, http)
    emacs.eval('(with-current-buffer "app.txt" (goto-char 1) (insert "typed ") nil)')
    emacs.press("M-x dragoman-accept RET")
    emacs.until('(string-search "applied nothing" (with-current-buffer "*Messages*" (buffer-string)))')
    assert emacs.eval(APP) == f"typed {FILE}"
    assert not (emacs.workspace / "src").exists(), "all or nothing"


def test_a_file_is_removed(emacs: Emacs) -> None:
    patch = "```devin\n/patch\n```diff\n--- a/old.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n```\n```\n"
    emacs.write("old.txt", "old\n")
    with scripted(patch) as http:
        assert propose(emacs, http).startswith("deleted old.txt\n--- a/old.txt\n+++ /dev/null\n")
    assert (emacs.workspace / "old.txt").exists()
    emacs.press("M-x dragoman-accept RET")
    poll(lambda: not (emacs.workspace / "old.txt").exists(), "its end")


def test_files_that_act_by_themselves_are_asked_for_one_by_one(emacs: Emacs) -> None:
    with scripted("```devin\n/write:.envrc\n```sh\nexport A=1\n```\n```\n") as http:
        emacs.write_agents({"name": "Bot", "url": http.url, "responseAction": "DevIns", "interactive": "ChatPanel"})
        emacs.open("app.txt", FILE)
        emacs.press("M-x dragoman-ask-region RET explain RET")
        emacs.until("(active-minibuffer-window)")
        emacs.press("C-g")
        emacs.until_idle()
    assert not (emacs.workspace / ".envrc").exists()
    assert emacs.eval(NONE)
