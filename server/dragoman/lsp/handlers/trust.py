"""`dragoman.trust`: saying without a question whether an agent of the workspace may be asked, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from dragoman.lsp.prompt_params import argument_of, needed_text, optional_text
from dragoman.lsp.session import Session
from dragoman.lsp.trust_question import allow, refuse
from dragoman.lsp.turn_messages import Json
from dragoman.paths import canonical_uri
from dragoman.project.known_agent import KnownAgent


async def trust(session: Session, *arguments: Any) -> Json:
    """`dragoman.trust` `[{agent, allow, uri?}]`; `uri` is the file that describes the agent, where several do."""
    argument = argument_of(arguments)
    allowed = argument.get("allow")
    if not isinstance(allowed, bool):
        raise JsonRpcInvalidParams("allow must be true or false.")
    await session.searched.wait()
    session.project.refresh()
    meant = _meant(session, argument)
    if not meant:
        return {"trusted": True}  # the user's own agent
    if not allowed:
        for known in meant:
            await refuse(session, known)
    elif session.project.settings.trust != "userOnly":
        await allow(session, meant[0])
    return {"trusted": allowed and session.project.settings.trust != "userOnly"}


def _meant(session: Session, argument: Mapping[str, Any]) -> list[KnownAgent]:
    """The agents of the workspace with this name, the one that a prompt would reach first."""
    name, uri = needed_text(argument, "agent"), optional_text(argument, "uri")
    of_name = [
        known
        for known in session.project.all_agents()
        if known.agent.name == name and (uri is None or canonical_uri(known.uri) == canonical_uri(uri))
    ]
    if not of_name:
        raise JsonRpcInvalidParams("agent must be the name of an agent.")
    of_workspace = [known for known in of_name if known.origin == "workspace"]
    return sorted(of_workspace, key=lambda known: not known.is_trusted)
