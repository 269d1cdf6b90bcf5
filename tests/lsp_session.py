"""An editor's session with a real server process, driven through pytest-lsp.

    async with start(tmp_path) as editor:
        uri = editor.open("agents.json", "[]")
        await editor.diagnostics(uri)
        (await editor.prompt("a", "hello")).result["text"]

Custom messages stay plain JSON. Everything that the server sends is kept in `received`, in order, and what is of our
extension is held to its schema.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
import uuid
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import converters, types
from pygls.exceptions import JsonRpcException, PyglsError
from pygls.protocol import JsonRPCNotification, JsonRPCRequestMessage, JsonRPCResponseMessage
from pytest_lsp import ClientServerConfig, LanguageClient
from pytest_lsp.client import register_lsp_features
from pytest_lsp.protocol import LanguageClientProtocol

from protocol_schema import ProtocolWatch

SERVE = (sys.executable, "-m", "dragoman", "serve")
PATIENCE_SECONDS = 30
"""After which a server that says nothing is taken to hang."""

BARE = types.ClientCapabilities()
EXTENSION = {"version": "1", "turnEvents": True, "ask": True}

Json = dict[str, Any]
_T = TypeVar("_T")


def able(*, extension: Json | None = EXTENSION, **changes: Json) -> types.ClientCapabilities:
    """An editor that can do everything; `changes` replace whole sections, such as `window`."""
    capabilities = {
        "general": {"positionEncodings": ["utf-16"]},
        "textDocument": {
            "completion": {
                "completionItem": {"snippetSupport": True, "documentationFormat": ["markdown", "plaintext"]}
            },
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
            "publishDiagnostics": {
                "relatedInformation": True,
                "versionSupport": True,
                "tagSupport": {"valueSet": [1, 2]},
            },
            "codeAction": {
                "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}},
                "disabledSupport": True,
                "isPreferredSupport": True,
            },
        },
        "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}, "configuration": True},
        "window": {"workDoneProgress": True, "showDocument": {"support": True}},
        "experimental": {"dragoman": extension} if extension is not None else {},
        **changes,
    }
    return converters.get_converter().structure(capabilities, types.ClientCapabilities)


@dataclass(frozen=True)
class Answer:
    """What one prompt brought: the events in order, and the result."""

    events: list[Json]
    result: Json

    def of(self, kind: str) -> list[Json]:
        return [event for event in self.events if event["kind"] == kind]

    @property
    def text(self) -> str:
        return "".join(event["delta"] for event in self.of("text"))


class Editor(LanguageClient):
    """A client of the server, and the user in front of it."""

    def __init__(self) -> None:
        super().__init__(protocol_cls=_RecordingProtocol, converter_factory=_plain_converter)
        register_lsp_features(self)
        # The handler that pytest-lsp brings along takes nothing but work done progress.
        self.protocol.fm.features.pop(types.PROGRESS)
        for method in (types.PROGRESS, "dragoman/turn", "dragoman/agentsChanged"):
            self.feature(method)(lambda _params: None)
        for method in (types.CLIENT_REGISTER_CAPABILITY, types.CLIENT_UNREGISTER_CAPABILITY):
            self.feature(method)(lambda _params: None)
        self.feature(types.WORKSPACE_APPLY_EDIT)(lambda _params: types.ApplyWorkspaceEditResult(applied=True))
        self.received: list[Json] = []
        self.watch = ProtocolWatch()
        self.asked: list[Json] = []
        self.replies: list[Any] = []
        """What the user answers to `dragoman/ask`, one after another."""
        self.trust: list[str] = []
        """What the user answers when asked about agents of the workspace, one after another; then always “Allow”."""
        self.trust_questions: list[str] = []
        self.feature("dragoman/ask")(lambda params: self._reply(params))
        self.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)(
            lambda params: types.MessageActionItem(self._trusts(params.message))
        )
        self.folder = Path()
        self.config_folder = Path()
        self.cache_folder = Path()
        self.data_folder = Path()
        self.log = Path()
        self.initialized_with: types.InitializeResult | None = None
        self._numbers = itertools.count(1)
        self._news = asyncio.Event()
        self._open: dict[str, int] = {}

    def report_server_error(self, error: Exception, source: type[PyglsError | JsonRpcException]) -> None:
        """What our own handlers refuse is no fault of the server."""
        if type(error) is not JsonRpcException:
            super().report_server_error(error, source)

    # Waiting

    async def until(self, condition: Callable[[], _T]) -> _T:
        """Wait until `condition` gives something true; it is tried after every message of the server."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := condition()):
                self._news.clear()
                await self._news.wait()
        return found

    def take(self, message: Json) -> None:
        """A message has arrived."""
        self.received.append(message)
        self.watch.take(message)
        self._news.set()

    def sent(self, method: str) -> list[Json]:
        """The params of all messages of this method that the server has sent so far."""
        return [message.get("params", {}) for message in self.received if message.get("method") == method]

    async def ask(self, method: str, params: object = None) -> Any:
        """A request; its result as plain JSON. `params` are plain too, but for LSP's own methods."""
        return await self.start_asking(method, params)

    def start_asking(self, method: str, params: object = None, id_: str | None = None) -> asyncio.Task[Any]:
        """The same, sent at once and not waited for."""
        id_ = id_ or f"ask-{next(self._numbers)}"
        sent = self.protocol.send_request(method, params or {}, msg_id=id_)

        async def result() -> Any:
            await asyncio.wait_for(asyncio.wrap_future(sent), PATIENCE_SECONDS)
            return next(message["result"] for message in self.received if message.get("id") == id_)

        return asyncio.ensure_future(result())

    async def command(self, command: str, *arguments: object) -> Any:
        """`workspace/executeCommand`."""
        return await self.ask(types.WORKSPACE_EXECUTE_COMMAND, types.ExecuteCommandParams(command, list(arguments)))

    async def roundtrip(self) -> None:
        """Everything that was sent before is handled."""
        await self.ask("dragoman/stop", {"turnId": "of nobody"})

    def structured(self, value: object, kind: type[_T]) -> _T:
        """Plain JSON as a type of the protocol."""
        return self.protocol._converter.structure(value, kind)

    @contextmanager
    def answering(self, method: str, handler: Callable[[Any], Any]) -> Iterator[None]:
        """Handle a request or notification of the server in another way for a while."""
        usual = self.protocol.fm.features.pop(method)
        self.feature(method)(handler)
        yield
        self.protocol.fm.features[method] = usual

    # Documents

    def uri(self, name: str) -> str:
        """Of a file in the workspace."""
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str, language_id: str = "json") -> str:
        """Open a buffer; `name` is a file's in the workspace, or a URI."""
        uri = name if ":" in name else self.uri(name)
        self._open[uri] = 1
        document = types.TextDocumentItem(uri=uri, language_id=language_id, version=1, text=text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return uri

    def open_agents(self, *agents: Json, name: str = "agents.json") -> str:
        """Open a buffer that describes `agents`."""
        return self.open(name, json.dumps(agents, ensure_ascii=False, indent=2))

    def change(self, uri: str, *changes: tuple[Json, str] | str) -> int:
        """Edit a buffer by (range, new text), or by a whole new text; returns the new version."""
        self._open[uri] += 1
        content = [
            {"text": change} if isinstance(change, str) else {"range": change[0], "text": change[1]}
            for change in changes
        ]
        params = {"textDocument": {"uri": uri, "version": self._open[uri]}, "contentChanges": content}
        self.text_document_did_change(self.structured(params, types.DidChangeTextDocumentParams))
        return self._open[uri]

    def close(self, uri: str) -> None:
        """Close a buffer."""
        del self._open[uri]
        self.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    async def tidy_up(self) -> None:
        """Close what is open, and forget what was heard."""
        for uri in list(self._open):
            self.close(uri)
        await self.roundtrip()
        self.watch.check()
        self.received.clear()
        self.messages.clear()
        self.shown_documents.clear()
        self.asked.clear()
        self.replies.clear()
        self.trust.clear()
        self.trust_questions.clear()

    async def diagnostics_of(self, uri: str) -> list[Json]:
        """The diagnostics of the newest version of a buffer, as plain JSON."""

        def published() -> Json | None:
            of_uri = [params for params in self.sent(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS) if params["uri"] == uri]
            return of_uri[-1] if of_uri and of_uri[-1].get("version") == self._open[uri] else None

        return (await self.until(published))["diagnostics"]

    # Agents

    async def agents(self) -> dict[str, Json]:
        """The agents by name."""
        return {agent["name"]: agent for agent in (await self.ask("dragoman/agents"))["agents"]}

    def start_prompt(self, agent: str, prompt: str = "hi", **more: object) -> tuple[str, asyncio.Task[Json]]:
        """Begin a streamed prompt; the token of its events, and its result to come."""
        token = str(more.pop("partialResultToken", f"prompt-{next(self._numbers)}"))
        params = {"agent": agent, "prompt": prompt, "partialResultToken": token, **more}
        return token, self.start_asking("dragoman/prompt", params)

    async def prompt(self, agent: str, prompt: str = "hi", **more: object) -> Answer:
        """A streamed prompt to its end."""
        token, result = self.start_prompt(agent, prompt, **more)
        done = await result
        return Answer(self.events(token), done)

    def events(self, token: str | int) -> list[Json]:
        """The events that have come for a partial result token."""
        batches = [params["value"] for params in self.sent(types.PROGRESS) if params["token"] == token]
        assert all(isinstance(batch, list) for batch in batches)
        return [event for batch in batches for event in batch]

    def turn_events(self, turn_id: str) -> list[Json]:
        """What came by `dragoman/turn`."""
        return [event for event in self.sent("dragoman/turn") if event["turnId"] == turn_id]

    def work_done(self, token: str | int) -> list[Json]:
        """The work done progress of a token."""
        return [params["value"] for params in self.sent(types.PROGRESS) if params["token"] == token]

    def _trusts(self, question: str) -> str:
        self.trust_questions.append(question)
        return self.trust.pop(0) if self.trust else "Allow"

    def _reply(self, params: Json) -> Json:
        if "Allow" in params.get("options", ()):
            return {"value": self._trusts(params["title"])}
        self.asked.append(params)
        return {"value": self.replies.pop(0)} if self.replies else {}


@asynccontextmanager
async def start(
    folder: Path,
    capabilities: types.ClientCapabilities | None = None,
    *,
    options: object = None,
    settings: Json | None = None,
    environment: Mapping[str, str] | None = None,
) -> AsyncGenerator[Editor]:
    """A server in a workspace of its own below `folder`; shut down in order at the end."""
    workspace, config, cache, data = (folder / name for name in ("workspace", "config", "cache", "data"))
    workspace.mkdir(exist_ok=True)
    log = folder / "server.log"
    folders = {"XDG_CONFIG_HOME": str(config), "XDG_CACHE_HOME": str(cache), "XDG_DATA_HOME": str(data)}
    process = ClientServerConfig(
        [*SERVE, "--log-level", "debug", "--log-file", str(log)],
        client_factory=Editor,
        server_env={**os.environ, **folders, **(environment or {})},
    )
    editor = await process.start()
    assert isinstance(editor, Editor)
    editor.folder, editor.config_folder, editor.cache_folder, editor.data_folder = workspace, config, cache, data
    editor.log = log
    editor.set_configuration(settings, section="dragoman")
    editor.initialized_with = await editor.initialize_session(
        types.InitializeParams(
            capabilities=able() if capabilities is None else capabilities,
            workspace_folders=[types.WorkspaceFolder(workspace.as_uri(), "workspace")],
            initialization_options=options,
        )
    )
    try:
        yield editor
        editor.watch.check()
    finally:
        await editor.shutdown_session()
        await editor.stop()


def between(start_line: int, start: int, end_line: int, end: int) -> Json:
    """A range."""
    return {"start": {"line": start_line, "character": start}, "end": {"line": end_line, "character": end}}


class _RecordingProtocol(LanguageClientProtocol):
    """Hands every message, before anything is made of it, to the editor's record."""

    def send_request(self, method: str, params: Any = None, callback: Any = None, msg_id: Any = None) -> Any:
        msg_id = msg_id or str(uuid.uuid4())
        self._server.watch.ask(msg_id, method, params)
        return super().send_request(method, params, callback, msg_id)

    def structure_message(self, data: Json) -> Any:
        # Called for every object inside of a message too. A copy, since the converters change what they are given.
        if "jsonrpc" in data:
            self._server.take(json.loads(json.dumps(data)))
        return super().structure_message(data)

    def handle_message(self, message: Any) -> None:
        super().handle_message(message)
        self._server._news.set()


def _plain_converter() -> Any:
    converter = converters.get_converter()
    for kind in (JsonRPCRequestMessage, JsonRPCResponseMessage, JsonRPCNotification):
        converter.register_structure_hook(kind, lambda message, kind: kind(**message))
    return converter
