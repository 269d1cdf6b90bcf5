"""`dragoman schema`."""

from __future__ import annotations

import pytest

from command_line import CommandLine, Done
from dragoman.schema.store import schema_folder

SHIPPED = [file.name.removesuffix(".schema.json") for file in schema_folder().glob("*.schema.json")]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_schema_is_printed_to_the_last_byte(shell: CommandLine, name: str):
    text = (schema_folder() / f"{name}.schema.json").read_bytes().decode()
    assert shell.run("schema", name) == Done(0, text, "")


def test_without_a_name_that_of_agent_files(shell: CommandLine):
    assert shell.run("schema") == shell.run("schema", "agent")


def test_a_schema_that_there_is_not(shell: CommandLine):
    done = shell.run("schema", "agents")
    assert done.code == 2
    assert "invalid choice: 'agents'" in done.err
