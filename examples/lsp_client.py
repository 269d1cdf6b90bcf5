"""A small client of the language server protocol for the demo: what an editor does, without the editor."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

JsonObject = dict[str, Any]

PATIENCE = 30  # seconds of silence after which the server is given up
LINE_END = re.compile(r"\r\n|\r|\n")


class ServerError(Exception):
    """The server answered with an error, or not at all; the message is for the user."""


class Editor:
    """One request at a time; what arrives meanwhile is handled on the way. `texts` holds the open files as edited."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.texts: dict[Path, str] = {}
        self._process = process
        self._last_id = 0
        self._versions: dict[Path, int] = {}
        self._published: dict[str, JsonObject] = {}
        self._progress: Callable[[Any], None] | None = None
        self._initialize(folder)

    def open(self, path: Path) -> list[JsonObject]:
        """Open a file; returns its diagnostics from top to bottom."""
        self.texts[path], self._versions[path] = path.read_text("utf-8"), 1
        document = {"uri": path.as_uri(), "languageId": "json", "version": 1, "text": self.texts[path]}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return self._diagnostics(path)

    def change(self, path: Path, edits: list[JsonObject]) -> list[JsonObject]:
        """Apply text edits to an open file; returns its new diagnostics."""
        text = self.texts[path]
        replaced = [
            (*(offset(text, edit["range"][side]) for side in ("start", "end")), edit["newText"]) for edit in edits
        ]
        for start, end, new in sorted(replaced, reverse=True):
            text = text[:start] + new + text[end:]
        self.texts[path] = text
        self._versions[path] += 1
        document = {"uri": path.as_uri(), "version": self._versions[path]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        return self._diagnostics(path)

    def quick_fix(self, path: Path, diagnostic: JsonObject) -> tuple[str, list[JsonObject]]:
        """The title and the text edits of the first quick-fix for a diagnostic."""
        context = {"diagnostics": [diagnostic], "only": ["quickfix"]}
        params = {"textDocument": {"uri": path.as_uri()}, "range": diagnostic["range"], "context": context}
        for action in self.request("textDocument/codeAction", params) or []:
            if edits := action.get("edit", {}).get("changes", {}).get(path.as_uri()):
                return action["title"], edits
        raise ServerError(f"there is no quick-fix for: {diagnostic['message']}")

    def request(self, method: str, params: Any, progress: Callable[[Any], None] | None = None) -> Any:
        """Send a request and wait for its result; `progress` gets the values of `$/progress` on the token `answer`."""
        self._last_id += 1
        self._progress = progress
        self._send({"id": self._last_id, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" in message:
                self._handle(message)
            elif message["id"] == self._last_id:
                if error := message.get("error"):
                    raise ServerError(f"{method}: {error['message']}")
                return message["result"]

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def _initialize(self, folder: Path) -> None:
        quick_fixes = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}
        documents = {"publishDiagnostics": {"versionSupport": True}, "codeAction": quick_fixes}
        params = {
            "processId": os.getpid(),
            "rootUri": folder.as_uri(),
            "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
            "capabilities": {"general": {"positionEncodings": ["utf-16"]}, "textDocument": documents},
        }
        self.request("initialize", params)
        self.notify("initialized", {})

    def _diagnostics(self, path: Path) -> list[JsonObject]:
        uri, version = path.as_uri(), self._versions[path]
        while (published := self._published.get(uri)) is None or published.get("version") != version:
            self._handle(self._receive())
        return sorted(published["diagnostics"], key=lambda each: offset(self.texts[path], each["range"]["start"]))

    def _handle(self, message: JsonObject) -> None:
        params = message.get("params") or {}
        match message.get("method"):
            case "textDocument/publishDiagnostics":
                self._published[params["uri"]] = params
            case "$/progress" if params["token"] == "answer" and self._progress:
                self._progress(params["value"])
            case "workspace/configuration":
                self._send({"id": message["id"], "result": [None for _ in params["items"]]})
            case _ if "id" in message:  # whatever else a server asks a client that promised so little, null will do
                self._send({"id": message["id"], "result": None})
            case _:
                pass  # log messages and the like

    def _send(self, message: JsonObject) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            self._process.stdin.flush()
        except OSError:
            raise ServerError("the language server has ended") from None

    def _receive(self) -> JsonObject:
        assert self._process.stdout is not None
        giving_up = threading.Timer(PATIENCE, self._process.kill)
        giving_up.daemon = True
        try:
            giving_up.start()
            length = 0
            while (line := self._process.stdout.readline().strip()) or not length:
                name, colon, value = line.partition(b":")
                if not colon:
                    raise ServerError(f"the language server has ended, or was silent for {PATIENCE} s")
                if name.lower() == b"content-length":
                    length = int(value)
            return json.loads(self._process.stdout.read(length))
        finally:
            giving_up.cancel()


def offset(text: str, position: JsonObject) -> int:
    """Where an LSP position lies in `text`: `character` counts UTF-16 units, Python counts characters."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    start = starts[position["line"]]
    before = text[start:].encode("utf-16-le")[: 2 * position["character"]]
    return start + len(before.decode("utf-16-le"))
