"""How long a token is on its way: from an agent's write to the editor's read, with everything between them real.

Run as `python benchmarks/first_token.py`. The agent is a thread of this process, so both moments are of one clock.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from lsp import Server, report

PROMPTS = 40
TOKENS = 20
SECONDS_BETWEEN_TOKENS = 0.005


def main() -> None:
    """Measure the first token of warm turns and the tokens behind it."""
    agent = Agent()
    with tempfile.TemporaryDirectory() as folder:
        configuration = [{"name": "bench", "url": f"http://127.0.0.1:{agent.port}/", "connector": CONNECTOR}]
        own = Path(folder) / "config/dragoman"  # the user's own agents are asked without a question
        own.mkdir(parents=True)
        (own / "agents.json").write_text(json.dumps(configuration))
        environment = {**os.environ, "XDG_CONFIG_HOME": f"{folder}/config", "XDG_DATA_HOME": f"{folder}/data"}
        server = Server(environment)
        server.initialize(Path(folder).as_uri())
        first: list[float] = []
        later: list[float] = []
        for number in range(PROMPTS):
            taken = ask(server, agent, f"turn-{number}")
            first.append(taken[0])
            later += taken[1:]
        report("first token, cold (the first prompt of a server)", first[:1])
        report("first token, warm", first[1:])
        report("every other token", later)
        server.stop()


CONNECTOR = {"responseFormat": "$.choices[0].delta.content"}


def ask(server: Server, agent: Agent, turn_id: str) -> list[float]:
    """One turn; how long each token was on its way, in milliseconds."""
    params = {"agent": "bench", "prompt": "go", "turnId": turn_id, "partialResultToken": turn_id}
    request = server.send_request("dragoman/prompt", params)
    read_at: list[int] = []
    while True:
        message = server.wait_for(lambda _: True)
        if message.get("id") == request:
            break
        if message.get("method") == "$/progress":
            tokens = sum(event.get("delta", "").count("token") for event in events(message))
            read_at += [message["receivedAt"]] * tokens  # what one read of the socket gave travels together
    return [(read - written) / 1e6 for read, written in zip(read_at, agent.written_at, strict=True)]


def events(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The turn events of a progress notification."""
    value = message["params"]["value"]
    return value if isinstance(value, list) else []


class Agent:
    """An HTTP agent that streams a fixed number of tokens and remembers when it wrote each."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.written_at: list[int] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._keep_answering, args=(connection,), daemon=True).start()

    def _keep_answering(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, connection.makefile("rb") as incoming:
            while self._read_request(incoming):
                self._answer(connection)

    def _read_request(self, incoming: Any) -> bool:
        length = 0
        while (line := incoming.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return len(incoming.read(length)) == length > 0

    def _answer(self, connection: socket.socket) -> None:
        self.written_at = []
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head)
        for number in range(TOKENS):
            data = json.dumps({"choices": [{"delta": {"content": f"token {number} "}}]}).encode()
            self.written_at.append(time.monotonic_ns())
            connection.sendall(chunk(b"data: " + data + b"\n\n"))
            time.sleep(SECONDS_BETWEEN_TOKENS)
        connection.sendall(chunk(b"data: [DONE]\n\n") + chunk(b""))


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n" % len(data) + data + b"\r\n"


if __name__ == "__main__":
    main()
