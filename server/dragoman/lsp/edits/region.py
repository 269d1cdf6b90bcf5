"""What is to stand at a place: an answer that grows, between two fixed texts. And the smallest edit towards it."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.lsp.edits.changes import change_between
from dragoman.lsp.edits.place import Place, plain
from dragoman.syntax.text import LINE_END, Span


@dataclass(frozen=True, slots=True)
class Region:
    """All that is to stand at a place: `before`, the answer as far as it has come, `after`.

    `before` and `after` are what goes with it, such as a heading in a chat document; "" in any other. Each may change
    from one edit to the next, so that what ends an answer is written together with its last words.
    """

    answer: str = ""
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        r"""What is to stand there, all line ends as `\n`."""
        return plain(self.before + self.answer + self.after)


@dataclass(frozen=True, slots=True)
class Piece:
    """One edit, in terms of the place: `span` counts from its start, `place_text` is what stands there afterwards."""

    span: Span
    new_text: str
    place_text: str

    @property
    def removes(self) -> bool:
        """Whether something that stands there has to go."""
        return self.span.end > self.span.start


def piece_between(place: Place, held: Region, wanted: Region, line_end: str) -> Piece:
    """The smallest edit that makes `wanted` of what stands at `place`, which is `held`.

    More of an answer goes between the answer and what follows it in the region: the end of a document is never
    written behind its last line end, where some editors add another.
    """
    old, new = held.text, wanted.text
    tail = _same_end(plain(held.after), plain(wanted.after))
    change = change_between(old[: len(old) - tail], new[: len(new) - tail])
    start = _offset_in(place.text, change.latest)
    end = _offset_in(place.text, change.latest + change.removed)
    new_text = new[change.latest : change.latest + change.added].replace("\n", line_end)
    return Piece(Span(start, end), new_text, place.text[:start] + new_text + place.text[end:])


def next_region(held: Region, wanted: Region) -> Region:
    """What to bring about next on the way from `held` to `wanted`.

    More of an answer and more behind it are two edits, so that each only adds text: one would take away what stands
    between them and write it again.
    """
    grows = len(wanted.answer) > len(held.answer) and wanted.answer.startswith(held.answer)
    is_between = grows and held.after != "" and wanted.before == held.before
    return Region(wanted.answer, wanted.before, held.after) if is_between else wanted


def line_end_of(text: str) -> str:
    """How the lines of a document end: as its first one does."""
    found = LINE_END.search(text)
    return found[0] if found else "\n"


def _same_end(one: str, other: str) -> int:
    """How many characters of the end of `one` and `other` are the same: all of the shorter, or none."""
    shorter = min(len(one), len(other))
    return shorter if one[len(one) - shorter :] == other[len(other) - shorter :] else 0


def _offset_in(text: str, plain_offset: int) -> int:
    """The offset in `text` of an offset in `plain(text)`."""
    offset = plain_offset
    for found in LINE_END.finditer(text):
        if found.start() >= offset:
            break
        offset += len(found[0]) - 1
    return offset
