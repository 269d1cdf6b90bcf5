"""`dragoman jsonpath` end to end, in a process of its own."""

import json
import subprocess
import sys

import pytest

DOCUMENT = json.dumps({"choices": [{"delta": {"content": "héllo"}}], "n": [1, 2], "evil": "\x1b[2J\x9b\u202e\ud800"})


def dragoman(*arguments, given=DOCUMENT):
    """Exit code, stdout and stderr."""
    command = [sys.executable, "-m", "dragoman", "jsonpath", *arguments]
    done = subprocess.run(command, input=given.encode("utf-8", "surrogatepass"), capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    ("path", "printed"),
    [
        ("$.choices[0].delta.content", '"héllo"\n'),
        ("$.n", "[1, 2]\n"),
        ("$.n[*]", "1\n2\n"),
        ("$..nothing", ""),
        ("$.evil", '"\\u001b[2J\\u009b\\u202e\\ud800"\n'),
    ],
)
def test_what_is_found_is_printed_as_json(path, printed):
    assert dragoman(path) == (0, printed, "")


def test_the_document_may_be_a_file(tmp_path):
    file = tmp_path / "answer.json"
    file.write_text(DOCUMENT, encoding="utf-8")
    assert dragoman("$.n", str(file), given="") == (0, "[1, 2]\n", "")


@pytest.mark.parametrize("path", ["$.missing", "$.n.sum().x.nosuch()", "$.evil[?(@.a)]"])
def test_nothing_is_one_sentence_and_exit_code_1(path):
    code, printed, complaint = dragoman(path)
    assert (code, printed) == (1, "")
    assert complaint.endswith(".\n")
    assert complaint.count("\n") == 1


def test_a_bad_path_is_marked():
    code, printed, complaint = dragoman("$.中文[?(@.a = 1)]")
    assert (code, printed) == (2, "")
    path, marks, message = complaint.splitlines()
    assert path == "$.中文[?(@.a = 1)]"
    assert marks == " " * len("$.XXXX[?(@.a ") + "^"
    assert message.startswith("There is no such operator.")


def test_control_characters_of_a_path_are_shown_escaped():
    _, _, complaint = dragoman("$.\x1b[2")
    assert complaint.splitlines()[0] == "$.\\u001b[2"


@pytest.mark.parametrize("document", ["{", "[" * 100_000, "NaN", "1e999", "\ud800"])
def test_an_unreadable_document_is_exit_code_2(document):
    code, printed, complaint = dragoman("$", given=document)
    assert (code, printed) == (2, "")
    assert complaint.startswith("The document cannot be read: ")


@pytest.mark.parametrize("arguments", [(), ("--jsonl", "$.a")])
def test_either_a_path_or_lines(arguments):
    code, _, complaint = dragoman(*arguments)
    assert code == 2
    assert "give either PATH or --jsonl" in complaint


def test_lines_are_answered_in_order():
    lines = [
        {"id": 1, "path": "$.a", "doc": {"a": "\ud800"}},
        {"id": "two", "path": "$.a[zero]", "doc": {}},
        {"id": 3, "path": "$.b", "doc": {}},
        {"id": 4, "path": "$.a.sum()", "doc": {"a": []}},
        {"id": 5, "path": "$.a,b", "doc": {"a": 1, "b": 2}, "dialect": "jsonpath-ng"},
    ]
    code, printed, _ = dragoman("--jsonl", given="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in printed.splitlines()]
    assert code == 0
    assert [(answer["id"], answer["status"], answer["value"]) for answer in answers] == [
        (1, "ok", "\ud800"),
        ("two", "badpath", None),
        (3, "nomatch", None),
        (4, "error", None),
        (5, "ok", [1, 2]),
    ]
    assert (answers[1]["offset"], answers[1]["length"]) == (4, 1)


@pytest.mark.parametrize(
    ("line", "identity"),
    [
        ("no json", None),
        ("[]", None),
        ('{"id": 7}', 7),
        ('{"id": 7, "path": 1, "doc": 1}', 7),
        ('{"id": 7, "path": "$"}', 7),
        ('{"id": 7, "path": "$", "doc": 1, "dialect": "other"}', 7),
        ('{"id": 7, "path": "$", "doc": 1, "dialect": []}', 7),
        ("[" * 100_000, None),
    ],
)
def test_a_bad_line_is_an_error_and_the_next_one_is_answered(line, identity):
    _, printed, _ = dragoman("--jsonl", given=line + '\n\n{"id": 8, "path": "$.a", "doc": {"a": 1}}\n')
    bad, good = map(json.loads, printed.splitlines())
    assert (bad["id"], bad["status"]) == (identity, "error")
    assert bad["message"].startswith("Bad input: ")
    assert (good["id"], good["status"], good["value"]) == (8, "ok", 1)


def test_lines_are_answered_as_they_come():
    command = [sys.executable, "-m", "dragoman", "jsonpath", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for value in (1, 2):
            process.stdin.write(json.dumps({"id": value, "path": "$", "doc": value}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["value"] == value
        process.stdin.close()
        assert process.wait() == 0
