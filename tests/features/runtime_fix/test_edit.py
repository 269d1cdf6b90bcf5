"""A key of an agent gets another value; everything else in the file stays as it is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.features.runtime_fix.edit import set_key
from dragoman.lint.diagnostic import TextEdit
from dragoman.project.agent_file import read_agent_file
from dragoman.syntax.jsonc import parse, to_value


def after(text: str, path: tuple[str, ...], value: Any, index: int = 0) -> str:
    file = read_agent_file(text)
    entry = list(file.entries())[index]
    return applied(text, set_key(file, entry, path, value))


def applied(text: str, edits: tuple[TextEdit, ...]) -> str:
    assert edits
    for edit in sorted(edits, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.new_text + text[edit.span.end :]
    return text


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ('{"name": "a", "k" : 1}', "k", '{"name": "a", "k" : "v"}'),
        ('{"name": "a"}', "k", '{"name": "a", "k": "v"}'),
        ('{"name":"a"}', "k", '{"name":"a","k":"v"}'),
        ('{"name": "a",}', "k", '{"name": "a", "k": "v",}'),
        ('{\n  "name": "a"\n}', "k", '{\n  "name": "a",\n  "k": "v"\n}'),
        ('{\r\n\t"name": "a"\r\n}', "k", '{\r\n\t"name": "a",\r\n\t"k": "v"\r\n}'),
        ('{\n  "name": "a" // it\n}', "k", '{\n  "name": "a", // it\n  "k": "v"\n}'),
        ('{\n  "name": "a", // it\n}', "k", '{\n  "name": "a", // it\n  "k": "v"\n}'),
        ('{\n  "name": "a" // it\n  ,\n}', "k", '{\n  "name": "a" // it\n  ,\n  "k": "v"\n}'),
        ('{\n  "name": "a"}', "k", '{\n  "name": "a",\n  "k": "v"}'),
        ('{"o": {}, "name": "a"}', "o.k", '{"o": {"k": "v"}, "name": "a"}'),
        ('{"o": null, "name": "a"}', "o.k", '{"o": {"k": "v"}, "name": "a"}'),
        ('{"name": "a"}', "o.k", '{"name": "a", "o": {"k": "v"}}'),
        (
            '[\n  {\n    "o": {\n      "x": 1\n    }\n  }\n]',
            "o.k",
            '[\n  {\n    "o": {\n      "x": 1,\n      "k": "v"\n    }\n  }\n]',
        ),
    ],
)
def test_edits(text: str, path: str, expected: str) -> None:
    assert after(text, tuple(path.split(".")), "v") == expected


def test_the_agent_that_is_meant_is_changed() -> None:
    assert (
        after('[{"name": "a"}, {"name": "b"}]', ("k",), {"x": "é"}, 1)
        == '[{"name": "a"}, {"name": "b", "k": {"x": "é"}}]'
    )


keys = st.sampled_from(["a", "b", "c", 'd"\\'])
objects = st.recursive(
    st.integers() | st.none() | st.text(max_size=3), lambda inner: st.dictionaries(keys, inner), max_leaves=8
)


@given(
    st.dictionaries(keys, objects), st.sampled_from([None, 2, "\t"]), st.lists(keys, min_size=1, max_size=3), objects
)
def test_only_that_key_is_another_one(agent: dict[str, Any], indent: Any, path: list[str], value: Any) -> None:
    text = json.dumps(agent, indent=indent)
    expected = json.loads(text)
    owner = expected
    for key in path[:-1]:
        if not isinstance(owner.get(key), dict):
            owner[key] = {}
        owner = owner[key]
    owner[path[-1]] = value
    tree = parse(after(text, tuple(path), value))
    assert not tree.problems
    assert to_value(tree.root) == expected
