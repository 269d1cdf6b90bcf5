"""Where things lie on this machine: folders of the user, and `file:` URIs."""

from __future__ import annotations

import os
import sys
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit


def user_agent_file() -> Path:
    """The user's own agents: `$XDG_CONFIG_HOME/dragoman/agents.json`, or the platform's equal."""
    return _agent_file_in(_config_folder())


def user_provider_folder() -> Path:
    """Where the user's own definitions of providers are: beside `agents.json`."""
    return _config_folder() / "providers"


def cache_folder() -> Path:
    """Where transcripts and the like go: `$XDG_CACHE_HOME/dragoman`, or the platform's equal."""
    return _users_folder("XDG_CACHE_HOME", "LOCALAPPDATA", "Library/Caches", ".cache")


def data_folder() -> Path:
    """What is kept for the user, such as the history: `$XDG_DATA_HOME/dragoman`, or the platform's equal."""
    return _users_folder("XDG_DATA_HOME", "LOCALAPPDATA", "Library/Application Support", ".local/share")


@lru_cache(maxsize=256)  # it is asked for with every key
def path_of(uri: str) -> Path | None:
    """The path of a `file:` URI; None for every other scheme, and for what no file can be called."""
    try:
        parts = urlsplit(uri)
    except ValueError:  # such as a single bracket in the host
        return None
    path = unquote(parts.path, errors="surrogateescape")
    if parts.scheme != "file" or "\0" in path:
        return None
    if parts.netloc and parts.netloc != "localhost":
        path = f"//{parts.netloc}{path}"
    if sys.platform == "win32" and len(path) > 2 and path[0] == "/" and path[2] == ":":
        path = path[1:]
    return Path(path)


def named_path(uri: str) -> PurePosixPath:
    """What a document is called, to be told by its name: a file's path, or the rest of any other URI."""
    path = path_of(uri)
    return PurePosixPath(path.as_posix() if path else uri.partition(":")[2])


@lru_cache(maxsize=256)
def uri_of(path: Path) -> str:
    """The `file:` URI of an absolute path."""
    text = path.as_posix()
    absolute = text if text.startswith("/") else f"/{text}"
    return "file://" + quote(absolute, safe="/:~@!$&'()*+,;=", errors="surrogateescape")


@lru_cache(maxsize=256)
def canonical_uri(uri: str) -> str:
    """The one of all URIs of a file that `uri_of` gives: editors differ in what they escape."""
    path = path_of(uri)
    return uri_of(path) if path else uri


def _config_folder() -> Path:
    return _users_folder("XDG_CONFIG_HOME", "APPDATA", "Library/Application Support", ".config")


def _users_folder(xdg: str, windows: str, mac: str, elsewhere: str) -> Path:
    """Our folder for one kind of thing. `xdg` names a variable that counts everywhere, `windows` the one there."""
    if configured := os.environ.get(xdg):
        return _below(configured)
    if sys.platform == "win32":
        return _below(os.environ.get(windows) or str(Path.home()))
    return _below_home(mac if sys.platform == "darwin" else elsewhere, os.environ.get("HOME"))


# They are asked for with every key and every look at the agents.


@cache
def _agent_file_in(folder: Path) -> Path:
    return folder / "agents.json"


@cache
def _below_home(folder: str, _home: str | None) -> Path:
    """`_home` is what the answer depends on."""
    return _below(os.path.expanduser(f"~/{folder}"))


@cache
def _below(folder: str) -> Path:
    return Path(folder) / "dragoman"
