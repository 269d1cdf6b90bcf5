"""What editors say of themselves in `initialize`, recorded from the real ones with our clients or configurations.

@pytest.mark.parametrize("client", sorted(RECORDED))
async def test_it(tmp_path: Path, client: str) -> None:
    async with start_as(client, tmp_path) as editor:
"""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from lsprotocol import converters, types

from lsp_session import BARE, Editor, able, start

RECORDED: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "lsp/clients").glob("*.json"))
}
"""Capabilities and options as JSON, by editor and version."""

CLIENTS: dict[str, types.ClientCapabilities] = {
    "a client that can do nothing": BARE,
    "one that can do everything": able(),
    **{
        name: converters.get_converter().structure(recorded["capabilities"], types.ClientCapabilities)
        for name, recorded in RECORDED.items()
    },
}


def start_as(client: str, folder: Path, **settings: object) -> AbstractAsyncContextManager[Editor]:
    """A session of one of `CLIENTS`, with the options that it was recorded with but for `settings`."""
    recorded = RECORDED.get(client, {}).get("initializationOptions")
    return start(folder, CLIENTS[client], options={**(recorded or {}), **settings} if settings else recorded)
