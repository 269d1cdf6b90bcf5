"""The life of a session, and the way of a message to its handler and back.

pygls gives the tables of handlers, the typed ways to call the client and the list of capabilities. Its own way of a
message is replaced, because it leaves requests unanswered, keeps documents of its own and logs what must not be logged.

A handler is a plain function, called in the order of the messages, or one that returns an awaitable, which then runs as
a task while later messages are handled. A plain function that returns a coroutine can do both: what it must see as of
its own message it reads first.
"""

from __future__ import annotations

import asyncio
import enum
import inspect
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from cattrs import Converter
from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)

from dragoman.lsp.converter import structure_params
from dragoman.lsp.framing import BadHeader
from dragoman.lsp.logs import describe
from dragoman.lsp.messages import Invalid, Notification, Request, RequestId, Response, read_message
from dragoman.lsp.outgoing import OutgoingProtocol

if TYPE_CHECKING:
    from dragoman.lsp.server import DragomanServer

Handler: TypeAlias = Callable[..., object]

_log = logging.getLogger("dragoman.lsp")


class Phase(enum.Enum):
    """Where a session is between `initialize` and `exit`."""

    STARTING = enum.auto()
    RUNNING = enum.auto()
    SHUT_DOWN = enum.auto()


class DragomanProtocol(OutgoingProtocol):
    """One session with one client."""

    def __init__(self, server: DragomanServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.phase = Phase.STARTING
        self.position_encoding: str = types.PositionEncodingKind.Utf16.value
        self._dragoman = server
        self._answering: dict[RequestId, asyncio.Future[object]] = {}
        self._noticing: set[asyncio.Future[object]] = set()

    @property
    def exit_code(self) -> int:
        """What the process returns if the session ends now: 0 after `shutdown`, else 1."""
        return 0 if self.phase is Phase.SHUT_DOWN else 1

    def receive(self, body: bytes | BadHeader) -> None:
        """Handle one message, or what stands in the place of one."""
        if isinstance(body, BadHeader):
            self.refuse(None, JsonRpcParseError("A header has no valid Content-Length."))
            return
        match read_message(body):
            case Request() as request:
                self._receive_request(request)
            case Notification() as notification:
                self._receive_notification(notification)
            case Response() as response:
                self.receive_response(response)
            case Invalid(id_, code, reason):
                self.refuse(id_, JsonRpcException(reason, code))

    def handler(self, method: str) -> Handler | None:
        """The function that was registered for `method`."""
        return cast("dict[str, Handler]", self.fm.features).get(method)

    # Requests

    def _receive_request(self, request: Request) -> None:
        try:
            self._check_phase(request.method)
            result = self._call(request)
        except Exception as error:  # noqa: BLE001  # whatever a handler raises is the answer
            self._answer_failure(request, error)
            return
        if inspect.isawaitable(result):
            task = asyncio.ensure_future(result)
            self._answering[request.id] = task
            task.add_done_callback(lambda done: self._answer_finished(request, done))
        else:
            self._answer(request, result)

    def _check_phase(self, method: str) -> None:
        if self.phase is Phase.SHUT_DOWN:
            raise JsonRpcInvalidRequest("The server is shut down.")
        if self.phase is Phase.STARTING and method != types.INITIALIZE:
            raise JsonRpcServerNotInitialized("The first request must be initialize.")
        if self.phase is Phase.RUNNING and method == types.INITIALIZE:
            raise JsonRpcInvalidRequest("The server is initialized already.")

    def _call(self, message: Request | Notification) -> object:
        builtin = cast("dict[str, Handler]", self.fm.builtin_features).get(message.method)
        handler = builtin or self.handler(message.method)
        if handler is None:
            raise JsonRpcMethodNotFound(f"There is no method {message.method[:100]!r}.")
        return handler(structure_params(self._converter, message.method, message.params))

    def _answer_finished(self, request: Request, task: asyncio.Future[object]) -> None:
        self._answering.pop(request.id, None)
        if task.cancelled():
            self.refuse(request.id, JsonRpcRequestCancelled("The request was cancelled."))
        elif isinstance(error := task.exception(), Exception):
            self._answer_failure(request, error)
        else:
            self._answer(request, task.result())

    def _answer(self, request: Request, result: object) -> None:
        try:
            self.answer(request.id, result)
        except Exception as error:  # noqa: BLE001  # a result that has no JSON form must be answered too
            self._answer_failure(request, error)

    def _answer_failure(self, request: Request, error: Exception) -> None:
        if not isinstance(error, JsonRpcException):
            _log_failure(request.method, error)
        self.refuse(request.id, error)

    # Notifications

    def _receive_notification(self, notification: Notification) -> None:
        if notification.method == types.EXIT:
            self._dragoman.finish(self.exit_code)
        elif self.phase is not Phase.RUNNING:
            _log.debug("dropped outside of the session: %.100r", notification.method)
        elif notification.method == types.CANCEL_REQUEST:
            self._cancel(notification.params)
        else:
            self._notice(notification)

    def _cancel(self, params: object) -> None:
        id_ = cast("dict[str, object]", params).get("id") if isinstance(params, dict) else None
        task = self._answering.get(id_) if isinstance(id_, RequestId) else None
        if task is not None:
            task.cancel()

    def _notice(self, notification: Notification) -> None:
        try:
            result = self._call(notification)
        except JsonRpcMethodNotFound:
            _log.debug("nobody handles the notification %.100r", notification.method)
        except Exception as error:  # noqa: BLE001  # nobody waits for an answer
            _log_failure(notification.method, error)
        else:
            if inspect.isawaitable(result):
                task = asyncio.ensure_future(result)
                self._noticing.add(task)
                task.add_done_callback(lambda done: self._noticed(notification, done))

    def _noticed(self, notification: Notification, task: asyncio.Future[object]) -> None:
        self._noticing.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log_failure(notification.method, error)

    # The methods that the server answers by itself. A handler registered for `shutdown` is called too, and one for
    # `initialize`, which must be a plain function; that for `exit` is called by the run loop.

    def _register_builtin_features(self) -> None:
        builtin: dict[str, Handler] = {
            types.INITIALIZE: self._initialize,
            types.SHUTDOWN: self._shut_down,
            types.WORKSPACE_EXECUTE_COMMAND: self._execute_command,
        }
        for method, handler in builtin.items():
            self.fm.add_builtin_feature(method, handler)  # pyright: ignore[reportUnknownMemberType]

    def _initialize(self, params: types.InitializeParams) -> types.InitializeResult:
        self.client_capabilities = params.capabilities
        listed = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
        encoding = self._dragoman.given_position_encoding or listed
        self.position_encoding = types.PositionEncodingKind(encoding).value
        self._dragoman.process_id = params.process_id
        if handler := self.handler(types.INITIALIZE):
            handler(params)
        self.server_capabilities = self._capabilities()
        self.phase = Phase.RUNNING
        self._dragoman.watch_parent(params.process_id)
        return types.InitializeResult(self.server_capabilities, self.server_info)

    def _capabilities(self) -> types.ServerCapabilities:
        features = cast("dict[str, Handler]", self.fm.features)
        options = cast("dict[str, Any]", self.fm.feature_options)
        capabilities = ServerCapabilitiesBuilder(
            self.client_capabilities,
            set(features),
            options,
            list(cast("dict[str, Handler]", self.fm.commands)),
            types.TextDocumentSyncKind.Incremental,
            position_encoding=self.position_encoding,
        ).build()
        if capabilities.workspace is not None:  # neither this nor what follows does pygls know
            capabilities.workspace.text_document_content = options.get(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)
        if capabilities.completion_provider is not None:
            capabilities.completion_provider.resolve_provider = types.COMPLETION_ITEM_RESOLVE in features or None
        capabilities.experimental = self._dragoman.experimental_capabilities or None
        self._dragoman.withhold(capabilities)
        return capabilities

    def _shut_down(self, _params: None) -> object:
        self.phase = Phase.SHUT_DOWN
        for task in list(self._answering.values()):
            task.cancel()
        handler = self.handler(types.SHUTDOWN)
        return handler(None) if handler else None

    def _execute_command(self, params: types.ExecuteCommandParams) -> object:
        """Call a command with its arguments by position; they stay plain JSON."""
        handler = cast("dict[str, Handler]", self.fm.commands).get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams("params.command is not a command of this server.")
        arguments = params.arguments or ()
        try:
            inspect.signature(handler).bind(*arguments)
        except TypeError:
            raise JsonRpcInvalidParams("params.arguments are not those of the command.") from None
        return handler(*arguments)


def _log_failure(method: str, error: BaseException) -> None:
    _log.error("%.100r failed: %s", method, describe(error))
