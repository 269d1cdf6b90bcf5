"""The demo, run as `make demo` runs it: its transcript, and that it leaves the examples alone."""

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
COMMAND = [sys.executable, str(EXAMPLES / "demo.py"), "--delay", "0"]


@pytest.fixture(scope="module")
def transcript() -> str:
    before = contents()
    done = subprocess.run(COMMAND, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert contents() == before
    return done.stdout


def contents() -> dict[str, bytes]:
    """The example files as they are on the disk."""
    return {path.name: path.read_bytes() for path in EXAMPLES.iterdir() if path.is_file()}


def section(transcript: str, title: str) -> str:
    """What stands between the heading that starts with `title` and the next heading."""
    headings = re.split(r"^== ", transcript, flags=re.MULTILINE)
    return next(text for text in headings if text.startswith(title))


def test_every_mistake_is_shown_at_its_place(transcript: str):
    shown = section(transcript, "A file full of mistakes")
    lines = (EXAMPLES / "mistakes.agents.json").read_text("utf-8").splitlines()
    blocks = re.findall(
        r"^mistakes\.agents\.json:(\d+):(\d+): (\w+)\[([\w/-]+)\]: .+\n    (.*)\n    ( *)(\^+)$", shown, re.MULTILINE
    )
    assert len(blocks) == shown.count("mistakes.agents.json:")
    for line, column, _, _, source, _, marks in blocks:
        assert source == lines[int(line) - 1]
        assert 1 <= int(column) <= len(source) + 1
        assert marks
    marked = {source[int(column) - 1 :][: len(marks)] for _, column, _, _, source, _, marks in blocks}
    assert {"responseFromat", "direct", "ChatWindow", "example-token"} <= {text.strip('" ') for text in marked}


@pytest.mark.parametrize(
    "code",
    [
        "unknown-key",
        "enum-case",
        "wrong-value",
        "request-format",
        "response-format",
        "plain-token",
        "trailing-comma",
        "missing-key",
        "syntax",
        "duplicate-name",
    ],
)
def test_the_mistakes_are_of_every_kind(transcript: str, code: str):
    assert f"[{code}]: " in section(transcript, "A file full of mistakes")


def test_a_quick_fix_is_taken(transcript: str):
    fixed = section(transcript, "Its quick-fix")
    assert '- "responseFromat": "$.choices[0].delta.content"' in fixed
    assert '+ "responseFormat": "$.choices[0].delta.content"' in fixed
    counts = re.search(r"(\d+) problems before, (\d+) after", fixed)
    assert counts is not None
    assert int(counts[1]) == int(counts[2]) + 1


def test_the_clean_file_has_no_problems(transcript: str):
    clean = section(transcript, "A file without mistakes")
    assert "No problems" in clean
    assert all(f"  {number}  {name}: " in clean for number, name in ((1, "Echo"), (2, "Bot"), (3, "Librarian")))


@pytest.mark.parametrize(
    ("agent", "read_by"),
    [
        ("Echo", "$.choices[0].delta.content"),
        ("Bot", "$[?(@.type == 'answer' && !(@.created_at))].content"),
        ("Librarian", "data: 100%25%20safe"),
    ],
)
def test_three_agents_answer_once_each(transcript: str, agent: str, read_by: str):
    answer = section(transcript, f"You to {agent}")
    assert answer.count("You asked:") == 1
    assert answer.count(read_by) == 1
    assert "turn 1 of our conversation" in answer


def test_the_second_turn_continues_the_conversation(transcript: str):
    second = section(transcript, "You to Librarian: Do you remember me?")
    assert "turn 2 of our conversation" in second
    assert "Source: About this agent http://127.0.0.1:" in second


def test_plain_output_where_there_is_no_terminal(transcript: str):
    assert "\x1b" not in transcript
    assert transcript.rstrip().endswith("The files in examples/ are as they were.")


def test_in_a_terminal_it_stays_for_prompts_of_ones_own():
    typed = b"librarian\nplease fail\nand now?\n\n2\nhello bot\n\n\n"
    output, code = run_in_terminal(COMMAND, typed)
    assert code == 0, output
    own = output[output.index("Your turn.") :]
    assert "> and now?" in own
    assert "> hello bot" in own
    assert "\x1b[1;34m" in output


def run_in_terminal(command: list[str], typed: bytes) -> tuple[str, int]:
    """What the command prints on a terminal on which `typed` was typed ahead, and its exit code."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        os.write(ours, typed)
        output = b""
        try:
            with contextlib.suppress(OSError):  # how Linux says that nobody has the terminal open any more
                while select.select([ours], [], [], 60)[0] and (piece := os.read(ours, 65536)):
                    output += piece
            process.wait(10)
        finally:
            process.kill()
    os.close(ours)
    return output.decode().replace("\r\n", "\n"), process.returncode
