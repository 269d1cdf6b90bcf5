"""The client's unit tests, one Emacs for all; and what Emacs' own tools say about its file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from emacs_session import CLIENT, find_emacs

pytestmark = pytest.mark.emacs

UNIT_TESTS = Path(__file__).with_name("dragoman-test.el")
NAMES = re.findall(r"^\(ert-deftest (\S+)", UNIT_TESTS.read_text(encoding="utf-8"), re.MULTILINE)


def batch(*arguments: str) -> str:
    """What Emacs prints."""
    command = [find_emacs()[0], "--batch", "-q", "--eval", "(package-initialize)", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def results() -> dict[str, str]:
    """What became of each test: `passed` or `FAILED`."""
    said = batch("-l", str(CLIENT), "-l", str(UNIT_TESTS), "-f", "ert-run-tests-batch-and-exit")
    found = re.findall(r"^\s+(passed|FAILED|SKIPPED)\s+\d+/\d+\s+(\S+)", said, re.MULTILINE)
    return {name: how if how == "passed" else said for how, name in found}


@pytest.mark.parametrize("name", NAMES)
def test_unit(results: dict[str, str], name: str) -> None:
    assert results.get(name) == "passed"


def test_it_compiles_without_a_warning(tmp_path: Path) -> None:
    settings = (
        "(setq byte-compile-error-on-warn t"
        f' byte-compile-dest-file-function (lambda (_) "{tmp_path / "dragoman.elc"}"))'
    )
    said = batch("--eval", settings, "-f", "batch-byte-compile", str(CLIENT))
    assert (tmp_path / "dragoman.elc").exists(), said
    assert "Error" not in said


def test_checkdoc_has_nothing_to_say() -> None:
    said = batch("--eval", f'(progn (require (quote checkdoc)) (checkdoc-file "{CLIENT}"))')
    assert "dragoman.el:" not in said
