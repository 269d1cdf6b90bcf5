"""Server processes: bare ones for the tests of the protocol, and editors' sessions for the tests of what it carries."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from lsp_session import Editor, start
from raw_client import RawClient

SAMPLE = (sys.executable, str(Path(__file__).parent.parent / "protocol_server.py"))


@pytest.fixture
def server() -> Iterator[RawClient]:
    """`dragoman serve`, just started."""
    with RawClient() as client:
        yield client


@pytest.fixture
def sample() -> Iterator[RawClient]:
    """The server of `protocol_server.py`, initialized."""
    with RawClient(SAMPLE) as client:
        client.initialize()
        yield client


@pytest.fixture(scope="module")
def shared_sample() -> Iterator[RawClient]:
    """The same for tests that leave it as it was."""
    with RawClient(SAMPLE) as client:
        client.initialize()
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    """One session of an editor that can do everything, for the tests of a module."""
    async with start(tmp_path_factory.mktemp("session")) as editor:
        yield editor


@pytest_asyncio.fixture(loop_scope="module")
async def editor(session: Editor) -> AsyncIterator[Editor]:
    """The same with nothing open."""
    yield session
    await session.tidy_up()
