"""What a path takes from a document, one table for each rule."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.syntax.jsonpath import EvaluationError, Found, NoMatch, PathProblem, compile_path
from dragoman.syntax.jsonpath.ast import Operator

NOTHING = object()
FAILS = object()


def check(path, document, expected):
    compiled = compile_path(path)
    assert not isinstance(compiled, PathProblem), compiled
    match compiled.evaluate(document):
        case Found(value):
            assert json.dumps(value) == json.dumps(expected)
        case NoMatch(reason):
            assert reason.endswith(".")
            assert expected is NOTHING
        case EvaluationError(message):
            assert message.endswith(".")
            assert expected is FAILS


CHUNK = {"choices": [{"index": 0, "delta": {"content": "Hi"}}, {"index": 1, "delta": {}}]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.choices[0].delta.content", "Hi"),
        ("$.choices[0].delta.content ", "Hi"),
        ("choices[0].delta.content", "Hi"),
        ("$['choices'][0]['delta'][\"content\"]", "Hi"),
        ("$.choices[-2].delta.content", "Hi"),
        ("$.choices[1].delta.content", NOTHING),
        ("$.choices[2]", NOTHING),
        ("$.choices.delta", NOTHING),
        ("$.choices[0].delta.content[0]", NOTHING),
        ("$.choices[*].delta.content", ["Hi"]),
        ("$..content", ["Hi"]),
        ("$", CHUNK),
    ],
)
def test_paths_of_a_stream(path, expected):
    check(path, CHUNK, expected)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.a", {"b": 1, "c": 2}),
        ("$.a['b','c']", {"b": 1, "c": 2}),
        ("$.a['b','zz']", {"b": 1}),
        ("$['a','x'].b", [1]),
        ("$.a.*", [1, 2]),
        ("$..b", [1, 3]),
        ("$.l[0,2]", [0, {"b": 3}]),
        ("$.l[0,9]", [0]),
        ("$..[1]", ["s"]),
    ],
)
def test_only_indefinite_paths_give_a_list(path, expected):
    check(path, {"a": {"b": 1, "c": 2}, "l": [0, "s", {"b": 3}]}, expected)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.x", NOTHING),
        ("$.x[*]", NOTHING),
        ("$.x..b", NOTHING),
        ("$.x[?(@.a)]", NOTHING),
        ("$.null", None),
        ("$.null.x", NOTHING),
        ("$.s[0]", NOTHING),
        ("$.s[0:1]", NOTHING),
        ("$.s[0,1]", NOTHING),
        ("$.s[*]", []),
        ("$.s..a", []),
        ("$.l[*].x", []),
        ("$.l[*].x.y[0]", []),
        ("$.s[?(@.a)]", FAILS),
        ("$.l[*][?(@.a)]", [{"a": 2}]),
        ("$.l[*].a[?(@.b)]", []),
    ],
)
def test_what_is_missing(path, expected):
    check(path, {"null": None, "s": "text", "l": [1, {"a": 2}]}, expected)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$[1:3]", [1, 2]),
        ("$[2:]", [2, 3]),
        ("$[:2]", [0, 1]),
        ("$[-1:]", [3]),
        ("$[:-1]", [0, 1, 2]),
        ("$[1:-1]", []),
        ("$[0:4:2]", [0, 1, 2, 3]),
        ("$[2:99]", [2, 3]),
        ("$[-99:]", [0, 1, 2, 3]),
    ],
)
def test_slices(path, expected):
    check(path, [0, 1, 2, 3], expected)


ITEMS = [{"v": 1}, {"v": None}, {"v": "1"}, {"v": "abc"}, {"v": True}, {"v": [1, "x"]}, {"v": {"w": 0}}, {}]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("@.v", [0, 1, 2, 3, 4, 5, 6]),
        ("!@.v", [7]),
        ("!(@.v)", [7]),
        ("@.v.w", [6]),
        ("@.v == 1", [0, 2]),
        ("@.v == 1.0", [0]),
        ("@.v === 1", [0]),
        ("'1' == @.v", [0, 2]),
        ("@.v == null", [1]),
        ("@.v != null", [0, 2, 3, 4, 5, 6, 7]),
        ("@.v == true", [4]),
        ("@.v == [1,'x']", [5]),
        ("@.v == [1.0,'x']", []),
        ("[1,'x'] == @.v", []),
        ('@.v == {"w": 0}', [6]),
        ("@.v >= 1", [0]),
        ("@.v > 'a'", [3]),
        ("@.v =~ /A.*/i", [3]),
        ("@.v =~ /b/", []),
        ("@.v =~ /1|x/", [0, 2, 5]),
        ("@.v =~ /.*/", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("@.v in [1, 'abc']", [0, 2, 3]),
        ("@.v IN ['abc']", [3]),
        ("@.v nin ['abc', null]", [0, 2, 4, 5, 6, 7]),
        ("@.v anyof ['x', 'y']", [5]),
        ("@.v noneof ['y']", [5]),
        ("@.v subsetof ['x', 1, 2]", [5]),
        ("!(@.v subsetof ['x', 1, 2])", [6]),
        ("@.v contains 'b'", [3]),
        ("@.v contains 'x'", [5]),
        ("@.v size 3", [3]),
        ("@.v size 2", [5]),
        ("@.v == 1 || @.v == null && @.x", [0, 2]),
        ("(@.v == 1 || @.v == null) && @.x", []),
        ("@.v == $[3].v", [3]),
        ("!@.v == 1", [0, 2]),
        ("@.v all ['x']", []),
    ],
)
def test_filters(condition, expected):
    check(f"$[?({condition})]", ITEMS, [ITEMS[place] for place in expected])


def test_a_filter_tests_an_object_itself():
    event = {"type": "answer", "content": "All", "part": {"type": "answer"}}
    check("$[?(@.type == 'answer')].content", event, ["All"])
    check("$[?(@.type == 'follow_up')].content", event, [])
    check("$[?(!(@.created_at))].content", event, ["All"])


def test_an_indefinite_test_is_true_even_when_it_finds_nothing():
    check("$[?(@.a[*])]", [{"a": []}, {"b": 1}], [{"a": []}])
    check("$[?(@..b)]", [{"a": 1}, 2], [{"a": 1}, 2])


@pytest.mark.parametrize("condition", ["@.v empty true", "@.v in [[1]]", "@.v exists 1"])
def test_some_conditions_fail(condition):
    check(f"$[?({condition})]", [{"v": {"a": 1}}], FAILS)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.n.sum()", 6.0),
        ("$.n.avg()", 2.0),
        ("$.n.min()", 1.0),
        ("$.n.max()", 3.0),
        ("$.n.stddev()", 0.8164965809277263),
        ("$.n.length()", 3),
        ("$.n.size()", 3),
        ("$.o.length()", 2),
        ("$.s.length()", None),
        ("$.o.keys()", ["a", "b"]),
        ("$.n.first()", 1),
        ("$.n.last()", 3),
        ("$.n.index(1)", 2),
        ("$.n.index(9)", FAILS),
        ("$.n.append(4)", [1, 2, 3, 4]),
        ("$.n.append(4).sum()", 10.0),
        ('$.concat($.s, "-", $.n)', "text-123"),
        ("$.concat('x')", ""),
        ('$.concat("a,b")', "ab"),
        ("$.sum(1, $.n)", 7.0),
        ("$..n.length()", 3),
        ("$..a.sum()", 1.0),
        ("$..[0].length()", 0),
        ("$.s.sum()", FAILS),
        ("$.n.nosuch()", FAILS),
        ("$.x.sum()", NOTHING),
    ],
)
def test_functions(path, expected):
    check(path, {"n": [1, 2, 3], "o": {"a": 1, "b": 2}, "s": "text"}, expected)


def test_a_function_leaves_the_document_alone():
    document = {"n": [1]}
    check("$.n.append(2)", document, [1, 2])
    assert document == {"n": [1]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.a-b", 1),
        ("$.中文", 2),
        ("$.x{0}", 3),
        ("$['a b']", 4),
        ("$['it\\'s']", 5),
        ("$['\\u4e2d\\u6587']", 2),
        ("$.@type", 6),
        ("$.l[0]x", 7),
        ("$['a'][?(@.a&&@.b)]", NOTHING),
    ],
)
def test_names(path, expected):
    check(path, {"a-b": 1, "中文": 2, "x{0}": 3, "a b": 4, "it's": 5, "@type": 6, "l": [7]}, expected)


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("$[?(@ =~ /(a+)+$/)]", ["a" * 5000 + "b"]),
        ("$[?(@ =~ /(.*)*(.*)*x/)]", ["a" * 5000]),
        ("$[?(@ =~ /a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaab/)]", ["a" * 24]),
    ],
)
def test_no_pattern_runs_away(path, document):
    check(path, document, [])


def test_work_is_bounded():
    wide = [[0] * 100 for _ in range(100)]
    check("$..[?(@ in $..*)]", wide, FAILS)


def test_documents_may_be_deep():
    deep = []
    for _ in range(20_000):
        deep = [deep, {"a": 1}]
    found = compile_path("$..a").evaluate(deep)
    assert found == Found([1] * 20_000, False)
    assert compile_path("$[?(@ == $[0])]").evaluate([deep, 1]) == Found([deep], False)


def test_a_path_may_be_long():
    assert isinstance(compile_path("$" + ".a" * 10_000).evaluate({}), NoMatch)
    assert isinstance(compile_path("$" + "[0,1]" * 10_000).evaluate(_nested(9_000)), EvaluationError)


def _nested(depth):
    document = [1]
    for _ in range(depth):
        document = [document]
    return document


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
documents = st.recursive(
    scalars | st.sampled_from(["a", "$.a", "[1]"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc") | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)
operands = st.sampled_from(
    [
        "@",
        "@.a",
        "$.b",
        "@..c",
        "@[0]",
        "@.*",
        "1",
        "-1.5e3",
        "'a'",
        "null",
        "true",
        "[1,'a']",
        '{"a":1}',
        "{a:",
        "/a+b*/i",
    ]
)
operators = st.sampled_from([operator.value for operator in Operator])
conditions = st.recursive(
    st.builds("{} {} {}".format, operands, operators, operands) | st.sampled_from(["@.a", "!@.b", "@..c", "$.a"]),
    lambda inner: (
        st.builds("({} && {})".format, inner, inner)
        | st.builds("({} || {})".format, inner, inner)
        | st.builds("!({})".format, inner)
    ),
    max_leaves=3,
)
steps = st.sampled_from(
    [
        ".a",
        "..b",
        ".*",
        "..*",
        "[0]",
        "[-1]",
        "[0,1]",
        "[1:]",
        "[:-1]",
        "['a','c']",
        "..",
        ".length()",
        ".keys()",
        ".sum()",
        ".first()",
        ".index(1)",
        ".index(1e999)",
        '.concat($.a, "x")',
        '.append({"a":1})',
        ".max(9)",
        ".length($.a)",
        ".stddev()",
    ]
) | st.builds("[?({})]".format, conditions)


@given(st.lists(steps, max_size=5).map("".join), documents)
def test_evaluation_never_raises(path, document):
    compiled = compile_path("$" + path)
    if not isinstance(compiled, PathProblem):
        assert isinstance(compiled.evaluate(document), (Found, NoMatch, EvaluationError))
