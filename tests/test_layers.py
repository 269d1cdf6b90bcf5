"""The architecture holds: imports go down only, and each foreign library is used in one place."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import dragoman

PACKAGE = Path(dragoman.__file__).parent
CHECKOUT = PACKAGE.parents[1]
PLACES = {
    "pygls": ("lsp/",),
    "lsprotocol": ("lsp/",),
    "httpx": ("chat/request", "chat/transport"),
    "httpcore": ("chat/transport/network",),
    "jsonschema": ("schema/",),
    "jsonpath_ng": ("syntax/jsonpath/",),
    "keyring": ("secrets/",),
    "sqlite3": ("chat/history/store",),
}
"""Library → the files that may import it, by the start of their path."""

LAZY = {"httpx", "jsonschema", "jsonpath_ng", "keyring"}
"""What is imported when first needed, since it is slow."""


def test_imports_go_down_only(tmp_path: Path):
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    ran = subprocess.run(
        [*command, "--cache-dir", str(tmp_path)], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("library", PLACES)
def test_each_library_is_used_in_its_place_only(library: str):
    users = {path for path, module, _ in imports() if module == library}
    assert [path for path in sorted(users) if not path.startswith(PLACES[library])] == []


def test_slow_libraries_are_imported_when_needed():
    assert [(path, module) for path, module, at_top in imports() if module in LAZY and at_top] == []


def test_imports_are_absolute():
    nodes = [(path, node) for path, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert [path for path, node in nodes if node.level] == []


def imports() -> Iterator[tuple[str, str, bool]]:
    """Each import that is carried out: the file, the library's name, and whether it stands at the top level."""
    for path, tree in trees():
        only_for_types = {id(inner) for node in ast.walk(tree) if is_for_types(node) for inner in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in only_for_types:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
                yield from ((path, name.partition(".")[0], node in tree.body) for name in names)


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@cache
def trees() -> list[tuple[str, ast.Module]]:
    files = sorted(PACKAGE.rglob("*.py"))
    return [(file.relative_to(PACKAGE).as_posix(), ast.parse(file.read_text("utf-8"))) for file in files]
