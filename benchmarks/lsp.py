"""A small client for the benchmarks: a real server process, spoken to over its pipes. Standard library only."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Server:
    """`dragoman serve` and the messages it has sent, each with the moment at which it was read."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "dragoman", "serve"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._next_id = 0

    def initialize(self, folder_uri: str | None = None) -> dict[str, Any]:
        """The handshake; returns the result."""
        params = {"processId": None, "rootUri": folder_uri, "capabilities": {}}
        result = self.request("initialize", params)
        self.notify("initialized", {})
        return result

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def request(self, method: str, params: dict[str, Any]) -> Any:
        """Send a request and wait for its answer."""
        id_ = self.send_request(method, params)
        return self.wait_for(lambda message: message.get("id") == id_ and "method" not in message)["result"]

    def send_request(self, method: str, params: dict[str, Any]) -> int:
        """Send a request; the answer is to be waited for."""
        self._next_id += 1
        self._send({"id": self._next_id, "method": method, "params": params})
        return self._next_id

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message that is wanted; `receivedAt` is the time.monotonic_ns of its last byte."""
        while True:
            message = self._read()
            if wanted(message):
                return message

    def memory(self) -> float:
        """The memory that the process has in use, in MB (Linux: VmRSS)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def stop(self) -> None:
        """Shut the server down."""
        self.request("shutdown", {})
        self.notify("exit", {})
        self._process.wait(10)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise EOFError("the server has ended")
        body = self._process.stdout.read(length)
        received_at = time.monotonic_ns()
        return {**json.loads(body), "receivedAt": received_at}


def report(name: str, milliseconds: list[float]) -> None:
    """One line: the median, the 95th percentile and the worst."""
    ordered = sorted(milliseconds)
    median, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    print(f"{name:<44} median {median:7.2f} ms   p95 {late:7.2f} ms   worst {ordered[-1]:7.2f} ms")
