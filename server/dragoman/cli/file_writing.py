"""Writing a file of the user's: all of it or nothing, with the mode it has."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_PRIVATE = 0o600


def replace_file(path: Path, text: str, *, is_private: bool = False) -> None:
    """Write the whole file in one step, with the mode it has; where a link leads, not in the link's place.

    `is_private`: whether a new file is for the user alone. Raises `OSError`.
    """
    file = path.resolve()
    file.parent.mkdir(parents=True, exist_ok=True)
    mode = file.stat().st_mode & 0o7777 if file.exists() else _PRIVATE if is_private else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as written:
            written.write(text.encode())
            written.flush()
            os.fsync(written.fileno())
        Path(name).chmod(mode)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
