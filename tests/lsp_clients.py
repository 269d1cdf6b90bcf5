"""What well-known editors say that they can do, for the tests in which that matters.

@pytest.mark.parametrize("capabilities", CLIENTS.values(), ids=CLIENTS.keys())
"""

from __future__ import annotations

from lsprotocol import types
from pytest_lsp import client_capabilities

from lsp_session import BARE, able

CLIENTS: dict[str, types.ClientCapabilities] = {
    "a client that can do nothing": BARE,
    "one that can do everything": able(),
    "Neovim": client_capabilities("neovim@v0.11.0"),
    "VS Code": client_capabilities("visual_studio_code"),
    "Eglot": client_capabilities("emacs"),
}
