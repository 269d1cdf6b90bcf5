"""`dragoman agents`: which agents there are; a new one, from a kind of agent or from a `curl` command."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import NoReturn

from dragoman.agents.model import JsonValue
from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.starter import start_agent
from dragoman.cli.agent_writing import Target, shown_path, write_new_agent
from dragoman.features.agents import AgentStatus, agent_statuses
from dragoman.lint.kept import Patience
from dragoman.lint.suggest import closest
from dragoman.paths import path_of, user_agent_file
from dragoman.project.disk import read_agent_files
from dragoman.project.project import Project
from dragoman.syntax.printable import printable
from dragoman.syntax.text import LineIndex


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="the agents of this folder and your own, and what is wrong with them")
    add = actions.add_parser("add", help="write a new agent of a known kind")
    add.add_argument("--provider", required=True, metavar="KIND", help="such as openai, dify, ollama, custom")
    add.add_argument("--url", default="", help="where it is; without it, where agents of this kind usually are")
    add.add_argument("--token", default="", help="default: '${env:KIND_API_KEY}', which is read when a prompt is sent")
    add.add_argument(
        "--parameter", action="append", default=[], type=_pair, metavar="NAME=VALUE", help="such as model=gpt-4o"
    )
    imported = actions.add_parser("import", help="write the agent that a curl command asks")
    imported.add_argument(
        "command", nargs="?", metavar="COMMAND", help="the command in quotes, or a file with it; else stdin"
    )
    for action in (add, imported):
        action.add_argument("--name", default="", help="what pickers show")
        where = action.add_mutually_exclusive_group()
        where.add_argument(
            "--file", type=Path, default=Path("agents.json"), help="where to write it (default: %(default)s)"
        )
        where.add_argument("--user", action="store_true", help="write it to your own agents, for all folders")


def run(arguments: argparse.Namespace) -> int:
    """Do the work: 0, or 1 with a sentence on stderr where nothing could be written."""
    if arguments.action == "list":
        return _list()
    target = Target(user_agent_file() if arguments.user else arguments.file, is_users=arguments.user)
    try:
        return _add(arguments, target) if arguments.action == "add" else _import(arguments, target)
    except OSError as error:
        return _complain(f"{error.filename}: {error.strerror}")
    except ValueError as error:  # what refuses a file or a command says so in a sentence
        return _complain(str(error))


def _list() -> int:
    project = _project()
    statuses = agent_statuses(project, Patience())
    if not statuses:
        own = shown_path(user_agent_file())
        print(f"There are no agents in this folder or in {own}.\nStart one: dragoman agents add --provider openai")
        return 0
    rows = [_row(project, status) for status in statuses]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, status in zip(rows, statuses, strict=True):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        for problem in status.problems:
            print(f"    {printable(problem)}")
    return 0


def _row(project: Project, status: AgentStatus) -> tuple[str, ...]:
    """Name, provider, host, state and place."""
    known = status.known
    path, file = path_of(known.uri), project.agent_file(known.uri)
    line = LineIndex(file.text).line_at(known.entry.name_span.start) + 1 if file else 1
    state = status.state.value if known.agent.enabled else "disabled"
    place = f"{shown_path(path) if path else known.uri}:{line}"
    return tuple(map(printable, (known.agent.name, known.agent.provider, status.host, state, place)))


def _add(arguments: argparse.Namespace, target: Target) -> int:
    catalog = _project().providers("user" if target.is_users else "workspace")
    definition = catalog.definition(arguments.provider)
    if definition is None:
        meant = closest(arguments.provider, catalog.names)
        hint = f"did you mean {meant}?" if meant else f"known are {', '.join(catalog.names)}."
        raise ValueError(f"There is no kind of agent {printable(arguments.provider)}: {hint}")
    parameters = {name: _value(definition, name, text) for name, text in arguments.parameter}
    agent = start_agent(
        definition,
        name=arguments.name,
        url=arguments.url,
        token=arguments.token,
        parameters=parameters,
        taken=target.names(),
    )
    write_new_agent(target, agent, catalog)
    return 0


def _import(arguments: argparse.Namespace, target: Target) -> int:
    from dragoman.agents.curl.importing import import_curl

    catalog = _project().providers("user" if target.is_users else "workspace")
    text = _command_text(arguments.command)
    imported = import_curl(text, catalog, name=arguments.name, taken=target.names())
    write_new_agent(target, imported.agent, catalog, imported.variables, imported.notes)
    return 0


def _command_text(given: str | None) -> str:
    """The command itself, or the content of the file or the stream that holds it."""
    if given is None or given == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    is_command = any(character.isspace() for character in given.strip())
    return given if is_command else Path(given).read_bytes().decode("utf-8", "replace")


def _value(definition: ProviderDefinition, name: str, text: str) -> JsonValue:
    """The value of a parameter: a text where the definition wants one, else JSON if it is some."""
    properties = definition.parameters.get("properties")
    schema = properties.get(name) if isinstance(properties, dict) else None
    if isinstance(schema, dict) and schema.get("type") == "string":
        return text
    try:
        return json.loads(text, parse_constant=_reject)
    except ValueError:
        return text


def _reject(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE, such as model=gpt-4o")
    return name, value


def _project() -> Project:
    """What is in this folder, and what is the user's own."""
    project = Project()
    project.set_roots([Path.cwd()])
    project.take_files(read_agent_files(project.roots))
    return project


def _complain(sentence: str) -> int:
    print(f"dragoman agents: {printable(sentence)}", file=sys.stderr)
    return 1
