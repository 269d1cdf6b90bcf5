"""What is understood of a command, as shells, documentation and browsers write it."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.curl.command import CurlCommand, CurlError, read_command
from dragoman.agents.curl.shell import read_command_line


def words(text: str) -> list[str]:
    line = read_command_line(text)
    assert line is not None
    return [*line.words]


def command(options: str) -> CurlCommand:
    line = read_command_line(f"curl https://h.example/ask {options}")
    assert line is not None
    return read_command(line)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("curl a b", ["a", "b"]),
        ("$ curl a", ["a"]),
        ("KEY=1 /usr/bin/curl a", ["a"]),
        (r"C:\tools\curl.exe a".replace("\\", "/"), ["a"]),
        ("cd x; curl a", ["a"]),
        ("# first\ncurl a # why\n", ["a"]),
        ("curl a#b", ["a#b"]),
        ("curl 'it'\\''s' x", ["it's", "x"]),
        ("curl '' \"\"", ["", ""]),
        ("curl '$A `b` \\n'", ["$A `b` \\n"]),
        (r'curl "a \" \\ \$B \n"', [r'a " \ $B \n']),
        ('curl "$A-${B}-${C:-d}" $D', ["${env:A}-${env:B}-${env:C}", "${env:D}"]),
        ("""curl '{"m": "'"$MODEL"'"}'""", ['{"m": "${env:MODEL}"}']),
        ("curl $(cat token) `id`", ["$(cat token)", "`id`"]),
        (r"curl $'a\'b\n\t\x41\u00e9\101\\'", ["a'b\n\tAéA\\"]),
        (r"curl $'\ud83d\ude00 \U0001F600'", ["😀 😀"]),
        ("curl a \\\n  b \\\r\n c", ["a", "b", "c"]),
        ("curl a \\  \n  -b", ["a", "-b"]),
        ("curl a\n  -H b", ["a", "-H", "b"]),
        ("curl a\nls", ["a"]),
        ("curl a | jq .", ["a"]),
        ("curl a > file", ["a"]),
        ("curl 'a\nb'", ["a\nb"]),
        # cmd.exe, as browsers copy it
        ('curl ^"http://h/?a=1^&b=2^" ^\r\n  -H ^"a: b^"', ["http://h/?a=1&b=2", "-H", "a: b"]),
        (r'curl ^"^{^\^"a^\^":^\^"100^% \\ $x^\^"^}^"', [r'{"a":"100% \ $x"}']),
        ('curl "http://h/" ^\n --data-raw "{\\"a\\": 1}"', ["http://h/", "--data-raw", '{"a": 1}']),
    ],
)
def test_words(text: str, found: list[str]):
    assert words(text) == found


def test_a_text_without_a_command():
    assert read_command_line("wget http://h/") is None
    assert read_command_line("") is None


@pytest.mark.parametrize(("text", "is_all"), [("curl a", True), ("curl a\n", True), ("curl a | jq", False)])
def test_what_stands_behind_the_command_is_noticed(text: str, is_all: bool):
    line = read_command_line(text)
    assert line is not None
    assert line.is_all is is_all


@given(st.text())
def test_any_text_can_be_looked_at(text: str):
    read_command_line(text)
    read_command_line(f"curl {text}")


@given(st.text(st.characters(exclude_characters="^")))
def test_what_is_quoted_stays_one_word(text: str):
    assert words(f"curl x {shlex.quote(text)}") == ["x", text]


@pytest.mark.parametrize(
    ("options", "body"),
    [
        ("-d '{}'", "{}"),
        ("-d'{}'", "{}"),
        ("--data '{}'", "{}"),
        ("--data-raw '@x'", "@x"),
        ("--data-binary '{}'", "{}"),
        ("--json '{}'", "{}"),
        ("-d a=1 -d b=2", "a=1&b=2"),
        ("-sSNd '{}' -XPOST --compressed", "{}"),
    ],
)
def test_the_data(options: str, body: str):
    assert command(options).body == body


def test_headers_and_logins():
    asked = command("""-d x -H 'A: b: c' --header "D:e" -H 'Empty:' -b 'sid=1' -b jar.txt --oauth2-bearer t -u me:pw""")
    assert asked.headers == (("A", "b: c"), ("D", "e"), ("Cookie", "sid=1"), ("Authorization", "Bearer t"))
    assert asked.user == "me:pw"


def test_the_other_options():
    asked = command("-d x -k -m 30.5 --connect-timeout 3 --proxy http://p --wild card --quiet -Z -L")
    assert asked.is_insecure
    assert asked.max_time == 30.5
    assert asked.ignored == ("--connect-timeout", "--proxy", "--wild", "--quiet", "-Z")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("curl -d x h.example/a", "http://h.example/a"),
        ("curl -d x --url https://h/", "https://h/"),
        ("curl --unknown https://h/ -d x", "https://h/"),
        ('curl -d x "$BASE/v1"', "${env:BASE}/v1"),
    ],
)
def test_the_address(text: str, url: str):
    line = read_command_line(text)
    assert line is not None
    assert read_command(line).url == url


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("", "The command sends no data"),
        ("-G -d x", "With -G the data become part of the address"),
        ("-I", "With -I nothing but headers"),
        ("-X put -d x", "The command asks by PUT"),
        ("-d @prompt.json", "The data are in a file"),
        ("-F a=b", "-F sends a form"),
        ("--data-urlencode a=b", "--data-urlencode sends a form"),
    ],
)
def test_a_request_that_no_agent_could_be_sent(options: str, why: str):
    with pytest.raises(CurlError, match=f"^{why}"):
        command(options)


def test_nothing_of_a_command_is_shown():
    line = read_command_line("curl https://u:SECRET@h/?key=SECRET -H 'X: SECRET' -u a:SECRET -d SECRET")
    assert line is not None
    assert "SECRET" not in repr(line) + repr(read_command(line))
