"""`dragoman trust`: which agents of workspaces may be asked; to list them, to allow one, to take that back."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dragoman.features.trust_question import trust_question
from dragoman.project.disk import read_agent_files
from dragoman.project.known_agent import KnownAgent
from dragoman.project.project import Project
from dragoman.syntax.printable import printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="the agents that may be asked, with workspace, host and date")
    allow = actions.add_parser("allow", help="allow an agent of a workspace to be asked")
    allow.add_argument("agent", metavar="AGENT", help="its name")
    allow.add_argument(
        "--workspace",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="the folder that your editor opens (default: this one)",
    )
    revoke = actions.add_parser("revoke", help="take that back")
    which = revoke.add_mutually_exclusive_group(required=True)
    which.add_argument("agent", nargs="?", metavar="NAME", help="the agents of this name, in every workspace")
    which.add_argument("--all", action="store_true", help="every agent")


def run(arguments: argparse.Namespace) -> int:
    """Do the work: 0, or 1 where there is no such agent or the file cannot be written."""
    try:
        match arguments.action:
            case "list":
                return _list()
            case "allow":
                return _allow(arguments.agent, arguments.workspace)
            case _:
                return _revoke(arguments.agent)
    except OSError as error:
        return _complain(f"{error.filename or 'the list of trusted agents'} cannot be written: {error.strerror}")


def _list() -> int:
    for consent in Project().trust.consents():
        print("\t".join(map(printable, (consent.agent, consent.workspace, consent.host, consent.at))))
    return 0


def _allow(name: str, folder: Path) -> int:
    project = Project()
    project.set_roots([folder.absolute()])
    project.take_files(read_agent_files(project.roots))
    found = [known for known in project.all_agents() if known.agent.name == name and known.origin == "workspace"]
    if len(found) != 1:
        return _complain(_not_one(name, folder, found))
    project.trust.add(found[0].consent())
    _, _, facts = trust_question(found[0]).partition("\n\n")
    print(f"{printable(name)} may be asked from now on.\n{facts}")
    return 0


def _revoke(name: str | None) -> int:
    """Without a name, all of them."""
    gone = Project().trust.remove(lambda consent: name in (None, consent.agent))
    for consent in gone:
        print(f"{printable(consent.agent)} of {printable(consent.workspace)} is not trusted any more.")
    return 0 if gone or name is None else _complain(f"no agent {printable(name)} is trusted")


def _not_one(name: str, folder: Path, found: list[KnownAgent]) -> str:
    if not found:
        return f"no agent file in {folder.absolute()} describes an agent {printable(name)}"
    files = ", ".join(printable(known.uri) for known in found)
    return f"more than one agent has the name {printable(name)}: {files}; allow the one you mean in your editor"


def _complain(sentence: str) -> int:
    print(f"dragoman trust: {sentence}", file=sys.stderr)
    return 1
