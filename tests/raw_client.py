"""A language client that speaks bytes with a real server process and takes nothing but framed messages from it."""

from __future__ import annotations

import contextlib
import itertools
import json
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from protocol_schema import ProtocolWatch

SERVE = (sys.executable, "-m", "dragoman", "serve")
PATIENCE_SECONDS = 30
"""After which a server that says nothing is taken to hang."""

_ABSENT = object()


class RawClient:
    """A server process and the messages it sent. Use it in `with`, which ends the process."""

    def __init__(self, command: Sequence[str] = SERVE, **popen: Any) -> None:
        self._stderr = tempfile.NamedTemporaryFile()  # noqa: SIM115  # closed by __exit__
        streams: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._stderr}
        self.process = subprocess.Popen(command, **{**streams, **popen})
        self._ids = itertools.count(1)
        self._incoming: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._watch = ProtocolWatch()
        self.others: list[dict[str, Any]] = []
        """What came while `request` waited for its answer."""
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        if self.process.stdout is not None:
            self._reader.start()

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        if self._reader.is_alive():
            self._reader.join(PATIENCE_SECONDS)
        for stream in (self.process.stdin, self.process.stdout, self._stderr):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: object) -> None:
        """Send a JSON value as one message."""
        self.write(framed(json.dumps(message).encode()))

    def notify(self, method: str, params: object = _ABSENT) -> None:
        """Send a notification."""
        self.send(_message(method, params))

    def start_request(self, method: str, params: object = _ABSENT) -> int:
        """Send a request; returns its id."""
        id_ = next(self._ids)
        self._watch.ask(id_, method, params)
        self.send({**_message(method, params), "id": id_})
        return id_

    def request(self, method: str, params: object = _ABSENT) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        return self.answer(self.start_request(method, params))

    def answer(self, id_: object) -> dict[str, Any]:
        """Wait for the answer to request `id_`."""
        while True:
            message = self.receive()
            if "method" not in message and message["id"] == id_:
                return message
            self.others.append(message)

    def receive(self) -> dict[str, Any]:
        """The next message of the server."""
        message = self._incoming.get(timeout=PATIENCE_SECONDS)
        if isinstance(message, EOFError):
            raise EOFError(f"the server has ended with code {self.wait()}: {self.stderr()}")
        if isinstance(message, Exception):
            raise message
        self._watch.take(message)
        self._watch.check()
        return message

    def initialize(self, **params: object) -> dict[str, Any]:
        """Do the handshake; returns the result of `initialize`."""
        defaults = {"processId": None, "rootUri": None, "capabilities": {}}
        answer = self.request("initialize", {**defaults, **params})
        self.notify("initialized", {})
        return answer["result"]

    def end(self) -> int:
        """Shut down and exit; returns the exit code."""
        assert self.request("shutdown")["result"] is None
        self.notify("exit")
        return self.wait()

    def wait(self) -> int:
        """Wait for the end of the process; returns the exit code."""
        return self.process.wait(PATIENCE_SECONDS)

    def stderr(self) -> str:
        """What the process has written to stderr so far."""
        return Path(self._stderr.name).read_text(encoding="utf-8")

    def wait_for_stderr(self, text: str) -> None:
        """Wait until the process has written `text` to stderr."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while text not in self.stderr():
            assert time.monotonic() < deadline, f"not on stderr: {text}"
            time.sleep(0.01)

    def _read(self, stdout: IO[bytes]) -> None:
        try:
            while header := stdout.readline():
                match = re.fullmatch(rb"Content-Length: (\d+)\r\n", header)
                assert match, f"not a header: {header!r}"
                assert stdout.readline() == b"\r\n"
                self._incoming.put(json.loads(stdout.read(int(match[1]))))
            self._incoming.put(EOFError())
        except Exception as error:  # noqa: BLE001  # handed to the thread that waits
            self._incoming.put(error)


def framed(body: bytes) -> bytes:
    """A body with its header."""
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def _message(method: str, params: object) -> dict[str, object]:
    message: dict[str, object] = {"jsonrpc": "2.0", "method": method}
    return message if params is _ABSENT else {**message, "params": params}
