"""What is said about a piece of a string at the caret (|)."""

from __future__ import annotations

import pytest

from dragoman.features.hover import hover
from dragoman.project.agent_file import read_agent_file
from marked import at_caret, mark

PATH = '{"connector": {"responseFormat": "%s"}}'
TEMPLATE = '{"connector": {"requestFormat": "%s"}}'


@pytest.mark.parametrize(
    ("caret", "marked", "said"),
    [
        (PATH % "$.cho|ices[0]", PATH % "$.«choices»[0]", "The value of the key `choices` of `$`."),
        (PATH % "$.choices[|0].delta", PATH % "$.choices«[0]».delta", "The first item of `$.choices`."),
        (PATH % "$.choices[0].delta.con|tent", PATH % "$.choices[0].delta.«content»", "The text of the answer"),
        (PATH % "$[?(@.a =|= 1)]", PATH % "$[?(@.a «==» 1)]", "`==`: Both sides are equal"),
        (PATH % "$.a.len|gth()", PATH % "$.a.«length()»", "`length()`: How many items"),
        (TEMPLATE % r"{\"fie|lds\": {}}", TEMPLATE % r"{«\"fields\"»: {}}", "**fields** *(object)*"),
        (
            TEMPLATE % r"{\"fields\": {\"q\": \"a $con|tent\"}}",
            TEMPLATE % r"{\"fields\": {\"q\": \"a «$content»\"}}",
            "**$content**: The prompt",
        ),
        ('{"auth": {"token": "${env:NO|PE}"}}', '{"auth": {"token": "«${env:NOPE}»"}}', "which is not set"),
        ('{"responseAction": "St|ream"}', '{"responseAction": «"Stream"»}', "`Stream` with `ChatPanel`"),
    ],
)
def test_hover(caret: str, marked: str, said: str) -> None:
    text, offset = at_caret(caret)
    found = hover(read_agent_file(text), offset)
    assert found is not None
    assert mark(text, [found.span]) == marked
    assert said in found.markdown


def test_no_value_of_a_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCS_TOKEN", "s3cret")
    found = hover(read_agent_file('{"auth": {"token": "${env:DOCS_TOKEN}"}}'), 25)
    assert found is not None
    assert "which is set" in found.markdown
    assert "s3cret" not in found.markdown
