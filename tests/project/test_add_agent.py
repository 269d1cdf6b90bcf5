"""A file before and after an agent was added to it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.project.add_agent import add_agent, names_in
from linting import diagnose

NEW = {"name": "new", "url": "http://h/"}
OURS = '  {\n    "name": "new",\n    "url": "http://h/"\n  }\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"[\n{OURS}]\n"),
        ("\n\n", f"\n\n[\n{OURS}]\n"),
        ("// mine", f"// mine\n[\n{OURS}]\n"),
        ("\ufeff", f"\ufeff[\n{OURS}]\n"),
        ("[]", f"[\n{OURS}]"),
        ("[ ]\n", f"[\n{OURS}]\n"),
        ("[ // none\n]\n", f"[ // none\n{OURS}]\n"),
        ('[{"name": "a"}]\n', f'[{{"name": "a"}},\n{OURS}]\n'),
        ('[\n  {"name": "a"} // first\n]', f'[\n  {{"name": "a"}}, // first\n{OURS}]'),
        ('[\n  {"name": "a"},\n  /* b */\n]', f'[\n  {{"name": "a"}},\n  /* b */\n{OURS}]'),
        ('[\n  {"name": "a"} , \n]', f'[\n  {{"name": "a"}} ,\n{OURS.rstrip()} \n]'),
        (
            '\ufeff[\r\n\t{\r\n\t\t"name": "a"\r\n\t}\r\n]\r\n',
            '\ufeff[\r\n\t{\r\n\t\t"name": "a"\r\n\t},\r\n\t{\r\n\t\t"name": "new",\r\n\t\t"url": "http://h/"\r\n\t}\r\n]\r\n',
        ),
        (
            '[\n    {\n        "name": "a"\n    }\n]',
            '[\n    {\n        "name": "a"\n    },\n'
            '    {\n        "name": "new",\n        "url": "http://h/"\n    }\n]',
        ),
        (
            '// c\n{"name": "a"} // d\n',
            '// c\n[\n{"name": "a"},\n{\n  "name": "new",\n  "url": "http://h/"\n}\n] // d\n',
        ),
        (
            '{\n    "name": "a"\n}\n',
            '[\n{\n    "name": "a"\n},\n{\n    "name": "new",\n    "url": "http://h/"\n}\n]\n',
        ),
    ],
)
def test_an_agent_is_added(before: str, after: str):
    assert add_agent(before, NEW) == after
    assert [diagnostic.code for diagnostic in diagnose(after) if diagnostic.code == "syntax"] == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[\n{", "Line 2 must be corrected before anything can be added: “}” is missing: the text ends."),
        ('{"name": "a"} {"name": "b"}', "Line 1 must be corrected before anything can be added: "),
        ("// c\n/* d", "Line 2 must be corrected before anything can be added: "),
        ("5", "It holds neither an agent nor an array of agents."),
        ('[{"name": "new"}]', "It has an agent “new” already; choose another name."),
        ('\ufeff{"name": "new"}', "It has an agent “new” already; choose another name."),
    ],
)
def test_a_file_that_must_be_corrected_first(text: str, why: str):
    with pytest.raises(ValueError, match="^" + why.replace(".", r"\.")):
        add_agent(text, NEW)


def test_the_names_of_a_file():
    assert names_in('[{"name": "a"}, {"name": 5}, 7, {"url": ""}, {"name": "b"') == {"a", "b"}


agents = st.dictionaries(
    st.sampled_from(["x", "y", "z"]), st.integers() | st.text(max_size=5) | st.just([{}]), max_size=3
)


@given(st.lists(agents, max_size=4), st.sampled_from([None, 0, 1, 4, "\t"]))
def test_what_is_there_stays(before: list[dict[str, object]], indent: int | str | None):
    text = json.dumps(before, indent=indent)
    after = add_agent(text, NEW)
    assert json.loads(after) == [*before, NEW]
    left = iter(after)
    assert all(character in left for character in text), "nothing but insertions"


@given(agents)
def test_a_single_agent_stays_as_it_is(agent: dict[str, object]):
    text = json.dumps(agent, indent=2)
    after = add_agent(text, NEW)
    assert text in after
    assert json.loads(after) == [agent, NEW]
