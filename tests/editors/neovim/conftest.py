"""A Neovim for each test. The next one starts while a test runs, and the servers of the last ones end meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from neovim_session import Neovim, until_all_servers_have_ended


@pytest.fixture(scope="session")
def next_neovim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Neovim]]:
    def launched() -> Neovim:
        return Neovim(tmp_path_factory.mktemp("neovim")).launch(with_server=True)

    ahead = [launched()]

    def take() -> Neovim:
        ahead.append(launched())
        return ahead.pop(0)

    yield take
    ahead.pop().kill()
    until_all_servers_have_ended()


@pytest.fixture
def neovim(next_neovim: Callable[[], Neovim]) -> Iterator[Neovim]:
    with next_neovim() as running:
        yield running


@pytest.fixture
def unserved(tmp_path: Path) -> Iterator[Neovim]:
    """One whose server starts with the first file, and so finds the agent files that the workspace has by then."""
    with Neovim(tmp_path) as running:
        yield running
