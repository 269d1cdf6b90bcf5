"""What a keystroke costs: from a didChange on the pipe to the diagnostics read back, for files of several sizes.

Run as `python benchmarks/keystroke.py`.
"""

from __future__ import annotations

import itertools
import json
import time

from lsp import Server, report

KEYSTROKES = 100
VERSIONS = itertools.count(2)


def main() -> None:
    """Measure for 1, 100 and 3,000 agents: keys that keep the file right, make a value wrong, break the file."""
    for count in (1, 100, 3000):
        server = Server()
        server.initialize()
        text = agents_text(count)
        uri = "file:///workspace/agents.json"
        document = {"uri": uri, "languageId": "json", "version": 1, "text": text}
        began = time.monotonic_ns()
        server.notify("textDocument/didOpen", {"textDocument": document})
        opened = server.wait_for(lambda message: message.get("method") == "textDocument/publishDiagnostics")
        report(f"open, {count} agents", [(opened["receivedAt"] - began) / 1e6])
        name = text.index(f'"agent {count // 2}"') + len('"agent')
        line, column = place_of(text, name)
        report(f"key inside a string, {count} agents", type_keys(server, uri, line, column, "x"))
        action = place_of(text, text.index('"Stream"', name) + 1)
        report(f"key that makes a value wrong or right, {count} agents", type_keys(server, uri, *action, "x"))
        report(f"key that breaks the agent, {count} agents", type_keys(server, uri, line, 0, "]"))
        server.stop()


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset."""
    return text.count("\n", 0, offset), offset - (text.rfind("\n", 0, offset) + 1)


def type_keys(server: Server, uri: str, line: int, column: int, key: str) -> list[float]:
    """Type a key and take it back, many times; milliseconds to each answer."""
    taken: list[float] = []
    start = {"line": line, "character": column}
    typed = {"range": {"start": start, "end": start}, "text": key}
    taken_back = {"range": {"start": start, "end": {**start, "character": column + 1}}, "text": ""}
    for stroke in range(KEYSTROKES):
        version = next(VERSIONS)
        began = time.monotonic_ns()
        change = taken_back if stroke % 2 else typed
        document = {"uri": uri, "version": version}
        server.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        answer = server.wait_for(lambda message: message.get("params", {}).get("version") == version)  # noqa: B023
        taken.append((answer["receivedAt"] - began) / 1e6)
    return taken


def agents_text(count: int) -> str:
    """A file of so many agents, as an editor formats it."""
    request_format = json.dumps({"customFields": {"model": "yi-34b-chat", "stream": True}})
    agents = [
        {
            "name": f"agent {number}",
            "url": f"http://127.0.0.1:8765/agents/{number}",
            "auth": {"type": "Bearer", "token": "${env:TOKEN}"},
            "connector": {"requestFormat": request_format, "responseFormat": "$.choices[0].delta.content"},
            "responseAction": "Stream",
            "interactive": "ChatPanel",
        }
        for number in range(count)
    ]
    return json.dumps(agents, indent=2)


if __name__ == "__main__":
    main()
