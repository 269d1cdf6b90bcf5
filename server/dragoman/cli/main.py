"""`dragoman`: the table of subcommands, one line each."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol, cast

from dragoman import __version__


class Subcommand(Protocol):
    """What each module named in `SUBCOMMANDS` offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        ...

    run: Callable[[argparse.Namespace], int]
    """Do the work; the exit code."""


SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("dragoman.cli.serve", "the language server (LSP over stdio or TCP)"),
    "check": ("dragoman.cli.check", "what is wrong with agent files; --fix mends what can be mended safely"),
    "explain": ("dragoman.cli.explain", "what a rule of check is about; without a name, all rules"),
    "agents": ("dragoman.cli.agents", "the agents there are; a new one, also from a curl command: list, add, import"),
    "jsonpath": ("dragoman.cli.jsonpath", "what a JsonPath takes from a JSON document"),
    "schema": ("dragoman.cli.schema", "the JSON Schema of agent files, and others"),
    "trust": ("dragoman.cli.trust", "which agents of workspaces may be asked: list, allow, revoke"),
    "example-agent": ("dragoman.cli.example_agent", "a small HTTP agent on loopback to try things with"),
}
"""Name → module, one line of help. A module is imported only when its subcommand is called."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="dragoman",
        description="Lets any editor talk to any HTTP agent.",
        epilog="\n".join(f"  {name:<16}{summary}" for name, (_, summary) in SUBCOMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"dragoman {__version__}")
    parser.add_argument("command", choices=SUBCOMMANDS, metavar="COMMAND", help="one of those below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="see dragoman COMMAND --help")
    chosen = parser.parse_args(arguments)
    module, summary = SUBCOMMANDS[chosen.command]
    subcommand = cast("Subcommand", import_module(module))
    own = argparse.ArgumentParser(prog=f"dragoman {chosen.command}", description=summary)
    subcommand.add_arguments(own)
    try:
        return subcommand.run(own.parse_args(chosen.arguments))
    except BrokenPipeError:
        # Whoever read our output has had enough, as in `dragoman jsonpath … | head`. Python's own last flush must not
        # complain about it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + 13  # as a shell reports the end by SIGPIPE
