"""Completion, hover, document symbols and code actions."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Sequence
from typing import Any, TypeAlias

from lsprotocol import types

from dragoman.features.agents import agent_statuses, diagnose
from dragoman.features.code_action.ask_agent import AskAction, ask_actions
from dragoman.features.code_action.quick_fix import QuickFix, quick_fixes
from dragoman.features.code_action.removal import removals
from dragoman.features.code_action.trust_agent import trust_actions
from dragoman.features.completion import CompletionItem, complete, complete_definition
from dragoman.features.conflict import conflict_at
from dragoman.features.document_symbol import document_symbols
from dragoman.features.hover import hover, hover_definition
from dragoman.lint.diagnostic import Diagnostic, Fix
from dragoman.lsp import to_proto
from dragoman.lsp.chat_documents.checks import chat_document_diagnostics
from dragoman.lsp.handlers.chat_language import chat_actions, complete_chat, hover_chat
from dragoman.lsp.handlers.rewriting import FIX_ALL, fix_all_actions, rewrite_actions
from dragoman.lsp.language_options import CHAT_TRIGGERS
from dragoman.lsp.positions import offset_of, span_of
from dragoman.lsp.prompt_params import INTENTS
from dragoman.lsp.session import Session
from dragoman.project.document import Document
from dragoman.syntax.text import Span

Actions: TypeAlias = list[types.CodeAction | types.Command]


def completion(
    session: Session, params: types.CompletionParams
) -> types.CompletionList | Awaitable[types.CompletionList | None] | None:
    """`textDocument/completion`."""
    uri, project = params.text_document.uri, session.project
    document, definition = project.document(uri), project.definition(uri)
    if document is None:
        return None
    if project.is_chat_document(uri):
        return complete_chat(session, document, params.position)
    session.last_place = uri, types.Range(params.position, params.position)
    if params.context is not None and params.context.trigger_character in CHAT_TRIGGERS:
        return None
    offset, snippets = offset_of(document.lines, params.position, session.client.encoding), session.client.snippets
    if definition is not None:
        items = complete_definition(definition.file, offset, with_snippets=snippets)
    else:
        _, file = _open_agent_file(session, uri)
        if file is None:
            return None
        items = complete(
            file,
            offset,
            with_snippets=snippets,
            catalog=project.providers_in(uri),
            name_agents=lambda: (known.agent.name for known in project.agents()),
        )
    number = _keep_documentation(session, items) if session.client.lazy_documentation else None
    return to_proto.completion_list(document.lines, items, session.client, documented_later=number)


def _keep_documentation(session: Session, items: Sequence[CompletionItem]) -> int:
    """Keep what is to be said of these proposals until the next are made; the number that they are asked for by."""
    number = session.proposals[0] + 1
    session.proposals = number, [item.documentation for item in items]
    return number


def resolve_completion(session: Session, item: types.CompletionItem) -> types.CompletionItem:
    """`completionItem/resolve`: what is said of a proposal of the last answer; one of an older stays as it is."""
    number, texts = session.proposals
    match item.data:
        case {"list": wanted, "item": int(index)} if wanted == number and 0 <= index < len(texts):
            item.documentation = to_proto.documentation(texts[index], session.client)
        case _:
            pass
    return item


def hover_at(session: Session, params: types.HoverParams) -> types.Hover | Awaitable[types.Hover | None] | None:
    """`textDocument/hover`."""
    uri, project = params.text_document.uri, session.project
    document, definition = project.document(uri), project.definition(uri)
    if document is not None and project.is_chat_document(uri):
        return hover_chat(session, document, params.position)
    file = definition.file if definition else _open_agent_file(session, uri)[1]
    if document is None or file is None:
        return None
    offset = offset_of(document.lines, params.position, session.client.encoding)
    found = hover_definition(file, offset) if definition else hover(file, offset, project.providers_in(uri))
    return to_proto.hover(document.lines, found, session.client) if found else None


def symbols(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """`textDocument/documentSymbol`."""
    document, file = _open_agent_file(session, params.text_document.uri)
    if document is None or file is None:
        return None
    return to_proto.document_symbols(document.uri, document.lines, document_symbols(file), session.client)


def code_actions(session: Session, params: types.CodeActionParams) -> Actions | Awaitable[Actions] | None:
    """`textDocument/codeAction`; what is to be mended in the document is taken as it is now."""
    document = session.project.document(params.text_document.uri)
    if document is None:
        return None
    span = span_of(document.lines, params.range, session.client.encoding)
    actions: Actions = []
    if _is_wanted(params, types.CodeActionKind.QuickFix) and session.client.code_action_literals:
        found = _diagnostics(session, document)
        actions.extend(_quick_fix(session, document, params, fix) for fix in quick_fixes(found, span))
        if _is_done_unseen(params, document, span):
            mending: Actions = [one for one in actions if isinstance(one, types.CodeAction) and one.diagnostics]
            return mending[:1]
        actions.extend(_on_proposal(session, document, span))
    if session.client.code_action_literals:
        actions.extend(_on_agent_file(session, document, params, span))
    if _is_wanted(params, types.CodeActionKind.QuickFix):
        for trust in trust_actions(session.project, document.uri, span.start):
            argument = {"agent": trust.agent, "allow": trust.allow, "uri": document.uri}
            command = types.Command(trust.title, "dragoman.trust", arguments=[argument])
            actions.append(_as_action(session, command, types.CodeActionKind.QuickFix))
    is_chat = session.project.is_chat_document(document.uri)
    if not is_chat:
        session.last_place = document.uri, params.range
    if (is_chat or span.start < span.end) and _is_wanted(params, types.CodeActionKind.Empty):
        return _with_agents(session, params, actions, document if is_chat else None, span)
    return actions


def _is_done_unseen(params: types.CodeActionParams, document: Document, span: Span) -> bool:
    """Whether all that is offered would be done without the user's having seen it.

    Kate 22.12 does so for its *Quick Fix*. It asks for one diagnostic, and names the whole document as the range.
    """
    names_all = span.start == 0 and span.end == len(document.text)
    return names_all and params.context.trigger_kind is None and len(params.context.diagnostics) == 1


def _on_agent_file(
    session: Session, document: Document, params: types.CodeActionParams, span: Span
) -> Iterator[types.CodeAction]:
    """What can be taken out of an agent file, or written in another way. All fixes at once only where asked for so."""
    _, file = _open_agent_file(session, document.uri)
    if file is None:
        return
    if _is_wanted(params, types.CodeActionKind.QuickFix):
        catalog = session.project.providers_in(document.uri)
        for found in removals(file, _diagnostics(session, document), span, catalog):
            yield _quick_fix(session, document, params, found)
    if _is_wanted(params, types.CodeActionKind.RefactorRewrite):
        yield from rewrite_actions(session, document, file, span.start)
    if params.context.only and _is_wanted(params, FIX_ALL):
        yield from fix_all_actions(session, document)


def _diagnostics(session: Session, document: Document) -> list[Diagnostic]:
    """What is said of a document now."""
    if session.project.is_chat_document(document.uri):
        return chat_document_diagnostics(session, document)
    return diagnose(session.project, document.uri) + session.runtime_diagnostics(document.uri)


async def _with_agents(
    session: Session, params: types.CodeActionParams, actions: Actions, chat: Document | None, span: Span
) -> Actions:
    """The actions, those of a chat document, and those that ask an agent about a selection."""
    if chat is not None:
        actions = [*await chat_actions(session, chat, span), *actions]
    if span.start == span.end:
        return actions
    await session.searched.wait()
    session.project.refresh()
    asks = ask_actions(agent_statuses(session.project), session.project.settings.prompts)
    return [*actions, *(_ask(session, params, ask) for ask in asks)]


def _open_agent_file(session: Session, uri: str) -> tuple[Document | None, Any]:
    if uri not in session.project.open_agent_files():
        return None, None
    return session.project.document(uri), session.project.agent_file(uri)


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


def _on_proposal(session: Session, document: Document, span: Span) -> Iterator[types.CodeAction]:
    """To take or leave what an agent proposes between marks, around the start of `span`."""
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
