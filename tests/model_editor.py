"""Editors as models, in virtual time: one user who types at random, one writer that streams into the document.

A model keeps for every character who has written it, so a test can tell what was lost, doubled or misplaced. What it
does with an edit for a version that has passed is its `Manners`; how it tells of its changes is its `Reports`.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random

from dragoman.lsp.edits import Delivery, Gravity, Place, Region, RegionWriter, Send, Settled, Stopped
from dragoman.syntax.text import LineIndex, Span
from told_in_parts import parts_between

ALPHABETS = [
    ("abc \n", "ABCDEF", [("", ""), ("<ANSWER>", "<END>"), ("<A>", "")]),
    ("abc ü😀", "ABC\n", [("", ""), ("", "\n"), ("\n##_Agent\n\n", "\n")]),
    ("xyz\t", "XYZ Ü🙂\n", [("", "\n"), ("\n<!--_ANSWER_17_-->\n\n", "\n\n<!--_/ANSWER_17_-->\n")]),
    ("ab\n", "ab\n", [("", ""), ("\n## Agent\n\n", "\n")]),
    ("a\n", "a\n", [("", ""), ("", "\n")]),
]
"""What the user types, what the agent says, and what may stand around that."""


class Manners(Enum):
    """What an editor does with an edit for a version that has passed."""

    DROPS_AND_SAYS_APPLIED = auto()  # Neovim
    SKIPS_THE_CHECK_AT_VERSION_0 = auto()  # Neovim, which opens documents with it; the next version is 2 or more
    SAYS_NOT_APPLIED = auto()  # VS Code, Helix, Sublime Text
    ANSWERS_AN_ERROR = auto()  # eglot; for the writer the same as "not applied"
    NEVER_ANSWERS = auto()  # drops it; applies those that fit, and says nothing either
    IS_DEAF = auto()  # neither applies nor answers any edit
    APPLIES_IT_ALL_THE_SAME = auto()  # though it said that it looks at versions
    KNOWS_NO_VERSIONS = auto()  # and said so


class Reports(Enum):
    """When an editor sends `textDocument/didChange`, and what."""

    AT_ONCE = auto()  # Helix
    IN_PARTS = auto()  # VS Code: at once, and one edit as several changes
    GATHERED = auto()  # Neovim: one after another, in one notification
    AFTER_A_PAUSE = auto()  # eglot; one edit as several changes, too
    AS_ONE_CHANGE = auto()  # vim-lsp, full text


@dataclass(eq=False, slots=True)
class Character:
    """One character of a document, and whether the writer has put it there."""

    character: str
    is_ours: bool


@dataclass(slots=True)
class Snapshot:
    """The document at one moment. `was_touched`: see `Run`. `is_real`: it is not between two parts of one edit."""

    document: list[Character]
    was_touched: bool
    is_real: bool = True

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(one.character for one in self.document)

    @property
    def users(self) -> str:
        """What the user has in the document."""
        return "".join(one.character for one in self.document if not one.is_ours)

    @property
    def ours(self) -> str:
        """What the writer has put into the document."""
        return "".join(one.character for one in self.document if one.is_ours)


@dataclass
class Run:
    """One run of a model. After `play`, what has come of it can be looked at."""

    seed: int
    manners: Manners
    reports: Reports
    replaces: bool = False
    delivery: Delivery = Delivery.EDIT
    outputs: list[Settled | Stopped] = field(default_factory=list)
    answer: str = ""
    """What the writer was told to be the answer, so far."""
    at_the_end: Snapshot | None = None
    """The version that the writer had seen when it gave its last output."""
    edits_sent: list[float] = field(default_factory=list)
    removed_of_users: str = ""
    was_touched: bool = False
    """The user changed something between the first and the last character of the answer, or near its empty place."""

    def __post_init__(self) -> None:
        self.random = Random(f"{self.seed} {self.manners} {self.reports} {self.replaces} {self.delivery}")
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self.now = 0.0
        self._users_alphabet, self._our_alphabet, frames = self.random.choice(ALPHABETS)
        self.frame = self.random.choice(frames)
        line_end = self.random.choice(["\n", "\n", "\r\n"])
        self.document = [Character(character, False) for character in self._users_text(0, 40).replace("\n", line_end)]
        self.version, self._is_closed = 0 if self._skips_version_0 else 1, False
        self._unreported: list[Snapshot] = []
        self._undo: list[list[Character]] = []
        self._known = Snapshot(self.document, False)  # by the server
        self._flush_at: float | None = None
        self._to_server = self._to_client = 0.0
        self._speed = self.random.choice([0.001, 0.01, 0.05, 0.2])  # seconds that a message takes, about
        self._lateness = self.random.choice([0.0, 0.0, 0.05, 0.8])  # seconds from an edit's arrival to its application
        start = self._boundary()
        gravity = self.random.choice(list(Gravity))
        self.writer = RegionWriter(
            self.text,
            1,  # `Client.first_checked_version`, which is what the server takes version 0 for
            Place.of(self.text, Span(start, start), gravity),
            delivery=self.delivery,
            versioned=self.manners is not Manners.KNOWS_NO_VERSIONS,
        )
        self._plan()

    @property
    def text(self) -> str:
        """The editor's own text."""
        return "".join(one.character for one in self.document)

    @property
    def is_told_apart(self) -> bool:
        """Whether the user types nothing that the agent could have said."""
        return not {*self._users_alphabet} & {*self._our_alphabet}

    @property
    def _skips_version_0(self) -> bool:
        return self.manners is Manners.SKIPS_THE_CHECK_AT_VERSION_0

    def play(self) -> Run:
        """Until nothing more happens."""
        while self._events:
            self.now, _, event = heapq.heappop(self._events)
            event()
        return self

    # The plan: when text arrives and when the user does something

    def _plan(self) -> None:
        answer, time, least = "", 0.0, 4 if self.reports is Reports.AS_ONE_CHANGE else 1
        before, after = self.frame
        for _ in range(self.random.randint(1, 12)):
            time += self.random.choice([0.0, 0.02, 0.2, 0.6])
            if self.replaces and self.random.random() < 0.2:
                answer = self._our_text(least, 6)
            answer += self._our_text(least, 9)
            region = Region(answer, before, after)
            self._at(time, lambda region=region: self._show(region))
        end = Region(answer, before, after + self.random.choice(["", "ENDE" if self.is_told_apart else "\n## You\n"]))
        self._at(time + self.random.random(), lambda: self._show(end, is_last=True))
        for _ in range(self.random.choice([0, 3, 15, 40])):
            self._at(self.random.random() * (time + 1), self._user_acts)
        if self.random.random() < 0.05:
            self._at(self.random.random() * (time + 1), self._close)

    def _show(self, region: Region, *, is_last: bool = False) -> None:
        if not self.writer.is_over:
            self.answer, self.wanted = region.answer, region.text
        self._tell((self.writer.finish if is_last else self.writer.show)(region, self.now))

    def _at(self, time: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (max(time, self.now), next(self._numbers), event))

    # The user

    def _close(self) -> None:
        self._flush(self._flush_at or self.now)
        self._is_closed = True
        self._send_to_server(lambda: self._tell(self.writer.closed()))

    def _user_acts(self) -> None:
        if self._is_closed:
            return
        before = self.document
        choice = self.random.random()
        if choice < 0.08 and self._undo:
            self.document = self._undo.pop()
        else:
            self._undo.append(before)
            self.document = self._typed() if choice < 0.75 else self._deleted()
        self._note_touch(before)
        self._changed()

    def _typed(self) -> list[Character]:
        at = self._boundary()
        new = [Character(character, False) for character in self._users_text(1, 4)]
        return [*self.document[:at], *new, *self.document[at:]]

    def _deleted(self) -> list[Character]:
        start, end = sorted((self._boundary(), self._boundary()))
        end = self._legal(min(end, start + self.random.randint(1, 6)))
        return [*self.document[: min(start, end)], *self.document[end:]]

    def _boundary(self) -> int:
        """Somewhere in the document, not within a line end; often next to the answer."""
        ours = [index for index, one in enumerate(self.document) if one.is_ours]
        if ours and self.random.random() < 0.3:
            return self._legal(self.random.choice([ours[0], ours[-1] + 1]))
        return self._legal(self.random.randint(0, len(self.document)))

    def _legal(self, index: int) -> int:
        around = "".join(one.character for one in self.document[max(index - 1, 0) : index + 1])
        return index - 1 if around == "\r\n" and index > 0 else index

    def _note_touch(self, before: list[Character]) -> None:
        if not any(one.is_ours for one in before):
            kept = len({id(one) for one in before} & {id(one) for one in self.document})
            self.was_touched |= kept < len(before)
        elif [one for one in self.document if one.is_ours] != [one for one in before if one.is_ours]:
            self.was_touched = True
        else:
            self.was_touched |= _pieces(self.document) > _pieces(before)

    def _users_text(self, least: int, most: int) -> str:
        return "".join(self.random.choices(self._users_alphabet, k=self.random.randint(least, most)))

    def _our_text(self, least: int, most: int) -> str:
        return "".join(self.random.choices(self._our_alphabet, k=self.random.randint(least, most)))

    # The editor

    def _changed(self) -> None:
        self.version = max(self.version + 1, 2)
        self._unreported.append(Snapshot(self.document, self.was_touched))
        match self.reports:
            case Reports.AT_ONCE | Reports.IN_PARTS:
                self._flush(self.now)
            case Reports.GATHERED | Reports.AS_ONE_CHANGE if self._flush_at is None:
                self._schedule_flush(0.15)
            case Reports.AFTER_A_PAUSE:
                self._schedule_flush(0.5)
            case _:
                pass

    def _schedule_flush(self, delay: float) -> None:
        due = self._flush_at = self.now + delay
        self._at(due, lambda: self._flush(due))

    def _flush(self, due: float) -> None:
        if self._flush_at not in (None, due) or not self._unreported:
            return
        told, self._unreported, self._flush_at = self._unreported, [], None
        version = self.version
        if self.reports is Reports.AS_ONE_CHANGE:
            told = told[-1:]
        self._send_to_server(lambda: self._report(told, version))

    def _report(self, told: list[Snapshot], version: int) -> None:
        self._known = told[-1]
        texts = [snapshot.text for snapshot in told]
        before = len(self.outputs)
        self._tell(self.writer.changed(texts, version, self.now))
        if len(self.outputs) > before:  # it may have stopped at any of them
            self.at_the_end = next(one for one in told if one.is_real and one.text == self.writer.text)

    def _receive(self, send: Send, start: tuple[int, int], end: tuple[int, int]) -> None:
        if self.manners is Manners.IS_DEAF:
            return
        is_stale = self._is_stale(send)
        ignores = self.manners in (Manners.APPLIES_IT_ALL_THE_SAME, Manners.KNOWS_NO_VERSIONS) and not self._is_closed
        if not is_stale or ignores:
            self._apply(send, start, end)
        if self.manners is not Manners.NEVER_ANSWERS:
            says_so = self.manners is Manners.DROPS_AND_SAYS_APPLIED or self._skips_version_0
            is_applied = not is_stale or ignores or says_so
            self._send_to_server(lambda: self._tell(self.writer.answered(send.id, is_applied, self.now)))

    def _is_stale(self, send: Send) -> bool:
        if self._skips_version_0:
            return 0 < send.version < self.version or self._is_closed
        return send.version != self.version or self._is_closed

    def _apply(self, send: Send, start: tuple[int, int], end: tuple[int, int]) -> None:
        self._undo.append(self.document)
        lines = LineIndex(self.text)
        first, last = _offset(lines, start), _offset(lines, end)
        self.removed_of_users += "".join(one.character for one in self.document[first:last] if not one.is_ours)
        if self.reports in (Reports.IN_PARTS, Reports.AFTER_A_PAUSE):
            parts = parts_between(self.text[first:last], send.edit.new_text)
        else:
            parts = [(0, last - first, send.edit.new_text)]
        for start_of_part, end_of_part, text in parts:
            new = [Character(character, True) for character in text]
            self.document = [*self.document[: first + start_of_part], *new, *self.document[first + end_of_part :]]
            self._unreported.append(Snapshot(self.document, self.was_touched, is_real=False))
        self._unreported.pop()  # the last one is real
        self._changed()

    # Between the two

    def _tell(self, outputs: list[Send | Settled | Stopped]) -> None:
        for output in outputs:
            if isinstance(output, Send):
                self.edits_sent.append(self.now)
                lines = LineIndex(self.writer.text)
                start, end = _position(lines, output.edit.span.start), _position(lines, output.edit.span.end)
                self._send_to_client(lambda send=output, start=start, end=end: self._receive(send, start, end))
            else:
                self.outputs.append(output)
                self.at_the_end = self._known
        if self.writer.wake_at is not None:
            self._at(self.writer.wake_at, self._wake)

    def _wake(self) -> None:
        if self.writer.wake_at is not None and self.writer.wake_at <= self.now:
            self._tell(self.writer.woke(self.now))

    def _send_to_server(self, message: Callable[[], None]) -> None:
        self._to_server = max(self._to_server, self.now + self.random.random() * self._speed)
        self._at(self._to_server, message)

    def _send_to_client(self, message: Callable[[], None]) -> None:
        late = self.random.random() * self._lateness
        self._to_client = max(self._to_client, self.now + self.random.random() * self._speed + late)
        self._at(self._to_client, message)


def _pieces(document: list[Character]) -> int:
    """In how many pieces what is ours stands."""
    return sum(1 for is_ours, _ in itertools.groupby(document, lambda one: one.is_ours) if is_ours)


def _position(lines: LineIndex, offset: int) -> tuple[int, int]:
    line = lines.line_at(offset)
    return line, offset - lines.start_of(line)


def _offset(lines: LineIndex, position: tuple[int, int]) -> int:
    line, character = position
    if line >= lines.line_count:
        return len(lines.text)
    return min(lines.start_of(line) + character, lines.end_of(line))
