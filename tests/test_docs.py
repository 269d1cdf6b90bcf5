"""The documentation says what is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import generate
from dragoman.cli.main import SUBCOMMANDS
from dragoman.lint.page import link_to, rules_page
from dragoman.lint.registry import RULES
from dragoman.paths import uri_of
from protocol_page import PART

CHECKOUT = Path(__file__).parents[1]


@pytest.mark.parametrize("page", generate.pages())
def test_the_generated_pages_are_up_to_date(page: str) -> None:
    committed = (CHECKOUT / "docs" / page).read_text(encoding="utf-8")
    assert committed == generate.pages()[page], "run: python docs/generate.py"


def test_the_schema_says_what_the_definitions_of_providers_say() -> None:
    committed = (CHECKOUT / "schemas/agent.schema.json").read_text(encoding="utf-8")
    assert committed == generate.schema(), "run: python docs/generate.py"


def test_the_schema_of_the_settings_says_what_that_of_the_protocol_says() -> None:
    committed = (CHECKOUT / "schemas/settings.schema.json").read_text(encoding="utf-8")
    assert committed == generate.settings(), "run: python docs/generate.py"


def test_the_rules_link_to_where_they_are_explained() -> None:
    lines = rules_page().read_text(encoding="utf-8").split("\n")
    for rule in RULES:
        page, _, line = str(link_to(rule.name)).partition("#L")
        assert page == uri_of(rules_page())
        assert lines[int(line) - 1] == f"## {rule.name}"
    assert link_to("In the file") is None


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


def test_the_protocol_page_holds_all_that_is_made_for_it() -> None:
    page = (CHECKOUT / "docs/protocol.md").read_text(encoding="utf-8")
    assert [mark[2] for mark in PART.finditer(page)] == ["requests", "messages", "types", "commands", "settings"]
    schema = json.loads((CHECKOUT / "schemas/protocol.schema.json").read_text(encoding="utf-8"))
    names = [name for group in schema["properties"].values() for name in group.get("properties", ())]
    assert [name for name in names if "ragoman" in name and f"\n| `{name}` |" not in page] == []
