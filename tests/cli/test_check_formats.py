"""What `dragoman check` prints for other programs."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import CommandLine
from dragoman import __version__
from dragoman.cli.report import sarif as sarif_format
from dragoman.cli.report.findings import CheckedFile, Report
from dragoman.lint.diagnostic import Diagnostic
from dragoman.lint.registry import RULES
from dragoman.syntax.text import Span
from linting import AGENT

MISTAKES = (
    f'[\r\n\t{{{AGENT}}},\r\n\t{{"name": "🦜", "responseActon": "Stream", "url": "http://h/"}},'
    f"\r\n\t{{{AGENT}}} // 🦜\r\n]"
)


def test_json(shell: CommandLine):
    shell.write(f"\ufeff{MISTAKES}", "sub/ä b.agents.json")
    (shell.here / "gone.agents.json").symlink_to("nowhere")

    done = shell.run("check", "--format", "json")

    assert done.code == 2
    assert json.loads(done.out) == {
        "version": 1,
        "findings": [
            {
                "file": "sub/ä b.agents.json",
                **place(3, 17, 30),
                "severity": "warning",
                "rule": "unknown-key",
                "message": 'Unknown key "responseActon": did you mean "responseAction"?',
                "related": [],
                "fixes": [
                    {
                        "title": "Change to “responseAction”",
                        "safe": True,
                        "edits": [{**place(3, 17, 30), "newText": "responseAction"}],
                    }
                ],
            },
            {
                "file": "sub/ä b.agents.json",
                **place(4, 11, 17),
                "severity": "error",
                "rule": "duplicate-name",
                "message": 'Another agent of this file is named "docs" too: rename one of them.',
                "related": [{"file": "sub/ä b.agents.json", **place(2, 11, 17), "message": "The other one is here."}],
                "fixes": [],
            },
            {
                "file": "sub/ä b.agents.json",
                **place(4, 52, 56),
                "severity": "information",
                "rule": "comment",
                "message": "JSON has no comments: Dragoman allows this one, AutoDev would drop the whole file.",
                "related": [],
                "fixes": [],
            },
        ],
        "failures": [{"file": "gone.agents.json", "message": "no such file or directory"}],
        "summary": {"files": 1, "error": 1, "warning": 1, "information": 1, "fixed": 0},
    }


def place(line: int, column: int, end: int) -> dict[str, int]:
    return {"line": line, "column": column, "endLine": line, "endColumn": end}


def test_github(shell: CommandLine):
    shell.write(MISTAKES.replace("🦜", "50%\\n🦜"), "a,b:c.agents.json")
    done = shell.run("check", "--format", "github", ".", "100%.json")
    assert done.out.splitlines() == [
        "::warning file=a%2Cb%3Ac.agents.json,line=3,endLine=3,col=22,endColumn=35,title=unknown-key"
        '::Unknown key "responseActon": did you mean "responseAction"?',
        "::error file=a%2Cb%3Ac.agents.json,line=4,endLine=4,col=11,endColumn=17,title=duplicate-name"
        '::Another agent of this file is named "docs" too: rename one of them.',
        "::notice file=a%2Cb%3Ac.agents.json,line=4,endLine=4,col=52,endColumn=61,title=comment"
        "::JSON has no comments: Dragoman allows this one, AutoDev would drop the whole file.",
        "::error file=100%25.json::100%25.json: no such file or directory",
    ]


def test_github_escapes_messages(shell: CommandLine):
    shell.write(f'{{{AGENT}, "provider": "50%\\n::error::"}}')
    (line,) = shell.run("check", "--format", "github").out.splitlines()
    assert '"50%25\\u000a::error::"' in line


# --- SARIF ------------------------------------------------------------------------------------------------------------


def test_sarif_results(shell: CommandLine):
    shell.write(f"\ufeff{MISTAKES}", "sub/ä b.agents.json")
    (run,) = sarif(shell)["runs"]
    unknown, duplicate, _ = run["results"]
    assert region(unknown) == {"startLine": 3, "startColumn": 18, "endLine": 3, "endColumn": 31}, "in UTF-16 code units"
    assert unknown["ruleId"] == "unknown-key"
    (fix,) = unknown["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["replacements"] == [{"deletedRegion": region(unknown), "insertedContent": {"text": "responseAction"}}]
    (related,) = duplicate["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 2
    place = unknown["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "sub/%C3%A4%20b.agents.json", "uriBaseId": "SRCROOT"}
    assert [result["level"] for result in run["results"]] == ["warning", "error", "note"]


@given(st.text(st.sampled_from("ab🦜ä\r\n"), max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_sarif_counts_utf_16_code_units(text: str, one: int, other: int):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    file = CheckedFile("a.json", text, (Diagnostic("syntax", "x", Span(start, end)),))
    (printed,) = sarif_format.lines(Report((file,)))
    counted = region(json.loads(printed)["runs"][0]["results"][0])
    for offset, edge in ((start, "start"), (end, "end")):
        line = file.lines.line_at(offset)
        before = text[file.lines.start_of(line) : offset]
        assert counted[f"{edge}Line"] == line + 1
        assert counted[f"{edge}Column"] == len(before.encode("utf-16-le")) // 2 + 1


@pytest.mark.parametrize("text", [MISTAKES, "{", "", f"{{{AGENT}}}", '{"url": "[x](http://evil/)", "[a](b)": 1}', None])
def test_sarif_is_what_the_standard_asks_for(shell: CommandLine, text: str | None):
    """The parts of the schema of SARIF 2.1.0 that this kind of log has to do with."""
    if text is not None:
        shell.write(text)
    log = sarif(shell, *([] if text is not None else ["gone.json"]))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    assert set(run) == {"tool", "columnKind", "originalUriBaseIds", "invocations", "results"}
    assert run["columnKind"] == "utf16CodeUnits"
    assert re.fullmatch(r"file:///.*/", run["originalUriBaseIds"]["SRCROOT"]["uri"])
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is (text is not None)
    for notification in invocation["toolExecutionNotifications"]:
        assert set(notification) == {"level", "message", "locations"}
        assert_message(notification["message"])
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("dragoman", __version__)
    assert [rule["id"] for rule in driver["rules"]] == [rule.name for rule in RULES], "each once"
    for rule in driver["rules"]:
        described = {"id", "shortDescription", "fullDescription", "help"}
        assert set(rule) == described | {"defaultConfiguration", "properties"}
        for part in ("shortDescription", "fullDescription", "help"):
            assert rule[part]["text"]
            assert set(rule[part]) - {"markdown"} == {"text"}
    for result in run["results"]:
        assert_result(result, driver["rules"])


def assert_result(result: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    assert set(result) - {"relatedLocations", "fixes"} == {"ruleId", "ruleIndex", "level", "message", "locations"}
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in ("error", "warning", "note")
    assert_message(result["message"])
    assert len(result["locations"]) == 1
    for location in [*result["locations"], *result.get("relatedLocations", [])]:
        assert_place(location["physicalLocation"]["artifactLocation"])
        assert_region(location["physicalLocation"]["region"])
    for fix in result.get("fixes", []):
        assert_message(fix["description"])
        assert fix["artifactChanges"]
        for change in fix["artifactChanges"]:
            assert_place(change["artifactLocation"])
            assert change["replacements"]
            for replacement in change["replacements"]:
                assert_region(replacement["deletedRegion"])
                assert isinstance(replacement["insertedContent"]["text"], str)


def assert_message(message: dict[str, Any]) -> None:
    assert set(message) == {"text"}
    assert message["text"]
    assert "](" not in message["text"], "that would be a link"


def assert_place(place: dict[str, Any]) -> None:
    assert set(place) == {"uri", "uriBaseId"}
    assert re.fullmatch(r"[\w./~@!$&'()*+,;=%-]+", place["uri"], re.ASCII)
    assert not unquote(place["uri"]).startswith("/")


def assert_region(region: dict[str, int]) -> None:
    assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
    assert min(region.values()) >= 1
    assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])


def region(result: dict[str, Any]) -> dict[str, int]:
    return result["locations"][0]["physicalLocation"]["region"]


def sarif(shell: CommandLine, *paths: str) -> dict[str, Any]:
    return json.loads(shell.run("check", "--format", "sarif", *paths).out)
