"""Whatever a definition says of parameters, an agent that has some can be linted, completed and hovered over."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.agents.catalog import DefinitionSource, Owner, make_catalog
from dragoman.features.completion import complete
from dragoman.features.hover import hover
from dragoman.lint.runner import lint
from dragoman.project.agent_file import read_agent_file

KINDS = ("string", "number", "integer", "boolean", "object", "array")
words = st.sampled_from(["a", "b", "A", "", "$x", "ü"])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
keywords: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(KINDS) | st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True),
    "description": words,
    "default": values,
    "examples": st.lists(words, max_size=3),
    "enum": st.lists(words, max_size=3),
    "markdownEnumDescriptions": st.lists(words, max_size=4),
    "deprecated": st.booleans(),
    "minimum": st.integers(-2, 2),
    "maximum": st.floats(-2, 2),
    "exclusiveMinimum": st.integers(-2, 2),
    "minLength": st.integers(-1, 3),
    "additionalProperties": st.booleans(),
}
schemas = st.recursive(
    st.fixed_dictionaries({}, optional=keywords),
    lambda inner: st.fixed_dictionaries(
        {}, optional={**keywords, "properties": st.dictionaries(words, inner, max_size=3), "items": inner}
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(schemas, st.dictionaries(words, values, max_size=3))
def test_any_schema_is_borne(schema: Any, parameters: Any) -> None:
    source = DefinitionSource("mine", json.dumps({"parameters": schema}), "mine.jsonc", Owner.WORKSPACE)
    catalog = make_catalog([source])
    assert catalog.problems[source] == ()
    agent = {"name": "a", "url": "http://127.0.0.1/", "provider": "mine", "parameters": parameters}
    file = read_agent_file(json.dumps(agent, ensure_ascii=False))
    lint(file, {}, catalog)
    for offset in range(file.text.index("parameters"), len(file.text) + 1):
        complete(file, offset, with_snippets=True, catalog=catalog)
        hover(file, offset, catalog)
