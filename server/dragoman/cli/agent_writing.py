"""A new agent in a file: written in one step, and told what it is and what is left to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

from dragoman.agents.catalog import ProviderCatalog
from dragoman.agents.model import JsonValue
from dragoman.agents.starter import gaps_in, token_reference, variables_in
from dragoman.agents.writing import Layout, write_agent
from dragoman.cli.file_writing import replace_file
from dragoman.lint.address import host_of, is_loopback
from dragoman.lint.diagnostic import Severity
from dragoman.lint.runner import lint
from dragoman.project.add_agent import add_agent, names_in
from dragoman.project.agent_file import read_agent_file
from dragoman.project.recognise import NAMES, is_agent_file
from dragoman.syntax.printable import printable


@dataclass(frozen=True, slots=True)
class Target:
    """The file to write to. Its methods raise `OSError`, and `ValueError` with a sentence for what is no text."""

    path: Path
    is_users: bool = False

    def text(self) -> str:
        """What is there already, to the last byte; "" for no file."""
        if not self.path.exists():
            return ""
        try:
            return self.path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError(f"{shown_path(self.path)} is no UTF-8 text.") from None

    def names(self) -> set[str]:
        """The names of the agents in it."""
        return names_in(self.text())


def write_new_agent(
    target: Target,
    agent: Mapping[str, JsonValue],
    catalog: ProviderCatalog,
    variables: Mapping[str, str] | None = None,
    notes: Iterable[str] = (),
) -> None:
    """Add `agent` to the file and tell about it. `variables`: those to set → what each has to hold.

    Raises `OSError`, and `ValueError` with a sentence where the file has to be corrected first; then it stays as it is.
    """
    literal = _literal_token(agent)
    try:
        text = add_agent(target.text(), agent)
    except ValueError as error:
        raise ValueError(f"{shown_path(target.path)} stays as it is. {error}") from None
    replace_file(target.path, text, is_private=bool(literal))
    print(f"Added to {shown_path(target.path)}:\n")
    _print_lines(write_agent(_without(agent, literal), Layout()))
    for sentence in [*notes, *_problems(text, str(agent["name"]), catalog)]:
        print(f"- {printable(sentence)}")
    if literal:
        advice = token_reference(str(agent.get("provider", agent["name"])))
        _warn(f"The token stands in {shown_path(target.path)} as it is; {advice} in its place would keep it out.")
    if not target.is_users and not is_agent_file(PurePosixPath(target.path.resolve().as_posix()), ""):
        _warn(f"No editor takes {target.path.name} for an agent file; such names are {', '.join(NAMES)}.")
    print("\nNext:")
    for step in _next_steps(agent, variables or _variables(agent)):
        print(f"- {printable(step)}")


def shown_path(path: Path) -> str:
    """A path as it is called from this folder."""
    absolute, here = path.absolute(), Path.cwd()
    return printable(str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute))


def _literal_token(agent: Mapping[str, JsonValue]) -> str:
    token = str(cast("dict[str, JsonValue]", agent.get("auth", {})).get("token", ""))
    return "" if "${" in token else token


def _without(agent: Mapping[str, JsonValue], literal: str) -> dict[str, JsonValue]:
    """What is shown of an agent: a token that stands there as it is, is not."""
    if not literal:
        return {**agent}
    return {**agent, "auth": {**cast("dict[str, JsonValue]", agent["auth"]), "token": "…"}}


def _problems(text: str, name: str, catalog: ProviderCatalog) -> Iterator[str]:
    """What the linter says of the new agent."""
    file = read_agent_file(text)
    entry = next(entry for entry in file.entries() if entry.agent.name == name)
    for diagnostic in lint(file, {}, catalog):
        is_inside = entry.span.start <= diagnostic.span.start < entry.span.end
        if is_inside and diagnostic.severity is not Severity.INFORMATION and diagnostic.code != "plain-token":
            yield f"{diagnostic.severity.name.lower()}: {diagnostic.message}"


def _variables(agent: Mapping[str, JsonValue]) -> dict[str, str]:
    auth = cast("dict[str, JsonValue]", agent.get("auth", {}))
    return dict.fromkeys([*variables_in(str(agent["url"])), *variables_in(str(auth.get("token", "")))], "the token")


def _next_steps(agent: Mapping[str, JsonValue], variables: Mapping[str, str]) -> Iterator[str]:
    for gap in gaps_in(agent):
        place = f"{{{gap.name}}} in url" if gap.path == ("url",) else ".".join(gap.path)
        yield f"Fill in {place}."
    for name, meaning in variables.items():
        if name in os.environ:
            yield f"{name} is set; it has to hold {meaning}."
        else:
            setting = f"setx {name} …" if sys.platform == "win32" else f"export {name}=…"
            yield f"Set {name} to {meaning} where your editor is started from: {setting}"
    url = str(agent["url"])
    if _is_on_this_machine(url):
        is_example = url.startswith("http://127.0.0.1:8765/")
        yield "Start it: dragoman example-agent" if is_example else f"Start what listens at {url.split('/')[2]}."
    yield f"Ask “{agent['name']}” in your editor; in Neovim, :Dragoman chat."


def _is_on_this_machine(url: str) -> bool:
    try:
        return is_loopback(host_of(url))
    except ValueError:
        return False


def _print_lines(text: str) -> None:
    for line in text.split("\n"):
        print(f"  {printable(line)}")


def _warn(sentence: str) -> None:
    print(f"warning: {sentence}", file=sys.stderr)
