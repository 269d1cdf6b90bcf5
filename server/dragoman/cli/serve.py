"""`dragoman serve`: the language server."""

from __future__ import annotations

import argparse
import asyncio
import gc
import linecache
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.lsp import logs, stdio

if TYPE_CHECKING:
    from dragoman.lsp.server import DragomanServer


LOOPBACK = "127.0.0.1"
"""Where to listen unless told otherwise: whoever reaches the server reads the workspace's files and uses its tokens."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--stdio", action="store_true", help="talk over stdin and stdout (the default)")
    way.add_argument(
        "--tcp",
        type=_address,
        metavar="[HOST:]PORT",
        help="wait for one client at this address; without HOST 127.0.0.1, port 0: any",
    )
    encoding = "what the editor counts columns in, where that is not what it says"
    parser.add_argument("--position-encoding", choices=("utf-8", "utf-16", "utf-32"), help=encoding)
    log_file = "where to log, instead of stderr and a file that the command dragoman.showLog shows"
    parser.add_argument("--log-file", type=Path, metavar="FILE", help=log_file)
    log_level = "wins over the editor's setting; warning without either"
    parser.add_argument("--log-level", choices=logs.LEVELS, help=log_level)


def run(arguments: argparse.Namespace) -> int:
    """Serve until the client ends it: 0 after `shutdown` and `exit`, else 1."""
    try:
        logs.configure(arguments.log_level, arguments.log_file)
    except OSError as error:
        return _complain(f"cannot log to {arguments.log_file}", error)
    try:
        if arguments.tcp is None:
            return _serve_stdio(arguments.position_encoding)
        host, port = arguments.tcp
        return _serve_tcp(host, port, arguments.position_encoding)
    except KeyboardInterrupt:
        return 130


def _serve_stdio(position_encoding: str | None) -> int:
    try:
        incoming, outgoing = stdio.claim_stdio()  # before the imports, which might print
    except OSError as error:
        return _complain("stdin or stdout is closed", error)
    return asyncio.run(_create_server(position_encoding).serve_stdio(incoming, outgoing))


def _serve_tcp(host: str, port: int, position_encoding: str | None) -> int:
    from dragoman.lint.address import is_loopback

    if not is_loopback(host):
        warning = f"whoever reaches {host} can read your files and ask your agents through this server"
        print(f"dragoman serve: {warning}", file=sys.stderr)
    try:
        return asyncio.run(_create_server(position_encoding).serve_tcp(host, port))
    except OSError as error:
        return _complain(f"cannot listen on {host}:{port}", error)


def _create_server(position_encoding: str | None) -> DragomanServer:
    from dragoman.lsp.routes import register
    from dragoman.lsp.server import create_server

    # What is imported and made ready in a thread meanwhile must not hold up the user's keys for 5 ms at a time.
    sys.setswitchinterval(0.0005)
    server = create_server(register, position_encoding)
    # The types of the protocol are many and stay for good: not to be looked through again and again. Every class of
    # them has left its generated source behind, for debuggers.
    linecache.clearcache()
    gc.freeze()
    return server


def _complain(what: str, error: OSError) -> int:
    print(f"dragoman serve: {what}: {error.strerror}", file=sys.stderr)
    return 2


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is neither HOST:PORT nor PORT, such as 127.0.0.1:7777")
    return host.strip("[]") or LOOPBACK, int(port)
