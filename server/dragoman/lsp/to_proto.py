"""From our values to those of the protocol."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from dragoman.lint.diagnostic import Diagnostic, Fix, Related, TextEdit
from dragoman.lint.page import link_to
from dragoman.lsp.client import Client
from dragoman.lsp.positions import line_and_column, range_of
from dragoman.project.document import Document
from dragoman.syntax.text import LineIndex, Span

if TYPE_CHECKING:
    from dragoman.features.agents import AgentStatus
    from dragoman.features.completion import CompletionItem
    from dragoman.features.document_symbol import Symbol
    from dragoman.features.hover import Hover

SOURCE = "dragoman"

_COMPLETION_KINDS = {
    "key": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.EnumMember,
    "agent": types.CompletionItemKind.Snippet,
    "name": types.CompletionItemKind.Value,
    "file": types.CompletionItemKind.File,
    "lines": types.CompletionItemKind.Reference,
    "placeholder": types.CompletionItemKind.Variable,
    "reference": types.CompletionItemKind.Constant,
    "path": types.CompletionItemKind.Field,
    "function": types.CompletionItemKind.Function,
    "operator": types.CompletionItemKind.Operator,
}
_SYMBOL_KINDS = {
    "agent": types.SymbolKind.Class,
    "object": types.SymbolKind.Module,
    "array": types.SymbolKind.Array,
    "string": types.SymbolKind.String,
    "other": types.SymbolKind.Constant,
}


def json_range(lines: LineIndex, span: Span, encoding: str) -> dict[str, Any]:
    """A range as plain JSON, for the messages that go out after every key."""
    start_line, start = line_and_column(lines, span.start, encoding)
    end_line, end = line_and_column(lines, span.end, encoding)
    return {
        "start": {"line": start_line, "character": start},
        "end": {"line": end_line, "character": end},
    }


def plain_range(range_: types.Range) -> dict[str, Any]:
    """A range of LSP as plain JSON, for the arguments of commands."""
    return {
        "start": {"line": range_.start.line, "character": range_.start.character},
        "end": {"line": range_.end.line, "character": range_.end.character},
    }


def json_diagnostic(document: Document, diagnostic: Diagnostic, client: Client) -> dict[str, Any]:
    """A diagnostic as plain JSON."""
    message: dict[str, Any] = {
        "range": json_range(document.lines, diagnostic.span, client.encoding),
        "severity": int(diagnostic.severity),
        "code": diagnostic.code,
        "source": SOURCE,
        "message": diagnostic.message,
    }
    page = link_to(diagnostic.code) if client.code_description else None
    if page is not None:
        message["codeDescription"] = {"href": page}
    if diagnostic.deprecated and client.deprecated_tag:
        message["tags"] = [int(types.DiagnosticTag.Deprecated)]
    if diagnostic.related and client.related_information:
        message["relatedInformation"] = [
            {
                "location": _location(document, related, client),
                "message": related.message,
            }
            for related in diagnostic.related
        ]
    return message


def _location(document: Document, related: Related, client: Client) -> dict[str, Any]:
    uri, lines = document.uri, document.lines
    if related.elsewhere is not None:
        uri, lines = related.elsewhere.uri, LineIndex(related.elsewhere.text)
    return {"uri": uri, "range": json_range(lines, related.span, client.encoding)}


def completion_list(
    lines: LineIndex,
    items: Iterable[CompletionItem],
    client: Client,
    *,
    is_incomplete: bool = False,
    documented_later: int | None = None,
) -> types.CompletionList:
    """A whole answer to `textDocument/completion`; every item has its own edit.

    With `documented_later`, the number of the answer, an item holds no documentation but its number and place there.
    """
    written = [_completion_item(lines, item, index, client) for index, item in enumerate(items)]
    if documented_later is not None:
        for index, item in enumerate(written):
            item.documentation, item.data = None, {"list": documented_later, "item": index}
    return types.CompletionList(is_incomplete=is_incomplete, items=written)


def _completion_item(lines: LineIndex, item: CompletionItem, index: int, client: Client) -> types.CompletionItem:
    return types.CompletionItem(
        label=item.label,
        kind=_COMPLETION_KINDS[item.kind],
        documentation=documentation(item.documentation, client),
        deprecated=item.deprecated or None,
        sort_text=f"{index:04}",
        filter_text=item.filter_text,
        insert_text_format=types.InsertTextFormat.Snippet if item.is_snippet else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(range_of(lines, item.span, client.encoding), item.new_text),
        additional_text_edits=[_text_edit(lines, item.before, client)] if item.before else None,
    )


def documentation(markdown: str, client: Client) -> types.MarkupContent | str | None:
    """What is said of a proposal."""
    if client.markdown_completion and markdown:
        return types.MarkupContent(types.MarkupKind.Markdown, markdown)
    return _plain(markdown) or None


def hover(lines: LineIndex, found: Hover, client: Client) -> types.Hover:
    """The answer to `textDocument/hover`."""
    if client.markdown_hover:
        content = types.MarkupContent(types.MarkupKind.Markdown, found.markdown)
    else:
        content = types.MarkupContent(types.MarkupKind.PlainText, _plain(found.markdown))
    return types.Hover(content, range_of(lines, found.span, client.encoding))


def _plain(markdown: str) -> str:
    """The same without its marks, for a client that shows plain text."""
    return markdown.replace("**", "").replace("`", "").replace("*", "")


def document_symbols(
    uri: str, lines: LineIndex, symbols: Iterable[Symbol], client: Client
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    """The answer to `textDocument/documentSymbol`: a tree, or the agents alone for a client without trees."""
    if client.hierarchical_symbols:
        return [_symbol(lines, symbol, client) for symbol in symbols]
    return [
        types.SymbolInformation(
            location=types.Location(uri, range_of(lines, symbol.span, client.encoding)),
            name=symbol.name,
            kind=_SYMBOL_KINDS[symbol.kind],
        )
        for symbol in symbols
    ]


def _symbol(lines: LineIndex, symbol: Symbol, client: Client) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=symbol.name,
        kind=_SYMBOL_KINDS[symbol.kind],
        range=range_of(lines, symbol.span, client.encoding),
        selection_range=range_of(lines, symbol.selection, client.encoding),
        children=[_symbol(lines, child, client) for child in symbol.children],
    )


def workspace_edit(document: Document, fix: Fix, client: Client, *, is_open: bool = True) -> types.WorkspaceEdit:
    """The edits of a fix, bound to the document's version where the client can; on the disk there is none."""
    edits = [_text_edit(document.lines, edit, client) for edit in fix.edits]
    if not client.versioned_edits:
        return types.WorkspaceEdit(changes={document.uri: edits})
    version = document.version if is_open else None
    identifier = types.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])


def text_edits(lines: LineIndex, edits: Iterable[TextEdit], client: Client) -> list[types.TextEdit]:
    """Edits of one text."""
    return [_text_edit(lines, edit, client) for edit in edits]


def _text_edit(lines: LineIndex, edit: TextEdit, client: Client) -> types.TextEdit:
    return types.TextEdit(range_of(lines, edit.span, client.encoding), edit.new_text)


def offered(command: types.Command, disabled: str | None, client: Client) -> types.CodeAction | types.Command:
    """A command among the code actions. `disabled` says why it cannot be chosen now.

    A client that shows no disabled actions gets one that says why when it is chosen.
    """
    if disabled is not None and client.disabled_code_actions:
        return types.CodeAction(command.title, disabled=types.CodeActionDisabled(disabled))
    if disabled is not None:
        command = types.Command(f"{command.title} (not possible)", command.command, arguments=command.arguments)
    return types.CodeAction(command.title, command=command) if client.code_action_literals else command


def agent_info(status: AgentStatus, lines: LineIndex, encoding: str) -> dict[str, Any]:
    """An `AgentInfo` of our extension."""
    agent = status.known.agent
    info: dict[str, Any] = {
        "name": agent.name,
        "description": agent.description,
        "provider": agent.provider,
        "url": status.host,
        "enabled": agent.enabled,
        "state": status.state.value,
        "problems": list(status.problems),
        "location": {
            "uri": status.known.uri,
            "range": json_range(lines, status.known.entry.name_span, encoding),
        },
        "responseAction": agent.response_action.value,
        "interactive": agent.interactive.value,
        "trusted": status.known.is_trusted,
    }
    if agent.icon:
        info["icon"] = agent.icon
    return info
