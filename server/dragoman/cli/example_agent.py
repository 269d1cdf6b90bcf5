"""`dragoman example-agent`: runs the example agent until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import math
import sys

from dragoman.example_agent.server import example_agent, page


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = page()
    parser.add_argument(
        "--port", type=_port, default=8765, help="the next free one if it is taken; 0: any (default 8765)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    parser.add_argument("--delay", type=_seconds, default=0.03, help="seconds between two tokens (default 0.03)")


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C. The first line on stdout is `example agent on URL`."""
    try:
        asyncio.run(_serve(arguments.host, arguments.port, arguments.delay))
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"dragoman: cannot listen on {arguments.host}: {error.strerror or error}", file=sys.stderr)
    return 1


async def _serve(host: str, port: int, delay: float) -> None:
    async with example_agent(host, port, delay) as url:
        print(f"example agent on {url}", flush=True)
        await asyncio.get_running_loop().create_future()  # until the task is cancelled by Ctrl-C


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("must lie between 0 and 65535")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError("must be a number of seconds, 0 or more")
    return number
