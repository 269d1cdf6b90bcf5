"""However a text came about, and in whatever units: the server says of it what it says of the same text opened."""

from __future__ import annotations

import json
from random import Random

import pytest

from lsp_session import between
from raw_client import RawClient

SCRIPTS, EDITS = 40, 25
PIECES = [
    '{"name": "ä😀", "url": "http://h/"}',
    '"naem"',
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\r\n",
    "\r",
    "\n",
    "\u2028",
    "\x85",
]
PIECES += [
    "😀",
    "é",
    "日本",
    "\ud800",
    "//x\n",
    "/*",
    "*/",
    "1",
    " ",
    "",
    '"enabled": tru',
    '"interactive": "chatpanel"',
    "\\",
    "\x0c",
]
WIDTH = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "utf-32": len,
}


@pytest.mark.parametrize("encoding", WIDTH)
def test_random_edits(encoding: str) -> None:
    random = Random(encoding)
    capabilities = {"general": {"positionEncodings": [encoding]}}
    with RawClient() as client:
        client.initialize(capabilities=capabilities)
        for number in range(SCRIPTS):
            edited, fresh = f"file:///edited{number}.agents.json", f"file:///fresh{number}.agents.json"
            text = random_text(random)
            open_document(client, edited, text)
            for version in range(2, EDITS):
                changes, text = random_changes(random, text, encoding)
                identifier = {"uri": edited, "version": version}
                client.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": changes})
            open_document(client, fresh, text)
            assert said_of(client, edited) == said_of(client, fresh), (number, text)


def random_text(random: Random) -> str:
    return "[" + "".join(random.choices(PIECES, k=30)) + "]"


def random_changes(random: Random, text: str, encoding: str) -> tuple[list[object], str]:
    changes: list[object] = []
    for _ in range(random.randint(1, 3)):
        start = random.randint(0, len(text))
        end = min(len(text), start + random.choice([0, 0, 1, 2, 9, 40]))
        new = "".join(random.choices(PIECES, k=random.choice([0, 1, 1, 2, 5])))
        start, end = (place if is_place(text, place) else place - 1 for place in (start, end))
        if random.random() < 0.05:
            start, end = 0, len(text)
            changes.append({"text": new})
        else:
            range_ = between(*position(text, start, encoding), *position(text, end, encoding))
            changes.append({"range": range_, "text": new})
        text = text[:start] + new + text[end:]
    return changes, text


def is_place(text: str, offset: int) -> bool:
    """No editor can name the place between CR and LF."""
    return text[offset - 1 : offset + 1] != "\r\n"


def position(text: str, offset: int, encoding: str) -> tuple[int, int]:
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines) - 1, WIDTH[encoding](lines[-1])


def open_document(client: RawClient, uri: str, text: str) -> None:
    document = {"uri": uri, "languageId": "json", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})


def said_of(client: RawClient, uri: str) -> object:
    """Its outline and its diagnostics, which the server has sent when it answers."""
    document = {"textDocument": {"uri": uri}}
    outline = client.request("textDocument/documentSymbol", document)["result"]
    client.request("dragoman/stop", {"turnId": "of nobody"})
    published = [
        message["params"]["diagnostics"]
        for message in client.others
        if message["method"] == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri
    ]
    return json.loads(json.dumps([outline, published[-1]]).replace(uri, ""))
