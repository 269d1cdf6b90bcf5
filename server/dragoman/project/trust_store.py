"""Which agents of workspaces the user has allowed to be asked: one small file, shared by all editors of the user.

It holds digests (`dragoman.project.trust`), never what they are made of, and for people who and where.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_VERSION = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Consent:
    """One agent of one workspace that may be asked; `at` is when that was said, ISO 8601 in UTC."""

    digest: str
    workspace: str
    agent: str
    host: str
    at: str


class TrustStore:
    """The consents in a file. Read when they are first needed; `refresh` looks whether the file has changed.

    A file that cannot be read means that nothing is trusted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, ...] | None = None
        self._in_file: tuple[Consent, ...] | None = None
        self._unsaved: tuple[Consent, ...] = ()
        """Given in this session, where the file could not be written."""
        self.refused: set[str] = set()
        """Digests of agents that the user does not want to be asked about again in this session."""

    def consents(self) -> tuple[Consent, ...]:
        """All of them, the oldest first; from the memory after the first time."""
        if self._in_file is None:
            self._load()
        every = (*(self._in_file or ()), *self._unsaved)
        return tuple(consent for consent in every if consent.digest not in self.refused) if self.refused else every

    def digests_of(self, agent: str) -> set[str]:
        """The digests of the agents of this name that may be asked."""
        return {consent.digest for consent in self.consents() if consent.agent == agent}

    def refresh(self) -> None:
        """Read the file again if another program has written it."""
        if self._in_file is not None and self._stamp != _stamp(self.path):
            self._load()

    def add(self, consent: Consent) -> None:
        """Remember a consent. Raises OSError where it cannot be kept; it holds until the end of the process then."""
        self.refused.discard(consent.digest)
        self._unsaved = (*self._unsaved, consent)
        self._rewrite(lambda kept: [*(each for each in kept if each.digest != consent.digest), consent])
        self._unsaved = tuple(each for each in self._unsaved if each != consent)

    def refuse(self, digest: str) -> None:
        """Forget a consent and hold on to that until the end of the process. Raises OSError like `add`."""
        self.refused.add(digest)
        self._unsaved = tuple(each for each in self._unsaved if each.digest != digest)
        self._load()
        if any(each.digest == digest for each in self._in_file or ()):
            self._rewrite(lambda kept: [each for each in kept if each.digest != digest])

    def remove(self, which: Callable[[Consent], bool]) -> tuple[Consent, ...]:
        """Forget those of which `which` is true, and return them. Raises OSError where the file cannot be written."""
        self.refresh()
        gone = tuple(filter(which, self.consents()))
        self._unsaved = tuple(each for each in self._unsaved if not which(each))
        if gone:
            self._rewrite(lambda kept: [each for each in kept if not which(each)])
        return gone

    def _load(self) -> None:
        self._stamp = _stamp(self.path)
        try:
            self._in_file = _read(self.path)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is damaged"
            _log.warning("No agent of a workspace is trusted: %s cannot be read: %s", self.path, reason)
            self._in_file = ()

    def _rewrite(self, change: Callable[[tuple[Consent, ...]], list[Consent]]) -> None:
        """Change what the file holds now, whoever wrote it last."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self.path.with_suffix(".lock")):
            try:
                kept = _read(self.path)
            except (OSError, ValueError):
                kept = ()
                self.path.replace(_unused_name(self.path))
            _replace(self.path, change(kept))
            self._load()


def _read(path: Path) -> tuple[Consent, ...]:
    """What a file holds. Raises OSError, and ValueError where it is no file of ours."""
    try:
        content: Any = json.loads(path.read_bytes())
        if content["version"] != _VERSION:
            raise ValueError("of another version")
        return tuple(_consent(entry) for entry in content["trusted"])
    except FileNotFoundError:
        return ()
    except (KeyError, TypeError, RecursionError):
        raise ValueError("of another shape") from None


def _consent(entry: dict[str, Any]) -> Consent:
    consent = Consent(**entry)
    if not all(isinstance(value, str) for value in asdict(consent).values()):
        raise ValueError("not a text")
    return consent


def _replace(path: Path, consents: Iterable[Consent]) -> None:
    """Put a new file in the place of `path`, whole or not at all, even if the machine stops in the middle."""
    content = {"version": _VERSION, "trusted": [asdict(consent) for consent in consents]}
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".trust-")  # which makes it 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(unfinished).unlink()
        raise


@contextmanager
def _locked(path: Path) -> Generator[None]:
    """While this runs, no other program of the user is in here; the lock goes with its process."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _unused_name(path: Path) -> Path:
    """Where a broken file is kept, so that the user can look at it."""
    names = (path.with_name(f"{path.stem}.broken-{number}{path.suffix}") for number in range(1, sys.maxsize))
    return next(name for name in names if not name.exists())


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)
