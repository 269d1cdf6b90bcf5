"""What can be written in another way at the caret (|), and how it is then."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.catalog import built_in_catalog
from dragoman.features.code_action.rewrite import Rewrite, rewrites
from dragoman.lint.diagnostic import Fix
from dragoman.project.agent_file import read_agent_file
from linting import fixed
from marked import at_caret

A = '{"name": "a", "url": "http://h/"}'
B = '{"name": "b", "url": "http://h/"}'
ARRAY = "Put the agent into an array"
ALONE = "Take the only agent out of the array"
OBJECT = "Write “requestFormat” as an object"
STRING = "Write “requestFormat” as a string, as AutoDev reads it"
STREAM = "Set “responseAction” to “Stream”"


@pytest.mark.parametrize(
    ("before", "title", "after"),
    [
        (A.replace('"a"', '"|a"'), ARRAY, f"[{A}]"),
        (f"// mine\n|{A} // yes\n", ARRAY, f"// mine\n[{A}] // yes\n"),
        (f"[{A}]".replace('"a"', '"|a"'), ALONE, A),
        (f"[ // mine\n  {A},\n]\n".replace('"a"', '"|a"'), ALONE, f" // mine\n  {A}\n"),
        (
            r'{"connector": {"request|Format": "{\"fields\": {\"q\": \"\\\"$content\"}}"}}',
            OBJECT,
            r'{"connector": {"requestFormat": {"fields": {"q": "\"$content"}}}}',
        ),
        (
            r'{"connector": {"requestFormat": "{\"fields\": {} /* |why */}"}}',
            OBJECT,
            '{"connector": {"requestFormat": {"fields": {} /* why */}}}',
        ),
        (
            '{"connector": {"requestFormat": {"fields":{"n":1.0,"q":["|$content",]},}}}',
            STRING,
            r'{"connector": {"requestFormat": "{\"fields\": {\"n\": 1.0, \"q\": [\"$content\"]}}"}}',
        ),
        (
            '{"connector": {\n  "requestFormat": { // one\n    "fields": {"q": "//|x"} /* two */\n  }\n}}',
            STRING,
            '{"connector": {\n  // one\n  /* two */\n  "requestFormat": "{\\"fields\\": {\\"q\\": \\"//x\\"}}"\n}}',
        ),
        (
            '{"connector": {"requestFormat": {"fields": {"stream": tr|ue}}}}',
            STREAM,
            '{"connector": {"requestFormat": {"fields": {"stream": true}}}, "responseAction": "Stream"}',
        ),
        ('{"name": "a" /* x| */} // y\n', "Remove all 2 comments", '{"name": "a"}\n'),
    ],
)
def test_a_rewrite(before: str, title: str, after: str) -> None:
    text, _ = at_caret(before)
    assert fixed(text, Fix(title, offered(before)[title].edits)) == after


@pytest.mark.parametrize(
    "marked",
    [
        f"{A}|",
        f"[{A}, |",
        r'{"connector": {"requestFormat": "{\"fie|"}}',
        '{"connector": {"requestFormat": "te|xt"}}',
        '{"connector": {"requestFormat": {"fie|lds": }}}',
        "|",
        '{"na|me": "a", }}',
    ],
)
def test_nothing_to_rewrite(marked: str) -> None:
    assert offered(marked) == {}


def test_each_agent_gets_a_file() -> None:
    marked = f"[\n  {A.replace('a', '|a', 1)}, // first\n  // second\n  {B},\n  {B},\n]\n"
    marked = '[\n  {"name": "|a", "url": "http://h/"}, // first\n  {"name": "b", "url": "http://h/"},\n'
    marked += '  // third\n  {"name": "B", "url": "http://h/"},\n]\n'
    (rewrite,) = [one for title, one in offered(marked).items() if title.startswith("Split")]
    assert rewrite.title == "Split the file: 2 agents get files of their own"
    assert [(new.name, new.text) for new in rewrite.created] == [
        ("b.agent.json", f"// first\n{B}\n"),
        ("b-2.agent.json", f"// third\n{B.replace('b', 'B')}\n"),
    ]
    text, _ = at_caret(marked)
    assert fixed(text, Fix("", rewrite.edits)) == f"[\n  {A},\n]\n"


def test_a_file_that_is_there_is_not_meant() -> None:
    text, offset = at_caret(f"[|{A}, {B}]")
    (rewrite,) = rewrites(read_agent_file(text), offset, built_in_catalog(), lambda name: name == "b.agent.json")
    assert rewrite.created[0].name == "b-2.agent.json"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=5), values, max_size=4), st.booleans())
def test_packing_and_expanding_change_no_request(template: dict[str, object], is_wide: bool) -> None:
    written = json.dumps({"connector": {"requestFormat": template}}, indent=2 if is_wide else None, ensure_ascii=False)
    place = written.index("requestFormat")
    file = read_agent_file(written)
    packed = {one.title: one for one in rewrites(file, place, built_in_catalog(), lambda _: False)}[STRING]
    text = fixed(written, Fix("", packed.edits))
    assert json.loads(json.loads(text)["connector"]["requestFormat"]) == template
    again = {one.title: one for one in rewrites(read_agent_file(text), place, built_in_catalog(), lambda _: False)}
    assert json.loads(fixed(text, Fix("", again[OBJECT].edits)))["connector"]["requestFormat"] == template


def offered(marked: str) -> dict[str, Rewrite]:
    text, offset = at_caret(marked)
    return {one.title: one for one in rewrites(read_agent_file(text), offset, built_in_catalog(), lambda _: False)}
