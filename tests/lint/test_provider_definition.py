"""What is said in the file of a provider's definition, and where."""

from __future__ import annotations

import pytest

from dragoman.agents.catalog import Owner
from dragoman.lint.diagnostic import Severity
from linting import diagnose_definition, fixed
from marked import mark, unmark

SAID = {
    '{"«requst»": {}}': 'Unknown key "requst". Did you mean "request"?',
    '{"request": {"«bdy»": {}}}': 'Unknown key "bdy" in "request". Did you mean "body"?',
    '{"«colour»": 1}': 'Unknown key "colour".',
    '{"title": «1»}': '"title" must be text in double quotes.',
    '{"like": «"opneai"»}': '"like" names "opneai", and there is no such provider. Did you mean "openai"?',
    '{"auth": {"type": «"bearer"»}}': (
        '"auth.type" must be one of "Bearer", "ApiKey", "Basic", "". Did you mean "Bearer"?'
    ),
    '{"response": {"«sources»": {"title": "$.a"}}}': '"path" is missing in "response.sources".',
    '{"parameters": {"properties": {"a": {"type": «"text"»}}}}': (
        '"parameters.properties.a.type" must be one of "string", "number", "integer", "boolean", "object", "array".'
    ),
    "«»": "The file is no JSON: There is no value here.",
    "«3»": "A definition is an object { }.",
}


@pytest.mark.parametrize(("marked", "message"), SAID.items())
def test_what_is_wrong_is_told_where_it_is(marked: str, message: str) -> None:
    text, _ = unmark(marked)
    (told,) = diagnose_definition(text)
    assert (told.code, told.severity, told.message) == ("provider-definition", Severity.ERROR, message)
    assert mark(text, [told.span]) == marked
    for fix in told.fixes:
        assert diagnose_definition(fixed(text, fix)) == []


@pytest.mark.parametrize(
    "marked",
    [
        '{"response": {"text": "$«[»"}}',
        '{"response": {"text": ["$.b", {"event": "e", "path": "$«[»"}]}}',
        '{"response": {"usage": {"cost": ["$«[»"]}}}',
        '{"response": {"turn": {"id": "$«[»"}}}',
    ],
)
def test_a_path_is_told_at_the_character_that_is_wrong(marked: str) -> None:
    text, _ = unmark(marked)
    (told,) = diagnose_definition(text)
    assert (told.code, told.message.partition(": ")[0].startswith("Inside response.")) == ("provider-definition", True)
    assert mark(text, [told.span]) == marked


def test_broken_json_is_told_like_everywhere() -> None:
    assert [told.code for told in diagnose_definition('{"like": ')] == ["syntax", "syntax"]
    assert [told.code for told in diagnose_definition('{"title": "a", "title": "b"}')] == ["duplicate-key"]


def test_comments_are_welcome() -> None:
    assert diagnose_definition('{\n  // why\n  "like": "openai",\n}') == []


def test_a_definition_without_effect_is_no_error() -> None:
    (told,) = diagnose_definition('{"like": "openai"}', "openai", Owner.WORKSPACE)
    assert told.severity is Severity.WARNING
    assert told.message == "This definition has no effect: “openai” means the one that everybody has."
    assert diagnose_definition('{"like": "openai"}', "openai", Owner.USER) == []
