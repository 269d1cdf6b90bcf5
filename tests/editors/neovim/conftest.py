"""A Neovim for each test. The next one starts while a test runs, and the servers of the last ones end meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
