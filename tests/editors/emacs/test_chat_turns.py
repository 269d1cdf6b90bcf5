"""The turns of a conversation in Emacs: stopped, failed, asked again, in words that were changed, by another agent."""

from __future__ import annotations

import json
import os
import signal
from threading import Event

import pytest

from emacs_chat import CHAT, HEADER, agent, contents, delta, open_chat
from emacs_session import Emacs
from http_agent import HttpAgent, Reply
from polling import poll

pytestmark = pytest.mark.emacs


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
