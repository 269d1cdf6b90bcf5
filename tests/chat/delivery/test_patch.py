"""Unified diffs, read and applied."""

from __future__ import annotations

from difflib import unified_diff

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dragoman.chat.delivery.devins.apply import Refusal, patched
from dragoman.chat.delivery.devins.patch import FilePatch, read_patch

TEXT = "one\ntwo\nthree\nfour\nfive\nsix\n"
LACKS_END = "\\ No newline at end of file\n"


def apply(text: str, patch: str) -> str | Refusal:
    [file] = read_patch(patch)
    assert file.problem == ""
    return patched(text, file.hunks)


def names(patch: str) -> list[tuple[str | None, str | None]]:
    return [(file.old_path, file.new_path) for file in read_patch(patch)]


def diff(before: str, after: str, context: int = 3) -> str:
    """What diff writes: `difflib` knows nothing of a last line without an end."""
    lines = unified_diff(split(before), split(after), "a/f", "b/f", n=context)
    return "".join(line if line.endswith("\n") else f"{line}\n{LACKS_END}" for line in lines)


def split(text: str) -> list[str]:
    *ended, last = text.split("\n")
    return [*(line + "\n" for line in ended), *([last] if last else [])]


@pytest.mark.parametrize(
    ("patch", "after"),
    [
        ("@@ -2,1 +2,1 @@\n-two\n+TWO\n", "one\nTWO\nthree\nfour\nfive\nsix\n"),
        ("@@ -9,9 +9,9 @@ def f():\n one\n-two\n", "one\nthree\nfour\nfive\nsix\n"),
        ("@@\n-two\n+TWO\n three\n", "one\nTWO\nthree\nfour\nfive\nsix\n"),
        ("@@ ... @@\n-two\n", "one\nthree\nfour\nfive\nsix\n"),
        ("@@ -0,0 +1 @@\n+zero\n", "zero\n" + TEXT),
        ("@@ -6,0 +7 @@\n+seven\n", TEXT + "seven\n"),
        ("@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n\n@@ -5 +5 @@\n-five\n", "one\nTWO\nthree\nfour\nsix\n"),
        ("@@ -3 +3 @@\n-four\n+FOUR\n@@ -4,2 +4,2 @@\n-five\n+FIVE\n six\n", "one\ntwo\nthree\nFOUR\nFIVE\nsix\n"),
        ("@@ -5,2 +5,2 @@\r\n five\r\n-six\r\n+SIX\r\n", "one\ntwo\nthree\nfour\nfive\nSIX\n"),
        (f"@@ -6 +6 @@\n-six\n+SIX\n{LACKS_END}", "one\ntwo\nthree\nfour\nfive\nSIX"),
        ("@@ -6 +6 @@\n-six\n+SIX\n-- \n2.40.1\n", "one\ntwo\nthree\nfour\nfive\nSIX\n"),
    ],
)
def test_a_patch_is_applied(patch: str, after: str):
    assert apply(TEXT, patch) == after


@pytest.mark.parametrize(
    ("text", "patch", "reason"),
    [
        (TEXT, "@@ -2 +2 @@\n-Two\n+TWO\n", "part 1 of the patch does not fit: “Two” and what follows is not there"),
        ("a\nb\na\n", "@@ -2 +2 @@\n-a\n+c\n", "part 1 of the patch fits several places"),
        ("a\na\na\n", "@@\n-a\n-a\n", "part 1 of the patch fits several places"),
        (TEXT, "@@\n+new\n", "part 1 of the patch does not say where it belongs"),
        (TEXT, "@@ -9,0 +9 @@\n+new\n", "part 1 of the patch does not say surely where it belongs"),
        (TEXT, f"@@ -5 +5 @@\n-five\n{LACKS_END}+5\n", None),
        (TEXT, "@@ -1 +1 @@\n-one\n+1\n@@ -1 +1 @@\n-one\n+1\n", None),
    ],
)
def test_a_patch_that_does_not_surely_fit_changes_nothing(text: str, patch: str, reason: str | None):
    result = apply(text, patch)
    assert isinstance(result, Refusal)
    assert reason in (None, result.reason)


def test_line_ends_stay_what_they_are():
    patch = "@@ -1,2 +1,3 @@\n a\n+new\n-b\n+B\n"
    assert apply("a\r\nb", patch) == "a\r\nnew\r\nB"
    assert apply("a\nb", patch) == "a\nnew\nB"
    assert apply("a\r\nb\r\n", patch) == "a\r\nnew\r\nB\r\n"
    assert apply("a\r\nx\nb\r\nc\r\n", "@@ -3 +3 @@\n-b\n+B\n") == "a\r\nx\nB\r\nc\r\n"
    assert apply("a\r\nb", "@@ -2 +2,2 @@\n b\n+c\n") == "a\r\nb\r\nc"


def test_files_and_their_names():
    assert names("--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n") == [("x.py", "x.py")]
    assert names("--- x.py\t2020-01-01 10:00\n+++ x.py\t2020-01-02\n@@ -1 +1 @@\n-a\n+b\n") == [("x.py", "x.py")]
    assert names("--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+a\n") == [(None, "new.py")]
    assert names("--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n") == [("old.py", None)]
    assert names("--- a/x\n+++ a/x\n@@ -1 +1 @@\n-a\n+b\n") == [("a/x", "a/x")]
    assert names('--- "a/\\303\\244 \\"b.py"\n+++ "b/\\303\\244 \\"b.py"\n@@ -1 +1 @@\n-a\n') == [('ä "b.py',) * 2]
    assert names("Some words\n@@ -1 +1 @@\n-a\n+b\n") == [("", "")]
    assert names("no diff at all\n--- a line\n") == []


def test_what_git_writes():
    patch = """\
diff --git a/one.txt b/one.txt
index 1c59427..7c4cd1c 100644
--- a/one.txt
+++ b/one.txt
@@ -1,2 +1,2 @@
--- one
++++ one
 two
diff --git a/old.txt b/new.txt
similarity index 100%
rename from old.txt
rename to new.txt
diff --git a/p.png b/p.png
Binary files a/p.png and b/p.png differ
diff --git a/empty b/empty
new file mode 100644
index 0000000..e69de29
"""
    one, moved, picture, empty = read_patch(patch)
    assert (empty.old_path, empty.new_path, empty.says_nothing) == (None, "empty", False)
    assert patched("-- one\ntwo\n", one.hunks) == "+++ one\ntwo\n"
    assert moved == FilePatch("old.txt", "new.txt", [], is_rename=True)
    assert (picture.new_path, picture.problem) == ("p.png", "it is not a text")


def test_no_line_of_a_hunk_with_wrong_numbers_is_lost():
    [file] = read_patch("--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n a\n-\n-- x\n---\n--- y\n+++ z\n-c\n--\n+-\n+d\n")
    assert patched("a\n\n- x\n--\n-- y\nc\n-\n", file.hunks) == "a\n++ z\n-\nd\n"


def test_names_without_a_hunk_are_told_of():
    first, second = read_patch(
        "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n\ndiff --git a/g b/g\n--- a/g\n+++ b/g\n-x\n+y\n"
    )
    assert (len(first.hunks), second.says_nothing) == (1, True)


def test_a_hunk_with_a_line_of_no_kind_is_refused():
    [file] = read_patch("--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\nc\n+d\n")
    assert file.problem == "“c” is no line of a patch"


LINES = st.sampled_from(["a", "b", "c", "", " a", "-a", "+a", "-- a", "++ b", "@@ -1 +1 @@", "\\ a", "ä😀"])
TEXTS = st.builds(
    lambda lines, end: "\n".join(lines) + (end if lines else ""),
    st.lists(LINES, max_size=14),
    st.sampled_from(["\n", ""]),
)


@given(TEXTS, TEXTS, st.integers(0, 4))
def test_a_diff_of_two_texts_makes_the_one_the_other(before: str, after: str, context: int):
    assume(before != after)
    assert apply(before, diff(before, after, context)) == after


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_a_patch_of_a_text_with_crlf_makes_one_with_crlf(before: str, after: str, context: int):
    assume(before != after and before.count("\n") > 0)
    windows = before.replace("\n", "\r\n")
    assert apply(windows, diff(before, after, context)) == after.replace("\n", "\r\n")


@given(TEXTS, TEXTS, TEXTS)
def test_a_patch_of_another_text_changes_its_own_lines_or_nothing(before: str, after: str, other: str):
    assume(before != after)
    [file] = read_patch(diff(before, after))
    result = patched(other, file.hunks)
    if isinstance(result, str):
        removed = [line[1:] for hunk in file.hunks for line in hunk.lines if line[0] == "-"]
        added = [line[1:] for hunk in file.hunks for line in hunk.lines if line[0] == "+"]
        assert sorted([*bare(other), *added]) == sorted([*bare(result), *removed])


@given(st.text(st.sampled_from("-+@ \n\\ab/"), max_size=80), TEXTS)
def test_anything_can_be_read_as_a_patch(patch: str, text: str):
    for file in read_patch(patch):
        patched(text, file.hunks)


def bare(text: str) -> list[str]:
    return [line.removesuffix("\n") for line in split(text)]
