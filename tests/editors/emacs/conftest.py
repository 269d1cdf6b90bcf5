"""An Emacs for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from emacs_session import Emacs


@pytest.fixture
def emacs(tmp_path: Path) -> Iterator[Emacs]:
    with Emacs(tmp_path) as running:
        yield running
