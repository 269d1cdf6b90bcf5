"""The documentation says what is."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from dragoman.chat.events import ErrorCode, StopReason
from dragoman.cli.main import SUBCOMMANDS
from dragoman.lsp.routes import register
from dragoman.lsp.server import create_server

CHECKOUT = Path(__file__).parents[1]
PROTOCOL = (CHECKOUT / "docs/protocol.md").read_text(encoding="utf-8")


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", CHECKOUT / "docs/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["configuration.md", "providers.md", "rules.md"])
def test_the_generated_pages_are_up_to_date(page: str) -> None:
    committed = (CHECKOUT / "docs" / page).read_text(encoding="utf-8")
    assert committed == generator().pages()[page], "run: python docs/generate.py"


def test_the_schema_says_what_the_definitions_of_providers_say() -> None:
    committed = (CHECKOUT / "schemas/agent.schema.json").read_text(encoding="utf-8")
    assert committed == generator().schema(), "run: python docs/generate.py"


def test_the_protocol_page_names_every_method_and_command() -> None:
    features = create_server(register).protocol.fm
    methods = {method for method in features.features if method.startswith("dragoman/")}
    commands = set(features.commands)
    told = set(re.findall(r"^\| `(dragoman[/.]\w+)`", PROTOCOL, re.MULTILINE))
    from_server = {"dragoman/agentsChanged", "dragoman/turn", "dragoman/ask"}
    assert told == methods | commands | from_server


@pytest.mark.parametrize("enum", [ErrorCode, StopReason])
def test_the_protocol_page_names_every_code(enum: type[ErrorCode | StopReason]) -> None:
    assert [member.value for member in enum if f'"{member.value}"' not in PROTOCOL] == []


def test_the_pages_link_to_what_exists() -> None:
    pages = [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").glob("*.md"), *CHECKOUT.glob("editor-clients/*/README.md")]
    links = [
        (page.name, link)
        for page in pages
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert links == []


def test_the_readme_names_every_subcommand() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert [name for name in SUBCOMMANDS if f"dragoman {name}" not in readme] == []


def test_the_schema_in_the_readme_is_where_it_says() -> None:
    assert (CHECKOUT / "schemas/agent.schema.json").exists()


def test_architecture_names_every_folder_of_the_package() -> None:
    text = (CHECKOUT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = [path.name for path in (CHECKOUT / "server/dragoman").iterdir() if (path / "__init__.py").exists()]
    assert [folder for folder in folders if folder not in text] == []
