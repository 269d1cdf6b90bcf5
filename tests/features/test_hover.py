"""What is said about the key or the value at the caret (|)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.features.hover import Hover, hover
from dragoman.project.agent_file import read_agent_file
from dragoman.schema.store import definition
from json_texts import array_texts
from marked import at_caret, mark


@pytest.mark.parametrize(
    ("caret", "marked", "markdown"),
    [
        (
            '{"na|me": "x"}',
            '{«"name"»: "x"}',
            "**name** *(string, needed)*\n\nWhat pickers show. Unique in its file; any characters.",
        ),
        (
            '[{}, {"enabled|": true}]',
            '[{}, {«"enabled"»: true}]',
            "**enabled** *(boolean)*\n\n`false`: the agent is checked, but not offered.\n\nWithout it: `true`",
        ),
        (
            '{"auth": {"type": "Api|Key"}}',
            '{"auth": {"type": «"ApiKey"»}}',
            "**ApiKey**: The token in the header that `header` names; if none is named, in the provider's own, "
            "mostly `x-api-key`.",
        ),
        (
            '{"auth": {"token|": "s3cret"}}',
            '{"auth": {«"token"»: "s3cret"}}',
            "**token** *(string, needed)*\n\nThe secret. Best a reference, which is resolved only when a request is "
            "made: `${env:NAME}` or `${keyring:service/user}`.",
        ),
        (
            '{"flow": {"ne|xt": "a"}}',
            '{"flow": {«"next"»: "a"}}',
            "**next** *(string)*\n\nThe name of the agent that is asked with the object.",
        ),
        ('{"enabled": tr|ue}', '{"enabled": «true»}', None),
        ('{"name": "x", "enabled": fa|lse, }', '{"name": "x", "enabled": «false», }', None),
    ],
)
def test_hover(caret: str, marked: str, markdown: str | None):
    text, _ = at_caret(caret)
    found = hover_at(caret)
    assert found is not None
    assert mark(text, [found.span]) == marked
    assert markdown is None or found.markdown == markdown


@pytest.mark.parametrize(
    "caret",
    [
        "|",
        "{|}",
        '{"unknown|": 1}',
        '{"unknown": "|"}',
        '{"name": "x" /* na|me */}',
        '{"name" |: 1}',
        '{"name": |}',
        '{"name":| "x"}',
        '{"enabled": | true}',
        "[5|]",
    ],
)
def test_nothing_is_said(caret: str):
    assert hover_at(caret) is None


def test_every_value_of_every_enum_is_described():
    for owner, prefix in (("agent", "{%s}"), ("auth", '{"auth": {%s}}'), ("connector", '{"connector": {%s}}')):
        described = {
            key: one for key, one in definition(owner)["properties"].items() if "markdownEnumDescriptions" in one
        }
        for key, schema in described.items():
            for value, description in zip(
                schema.get("enum") or schema["examples"],
                schema["markdownEnumDescriptions"],
                strict=True,
            ):
                found = hover_at(prefix % f'"{key}": "|{value}"')
                assert found is not None
                assert found.markdown.split("\n\n")[0] == f"**{value}**: {description}"


def test_the_hover_of_a_key_lists_its_values():
    found = hover_at('{"auth": {"ty|pe": 1}}')
    assert found is not None
    assert "- `Bearer`: `Authorization: Bearer <token>`\n- `ApiKey`: " in found.markdown


def test_a_deprecated_parameter():
    found = hover_at('{"provider": "chaindesk", "parameters": {"promptT|ype": "raw"}}')
    assert found is not None
    assert "*Deprecated.*" in found.markdown


@given(array_texts, st.data())
def test_any_text_can_be_hovered(text: str, data: st.DataObject):
    offset = data.draw(st.integers(0, len(text)))
    found = hover(read_agent_file(text), offset)
    assert found is None or found.span.start <= offset <= found.span.end


@pytest.mark.parametrize("place", range(60))
def test_no_value_of_the_file_is_repeated(place: int):
    text = '{"auth": {"type": "s3cret", "token": "s3cret"}, "url": "s3cret"}'
    found = hover(read_agent_file(text), place)
    assert found is None or "s3cret" not in found.markdown


def hover_at(caret: str) -> Hover | None:
    text, offset = at_caret(caret)
    return hover(read_agent_file(text), offset)
