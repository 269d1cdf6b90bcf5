"""The whole surface of the language server on one screen: which handler answers which method."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from lsprotocol import types

from dragoman.lsp.handlers import chat_language, diagnostics, documents, language, lifecycle
from dragoman.lsp.server import DragomanServer
from dragoman.lsp.session import Session


def register(server: DragomanServer) -> None:
    """Register every feature and command with `server`."""
    session = Session(server)
    publisher = diagnostics.DiagnosticsPublisher(session)
    session.when_ended = publisher.turn_ended
    session.when_trust_changed = publisher.announce_agents

    def chat(name: str) -> Callable[..., Any]:
        return partial(_call_chat, "chat", name, session)

    def history(name: str) -> Callable[..., Any]:
        return partial(_call_chat, "conversations", name, session)

    def command(name: str) -> Callable[..., Any]:
        return partial(_call_chat, "commands", name, session)

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
        types.TEXT_DOCUMENT_COMPLETION: partial(language.completion, session),
        types.TEXT_DOCUMENT_HOVER: partial(language.hover_at, session),
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: partial(language.symbols, session),
        types.TEXT_DOCUMENT_CODE_ACTION: partial(language.code_actions, session),
        types.TEXT_DOCUMENT_CODE_LENS: partial(chat_language.code_lenses, session),
        types.WINDOW_WORK_DONE_PROGRESS_CANCEL: chat("work_done_progress_cancel"),
        types.SHUTDOWN: partial(lifecycle.shutdown, session),
        types.EXIT: partial(lifecycle.exit_, session),
        "dragoman/agents": chat("agents"),
        "dragoman/prompt": chat("prompt"),
        "dragoman/retry": chat("retry"),
        "dragoman/preview": partial(_call_chat, "preview", "preview", session),
        "dragoman/stop": chat("stop"),
        "dragoman/apply": partial(_call_chat, "apply", "apply", session),
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
        "dragoman.send": partial(_call_chat, "chat_documents", "send", session),
        "dragoman.newChat": partial(_call_chat, "chat_documents", "new_chat", session),
        "dragoman.showConversation": partial(_call_chat, "chat_documents", "show_conversation", session),
        "dragoman.stop": command("stop"),
        "dragoman.apply": partial(_call_chat, "apply", "apply_command", session),
        "dragoman.applyFix": command("apply_fix"),
        "dragoman.openPage": command("open_page"),
        "dragoman.showLog": command("show_log"),
        "dragoman.trust": partial(_call_chat, "trust", "trust", session),
    }
    options: dict[str, Any] = {
        types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(trigger_characters=['"', ":", *language.CHAT_TRIGGERS]),
        types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    }
    for method, handler in features.items():
        server.feature(method, options.get(method))(handler)
    for name, handler in own_commands.items():
        server.command(name)(handler)


def _call_chat(module: str, name: str, *arguments: Any) -> Any:
    """Call a handler of a module that takes long to import, and that nobody needs before the first prompt."""
    return getattr(import_module(f"dragoman.lsp.handlers.{module}"), name)(*arguments)
