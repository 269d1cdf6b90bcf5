"""An agent together with where it comes from, and so with what it needs before it is asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from dragoman.agents.address import host_of
from dragoman.agents.model import Agent, JsonValue
from dragoman.project.agent_file import AgentEntry
from dragoman.project.provider_files import Origin
from dragoman.project.trust import fingerprint
from dragoman.project.trust_store import Consent


@dataclass(frozen=True, slots=True)
class KnownAgent:
    """An agent of the registry, and the file it stands in.

    For an agent of a workspace, `folder` is the workspace's, and `definition` what the workspace itself says of the
    agent's provider (None where that comes from elsewhere). `is_trusted`: it can be asked without a question.
    """

    entry: AgentEntry
    uri: str
    origin: Origin
    folder: str = ""
    definition: JsonValue = None
    is_trusted: bool = True

    @property
    def agent(self) -> Agent:
        """The agent itself."""
        return self.entry.agent

    @property
    def fingerprint(self) -> str:
        """What stands for it and all that decides what it is sent, in the folder that brings it along."""
        # One folder may be opened by several paths.
        return fingerprint(self.agent, os.path.realpath(self.folder), self.definition)

    @property
    def rank(self) -> int:
        """Of the agents with one name, one of the lowest rank is meant."""
        if self.origin == "user":
            return 1
        return 0 if self.is_trusted else 2

    def consent(self) -> Consent:
        """What is kept when the user allows it to be asked."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return Consent(self.fingerprint, self.folder, self.agent.name, host_of(self.agent.url), now)
