"""What property tests feed to the parser: JSON values, ways to write them, and texts that are nearly JSON."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

FRAGMENTS = (
    *"{}[],:\"'\\/-.0 \t\n\r",
    *(
        '""',
        '"name"',
        '"a": 1',
        '"\\ud83d\\ude00"',
        '"\\ud800"',
        '"\\q"',
        '"x',
        "'x'",
        "😀",
        "\ufeff",
        "\u2028",
        "\x00",
    ),
    *("true", "Null", "12", "-0.5e3", "01", "word", "// line", "/* block */", "/*", "*/", "\r\n"),
    *('{"name": "a", "url": "http://h/"}', '{"name": "b"},', '[{"x": [1, {}]}]'),
)
"""Pieces that make the parser decide something."""

pieces = st.lists(st.sampled_from(FRAGMENTS), max_size=4).map("".join)
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=16).map("".join) | st.text(max_size=20)
array_texts = st.builds("[{}".format, texts) | texts
"""Texts of which most begin an array, so that they have several cells."""

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def written(draw: st.DrawFn, of: st.SearchStrategy[Any] = values) -> tuple[Any, str]:
    """A value and a valid JSON text of it."""
    value = draw(of)
    blank = draw(st.sampled_from(["", " ", "\n", "\r\n", "\t", " \r "]))
    text = json.dumps(
        value,
        ensure_ascii=draw(st.booleans()),
        indent=draw(st.sampled_from([None, 0, 2, "\t"])),
        separators=(f"{blank},{blank}", f"{blank}:{blank}"),
    )
    return value, f"{blank}{text}{blank}"


@st.composite
def edits(draw: st.DrawFn, text: str) -> tuple[int, int, str]:
    """A place in `text`, its end, and what to put there."""
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 1, 2, 5, 40])))
    return start, end, draw(pieces)
