"""Kate with its configuration: checking, fixing, and a chat document, to what stands in the saved file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from http_agent import HttpAgent, Reply
from kate_session import Kate
from polling import poll

pytestmark = pytest.mark.kate


@pytest.fixture
def kate(tmp_path: Path) -> Iterator[Kate]:
    with Kate(tmp_path) as running:
        yield running


def test_a_fix_is_done_and_nothing_else(kate: Kate) -> None:
    with HttpAgent(Reply(b"data: word\n\n")) as http:
        kate.write_agents({"name": "coder", "url": http.url})
        path = kate.open("agents.json", '[{"name": "ä😀", "url": "https://x.example", "responseAction": "Streem"}]\n')
        poll(lambda: any(said["diagnostics"] for said in kate.said("textDocument/publishDiagnostics")), "a finding")
        kate.keys("ctrl+Home", "ctrl+period")
        text = kate.until_saved(path, lambda text: "Streem" not in text)
    assert text == '[{"name": "ä😀", "url": "https://x.example", "responseAction": "Stream"}]\n'
    assert kate.told("workspace/executeCommand") == []
    assert http.requests == []


def test_a_question_is_sent_and_the_answer_written(kate: Kate) -> None:
    with HttpAgent(Reply([b"data: An \n\n", b"data: answer.\n\n"])) as http:
        kate.write_agents({"name": "coder", "url": http.url})
        path = kate.open("x.chat.md", "---\nagent: coder\n---\n\n## You\n\nWas heißt das, ä😀?\n")
        kate.keys("ctrl+End")
        kate.choose_first_action()
        text = kate.until_saved(path, lambda text: "\nconversation: " in text and "<!-- /answer" in text)
    assert "\nWas heißt das, ä😀?\n\n## coder\n" in text
    assert "\n\nAn answer.\n\n<!-- /answer" in text
    assert len(http.requests) == 1
