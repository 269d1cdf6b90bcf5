"""The outline of a file."""

from __future__ import annotations

import pytest
from hypothesis import given

from dragoman.features import document_symbol
from dragoman.features.document_symbol import Symbol, document_symbols
from dragoman.project.agent_file import read_agent_file
from json_texts import array_texts
from marked import mark


@pytest.mark.parametrize(
    ("text", "outline"),
    [
        ("", []),
        ("[]", []),
        ("5", []),
        ('{"name": "a"}', ["a (agent)", "  name (string)"]),
        ('[{"url": 1}, 5, {"name": "b"}]', ["(no name) (agent)", "  url (other)", "b (agent)", "  name (string)"]),
        (
            '{"name": "a", "auth": {"token": "x"}, "transition": [], "x": , "": true}',
            [
                *("a (agent)", "  name (string)", "  auth (object)", "    token (string)", "  transition (array)"),
                *("  x (other)", "  (no key) (other)"),
            ],
        ),
        (
            '[{"name": " "}, {"name": 1}, {"name": "c"',
            ["(no name) (agent)", "  name (string)"] * 1
            + ["(no name) (agent)", "  name (other)", "c (agent)", "  name (string)"],
        ),
    ],
)
def test_outline(text: str, outline: list[str]):
    assert list(lines(symbols(text))) == outline


def test_where_an_agent_and_its_keys_are():
    text = '[{"url": "x"}, {"auth": {"type": 1}, "name": "b"}]'
    first, second = symbols(text)
    assert mark(text, [first.span, first.selection]) == '[««{»"url": "x"}», {"auth": {"type": 1}, "name": "b"}]'
    assert mark(text, [second.span, second.selection]) == '[{"url": "x"}, «{"auth": {"type": 1}, "name": «"b"»}»]'
    auth = second.children[0]
    assert mark(text, [auth.span, auth.selection]) == '[{"url": "x"}, {««"auth"»: {"type": 1}», "name": "b"}]'


def test_the_token_is_not_in_the_outline():
    assert "s3cret" not in str(symbols('{"auth": {"token": "s3cret"}}'))


@given(array_texts)
def test_every_selection_lies_within_its_span_and_children_within_their_parent(text: str):
    def check(symbol: Symbol) -> None:
        assert 0 <= symbol.span.start <= symbol.selection.start <= symbol.selection.end <= symbol.span.end <= len(text)
        assert symbol.name
        for child in symbol.children:
            assert symbol.span.start <= child.span.start <= child.span.end <= symbol.span.end
            check(child)

    for symbol in symbols(text):
        check(symbol)


def symbols(text: str) -> list[Symbol]:
    return document_symbols(read_agent_file(text))


def lines(found: list[Symbol] | tuple[Symbol, ...], indent: str = "") -> list[str]:
    return [
        line
        for symbol in found
        for line in (f"{indent}{symbol.name} ({symbol.kind})", *lines(symbol.children, f"{indent}  "))
    ]


def test_the_agents_of_a_large_file_are_listed_alone(monkeypatch: pytest.MonkeyPatch):
    text = '[{"name": "a", "url": "http://h/"}, {"url": "x"}, {"name": "b" "icon": 5}]'
    monkeypatch.setattr(document_symbol, "MOST_TEXT", len(text) - 1)
    symbols = document_symbols(read_agent_file(text))
    assert [(symbol.name, symbol.span.start, symbol.children) for symbol in symbols] == [
        ("a", 1, ()),
        ("(no name)", 36, ()),
        ("b", 50, ()),
    ]
    assert all(text[symbol.selection.start : symbol.selection.end] == "{" for symbol in symbols)
