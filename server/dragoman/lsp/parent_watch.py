"""Notices the death of the process that started the server, also when that leaves our stdin open."""

from __future__ import annotations

import asyncio
import os
import sys

POLL_SECONDS = 2
"""How often to look where the system cannot tell by itself."""


async def process_ended(pid: int) -> None:
    """Return once the process `pid` no longer runs."""
    if sys.platform == "linux":
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        except OSError:
            pass  # an old kernel or a sandbox does not offer it
        else:
            await _until_readable(descriptor)
            return
    while is_running(pid):  # noqa: ASYNC110  # there is no event to wait for
        await asyncio.sleep(POLL_SECONDS)


async def _until_readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def is_running(pid: int) -> bool:
    """True as long as there is a process `pid`, ours to signal or not."""
    if sys.platform == "win32":  # there `os.kill(pid, 0)` is Ctrl+C
        return _is_running_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _is_running_on_windows(pid: int) -> bool:
    import ctypes

    synchronize, still_running = 0x00100000, 0x00000102
    kernel = ctypes.WinDLL("kernel32")
    process = kernel.OpenProcess(synchronize, False, pid)
    if not process:
        return False
    try:
        return kernel.WaitForSingleObject(process, 0) == still_running
    finally:
        kernel.CloseHandle(process)
