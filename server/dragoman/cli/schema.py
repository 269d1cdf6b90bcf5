"""`dragoman schema`: a JSON Schema as it is shipped, for other tools."""

from __future__ import annotations

import argparse
import sys

from dragoman.schema.store import schema_folder

_END = ".schema.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = sorted(file.name.removesuffix(_END) for file in schema_folder().glob(f"*{_END}"))
    which = f"what it describes: {', '.join(names)} (default: %(default)s)"
    parser.add_argument("name", metavar="NAME", nargs="?", choices=names, default="agent", help=which)


def run(arguments: argparse.Namespace) -> int:
    """Print the file, to the last byte."""
    sys.stdout.buffer.write((schema_folder() / f"{arguments.name}{_END}").read_bytes())
    sys.stdout.buffer.flush()
    return 0
