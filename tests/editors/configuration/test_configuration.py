"""The configurations for editors that need no more: they hold what the editors want, and the pages show them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path, PurePosixPath

import pytest
from jsonschema import Draft202012Validator

from dragoman.project.recognise import NAMES, is_agent_file, is_chat_document

CLIENTS = Path(__file__).parents[3] / "editor-clients"
SCHEMA = json.loads((CLIENTS.parent / "schemas/protocol.schema.json").read_text(encoding="utf-8"))
SERVE = ["dragoman", "serve"]

FILES = [name.replace("*", "x") for name in NAMES]
RECOGNISED = [*FILES, *(f"{name}c" for name in FILES), "x.chat.md"]
EVERY = {".json", ".jsonc", ".md"}
"""The endings of all that the server recognises."""


def read(path: str) -> str:
    return (CLIENTS / path).read_text(encoding="utf-8")


def check_settings(options: object) -> None:
    """Settings that the server knows, at the values that it knows."""
    settings = {**SCHEMA, **SCHEMA["$defs"]["Settings"], "additionalProperties": False}
    Draft202012Validator(settings).validate(options)


def test_every_recognised_file_has_one_of_the_endings() -> None:
    assert {PurePosixPath(name).suffix for name in RECOGNISED} == EVERY
    assert all(
        is_agent_file(PurePosixPath(name), "") or is_chat_document(PurePosixPath(name), "") for name in RECOGNISED
    )


def test_helix() -> None:
    config = tomllib.loads(read("helix/languages.toml"))
    server = config["language-server"]["dragoman"]
    assert [server["command"], *server["args"]] == SERVE
    languages = {language["name"]: language["language-servers"] for language in config["language"]}
    assert {name: servers[-1] for name, servers in languages.items()} == dict.fromkeys(
        ("json", "jsonc", "markdown"), "dragoman"
    )
    assert all(len(servers) > 1 for servers in languages.values())  # a list replaces the default one


def test_sublime() -> None:
    (server,) = json.loads(read("sublime/LanguageServers.sublime-settings")).values()
    assert (server["enabled"], server["command"]) == (True, SERVE)
    assert server["selector"].split(" | ") == ["source.json", "text.html.markdown"]


def test_kate() -> None:
    servers = json.loads(read("kate/settings.json"))["servers"]
    assert {name: server["command"] for name, server in servers.items()} == {"json": SERVE, "markdown": SERVE}
    for mode, server in zip(("JSON", "Markdown"), servers.values(), strict=True):
        assert re.search(server["highlightingModeRegex"], mode)
        check_settings(server["initializationOptions"])


def test_jetbrains() -> None:
    template = json.loads(read("jetbrains/template.json"))
    assert template["programArgs"]["default"].split() == SERVE
    patterns = [mapping["fileType"]["patterns"] for mapping in template["fileTypeMappings"]]
    names = [PurePosixPath(name).name for name in RECOGNISED]
    assert [name for name in names if not any(PurePosixPath(name).match(glob) for (glob,) in patterns)] == []
    check_settings(json.loads(read("jetbrains/initializationOptions.json")))
    check_settings(json.loads(read("jetbrains/settings.json"))["dragoman"])


def test_zed() -> None:
    extension = tomllib.loads(read("zed/extension.toml"))
    cargo = tomllib.loads(read("zed/Cargo.toml"))
    languages = extension["language_servers"]["dragoman"]["languages"]
    assert languages == ["JSON", "JSONC", "Markdown"]
    assert list(json.loads(read("zed/settings.json"))["languages"]) == languages
    assert extension["version"] == cargo["package"]["version"]
    assert cargo["lib"]["crate-type"] == ["cdylib"]
    assert 'which("dragoman")' in read("zed/src/lib.rs")
    assert 'args: vec!["serve".into()]' in read("zed/src/lib.rs")


@pytest.mark.parametrize(
    ("file", "command"),
    [
        ("ale.vim", "'executable': 'dragoman', 'command': '%e serve --position-encoding utf-8'"),
        ("vim-lsp.vim", "'cmd': ['dragoman', 'serve']"),
        ("yegappan-lsp.vim", "path: exepath('dragoman'), args: ['serve']"),
    ],
)
def test_vim(file: str, command: str) -> None:
    text = re.sub(r"\n *\\ *", " ", read(f"vim/{file}"))
    assert command in text
    assert "get(g:, 'dragoman_filetypes', ['json', 'jsonc', 'markdown'])" in text
    for options in re.findall(r"'initialization_options': ({.*?})", text):
        check_settings(json.loads(options.replace("'", '"')))


@pytest.mark.parametrize("editor", ["helix", "jetbrains", "kate", "sublime", "vim", "zed"])
def test_the_page_shows_the_files(editor: str) -> None:
    blocks = re.findall(r"^```\w+\n(.*?)^```$", read(f"{editor}/README.md"), re.DOTALL | re.MULTILINE)
    files = [path.read_text(encoding="utf-8") for path in (CLIENTS / editor).iterdir() if path.is_file()]
    assert [block for block in blocks if block not in files] == []
