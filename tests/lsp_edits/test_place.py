"""Places move with what is typed around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.lsp.edits import Gravity, Place, Untouched, Withdrawn, final_edit, followed
from dragoman.lsp.edits.changes import change_between
from dragoman.lsp.edits.place import follow
from dragoman.syntax.text import Span
from marked import unmark

_TEXT = st.text(alphabet="ab\n", max_size=8)


def check(before: str, after: str, gravity: Gravity = Gravity.AFTER) -> None:
    """«…» is the place; no marks in `after`: it is gone."""
    text, spans = unmark(before)
    new_text, new_spans = unmark(after)
    found = follow(Place.of(text, spans[0], gravity), text, new_text)
    assert ([found.place.span] if found else []) == new_spans


def test_text_beside_a_place_moves_it() -> None:
    check("one «two» three", "zero one «two» three")
    check("one «two» three", "«two» three")
    check("one «two» three", "one «two»")
    check("one «two» three", "one «two» three four")


def test_text_right_at_its_ends_is_not_its_own() -> None:
    check("a«bc»d", "aX«bc»d")
    check("a«bc»d", "a«bc»Xd")


def test_text_within_it_takes_it_away() -> None:
    check("a«bc»d", "abXcd")
    check("a«bc»d", "acd")
    check("a«bc»d", "ad")
    check("a«bc»d", "aXd")


def test_more_of_the_same_is_read_as_standing_beside_it() -> None:
    check("«aa»", "«aa»a")
    check("x«aa»y", "x«aa»ay")
    check("a«b»a", "a«b»ba")


@pytest.mark.parametrize(("gravity", "after"), [(Gravity.BEFORE, "foo«»bar"), (Gravity.AFTER, "foobar«»")])
def test_an_empty_place_has_gravity(gravity: Gravity, after: str) -> None:
    check("foo«»", after, gravity)


def test_an_empty_place_is_gone_with_what_stood_around_it() -> None:
    check("one t«»wo", "one o")


def test_changes_on_both_sides_told_as_one() -> None:
    check("a «a text that stands here once» b", "A «a text that stands here once» B")
    check("a «short» b", "A short B")
    check("a «a text that stands here once» b", "A a text that stands here once a text that stands here once B")


@given(_TEXT, _TEXT, _TEXT, _TEXT, st.data())
def test_a_change_beside_a_place_never_takes_it_away(
    left: str, inside: str, right: str, new: str, data: st.DataObject
) -> None:
    """However alike the texts are, and whatever the client reports."""
    before = left + inside + right
    start = data.draw(st.integers(0, len(left)))
    end = data.draw(st.integers(start, len(left)))
    if data.draw(st.booleans()):
        after = left[:start] + new + left[end:] + inside + right
    else:
        start, end = min(start, len(right)), min(end, len(right))
        after = left + inside + right[:start] + new + right[end:]
    found = follow(Place.of(before, Span(len(left), len(left + inside))), before, after)
    assert found is not None
    assert after[found.place.span.start : found.place.span.end] == inside


@given(_TEXT, _TEXT)
def test_a_change_makes_the_one_text_of_the_other(before: str, after: str) -> None:
    change = change_between(before, after)
    for start in (change.earliest, change.latest):
        new = after[start : start + change.added]
        assert before[:start] + new + before[start + change.removed :] == after
    assert before != after or change.size == 0


def test_a_final_edit_is_for_the_place_as_it_is_now() -> None:
    place = Untouched(Place.of("x = old\n", Span(4, 7)))
    moved = followed(place, "x = old\n", "import y\nx = old\n")
    edit = final_edit(moved, "new")
    assert edit is not None
    assert (edit.span, edit.new_text) == (Span(13, 16), "new")


def test_a_final_edit_is_refused_for_text_that_was_changed() -> None:
    place = Untouched(Place.of("x = old\n", Span(4, 7)))
    changed = followed(place, "x = old\n", "x = o1d\n")
    assert changed == Withdrawn()
    assert final_edit(followed(changed, "x = o1d\n", "x = old\n"), "new") is None
