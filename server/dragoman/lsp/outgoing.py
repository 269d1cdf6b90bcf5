"""What the server sends: notifications, requests and answers, straight to JSON and never logged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from itertools import count
from typing import Any, cast

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

from dragoman.lsp.converter import to_json
from dragoman.lsp.framing import frame
from dragoman.lsp.logs import describe
from dragoman.lsp.messages import RequestId, Response, encoder
from dragoman.lsp.stdio import OutputStream

INTERNAL_ERROR = -32603

_log = logging.getLogger("dragoman.lsp")


class OutgoingProtocol(LanguageServerProtocol):
    """The sending half of a session, and the client's answers to it. For the event loop's thread only."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.output: OutputStream | None = None
        self._asked: dict[object, tuple[str, Future[Any]]] = {}
        self._numbers = count(1)
        self._encode = encoder(partial(to_json, converter))

    def plain(self, value: object) -> Any:
        """What a value of the protocol is as JSON. May be called in any thread: of a large one that takes a while."""
        return self._converter.unstructure(value)

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification. `params` is a type of the protocol, or plain JSON, which costs next to nothing."""
        self._send_data(_message(method, params))

    def send_request(
        self,
        method: str,
        params: Any = None,
        callback: Callable[[Any], None] | None = None,
        msg_id: str | int | None = None,
    ) -> Future[Any]:
        """Ask the client. The future gets the result or a JsonRpcException; `callback`, the result."""
        id_ = f"dragoman-{next(self._numbers)}" if msg_id is None else msg_id
        future: Future[Any] = Future()
        if callback is not None:
            future.add_done_callback(lambda done: self._call_back(method, callback, done))
        self._asked[id_] = (method, future)
        self._send_data({**_message(method, params), "id": id_})
        return future

    def answer(self, id_: RequestId, result: object) -> None:
        """Answer a request of the client. Raises what the making of JSON raises; nothing is sent then."""
        self._send_data({"jsonrpc": "2.0", "id": id_, "result": result})

    def refuse(self, id_: RequestId | None, error: Exception) -> None:
        """Answer a request with an error; `id_` is None if it could not be read."""
        self._send_data({"jsonrpc": "2.0", "id": id_, "error": _error_object(error)})

    def receive_response(self, response: Response) -> None:
        """Hand the client's answer to whoever asked. Answers that nobody waits for are ignored."""
        method, future = (
            self._asked.pop(response.id, (None, None)) if isinstance(response.id, str | int) else (None, None)
        )
        if method is None or future is None or not future.set_running_or_notify_cancel():
            return
        if response.error is not None:
            future.set_exception(_exception(response.error))
            return
        try:
            future.set_result(self._structure_result(method, response.result))
        except Exception as error:  # noqa: BLE001  # the hooks of lsprotocol raise whatever the value makes them raise
            _log.warning("the client's result of %s is not valid: %s", method, describe(error))
            future.set_exception(JsonRpcException(f"The client's result of {method} is not valid.", INTERNAL_ERROR))

    def _structure_result(self, method: str, result: object) -> object:
        kind = self.get_result_type(method)
        if kind is None:
            return result
        return self._converter.structure({"id": 0, "jsonrpc": "2.0", "result": result}, kind).result

    def _call_back(self, method: str, callback: Callable[[Any], None], future: Future[Any]) -> None:
        try:
            callback(future.result())
        except Exception as error:  # noqa: BLE001  # nobody else can be told: the client's error, or the callback's own
            _log.warning("after the answer to %s: %s", method, describe(error))

    def _send_data(self, data: Mapping[str, object]) -> None:
        if self.output is not None and not self.output.is_closing():
            self.output.write(frame(self._encode(data)))


def _message(method: str, params: object) -> dict[str, object]:
    message: dict[str, object] = {"jsonrpc": "2.0", "method": method}
    return message if params is None else {**message, "params": params}


def _error_object(error: Exception) -> types.ResponseError:
    """The error of a handler as the client gets it: our own exceptions as they are, others without their text."""
    if isinstance(error, JsonRpcException):
        return error.to_response_error()
    return types.ResponseError(code=INTERNAL_ERROR, message=f"Internal error: {describe(error)}.")


def _exception(error: object) -> JsonRpcException:
    """The client's error object, whatever it looks like, as an exception."""
    fields = cast("dict[str, object]", error) if isinstance(error, dict) else {}
    code, message = fields.get("code"), fields.get("message")
    return JsonRpcException(
        message if isinstance(message, str) else "The client answered with an error.",
        code if isinstance(code, int) else INTERNAL_ERROR,
        fields.get("data"),
    )
