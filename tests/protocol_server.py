"""A server whose handlers show what the protocol does with them; run as a program by the tests of the protocol."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dragoman.lsp import logs, stdio
from dragoman.lsp.server import DragomanServer, create_server


def register(server: DragomanServer) -> None:
    server.experimental_capabilities["sample"] = {"version": "1"}
    seen: list[str] = []

    @server.feature("sample/echo")
    def echo(params: Any) -> Any:
        return {"params": params, "type": type(params).__name__}

    @server.feature("sample/fail")
    async def fail(params: Any) -> Any:
        raise ValueError(f"the secret is {params['secret']}")

    @server.feature("sample/failAtOnce")
    def fail_at_once(params: Any) -> Any:
        raise KeyError(params["secret"])

    @server.feature("sample/notJson")
    def not_json(params: Any) -> Any:
        return {"value": object()}

    @server.feature("sample/surrogate")
    def surrogate(params: Any) -> Any:
        return "é\ud800"

    @server.feature("sample/sleep")
    async def sleep(params: Any) -> Any:
        server.notify_raw("sample/asleep", {})
        await asyncio.Event().wait()

    @server.feature("sample/print")
    def shout(params: Any) -> Any:
        print("printed by Python")
        os.write(1, b"written by a C library\n")
        subprocess.run([sys.executable, "-c", "print('printed by a child')"], check=True)
        count_input = "import sys; print(len(sys.stdin.read()))"
        return subprocess.run([sys.executable, "-c", count_input], capture_output=True, check=True).stdout.decode()

    @server.feature("sample/ask")
    async def ask(params: Any) -> Any:
        try:
            return {"answer": await server.protocol.send_request_async("sample/question", params)}
        except JsonRpcException as error:
            return {"raised": f"{type(error).__name__}: {error}"}

    @server.feature("sample/applyEdit")
    async def apply_edit(params: Any) -> Any:
        result = await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(types.WorkspaceEdit()))
        return result.applied

    @server.feature("sample/flood")
    async def flood(params: Any) -> Any:
        rounds = 0
        while rounds < params["rounds"]:
            server.notify_raw("sample/drop", {"number": rounds, "text": "x" * params["size"]})
            rounds += 1
            await server.drain()
        return rounds

    @server.feature("sample/fill")
    async def fill(params: Any) -> None:
        draining = asyncio.ensure_future(server.drain())
        while await asyncio.wait({draining}, timeout=0.1) != (set(), {draining}):
            server.notify_raw("sample/drop", {"text": "x" * 1000})
            draining = asyncio.ensure_future(server.drain())
        print("the client's pipe is full", file=sys.stderr, flush=True)
        await draining
        server.notify_raw("sample/drained", {})

    @server.feature("sample/note")
    def note(params: Any) -> None:
        print(params["text"], file=sys.stderr, flush=True)

    @server.feature("sample/ping")
    def ping(params: Any) -> Any:
        return "pong"

    @server.feature("sample/state")
    def state(params: Any) -> Any:
        return {"encoding": server.position_encoding, "seen": seen}

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover:
        return types.Hover(contents=f"{params.text_document.uri} {params.position.line}")

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
    def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        return [types.CodeAction(title="Fix", diagnostics=params.context.diagnostics)]

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        seen.append(f"open {params.text_document.uri}")

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        seen.append(f"change {params.text_document.version}")

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(params: types.DidSaveTextDocumentParams) -> None:
        raise ValueError(f"the secret is {params.text_document.uri}")

    @server.command("sample.join")
    def join(first: Any, second: Any = None) -> Any:
        return [first, second]

    @server.command("sample.wait")
    async def wait_long() -> Any:
        server.notify_raw("sample/asleep", {})
        await asyncio.Event().wait()

    @server.feature(types.EXIT)
    async def at_exit(params: None) -> None:
        await asyncio.sleep(0)
        print("closed in order", file=sys.stderr)
        raise ValueError("sesame")


if __name__ == "__main__":
    logs.configure("debug")
    incoming, outgoing = stdio.claim_stdio()
    print("printed while importing")
    raise SystemExit(asyncio.run(create_server(register).serve_stdio(incoming, outgoing)))
