"""What can be written in another way at the caret (|), and how it is then."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.catalog import built_in_catalog
from dragoman.features.code_action.rewrite import rewrites
from dragoman.features.code_action.target import Folder, Rewrite
from dragoman.lint.diagnostic import Fix
from dragoman.lint.surroundings import Neighbour
from dragoman.project.agent_file import read_agent_file
from linting import fixed
from marked import at_caret

A = '{"name": "a", "url": "http://h/"}'
B = '{"name": "b", "url": "http://h/"}'
C = '{"name": "c", "url": "http://h/"}'
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


def test_an_agent_in_a_file_of_its_own_stands_at_the_margin() -> None:
    marked = '[\r\n  {"name": "|a", "url": "http://h/"},\r\n  /* b */\r\n  {\r\n    "name": "%s"\r\n  }\r\n]' % (
        "B c" * 99
    )
    (rewrite,) = [one for title, one in offered(marked).items() if title.startswith("Split")]
    (new,) = rewrite.created
    assert new.text == '/* b */\r\n{\r\n  "name": "%s"\r\n}\r\n' % ("B c" * 99)
    assert len(new.name) < 80


@pytest.mark.parametrize("other", ["5", "null", "[]", '"x"', '{"name": "b" 1}'])
def test_a_file_with_something_else_in_it_is_not_split(other: str) -> None:
    assert not any(title.startswith("Split") for title in offered(f"[|{A}, {other}, {B}]"))


@pytest.mark.parametrize(
    ("here", "others", "after"),
    [
        (f"|{A}", [B], f"[\n{A},\n{B}\n]"),
        (f"[\n  |{A},\n]\n", [f"[ // b\n  {B}, // also b\n]\n"], f"[\n  {A},\n // b\n  {B} // also b\n,\n]\n"),
        (f"[|{A}]", [f"\ufeff// b\n{B}\n", f"[{C}]"], f"[{A},\n// b\n{B},\n{C}]"),
        (f"|{A}\r\n", [f"{B} // b"], f"[\r\n{A},\r\n{B} // b\n\r\n]\r\n"),
    ],
)
def test_the_agents_of_a_folder_come_into_one_file(here: str, others: list[str], after: str) -> None:
    text, rewrite = merged(here, others)
    assert rewrite
    assert rewrite.deleted == tuple(f"file:///{number}" for number in range(len(others)))
    assert fixed(text, Fix("", rewrite.edits)) == after
    names = [entry.agent.name for file in (text, *others) for entry in read_agent_file(file).entries()]
    assert [entry.agent.name for entry in read_agent_file(after).entries()] == names


@pytest.mark.parametrize(
    ("here", "others"),
    [
        (f"|{A}", []),
        (f"|{A}", [A]),
        (f"|{A}", [B, B]),
        (f"|{A}", ["[]"]),
        (f"|{A}", ["{"]),
        (f"|{A}", [f"[{B}, 5]"]),
        (f"|{A}", [f"// dragoman-disable\n{B}"]),
        (f"// dragoman-disable\n|{A}", [B]),
        ('{"name": "a", |"url": "http://h/"}', [B]),
    ],
)
def test_a_folder_that_is_not_merged(here: str, others: list[str]) -> None:
    assert merged(here, others)[1] is None


def merged(here: str, others: list[str]) -> tuple[str, Rewrite | None]:
    text, offset = at_caret(here)
    files = [Neighbour(f"file:///{number}", read_agent_file(other)) for number, other in enumerate(others)]
    found = rewrites(read_agent_file(text), offset, built_in_catalog(), Folder(files=lambda: files))
    return text, next((one for one in found if one.title.startswith("Merge")), None)


def test_a_file_that_is_there_is_not_meant() -> None:
    text, offset = at_caret(f"[|{A}, {B}]")
    folder = Folder(is_taken=lambda name: name == "b.agent.json")
    (rewrite,) = rewrites(read_agent_file(text), offset, built_in_catalog(), folder)
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
    packed = {one.title: one for one in rewrites(file, place, built_in_catalog())}[STRING]
    text = fixed(written, Fix("", packed.edits))
    assert json.loads(json.loads(text)["connector"]["requestFormat"]) == template
    again = {one.title: one for one in rewrites(read_agent_file(text), place, built_in_catalog())}
    assert json.loads(fixed(text, Fix("", again[OBJECT].edits)))["connector"]["requestFormat"] == template


def offered(marked: str) -> dict[str, Rewrite]:
    text, offset = at_caret(marked)
    return {one.title: one for one in rewrites(read_agent_file(text), offset, built_in_catalog())}
