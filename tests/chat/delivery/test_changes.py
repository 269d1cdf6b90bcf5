"""DevIns scripts, read and worked out on the files of a workspace."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.chat.delivery.devins.changes import Changes, changes_of
from dragoman.chat.delivery.devins.script import (
    Lines,
    NotRun,
    Patch,
    Script,
    Write,
    read_script,
    script_in_blocks,
)

SIX = "one\ntwo\nthree\nfour\nfive\nsix\n"


def worked_out(folder: Path, script: str) -> Changes:
    """What the script does to the files in `folder`, which stay as they are."""

    def read(path: Path) -> str | None:
        return path.read_bytes().decode() if path.exists() else None

    return changes_of(read_script(script), [folder], read)


def files(changes: Changes) -> dict[str, tuple[str, str | None]]:
    return {file.name: (file.kind.value, file.after) for file in changes.files}


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("/write:a.py\n```py\nx\n```\n", Script((Write("a.py", "x"),))),
        ("/write:a.py#L1-L12\n\n~~~\nx\ny\n~~~", Script((Write("a.py", "x\ny", Lines(1, 12)),))),
        ("  /write: a b.py #L3\r\n```\r\nx\r\n```\r\n", Script((Write("a b.py", "x", Lines(3, 3)),))),
        ("/write:a#L2C1-3C9\n```\n```", Script((Write("a", "", Lines(2, 3)),))),
        ("/write:a#b.py\n```\nx\n```", Script((Write("a#b.py", "x"),))),
        (
            "/patch\n```diff\n-a\n ```\n+b\n```\n/patch:x\n```patch\n+",
            Script((Patch("", "-a\n ```\n+b"), Patch("x", "+"))),
        ),
        ("/write:a\n````md\n```py\n/run:x\n```\n````", Script((Write("a", "```py\n/run:x\n```"),))),
        ("Talk\n/run:make test\n/commit\n```\nfix\n```\n/usr/bin/x\n", ("run", "commit")),
        ("```py\n/write:no\n```\n", Script()),
        ("/write:a\nno block", Script(problems=("/write:a: the fenced block behind this command is missing.",))),
        ("/write\n```\nx\n```", Script(problems=("/write: the path behind /write: is missing.",))),
        (
            "/write:a#L5-L2\n```\nx\n```",
            Script(problems=("/write:a#L5-L2: lines count from 1, and the last one does not come before the first.",)),
        ),
    ],
)
def test_a_script_is_read(text: str, script: Script | tuple[str, str]):
    if isinstance(script, tuple):
        run, commit = script
        script = Script(not_run=(NotRun(run, "/run:make test"), NotRun(commit, "/commit")))
    assert read_script(text) == script


def test_scripts_in_an_answer_are_one():
    answer = "```DevIn\n/write:a\n```\nx\n```\n```\nand\n~~~devins\n/shell:b\n~~~\n```py\n/run:c\n```\n"
    assert script_in_blocks(answer) == Script((Write("a", "x"),), (NotRun("shell", "/shell:b"),))
    assert script_in_blocks("/write:a\n```\nx\n```") is None


@pytest.mark.parametrize(
    ("before", "argument", "block", "after"),
    [
        (None, "f", "x", ("created", "x\n")),
        (SIX, "f", "x", ("changed", "x\n")),
        ("a\r\nb\r\n", "f", "x\ny", ("changed", "x\r\ny\r\n")),
        ("a\nb", "f", "x", ("changed", "x")),
        (SIX, "f#L2-L3", "x", ("changed", "one\nx\nfour\nfive\nsix\n")),
        ("a\r\nb\r\nc", "f#L2-L3", "x\ny", ("changed", "a\r\nx\r\ny")),
        (SIX, "f#L6", "6\n7", ("changed", "one\ntwo\nthree\nfour\nfive\n6\n7\n")),
    ],
)
def test_a_file_is_written(tmp_path: Path, before: str | None, argument: str, block: str, after: tuple[str, str]):
    if before is not None:
        (tmp_path / "f").write_bytes(before.encode())
    changes = worked_out(tmp_path, f"/write:{argument}\n```\n{block}\n```\n")
    assert (files(changes), changes.problems) == ({"f": after}, ())


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("/write:f#L7\n```\nx\n```", "f: it has 6 lines, so line 7 cannot be replaced. Nothing of this is applied."),
        ("/write:n#L1\n```\nx\n```", "n: there is no such file, so it has no such lines. Nothing of this is applied."),
        ("/write:../f\n```\nx\n```", "../f: it leads upwards. Nothing of this is applied."),
        ("/write:bin\n```\nx\n```", "bin: it cannot be read as text. Nothing of this is applied."),
        (f"/write:f\n```\n{SIX}```", "f: it is like that already. Nothing of this is applied."),
        ("/patch\n```\nwords\n```", "A patch: the block holds no unified diff. Nothing of this is applied."),
        ("/patch\n```\n@@\n-one\n```", "A patch: it does not say which file it is for. Nothing of this is applied."),
        (
            "/patch\n```\n--- a/f\n+++ b/g\n@@\n-one\n```",
            "g: it names two files, f too. Nothing of this is applied.",
        ),
        (
            "/patch\n```\n--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+x\n```",
            "f: the patch makes a new file, and there is one already. Nothing of this is applied.",
        ),
        (
            "/patch\n```\n--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n```",
            "f: more stands in it than the patch removes. Nothing of this is applied.",
        ),
        (
            "/patch:f\n```\n@@ -1 +1 @@\n-one\n+1\n@@ -9 +9 @@\n-nine\n+9\n```",
            "f: part 2 of the patch does not fit: “nine” and what follows is not there. Nothing of this is applied.",
        ),
        ("/patch:n\n```\n@@ -1 +1 @@\n-one\n+1\n```", "n: there is no such file. Nothing of this is applied."),
    ],
)
def test_what_does_not_fit_changes_nothing(tmp_path: Path, script: str, problem: str):
    (tmp_path / "f").write_text(SIX)
    (tmp_path / "bin").write_bytes(b"\xff\xfe\0")
    assert worked_out(tmp_path, script) == Changes(problems=(problem,))


def test_what_is_told_of_a_script_is_safe_to_be_shown(tmp_path: Path):
    changes = worked_out(tmp_path, "/run:\x1b[2J\u202e" + "x" * 999 + "\n/write:a\u200b\n```\nx\n```\n")
    assert changes.not_run[0].line == "/run:\\u001b[2J\\u202e" + "x" * 190
    assert changes.problems == ("a\u200b: it holds characters that cannot be seen. Nothing of this is applied.",)


def test_agent_files_of_the_users_own_are_asked_for_in_particular(tmp_path: Path):
    script = read_script("/write:bots/one.json\n```\n{}\n```\n")
    [file] = changes_of(script, [tmp_path], lambda _path: None, agent_files=["bots/*.json"]).files
    assert file.caution == "it says which agents are asked, and with what"


def test_a_whole_script(tmp_path: Path):
    (tmp_path / "f").write_text(SIX)
    (tmp_path / "old").write_text("a\n")
    (tmp_path / "gone").write_text("x\n")
    script = """\
I shall change some files.
/write:new/n.py
```py
x = 1
```
/patch:f
```diff
@@ -2 +2 @@
-two
+TWO
```
/write:f#L1-L1
```
ONE
```
/patch
```diff
diff --git a/old b/moved
rename from old
rename to moved
--- a/old
+++ b/moved
@@ -1 +1,2 @@
 a
+b
--- a/gone
+++ /dev/null
@@ -1 +0,0 @@
-x
--- /dev/null
+++ b/.env
@@ -0,0 +1 @@
+A=1
```
/run:make
"""
    changes = worked_out(tmp_path, script)
    assert files(changes) == {
        "new/n.py": ("created", "x = 1\n"),
        "f": ("changed", "ONE\nTWO\nthree\nfour\nfive\nsix\n"),
        "moved": ("created", "a\nb\n"),
        "old": ("deleted", None),
        "gone": ("deleted", None),
        ".env": ("created", "A=1\n"),
    }
    assert [file.name for file in changes.files if file.needs_confirmation] == [".env"]
    assert (changes.not_run, changes.problems) == ((NotRun("run", "/run:make"),), ())


@given(
    st.lists(
        st.sampled_from(
            [
                "/write:a",
                "/write:a#L1",
                "/patch",
                "/patch:a",
                "```",
                "```diff",
                "-x",
                "+y",
                "--- a",
                "+++ a",
                "@@",
                "x",
                "",
            ]
        ),
        max_size=16,
    ).map("\n".join)
)
def test_any_script_comes_to_an_end(tmp_path_factory: pytest.TempPathFactory, script: str):
    read = {"a": "x\nz\n"}
    changes = changes_of(read_script(script), [Path("/nowhere")], lambda path: read.get(path.name))
    assert all(file.before != file.after for file in changes.files)
