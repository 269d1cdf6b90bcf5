"""A Neovim for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from neovim_session import Neovim


@pytest.fixture
def neovim(tmp_path: Path) -> Iterator[Neovim]:
    with Neovim(tmp_path) as running:
        yield running
