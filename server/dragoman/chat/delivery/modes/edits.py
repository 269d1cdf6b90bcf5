"""Modes that put the answer into the document: the content of its single fenced block, or else all of its text.

Each looks at the document as it was when the prompt was made; none of them applies an answer that is not complete,
but those that insert as it streams, whose text stays where it is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from dragoman.chat.delivery.effects import Effect, Insertion, Proposal, Replace, Target
from dragoman.chat.delivery.fitting import Fit, fit_at, fit_before
from dragoman.chat.delivery.place import Place
from dragoman.chat.delivery.route import Missing, Route
from dragoman.chat.delivery.taking import Taken

_NO_DOCUMENT = Missing("no document was open")
_NO_CURSOR = Missing("there was no cursor in a document")
_NO_SELECTION = Missing("nothing was selected")
_NOT_INSERTED = "nothing was inserted"
_NOT_REPLACED = "nothing was replaced"


def append_cursor(place: Place) -> Route | Missing:
    """The answer is inserted at the cursor when it is complete; with `Stream`, as it streams."""
    target = place.at_cursor()
    if target is None:
        return _NO_CURSOR
    return _inserted(target, fit_at(place, target.span))


def append_cursor_stream(place: Place) -> Route | Missing:
    """The answer is inserted at the cursor as it streams."""
    route = append_cursor(place)
    return route if isinstance(route, Missing) else replace(route, streams=True)


def insert_before_selection(place: Place) -> Route | Missing:
    """The answer is inserted before the selection when it is complete; with `Stream`, as it streams."""
    target = place.before_selection()
    if target is None:
        return _NO_SELECTION
    return _inserted(target, fit_before(place, target.span.start))


def replace_selection(place: Place) -> Route | Missing:
    """The answer replaces the selection once it is complete."""
    target = place.selected()
    return _NO_SELECTION if target is None else _replaced(target, fit_at(place, target.span))


def replace_current_file(place: Place) -> Route | Missing:
    """The answer replaces the whole document once it is complete."""
    target = place.whole()
    return _NO_DOCUMENT if target is None else _replaced(target, fit_at(place, target.span))


def stream_diff(place: Place) -> Route | Missing:
    """A diff of the selection, else of the document, grows with the answer; complete, it is accepted or rejected."""
    target = place.selected() or place.whole()
    if target is None:
        return _NO_DOCUMENT
    fit = fit_at(place, target.span)
    return Route(live=Proposal(target), streams=True, target=target, fit=fit, undone="the diff was withdrawn")


def _inserted(target: Target, fit: Fit) -> Route:
    return Route(
        live=Insertion(target), whole=partial(_edit, target, fit), target=target, fit=fit, undone=_NOT_INSERTED
    )


def _replaced(target: Target, fit: Fit) -> Route:
    return Route(whole=partial(_edit, target, fit), target=target, fit=fit, undone=_NOT_REPLACED)


def _edit(target: Target, fit: Fit, taken: Taken) -> Effect:
    return Replace(target, fit.whole(taken.text))
