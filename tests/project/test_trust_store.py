"""The file of what is trusted: for its owner only, whole, shared by programs; broken, it trusts nobody."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dragoman.project.trust_store import Consent, TrustStore

WRITER = """
import sys
from pathlib import Path
from dragoman.project.trust_store import Consent, TrustStore
store = TrustStore(Path(sys.argv[1]))
for number in range(40):
    store.add(Consent(f"{sys.argv[2]}-{number}", "/w", "a", "h", "now"))
store.remove(lambda consent: consent.digest == f"{sys.argv[2]}-0")
"""


def consent(digest: str, **more: str) -> Consent:
    return Consent(**{"digest": digest, "workspace": "/w", "agent": "a", "host": "h", "at": "2026-01-01", **more})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "dragoman" / "trust.json"


def test_what_was_added_is_there_in_the_next_session(file: Path):
    store = TrustStore(file)
    assert store.consents() == ()
    store.add(consent("1"))
    store.add(consent("2", agent="ä"))
    assert store.consents() == TrustStore(file).consents() == (consent("1"), consent("2", agent="ä"))


def test_twice_is_once(file: Path):
    store = TrustStore(file)
    store.add(consent("1"))
    store.add(consent("1", at="2027-01-01"))
    assert TrustStore(file).consents() == (consent("1", at="2027-01-01"),)


def test_for_the_owner_only_and_nothing_left_behind(file: Path):
    TrustStore(file).add(consent("1"))
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in file.parent.iterdir()} == {"trust.json", "trust.lock"}


def test_removing(file: Path):
    store = TrustStore(file)
    for digest in "123":
        store.add(consent(digest))
    assert store.remove(lambda each: each.digest in "13") == (consent("1"), consent("3"))
    assert store.consents() == TrustStore(file).consents() == (consent("2"),)
    assert store.remove(lambda each: each.digest == "9") == ()


def test_refusing_lasts_until_the_end_or_the_next_consent(file: Path):
    store = TrustStore(file)
    store.add(consent("1"))
    store.refuse("1")
    TrustStore(file).add(consent("1"))
    store.refresh()
    assert store.consents() == ()
    store.add(consent("1"))
    assert store.consents() == (consent("1"),)


def test_what_another_program_writes_is_seen_after_a_refresh(file: Path):
    store = TrustStore(file)
    store.add(consent("1"))
    TrustStore(file).add(consent("2"))
    assert store.consents() == (consent("1"),)
    store.refresh()
    assert store.consents() == (consent("1"), consent("2"))
    file.unlink()
    store.refresh()
    assert store.consents() == ()


def test_two_programs_at_once_lose_nothing(file: Path):
    command = [sys.executable, "-c", WRITER, str(file)]
    writers = [subprocess.Popen([*command, name]) for name in ("one", "two")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    kept = {each.digest for each in TrustStore(file).consents()}
    assert kept == {f"{name}-{number}" for name in ("one", "two") for number in range(1, 40)}


WHOLE = json.dumps({"version": 1, "trusted": [{"digest": "1", "workspace": "", "agent": "", "host": "", "at": ""}]})
BROKEN = {
    "nothing": "",
    "half a file": WHOLE[:-10],
    "no text": b"\xff\xfe".decode("latin-1"),
    "a number": "1",
    "a list": "[]",
    "no version": '{"trusted": []}',
    "a later version": WHOLE.replace('"version": 1', '"version": 2'),
    "no list": '{"version": 1, "trusted": 5}',
    "an entry that is none": '{"version": 1, "trusted": [5]}',
    "an entry with more": WHOLE.replace('"at"', '"why": "", "at"'),
    "an entry with less": WHOLE.replace(', "at": ""', ""),
    "an entry of another kind": WHOLE.replace('"digest": "1"', '"digest": 1'),
    "very deep": "[" * 100_000,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_trusts_nobody_and_is_kept_aside(file: Path, text: str, caplog: pytest.LogCaptureFixture):
    file.parent.mkdir(parents=True)
    file.write_text(text, "latin-1")
    store = TrustStore(file)
    with caplog.at_level(logging.WARNING):
        assert store.consents() == ()
        assert store.remove(lambda _: True) == ()
    assert "No agent of a workspace is trusted" in caplog.text
    assert file.read_text("latin-1") == text
    store.add(consent("1"))
    assert TrustStore(file).consents() == (consent("1"),)
    assert (file.parent / "trust.broken-1.json").read_text("latin-1") == text


def test_a_second_broken_file_does_not_cost_the_first(file: Path):
    store = TrustStore(file)
    for text in ("one", "two"):
        store.add(consent(text))
        file.write_text(text)
        store.add(consent(text))
    assert [path.read_text() for path in sorted(file.parent.glob("trust.broken-*"))] == ["one", "two"]


def test_where_nothing_can_be_written_trust_lasts_for_the_session(tmp_path: Path):
    (tmp_path / "data").write_text("no folder")
    store = TrustStore(tmp_path / "data" / "trust.json")
    with pytest.raises(FileExistsError):
        store.add(consent("1"))
    assert store.consents() == (consent("1"),)
    store.refuse("1")
    assert store.consents() == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(file: Path):
    TrustStore(file).add(consent("1"))
    file.chmod(0)
    assert TrustStore(file).consents() == ()
