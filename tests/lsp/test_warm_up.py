"""What talks to agents is loaded at the start only where an agent may be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.lsp.server import DragomanServer
from dragoman.lsp.session import Session
from dragoman.lsp.warm_up import warm_up
from dragoman.paths import uri_of, user_agent_file

AGENT = '[{"name": "docs", "url": "http://127.0.0.1:1/"}]'


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    for folder in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(folder, str(tmp_path / folder))
    return Session(DragomanServer())


async def test_no_agent(session: Session) -> None:
    await warm_up(session)
    assert "sessions" not in vars(session)


async def test_an_agent_of_a_workspace_that_is_not_trusted(session: Session, tmp_path: Path) -> None:
    session.project.open(uri_of(tmp_path / "agents.json"), "json", 1, AGENT)
    await warm_up(session)
    assert "sessions" not in vars(session)


async def test_an_agent_of_the_users_own(session: Session) -> None:
    session.project.open(uri_of(user_agent_file()), "json", 1, AGENT)
    await warm_up(session)
    assert "sessions" in vars(session)
    await session.aclose()
