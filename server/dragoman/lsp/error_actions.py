"""What a client can offer beside an error: commands that do something about it."""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.chat.events import ErrorCode, TurnOutcome
from dragoman.lint.diagnostic import Fix
from dragoman.lsp import to_proto
from dragoman.lsp.session import Session
from dragoman.lsp.turn_messages import Json
from dragoman.project.document import Document

_PASSING = {ErrorCode.TIMEOUT, ErrorCode.NETWORK, ErrorCode.DNS, ErrorCode.RATE_LIMITED, ErrorCode.UNTRUSTED}
"""What may be over when the agent is asked again, as may every status from 500 on."""


def error_actions(session: Session, outcome: TurnOutcome) -> list[Json]:
    """The commands for a turn that has just failed; none for one that has not."""
    error, agent = outcome.error, outcome.agent
    if error is None:
        return []
    fixes = session.failures.fixes(session.project, agent)
    actions = [_command(agent, fix) for fix in fixes if fix.page or session.client.apply_edit]
    if error.code in _PASSING or (error.http_status or 0) >= 500:
        actions.append({"title": "Ask again", "command": "dragoman.retry", "arguments": [{"turnId": outcome.turn_id}]})
    return actions


async def apply_fix(session: Session, agent: str, title: str) -> None:
    """Have the client change the agent's file, if what is to be changed is still there."""
    fixes = session.failures.fixes(session.project, agent) if "failures" in vars(session) else ()
    fix = next((fix for fix in fixes if fix.title == title and not fix.page), None)
    known = session.project.agent(agent)
    file = session.project.agent_file(known.uri) if known else None
    if fix is None or known is None or file is None:
        _say(session, f"{agent} has been edited since, so nothing was changed.")
        return
    opened = session.project.document(known.uri)
    document = opened or Document(known.uri, "json", 0, file.text)
    edit = to_proto.workspace_edit(document, fix, session.client, is_open=opened is not None)
    params = types.ApplyWorkspaceEditParams(edit, title)
    try:
        applied = (await session.server.workspace_apply_edit_async(params)).applied
    except JsonRpcException:
        applied = False
    if not applied:
        _say(session, f"The editor did not change the file of {agent}.")


async def open_page(session: Session, page: str) -> None:
    """Show a page of the web in the user's browser; where the client cannot, tell its address."""
    if session.client.show_document:
        params = types.ShowDocumentParams(page, external=True)
        try:
            if (await session.server.window_show_document_async(params)).success:
                return
        except JsonRpcException:
            pass  # the message tells the address then
    _say(session, page)


def _command(agent: str, fix: Fix) -> Json:
    if fix.page:
        return {"title": fix.title, "command": "dragoman.openPage", "arguments": [{"page": fix.page}]}
    arguments = [{"agent": agent, "title": fix.title}]
    return {"title": fix.title, "command": "dragoman.applyFix", "arguments": arguments}


def _say(session: Session, message: str) -> None:
    session.server.window_show_message(types.ShowMessageParams(types.MessageType.Info, message))
