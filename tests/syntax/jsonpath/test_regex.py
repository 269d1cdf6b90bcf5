"""Java's regular expressions: what they match, what is wrong with them, and that none runs away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.syntax.jsonpath import EvaluationError, compile_path
from dragoman.syntax.jsonpath.regex import BadPatternError, UnsupportedPatternError, compile_pattern


def matches(pattern, text, flags=""):
    return compile_pattern(pattern, flags)(text, lambda amount: None)


@pytest.mark.parametrize(
    ("pattern", "flags", "matching", "other"),
    [
        ("foo", "", ["foo"], ["foobar", "FOO", ""]),
        ("foo", "i", ["FOO"], []),
        ("é", "i", ["é"], ["É"]),
        ("é", "iu", ["É"], []),
        ("a|bc?", "", ["a", "b", "bc"], ["ac"]),
        ("(a|b)+", "", ["abba"], ["", "abc"]),
        ("a*?b", "", ["b", "aab"], ["aa"]),
        ("a{2,3}", "", ["aa", "aaa"], ["a", "aaaa"]),
        ("f++oo", "", ["foo"], []),
        ("o++o", "", [], ["ooo"]),
        (".", "", ["x", "🌍"], ["\n", "\u2028"]),
        (".", "s", ["\n"], []),
        (".", "d", ["\r"], ["\n"]),
        (r"\d\w\s", "", ["1_ "], ["١_ "]),
        (r"\d", "U", ["١"], []),
        ("[a-c&&[^b]]+", "", ["ac"], ["b"]),
        ("[]a]", "", ["]", "a"], []),
        (r"[\w.-]+", "", ["a.b-c"], ["a b"]),
        (r"\p{Lu}\p{IsAlphabetic}", "", ["Éa"], ["éa"]),
        (r"\Q.*\E", "", [".*"], ["ab"]),
        (r"\x41\u0042\x{1F30D}", "", ["AB🌍"], []),
        ("^a$", "", ["a", "a\n"][:1], ["a\n", "ba"]),
        ("a$\n", "", ["a\n"], []),
        ("a\n^b", "m", ["a\nb"], []),
        ("a\n^b", "", [], ["a\nb"]),
        (r"a\b.*", "", ["a b"], ["ab"]),
        ("(?!foo).*", "", ["bar"], ["foobar"]),
        ("(?=.*b)a.*", "", ["acb"], ["ac"]),
        ("a # comment\n b", "x", ["ab"], ["a b"]),
        ("(?i)a(?-i)b", "", ["Ab"], ["AB"]),
        ("(?i:a)b(?<name>c)", "", ["Abc"], ["ABc"]),
    ],
)
def test_the_whole_text_matches(pattern, flags, matching, other):
    assert [text for text in [*matching, *other] if matches(pattern, text, flags)] == matching


@pytest.mark.parametrize(
    ("pattern", "offset"),
    [
        ("a(b", 1),
        ("a)", 1),
        ("*a", 0),
        ("a**", 2),
        ("[ab", 0),
        ("[b-a]", 1),
        ("a{2,1}", 5),
        ("a\\", 1),
        (r"\y", 0),
        ("(?a)", 0),
    ],
)
def test_a_wrong_pattern_tells_its_place(pattern, offset):
    with pytest.raises(BadPatternError) as raised:
        compile_pattern(pattern, "")
    assert raised.value.offset in (offset, offset + 1)


@pytest.mark.parametrize(
    "pattern", [r"(a)\1", "(?<=a)b", "(?>a)", "(ab)*+", r"\p{IsGreek}", "a{5000}", "(" * 100 + ")" * 100]
)
def test_what_cannot_be_previewed_is_no_mistake(pattern):
    with pytest.raises(UnsupportedPatternError):
        compile_pattern(pattern, "")
    outcome = compile_path(f"$[?(@ =~ /{pattern}/)]").evaluate(["ab"])
    assert isinstance(outcome, EvaluationError)
    assert "cannot be previewed" in outcome.message


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)*", "(a*)*b", "a?" * 30 + "a" * 30 + "c", "(.*a){20}c"])
def test_work_grows_with_pattern_times_text(pattern):
    for length in (50, 100, 200):
        work = []
        compile_pattern(pattern, "")("a" * length + "b", work.append)
        assert sum(work) <= 12 * len(pattern) * (length + 2) * (20 if "{" in pattern else 1)


fragments = [
    "a",
    "b",
    "(",
    ")",
    "|",
    "*",
    "+",
    "?",
    "{2}",
    "{1,",
    "[",
    "]",
    "^",
    "$",
    "&&",
    "-",
    "\\",
    "\\p{L}",
    "\\Q",
    "\\E",
    "(?i)",
    "(?=",
    ".",
]


@given(
    st.lists(st.sampled_from(fragments), max_size=10).map("".join),
    st.text("ab\n", max_size=8),
    st.sampled_from(["", "i", "x", "ms"]),
)
def test_any_pattern_is_read_or_refused(pattern, text, flags):
    try:
        answer = matches(pattern, text, flags)
    except (BadPatternError, UnsupportedPatternError):
        return
    assert answer in (True, False)
