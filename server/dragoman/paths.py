"""Where things lie on this machine: folders of the user, and `file:` URIs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit


def user_agent_file() -> Path:
    """The user's own agents: `$XDG_CONFIG_HOME/dragoman/agents.json`, or the platform's equal."""
    return _config_folder() / "dragoman" / "agents.json"


def cache_folder() -> Path:
    """Where transcripts and the like go: `$XDG_CACHE_HOME/dragoman`, or the platform's equal."""
    if configured := os.environ.get("XDG_CACHE_HOME"):
        return Path(configured) / "dragoman"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "dragoman" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "dragoman"
    return Path.home() / ".cache" / "dragoman"


def data_folder() -> Path:
    """What is kept for the user, such as the history: `$XDG_DATA_HOME/dragoman`, or the platform's equal."""
    if configured := os.environ.get("XDG_DATA_HOME"):
        return Path(configured) / "dragoman"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "dragoman" / "data"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "dragoman"
    return Path.home() / ".local" / "share" / "dragoman"


def path_of(uri: str) -> Path | None:
    """The path of a `file:` URI; None for every other scheme, and for what no file can be called."""
    try:
        parts = urlsplit(uri)
    except ValueError:  # such as a single bracket in the host
        return None
    path = unquote(parts.path)
    if parts.scheme != "file" or "\0" in path:
        return None
    if parts.netloc and parts.netloc != "localhost":
        path = f"//{parts.netloc}{path}"
    if sys.platform == "win32" and len(path) > 2 and path[0] == "/" and path[2] == ":":
        path = path[1:]
    return Path(path)


def uri_of(path: Path) -> str:
    """The `file:` URI of an absolute path."""
    text = path.as_posix()
    return "file://" + quote(text if text.startswith("/") else f"/{text}", safe="/:~@!$&'()*+,;=")


def canonical_uri(uri: str) -> str:
    """The one of all URIs of a file that `uri_of` gives: editors differ in what they escape."""
    path = path_of(uri)
    return uri_of(path) if path else uri


def _config_folder() -> Path:
    if configured := os.environ.get("XDG_CONFIG_HOME"):
        return Path(configured)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home()))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path.home() / ".config"
