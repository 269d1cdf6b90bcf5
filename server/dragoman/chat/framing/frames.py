"""What the decoders hand on: the frames of a response body. Bytes in, frames out, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Datum:
    """One server-sent event. `event` is "message" unless the stream names it; `data` is as sent, lines joined by LF."""

    data: str
    event: str = "message"
    id: str = ""


@dataclass(frozen=True, slots=True)
class UnfinishedDatum:
    """What an event stream held when it ended in the middle of an event, perhaps no data; given by `flush` only."""

    data: str
    event: str = "message"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an NDJSON body, not blank, without its line end. May hold no JSON. `ended`: it had a line end."""

    text: str
    ended: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON document of a JSON body. `text` is its source; `element`: it is an item of the top-level array."""

    text: str
    value: object
    element: bool = False


@dataclass(frozen=True, slots=True)
class WholeArray:
    """The top-level array whose elements went before, once it is closed. `text` is its source."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a plain text body, as it arrived."""

    text: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """The body is not what it says it is; nothing comes after this.

    `reason` is a clause whose subject is the body ("it is binary"); `text` is the value that could not be read.
    """

    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Oversize:
    """A line, event or document went over its limit; nothing comes after this. `what` names it, `limit` is in bytes."""

    what: str
    limit: int


Frame: TypeAlias = Datum | UnfinishedDatum | Line | Document | WholeArray | Text | Malformed | Oversize


class Decoder(Protocol):
    """A framing. The frames are the same for any cutting of the bytes into chunks."""

    def feed(self, chunk: bytes) -> list[Frame]:
        """What is complete with `chunk`, in order."""
        ...

    def flush(self) -> list[Frame]:
        """What is left at a clean end of the body."""
        ...
