"""Code actions: fixes and other edits of a document, and questions about it.

What changes a document is made of it as it is when asked; the agents to ask are waited for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from itertools import chain
from typing import Any, TypeAlias

from lsprotocol import types

from dragoman.features.agents import agent_statuses, diagnose
from dragoman.features.code_action.ask_agent import AskAction, ask_actions
from dragoman.features.code_action.disabling import disablings
from dragoman.features.code_action.missing import additions
from dragoman.features.code_action.quick_fix import QuickFix, quick_fixes
from dragoman.features.code_action.removal import removals
from dragoman.features.code_action.trust_agent import trust_actions
from dragoman.features.conflict import conflict_at
from dragoman.lint.diagnostic import Diagnostic, Fix
from dragoman.lsp import to_proto
from dragoman.lsp.chat_documents.checks import chat_document_diagnostics
from dragoman.lsp.handlers.chat_language import chat_actions
from dragoman.lsp.handlers.open_file import open_agent_file
from dragoman.lsp.handlers.rewriting import FIX_ALL, fix_all_actions, rewrite_actions
from dragoman.lsp.positions import span_of
from dragoman.lsp.prompt_params import INTENTS
from dragoman.lsp.session import Session
from dragoman.project.document import Document
from dragoman.syntax.text import Span

Actions: TypeAlias = list[types.CodeAction | types.Command]


def code_actions(session: Session, params: types.CodeActionParams) -> Actions | Awaitable[Actions] | None:
    """`textDocument/codeAction`."""
    document = session.project.document(params.text_document.uri)
    if document is None:
        return None
    span = span_of(document.lines, params.range, session.client.encoding)
    if _is_done_unseen(params, document, span):
        mending: Actions = [one for one in _mending(session, document, params, span) if one.diagnostics]
        return mending[:1]
    if not session.project.is_chat_document(document.uri):
        session.last_place = document.uri, params.range
    actions: Actions = [
        *_mending(session, document, params, span),
        *_on_proposal(session, document, params, span),
        *_on_agent_file(session, document, params, span),
        *_on_trust(session, document, params, span),
    ]
    return _with_those_that_wait(session, document, params, span, actions)


async def _with_those_that_wait(
    session: Session, document: Document, params: types.CodeActionParams, span: Span, actions: Actions
) -> Actions:
    is_agent_file = open_agent_file(session, document.uri) is not None
    if is_agent_file and params.context.only and _takes_edits(session, params, FIX_ALL):  # never unasked
        actions = [*actions, *await fix_all_actions(session, document)]
    if not _is_wanted(params, types.CodeActionKind.Empty):
        return actions
    if session.project.is_chat_document(document.uri):
        actions = [*await chat_actions(session, document, span), *actions]
    return actions if span.start == span.end else [*actions, *await _asking(session, params)]


def _is_done_unseen(params: types.CodeActionParams, document: Document, span: Span) -> bool:
    """Whether all that is offered would be done without the user's having seen it.

    Kate 22.12 does so for its *Quick Fix*. It asks for one diagnostic, and names the whole document as the range.
    """
    names_all = span.start == 0 and span.end == len(document.text)
    return (
        names_all
        and params.context.only is None
        and params.context.trigger_kind is None
        and len(params.context.diagnostics) == 1
    )


def _mending(
    session: Session, document: Document, params: types.CodeActionParams, span: Span
) -> Iterator[types.CodeAction]:
    """The fixes of what is said of a place."""
    if _takes_edits(session, params, types.CodeActionKind.QuickFix):
        for fix in quick_fixes(_diagnostics(session, document), span):
            yield _quick_fix(session, document, params, fix)


def _on_agent_file(
    session: Session, document: Document, params: types.CodeActionParams, span: Span
) -> Iterator[types.CodeAction]:
    """What else can be done to an agent file than the fixes of its rules."""
    opened = open_agent_file(session, document.uri)
    if opened is None:
        return
    _, file = opened
    if _takes_edits(session, params, types.CodeActionKind.QuickFix):
        catalog = session.project.providers_in(document.uri)
        found = _diagnostics(session, document)
        offered = (additions(file, found, span, catalog), removals(file, found, span, catalog))
        for fix in chain(*offered, disablings(file, found, span)):
            yield _quick_fix(session, document, params, fix)
    if _takes_edits(session, params, types.CodeActionKind.RefactorRewrite):
        yield from rewrite_actions(session, document, file, span.start)


def _diagnostics(session: Session, document: Document) -> list[Diagnostic]:
    """What is said of a document now."""
    if session.project.is_chat_document(document.uri):
        return chat_document_diagnostics(session, document)
    return diagnose(session.project, document.uri) + session.runtime_diagnostics(document.uri)


def _on_trust(
    session: Session, document: Document, params: types.CodeActionParams, span: Span
) -> Iterator[types.CodeAction | types.Command]:
    """To allow an agent of the workspace, or to allow it no more."""
    if _is_wanted(params, types.CodeActionKind.QuickFix):
        for trust in trust_actions(session.project, document.uri, span.start):
            argument = {"agent": trust.agent, "allow": trust.allow, "uri": document.uri}
            command = types.Command(trust.title, "dragoman.trust", arguments=[argument])
            yield _as_action(session, command, types.CodeActionKind.QuickFix)


async def _asking(session: Session, params: types.CodeActionParams) -> Actions:
    """Those that ask an agent about a selection."""
    await session.searched.wait()
    session.project.refresh()
    asks = ask_actions(agent_statuses(session.project), session.project.settings.prompts)
    return [_ask(session, params, ask) for ask in asks]


def _takes_edits(session: Session, params: types.CodeActionParams, kind: str) -> bool:
    return session.client.code_action_literals and _is_wanted(params, kind)


def _is_wanted(params: types.CodeActionParams, kind: str) -> bool:
    only = params.context.only
    return only is None or any(_covers(str(getattr(wanted, "value", wanted)), kind) for wanted in only)


def _covers(wanted: str, kind: str) -> bool:
    return wanted == kind or wanted == "" or kind.startswith(f"{wanted}.")


def _quick_fix(
    session: Session, document: Document, params: types.CodeActionParams, quick_fix: QuickFix
) -> types.CodeAction:
    wanted = to_proto.json_diagnostic(document, quick_fix.diagnostic, session.client)
    mended = [
        diagnostic
        for diagnostic in params.context.diagnostics
        if diagnostic.code == wanted["code"] and diagnostic.message == wanted["message"]
    ]
    return types.CodeAction(
        title=quick_fix.fix.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=mended or None,
        is_preferred=(quick_fix.fix.is_preferred or None) if session.client.preferred_code_actions else None,
        edit=None if quick_fix.fix.page else to_proto.workspace_edit(document, quick_fix.fix, session.client),
        command=_open_page(quick_fix.fix) if quick_fix.fix.page else None,
    )


def _on_proposal(
    session: Session, document: Document, params: types.CodeActionParams, span: Span
) -> Iterator[types.CodeAction]:
    """To take or leave what an agent proposes between marks, around the start of `span`."""
    if not _takes_edits(session, params, types.CodeActionKind.QuickFix):
        return
    conflict = conflict_at(document.text, span.start)
    if conflict is not None:
        choices = {"Accept": conflict.accepted(), "Reject": conflict.rejected()}
        for choice, edit in choices.items():
            fix = Fix(f"{choice} what {conflict.agent} proposes", (edit,))
            edits = to_proto.workspace_edit(document, fix, session.client)
            yield types.CodeAction(fix.title, types.CodeActionKind.QuickFix, edit=edits)


def _as_action(
    session: Session, command: types.Command, kind: types.CodeActionKind
) -> types.CodeAction | types.Command:
    """A command as a code action, where the client takes such."""
    return types.CodeAction(command.title, kind, command=command) if session.client.code_action_literals else command


def _open_page(fix: Fix) -> types.Command:
    return types.Command(fix.title, "dragoman.openPage", arguments=[{"page": fix.page}])


def _ask(session: Session, params: types.CodeActionParams, ask: AskAction) -> types.CodeAction | types.Command:
    arguments: dict[str, Any] = {
        "agent": ask.agent,
        "textDocument": {"uri": params.text_document.uri},
        "range": to_proto.plain_range(params.range),
    }
    if ask.prompt is not None:
        arguments["prompt"] = ask.prompt.prompt
        if ask.prompt.title == INTENTS["fix"] and params.context.diagnostics:
            arguments["diagnostics"] = [_plain(diagnostic) for diagnostic in params.context.diagnostics]
    command = types.Command(ask.title, "dragoman.sendSelection", arguments=[arguments])
    return to_proto.offered(command, ask.disabled, session.client)


def _plain(diagnostic: types.Diagnostic) -> dict[str, Any]:
    """What an agent is told of a diagnostic, as the argument of a command."""
    known = {
        "severity": diagnostic.severity and int(diagnostic.severity),
        "source": diagnostic.source,
        "code": diagnostic.code,
    }
    given = {name: value for name, value in known.items() if value is not None}
    return {"range": to_proto.plain_range(diagnostic.range), "message": diagnostic.message, **given}
