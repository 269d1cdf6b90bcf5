"""Whether the server grows: its memory after long answers, after many turns, and after many at once.

Run as `python benchmarks/soak.py` (Linux: memory is read from /proc). The agent is a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lsp import Server

DELTAS = 100_000
TURNS = 1_000
AT_ONCE = 64
AT_ONCE_DELTAS = 1_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
DELTAS_A_WRITE = 20


def main() -> None:
    """Rounds of `DELTAS` deltas, `TURNS` turns in one conversation and in as many, `AT_ONCE` turns side by side."""
    with tempfile.TemporaryDirectory() as folder, agent_process() as agent:
        assert agent.stdout is not None
        port = int(agent.stdout.readline())
        environment = environment_with_agent(Path(folder), port)
        server = Server(environment)
        server.initialize()
        prompts(server, ["10"])
        print(f"{'the first prompt of all':<56} {server.memory():6.1f} MB")
        for number in range(1, 5):
            measure(server, f"{DELTAS:,} deltas in one answer, round {number}", [str(DELTAS)])
        measure(server, f"{TURNS:,} turns, each a conversation", ["10"] * TURNS)
        measure(server, f"{TURNS:,} turns more", ["10"] * TURNS)
        measure(server, f"{TURNS:,} turns in one conversation", ["10"] * TURNS, conversation="soak")
        for number in range(1, 4):
            together = [str(AT_ONCE_DELTAS)] * AT_ONCE
            measure(
                server, f"{AT_ONCE} at once of {AT_ONCE_DELTAS:,} deltas, round {number}", together, at_once=AT_ONCE
            )
        server.stop()
        agent.terminate()


def measure(server: Server, name: str, texts: list[str], *, conversation: str | None = None, at_once: int = 1) -> None:
    """One line: the memory once these prompts are answered, and how long that took."""
    began = time.monotonic()
    prompts(server, texts, conversation=conversation, at_once=at_once)
    seconds = time.monotonic() - began
    print(f"{name:<56} {server.memory():6.1f} MB   {seconds:6.1f} s")


def prompts(server: Server, texts: list[str], *, conversation: str | None = None, at_once: int = 1) -> None:
    """Ask, `at_once` at a time, and read all answers. The text of a prompt is how many deltas its answer has."""
    for start in range(0, len(texts), at_once):
        waiting: dict[int, int] = {}
        for text in texts[start : start + at_once]:
            params = {"agent": "soak", "prompt": text, "partialResultToken": f"p{start}-{len(waiting)}"}
            if conversation is not None:
                params["conversationId"] = conversation
            waiting[server.send_request("dragoman/prompt", params)] = int(text)
        while waiting:
            answer = server.wait_for(lambda message: message.get("id") in waiting and "method" not in message)  # noqa: B023
            deltas = waiting.pop(answer["id"])
            result = answer["result"]
            assert result["stopReason"] == "completed", result
            assert result["textLength"] == deltas * len("token "), result


def environment_with_agent(folder: Path, port: int) -> dict[str, str]:
    """An environment whose user has one agent."""
    own = folder / "config/dragoman"
    own.mkdir(parents=True)
    connector = {"requestFormat": '{"fields": {"n": "$content"}}', "responseFormat": "$.choices[0].delta.content"}
    agent = {"name": "soak", "url": f"http://127.0.0.1:{port}/", "connector": connector}
    (own / "agents.json").write_text(json.dumps([agent]))
    return {**os.environ, "XDG_CONFIG_HOME": f"{folder}/config", "XDG_DATA_HOME": f"{folder}/data"}


def agent_process() -> subprocess.Popen[bytes]:
    """Run this file as an agent; it writes its port."""
    return subprocess.Popen([sys.executable, __file__, "agent"], stdout=subprocess.PIPE)


async def serve_agent() -> None:
    """Answer each request with as many deltas as its `n` says."""
    data = json.dumps({"choices": [{"delta": {"content": "token "}}]})
    event = f"data: {data}\n\n".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(re.findall(rb"(?i)content-length: *(\d+)", head)[0])
                left = int(json.loads(await reader.readexactly(length))["n"])
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                )
                while left:
                    count = min(left, DELTAS_A_WRITE)
                    writer.write(chunk(event * count))
                    await writer.drain()
                    left -= count
                writer.write(chunk(b"data: [DONE]\n\n") + chunk(b""))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n" % len(data) + data + b"\r\n"


if __name__ == "__main__":
    asyncio.run(serve_agent()) if sys.argv[1:] == ["agent"] else main()
