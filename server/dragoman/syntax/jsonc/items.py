"""The items of an array or an object, one after another, and everything that can go wrong between them."""

from __future__ import annotations

from collections.abc import Callable

from dragoman.syntax.jsonc.scanner import Scanner

MAX_ITEMS = 20_000
"""Entries, commas and brackets inside one item of the outermost array."""


class ItemStep:
    """The loop over the items of an array or an object, one turn at a time.

    `take_item` reads one item and says whether it is whole; `closer` is the bracket that ends the loop, `opener` the
    position of the one that began it; `depth` is 1 for the outermost value.
    """

    __slots__ = (
        "after_item",
        "allows_comma",
        "closed",
        "closer",
        "comma",
        "depth",
        "needs_comma",
        "opener",
        "reader",
        "take_item",
    )

    def __init__(
        self, reader: Scanner, opener: int | None, closer: str, take_item: Callable[[], bool], depth: int
    ) -> None:
        self.reader = reader
        self.opener = opener
        self.closer = closer
        self.take_item = take_item
        self.depth = depth
        self.needs_comma = False
        """The next item needs a comma before it."""
        self.allows_comma = False
        """A comma may come next; one more would be one too many."""
        self.comma: int | None = None
        """Where the comma behind the last item stands, if it is a good one so far."""
        self.after_item = (reader.position, len(reader.problems), len(reader.comments))
        """Where reading stood behind the last item."""
        self.closed = False

    def advance(self) -> bool:
        """Take one item or one comma; false where the loop is over."""
        reader = self.reader
        if self._is_too_much():
            return False
        first = reader.peek()
        if first == self.closer:
            if self.comma is not None:
                reader.warn_of_comma(self.comma)
            reader.take_one()
            self.closed = True
            return False
        match first:
            case "":
                reader.unclosed(self.closer, self.opener, "the text ends")
                return False
            case "]" | "}":
                return self._wrong_closer(first)
            case ",":
                self._take_comma()
            case ":" if self.closer == "]":
                reader.problem("A colon has no place in an array.", reader.here())
                reader.take_one()
                self.needs_comma, self.comma = False, None
            case _ if self._belongs_outside(first):
                # What was taken since the last item, such as a comma, is the outer bracket's.
                reader.rewind_to(*self.after_item)
                reader.unclosed(self.closer, self.opener, "what follows belongs outside")
                return False
            case _:
                if self.needs_comma and not (self.closer == "]" and reader.is_key_ahead()):
                    reader.missing(",", "A comma is missing before this.")
                self.needs_comma, self.allows_comma, self.comma = self.take_item(), True, None
                self.after_item = (reader.last_end, len(reader.problems), len(reader.comments))
        return True

    def _is_too_much(self) -> bool:
        """Whether this is the end of it, for so many items would take too long. Nothing of the text is left then."""
        reader = self.reader
        reader.items += 1
        if reader.items == MAX_ITEMS:
            reader.give_up(f"This has more than {MAX_ITEMS:,} entries: it is not read further, nor what follows.")
        return reader.items >= MAX_ITEMS

    def _belongs_outside(self, first: str) -> bool:
        """An object has no place among keys, nor a key among the items of an array: a bracket was forgotten."""
        if self.depth < 2:
            return False
        if self.closer == "}":
            return first == "{" and self.reader.arrays > 0
        return first in "\"'" and self.reader.objects > 0 and self.reader.is_key_ahead()

    def _take_comma(self) -> None:
        reader = self.reader
        if not self.allows_comma:
            reader.problem("A value is missing before this comma.", reader.here())
        comma = reader.take_one()
        self.comma = comma if self.allows_comma else None
        self.needs_comma, self.allows_comma = False, False

    def _wrong_closer(self, found: str) -> bool:
        # Inside something else the bracket most likely closes that; at the outermost level it closes nothing.
        if self.depth > 1 and not self.reader.is_stray_bracket():
            self.reader.unclosed(self.closer, self.opener, f"“{found}” stands here")
            return False
        self.reader.problem(f"“{found}” closes nothing.", self.reader.here())
        self.reader.take_one()
        return True
