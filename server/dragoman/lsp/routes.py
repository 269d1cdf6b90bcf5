"""The whole surface of the language server on one screen: which handler answers which method."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from lsprotocol import types

from dragoman.features.semantic_tokens import TOKEN_TYPES
from dragoman.lsp.handlers import diagnostics, documents, lifecycle
from dragoman.lsp.language_options import ACTION_KINDS, CHAT_TRIGGERS, TRIGGERS
from dragoman.lsp.server import DragomanServer
from dragoman.lsp.session import Session


def register(server: DragomanServer) -> None:
    """Register every feature and command with `server`."""
    session = Session(server)
    publisher = diagnostics.DiagnosticsPublisher(session)
    session.when_ended = publisher.turn_ended
    session.when_trust_changed = publisher.trust_changed

    def later(module: str) -> Callable[[str], Callable[..., Any]]:
        return lambda name: partial(_call_later, module, name, session)

    chat, history, command = later("chat"), later("conversations"), later("commands")
    language = later("language")
    navigation, structure, decoration = later("navigation"), later("structure"), later("decoration")
    chat_document, apply = later("chat_documents"), later("apply")

    features: dict[str, Callable[..., Any]] = {
        types.INITIALIZE: partial(lifecycle.initialize, session, publisher),
        types.INITIALIZED: partial(lifecycle.initialized, session, publisher),
        types.WORKSPACE_DID_CHANGE_CONFIGURATION: partial(lifecycle.did_change_configuration, session, publisher),
        types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: partial(
            lifecycle.did_change_workspace_folders, session, publisher
        ),
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES: partial(documents.did_change_watched_files, session, publisher),
        types.TEXT_DOCUMENT_DID_OPEN: partial(documents.did_open, session, publisher),
        types.TEXT_DOCUMENT_DID_CHANGE: partial(documents.did_change, session, publisher),
        types.TEXT_DOCUMENT_DID_CLOSE: partial(documents.did_close, session, publisher),
        types.TEXT_DOCUMENT_COMPLETION: language("completion"),
        types.TEXT_DOCUMENT_HOVER: language("hover_at"),
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: language("symbols"),
        types.TEXT_DOCUMENT_CODE_ACTION: later("code_actions")("code_actions"),
        types.TEXT_DOCUMENT_DEFINITION: navigation("definition"),
        types.TEXT_DOCUMENT_REFERENCES: navigation("references"),
        types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: navigation("document_highlight"),
        types.TEXT_DOCUMENT_PREPARE_RENAME: navigation("prepare_rename"),
        types.TEXT_DOCUMENT_RENAME: navigation("rename"),
        types.WORKSPACE_SYMBOL: navigation("symbols"),
        types.TEXT_DOCUMENT_FOLDING_RANGE: structure("fold"),
        types.TEXT_DOCUMENT_SELECTION_RANGE: structure("select"),
        types.TEXT_DOCUMENT_DOCUMENT_LINK: structure("links"),
        types.TEXT_DOCUMENT_FORMATTING: structure("format_document"),
        types.TEXT_DOCUMENT_RANGE_FORMATTING: structure("format_range"),
        types.TEXT_DOCUMENT_CODE_LENS: decoration("code_lenses"),
        types.TEXT_DOCUMENT_INLAY_HINT: decoration("hints"),
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: decoration("tokens"),
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: decoration("tokens_in_range"),
        types.WINDOW_WORK_DONE_PROGRESS_CANCEL: chat("work_done_progress_cancel"),
        types.SHUTDOWN: partial(lifecycle.shutdown, session),
        types.EXIT: partial(lifecycle.exit_, session),
        "dragoman/agents": chat("agents"),
        "dragoman/prompt": chat("prompt"),
        "dragoman/retry": chat("retry"),
        "dragoman/preview": later("preview")("preview"),
        "dragoman/stop": chat("stop"),
        "dragoman/apply": apply("apply"),
        "dragoman/conversations": history("conversations"),
        "dragoman/conversation": history("conversation"),
        "dragoman/renameConversation": history("rename"),
        "dragoman/deleteConversation": history("delete"),
        "dragoman/exportConversation": history("export"),
    }
    own_commands: dict[str, Callable[..., Any]] = {
        "dragoman.chat": command("chat"),
        "dragoman.sendSelection": command("send_selection"),
        "dragoman.retry": command("retry"),
        "dragoman.send": chat_document("send"),
        "dragoman.newChat": chat_document("new_chat"),
        "dragoman.showConversation": chat_document("show_conversation"),
        "dragoman.stop": command("stop"),
        "dragoman.apply": apply("apply_command"),
        "dragoman.applyFix": command("apply_fix"),
        "dragoman.openPage": command("open_page"),
        "dragoman.showLog": command("show_log"),
        "dragoman.trust": later("trust")("trust"),
    }
    options: dict[str, Any] = {
        types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(trigger_characters=[*TRIGGERS, *CHAT_TRIGGERS]),
        types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(code_action_kinds=[*ACTION_KINDS]),
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: types.SemanticTokensLegend([*TOKEN_TYPES], ["definition"]),
    }
    for method, handler in features.items():
        server.feature(method, options.get(method))(handler)
    for name, handler in own_commands.items():
        server.command(name)(handler)


def _call_later(module: str, name: str, *arguments: Any) -> Any:
    """Call a handler of a module that is imported when it is first needed: the start must not wait for it."""
    return getattr(import_module(f"dragoman.lsp.handlers.{module}"), name)(*arguments)
