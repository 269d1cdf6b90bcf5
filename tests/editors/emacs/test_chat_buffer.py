"""The chat buffer in Emacs, with a real server and agents that play what each test needs."""

from __future__ import annotations

import json
import os
import signal
from threading import Event
from typing import Any

import pytest

from emacs_session import Emacs, poll
from http_agent import HttpAgent, Reply

pytestmark = pytest.mark.emacs

HEADER = "(with-current-buffer {chat} (substring-no-properties (dragoman--header)))"
CHAT = "(car (dragoman--buffers))"


def agent(name: str, url: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "url": url, "connector": {"responseFormat": "$.choices[0].delta.content"}, **more}


def delta(text: str, key: str = "content") -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {key: text}}]}).encode() + b"\n\n"


def open_chat(emacs: Emacs, *agents: dict[str, Any], file: str = "print()\n") -> None:
    """The chat below a file; point in the input."""
    emacs.write_agents(*agents)
    emacs.open("app.py", file)
    emacs.press("M-x dragoman-chat RET")
    emacs.until_chat("RET sends what stands below")


def contents(http: HttpAgent) -> list[list[str]]:
    return [[message["content"] for message in asked.json["messages"]] for asked in http.requests]


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


def test_stopping_keeps_the_text_and_hangs_up(emacs: Emacs) -> None:
    with HttpAgent(Reply([delta("so far\n```python\nprint()")], end="hold")) as http:
        open_chat(emacs, agent("Slow", http.url))
        emacs.press("go RET")
        emacs.until_chat("print()")
        header = emacs.eval(HEADER.format(chat=CHAT))
        assert header.startswith(" Slow · streaming")
        assert "C-c C-k stops" in header

        emacs.press("C-c C-k")

        transcript = emacs.until_idle()
        assert poll(http.hung_up.is_set, "the agent's connection is closed")
    assert transcript.endswith("print()\n\n■ Stopped.\n")
    assert emacs.eval(HEADER.format(chat=CHAT)).startswith(" Slow ")


def test_the_next_turn_goes_on_and_a_new_conversation_does_not(emacs: Emacs) -> None:
    with HttpAgent(Reply(delta("one")), Reply(delta("two")), Reply(delta("three"))) as http:
        open_chat(emacs, agent("Bot", http.url))
        emacs.press("1 RET")
        emacs.until_chat("one")
        emacs.until_idle()
        emacs.press("2 RET")
        emacs.until_chat("two")
        emacs.until_idle()
        emacs.press("C-c C-n")
        emacs.until('(equal (buffer-name) "*dragoman*<2>")')
        emacs.press("3 RET")
        emacs.until_chat("three")

    assert contents(http) == [["1"], ["1", "one", "2"], ["3"]]
    assert "one" not in emacs.transcript


def test_another_agent_takes_over_the_conversation(emacs: Emacs) -> None:
    with HttpAgent(Reply(delta("mine"))) as first, HttpAgent(Reply(delta("yours"))) as second:
        open_chat(emacs, agent("First", first.url), agent("Second", second.url))
        emacs.choose("First")
        emacs.press("1 RET")
        emacs.until_chat("mine")
        emacs.until_idle()
        emacs.choose("Second")
        emacs.press("C-c C-a")
        emacs.until('(equal dragoman--agent "Second")')
        emacs.press("2 RET")
        emacs.until_chat("yours")

    assert contents(second) == [["1", "mine", "2"]]


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


def test_an_agent_with_errors_cannot_be_chosen_and_says_why(emacs: Emacs) -> None:
    with HttpAgent(Reply(delta("hello"))) as http:
        good, other = agent("Good", http.url), agent("Other", http.url)
        open_chat(emacs, agent("Broken", http.url, responseAction="Streem"), good, other)
        emacs.choose("Broken")
        emacs.press("? RET")
        emacs.until('(string-match-p "Broken cannot be asked: " (with-current-buffer "*Messages*" (buffer-string)))')
        (_, *shown), *_ = emacs.eval("shown-choices")
        assert [line.split("  ")[0] for line in shown] == ["● Good", "● Other", "✕ Broken"]
        assert http.requests == []
        assert emacs.chat.endswith("\n❯ ?"), "the prompt is kept"
        assert "✕ Broken — cannot be asked: " in emacs.chat


def test_an_error_leads_to_the_key_to_blame(emacs: Emacs) -> None:
    with HttpAgent(Reply(b'{"error": {"message": "no such key"}}', status=401)) as http:
        open_chat(emacs, agent("Bot", http.url, auth={"type": "Bearer", "token": "${env:PATH}"}))
        emacs.press("? RET")
        emacs.until_chat("✕ ")
        transcript = emacs.until_idle()
        emacs.eval('(progn (goto-char (point-min)) (search-forward "Show in") nil)')
        emacs.press("RET")
        emacs.until('(string-suffix-p "agents.json" (or buffer-file-name ""))')
    assert "\n\n✕ Agent “Bot” " in transcript
    assert transcript.endswith("\n▹ Show in agents.json\n")
    assert '"${env:PATH}"' in emacs.eval("(buffer-substring (point) (line-end-position))")


def test_what_an_error_offers_mends_the_agents_file(emacs: Emacs) -> None:
    replies = Reply(b"", 500), Reply(b'data: {"text": "Here I am."}\n\n')
    wrong = {"name": "Bot", "connector": {"responseFormat": "$.answer"}}
    with HttpAgent(Reply(b'{"text": "yes"}', headers={"Content-Type": "application/json"}), *replies) as http:
        open_chat(emacs, {**wrong, "url": http.url})
        emacs.press("? RET")
        assert "▹ Read the text from $.text: “yes”" in emacs.until_chat("▹ Read the text")
        emacs.until_idle()
        emacs.eval('(progn (goto-char (point-min)) (search-forward "Read the") nil)')
        emacs.press("RET")
        file = '(seq-find (lambda (b) (string-suffix-p "agents.json" (or (buffer-file-name b) ""))) (buffer-list))'
        mended = emacs.until(
            f"(let ((b {file})) (and b (with-current-buffer b (and (buffer-modified-p) (buffer-string)))))"
        )
        assert json.loads(mended)[0]["connector"]["responseFormat"] == "$.text"
        emacs.eval(f"(with-current-buffer {file} (save-buffer))")

        emacs.press("M-> ? RET")
        emacs.until_chat("▹ Ask again")
        emacs.until_idle()
        emacs.eval('(progn (goto-char (point-min)) (search-forward "Ask aga") nil)')
        emacs.press("RET")
        emacs.until_chat("Here I am.")
        assert "500" not in emacs.until_idle(), "in the place of the turn that failed"


def test_the_server_dies_and_the_conversation_goes_on(emacs: Emacs) -> None:
    with HttpAgent(Reply(delta("first")), Reply([delta("so far")], end="hold"), Reply(delta("here"))) as http:
        open_chat(emacs, agent("Bot", http.url))
        emacs.press("1 RET")
        emacs.until_chat("first")
        emacs.until_idle()
        kept = '(dragoman--call (dragoman--running-server) :dragoman/conversations \'(:query "first"))'
        emacs.until(f"(> (length (plist-get {kept} :items)) 0)")
        emacs.press("2 RET")
        emacs.until_chat("so far")
        os.kill(emacs.eval("(process-id (jsonrpc--process (dragoman--running-server)))"), signal.SIGKILL)
        transcript = emacs.until_idle()
        assert "so far\n\n✕ The server has ended." in transcript

        emacs.press("3 RET")
        emacs.until_chat("here")
        assert emacs.until_idle().startswith("You\n1\n")
    assert contents(http)[2][:2] == ["1", "first"]
    assert contents(http)[2][-1] == "3"


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


def test_earlier_prompts_come_back(emacs: Emacs) -> None:
    with HttpAgent(Reply(delta("answer"))) as http:
        open_chat(emacs, agent("Bot", http.url))
        for prompt in ("one", "two"):
            emacs.press(f"{prompt} RET")
            emacs.until(f'(member "{prompt}" dragoman--prompts)')
            emacs.until_idle()
        emacs.press("draft M-p")
        emacs.until_chat("\n❯ two")
        emacs.press("M-p")
        emacs.until_chat("\n❯ one")
        emacs.press("M-n M-n")
        emacs.until_chat("\n❯ draft")


def test_retry_takes_the_place_of_the_last_answer(emacs: Emacs) -> None:
    replies = [Reply(delta(text)) for text in ("alpha", "beta", "gamma", "delta")]
    with HttpAgent(*replies) as http, HttpAgent(Reply(delta("other"))) as other:
        open_chat(emacs, agent("Bot", http.url), agent("Other", other.url))
        emacs.choose("Bot")
        for prompt, answer in (("1", "alpha"), ("2", "beta")):
            emacs.press(f"{prompt} RET")
            emacs.until_chat(answer)
            emacs.until_idle()
        emacs.press("C-c C-r")
        emacs.until_chat("gamma")
        transcript = emacs.until_idle()
        assert "alpha" in transcript
        assert "beta" not in transcript
        emacs.choose("Other")
        emacs.press("C-u C-c C-r")
        emacs.until_chat("other")
        assert "gamma" not in emacs.until_idle()
    assert contents(http) == [["1"], ["1", "alpha", "2"], ["1", "alpha", "2"]]
    assert contents(other) == [["1", "alpha", "2"]]


def test_any_prompt_can_be_edited(emacs: Emacs) -> None:
    replies = [Reply(delta(text)) for text in ("alpha", "beta", "gamma")]
    with HttpAgent(*replies) as http:
        open_chat(emacs, agent("Bot", http.url))
        for prompt, answer in (("one", "alpha"), ("two", "beta")):
            emacs.press(f"{prompt} RET")
            emacs.until_chat(answer)
            emacs.until_idle()
        emacs.press("M-< C-c C-e")
        emacs.until_chat("\n❯ one")
        assert "instead of the prompt" in emacs.eval(HEADER.format(chat=CHAT))
        emacs.press("SPC more RET")
        emacs.until_chat("gamma")
        transcript = emacs.until_idle()
    assert transcript.startswith("You\none more\n")
    assert "beta" not in transcript
    assert contents(http)[2] == ["one more"]


def test_several_chats_at_once(emacs: Emacs) -> None:
    first, second = Event(), Event()
    with HttpAgent(Reply([delta("a1 "), first, delta("a2")]), Reply([delta("b1 "), second, delta("b2")])) as http:
        open_chat(emacs, agent("Bot", http.url))
        emacs.press("1 RET")
        emacs.until_chat("a1")
        emacs.press("C-c C-n")
        emacs.until('(equal (buffer-name) "*dragoman*<2>")')
        emacs.press("2 RET")
        emacs.until_chat("b1")
        second.set()
        emacs.until_chat("b1 b2")
        first.set()
        emacs.until_idle()
    assert "a1 a2" in emacs.eval('(with-current-buffer "*dragoman*" (buffer-string))')


def test_killing_the_chat_stops_its_answer(emacs: Emacs) -> None:
    with HttpAgent(Reply([delta("so far")], end="hold"), Reply(delta("again"))) as http:
        open_chat(emacs, agent("Bot", http.url))
        emacs.press("go RET")
        emacs.until_chat("so far")
        emacs.eval("(progn (kill-buffer (car (dragoman--buffers))) nil)")
        assert poll(http.hung_up.is_set, "the agent's connection is closed")
        emacs.press("M-x dragoman-chat RET")
        emacs.until_chat("RET sends what stands below")
        emacs.press("go RET")
        emacs.until_chat("again")
        emacs.until_idle()
    assert "error" not in emacs.eval('(with-current-buffer "*Messages*" (buffer-string))')


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
