"""What the chat buffer of Emacs shows of an answer, and what can be done in it meanwhile."""

from __future__ import annotations

import json
from threading import Event

import pytest

from emacs_chat import agent, contents, delta, open_chat
from emacs_session import Emacs
from http_agent import HttpAgent, Reply

pytestmark = pytest.mark.emacs


def test_an_answer_streams_into_the_chat(emacs: Emacs) -> None:
    pieces = ["# Title\r", "\nfirst ä", "😀\n", "", "second\r", "third  \n"]
    with HttpAgent(Reply([delta(piece) for piece in pieces])) as http:
        open_chat(emacs, agent("Docs bot", http.url), agent("Other", http.url))
        emacs.choose("Docs bot")
        emacs.press("what SPC is C-j this? RET")

        emacs.until_chat("third")
        transcript = emacs.until_idle()

    answer = "# Title\nfirst ä😀\nsecond\nthird  \n"
    head, _, rest = transcript.partition("  · ")
    assert head == "You\nwhat is\nthis?\n\nDocs bot"
    assert rest.partition("\n")[2] == answer
    assert contents(http) == [["what is\nthis?"]]
    host = http.url.split("/")[2]
    (_, *shown), *_ = emacs.eval("shown-choices")
    assert shown == [f"● Docs bot  custom · {host}", f"● Other  custom · {host}"]


def test_code_is_coloured_and_can_be_taken(emacs: Emacs) -> None:
    answer = "Look:\n```python\ndef read():\n    return 'ä'\n```\nDone."
    with HttpAgent(Reply([delta(piece) for piece in (answer[:9], answer[9:20], answer[20:])])) as http:
        open_chat(emacs, agent("Bot", http.url))
        emacs.press("go RET")
        emacs.until_chat("Done.")
        assert (
            "\nLook:\n```python  Copy  Insert  Diff  New file\ndef read():\n    return 'ä'\n```\nDone."
            in emacs.until_idle()
        )
    emacs.eval('(progn (goto-char (point-min)) (search-forward "def") nil)')
    assert "font-lock-keyword-face" in emacs.eval('(format "%s" (get-text-property (1- (point)) \'face))')

    emacs.press("w")
    code = "def read():\n    return 'ä'\n"
    emacs.until(f"(equal (car kill-ring) {json.dumps(code, ensure_ascii=False)})")
    emacs.press("i")
    emacs.until('(string-suffix-p "app.py" (or buffer-file-name ""))')
    assert emacs.eval("(buffer-string)") == f"{code}print()\n"

    emacs.press("C-x o")
    emacs.eval('(progn (goto-char (point-min)) (search-forward "New f") nil)')
    emacs.press("RET")
    made = """(seq-some (lambda (b) (and (string-match-p "/output-[^/]*\\\\.py\\\\'" (or (buffer-file-name b) ""))
                                         (with-current-buffer b (buffer-string)))) (buffer-list))"""
    assert emacs.until(made) == code


def test_copying_an_answer_leaves_the_buttons_out(emacs: Emacs) -> None:
    with HttpAgent(Reply(delta("a\n```sh\nls\n```\n"))) as http:
        open_chat(emacs, agent("Bot", http.url))
        emacs.press("go RET")
        emacs.until_chat("Copy")
        emacs.until_idle()
    copied = emacs.eval('(progn (kill-ring-save (search-backward "a\\n```") (point-max)) (car kill-ring))')
    assert copied.strip() == "a\n```sh\nls\n```"


def test_reasoning_is_folded_when_the_answer_begins(emacs: Emacs) -> None:
    answering = Event()
    thoughts = [delta("hm,\nlet me", "reasoning_content"), delta(" see", "reasoning_content")]
    hidden = '(save-excursion (goto-char (point-min)) (search-forward "let me see") (invisible-p (1- (point))))'
    with HttpAgent(Reply([*thoughts, answering, delta("42")])) as http:
        open_chat(emacs, agent("Thinker", http.url))
        emacs.press("? RET")
        emacs.until_chat("▾ Thinking …\nhm,\nlet me see")
        assert not emacs.eval(hidden)
        answering.set()
        emacs.until_chat("42")
        emacs.until_idle()
    assert "▸ Thought for 0 s\nhm,\nlet me see\n\n42" in emacs.transcript
    assert emacs.eval(hidden)
    emacs.eval('(progn (goto-char (point-min)) (search-forward "Thought") nil)')
    emacs.press("RET")
    emacs.until(f"(not {hidden})")


def test_sources_and_follow_ups_are_listed(emacs: Emacs) -> None:
    sources = [{"source_url": "https://x.example/guide", "datasource_name": "Guide"}]
    end = {"answer": "see the guide", "sources": sources}
    stream = b"event: answer\ndata: see%20the%20guide\n\nevent: endpoint_response\ndata: "
    with HttpAgent(Reply(stream + json.dumps(end).encode() + b"\n\ndata: [DONE]\n\n")) as http:
        open_chat(emacs, {"name": "Library", "url": http.url, "provider": "chaindesk"})
        emacs.press("? RET")
        emacs.until_chat("Sources")
        assert "see the guide\n\nSources\n1. " in emacs.until_idle()
    emacs.eval("(setq browse-url-browser-function (lambda (url &rest _) (setq browsed url)) browsed nil)")
    emacs.eval('(progn (goto-char (point-min)) (search-forward "https://x.example/gu") nil)')
    emacs.press("RET")
    assert emacs.until("browsed") == "https://x.example/guide"


def test_the_view_stays_where_the_user_reads(emacs: Emacs) -> None:
    more = Event()
    first, rest = "".join(f"line {n}\n\n" for n in range(60)), "".join(f"more {n}\n\n" for n in range(60))
    with HttpAgent(Reply([delta(first), more, delta(rest), delta("end")])) as http:
        open_chat(emacs, agent("Bot", http.url))
        emacs.press("go RET")
        emacs.until_chat("line 59")
        emacs.until("(pos-visible-in-window-p (point-max))")
        assert emacs.eval("(> (window-start) 100)"), "it follows as long as point is in the input"
        emacs.press("M-< C-n C-n C-n")
        emacs.until("(= (line-number-at-pos) 4)")
        place = emacs.eval("(list (point) (window-start))")

        more.set()

        emacs.until_chat("\nend")
        emacs.until_idle()
        assert emacs.eval("(progn (redisplay t) (list (point) (window-start)))") == place


def test_what_the_user_types_meanwhile_is_not_disturbed(emacs: Emacs) -> None:
    steps = [Event() for _ in range(20)]
    pieces = [piece for n, step in enumerate(steps) for piece in (step, delta(f"word{n}\n"))]
    with HttpAgent(Reply(pieces)) as http:
        open_chat(emacs, agent("Bot", http.url))
        emacs.press("go RET")
        emacs.until("dragoman--running")
        for n, step in enumerate(steps):
            emacs.press(f"t{n}- C-j")
            step.set()
        emacs.until_chat("word19")
        emacs.until_idle()
        typed = "".join(f"t{n}-\n" for n in range(20))
        emacs.until_chat(f"\n❯ {typed}")
        emacs.press("M-DEL C-/")
        emacs.until_chat(f"\n❯ {typed}")
        emacs.eval("(condition-case nil (progn (undo-start) (while t (undo-more 1))) (user-error nil))")
        assert emacs.chat.endswith("\n❯ ")
    assert "".join(f"word{n}\n" for n in range(20)) in emacs.transcript


def test_the_transcript_cannot_be_typed_into(emacs: Emacs) -> None:
    with HttpAgent(Reply(delta("answer"))) as http:
        open_chat(emacs, agent("Bot", http.url))
        emacs.press("go RET")
        emacs.until_chat("answer")
        emacs.until_idle()
        places = """(seq-filter (lambda (place)
                     (condition-case nil
                         (progn (goto-char place) (insert "z") (delete-char -1) t)
                       (text-read-only nil)))
                   (number-sequence (point-min) (point-max)))"""
        assert emacs.eval(
            f'(progn (insert "ab") (equal {places} (list (- (point-max) 2) (1- (point-max)) (point-max))))'
        )
        emacs.press("C-a > RET")
        emacs.until('(member ">ab" dragoman--prompts)')


def test_bad_input_is_only_text(emacs: Emacs) -> None:
    bad = "\x1b[31mred\x1b[2J \u202ebidi <script>x</script> ![a](http://127.0.0.1:9/a.png)\n"
    line = "x" * 1_000_000
    with HttpAgent(
        Reply([delta(bad), delta(f"```\n{line[:600_000]}"), delta(line[600_000:]), delta("\n~~~\n``")])
    ) as http:
        open_chat(emacs, agent("Bot", http.url))
        emacs.press("go RET")
        emacs.until('(string-suffix-p "~~~\\n``\\n" (buffer-substring (point-min) dragoman--end))')
        emacs.until("(hash-table-empty-p dragoman--running-turns)")
        shown = emacs.eval('(progn (redisplay t) (string-replace (make-string 1000000 ?x) "…" (buffer-string)))')
        emacs.press("still SPC here")
        emacs.until('(equal (dragoman--input-text) "still here")')
    assert (
        shown.partition("\n\n")[2]
        .partition("\n")[2]
        .startswith(f"{bad}```  Copy  Insert  Diff  New file\n…\n~~~\n``\n")
    )
