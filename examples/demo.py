"""Dragoman in a few seconds: a broken agent file is linted and mended, three agents answer, all of it on this machine.

Talks to a language server as an editor does, on a copy of this folder. In a terminal it stays for your own prompts.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from lsp_client import LINE_END, PATIENCE, Editor, JsonObject, ServerError, offset

HERE = Path(__file__).resolve().parent
DRAGOMAN = [sys.executable, "-m", "dragoman"]
ADDRESS = "http://127.0.0.1:8765"  # as the example files have it
SEVERITIES = {1: ("error", "31"), 2: ("warning", "33"), 3: ("information", "36"), 4: ("hint", "36")}
STYLED = sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def main() -> int:
    """Run the demo; returns the exit code."""
    parser = argparse.ArgumentParser(description="Dragoman in a few seconds, on this machine only.")
    parser.add_argument("--delay", default="0.02", help="seconds between two tokens of an answer (default 0.02)")
    delay = parser.parse_args().delay
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary, example_agent(delay) as address:
            folder = copy_of_examples(Path(temporary).resolve(), address)
            with language_server(folder) as editor:
                lint_and_mend(editor, folder / "mistakes.agents.json")
                agents = open_agents(editor, folder / "agents.json")
                ask_everyone(editor, agents)
                if sys.stdin.isatty() and sys.stdout.isatty():
                    stay(editor, agents)
    except (ServerError, OSError, subprocess.SubprocessError) as error:
        print(f"\ndemo: {shown(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
        return 130
    heading("Done. The files in examples/ are as they were.")
    return 0


# --- What is shown, in order ------------------------------------------------------------------------------------------


def lint_and_mend(editor: Editor, path: Path) -> None:
    """Print every diagnostic of a broken file, then take the quick-fix for its misspelt key."""
    heading(f"A file full of mistakes: examples/{path.name}")
    before = editor.open(path)
    for diagnostic in before:
        print_diagnostic(diagnostic, path.name, editor.texts[path])
    misspelt = next((each for each in before if "responseFromat" in first_line(each, editor.texts[path])), None)
    if misspelt is None:
        raise ServerError(f"the misspelt key in {path.name} was not noticed")

    title, edits = editor.quick_fix(path, misspelt)
    heading(f"Its quick-fix: {shown(title)}")
    print(styled(f"- {first_line(misspelt, editor.texts[path]).strip()}", "31"))
    after = editor.change(path, edits)
    print(styled(f"+ {first_line(misspelt, editor.texts[path]).strip()}", "32"))
    print(f"{len(before)} problems before, {len(after)} after.")
    if len(after) >= len(before):
        raise ServerError("the quick-fix did not help")


def open_agents(editor: Editor, path: Path) -> list[JsonObject]:
    """Open the file without mistakes; returns its agents as the server lists them."""
    heading(f"A file without mistakes: examples/{path.name}")
    if problems := editor.open(path):
        raise ServerError(f"{path.name} should be clean, but: {problems[0]['message']}")
    print("No problems. Its agents:")
    listed = editor.request("dragoman/agents", {})["agents"]
    agents = [agent for agent in listed if agent["location"]["uri"] == path.as_uri()]
    if len(agents) < 3:
        raise ServerError(f"the server lists {len(agents)} agents of {path.name}, not 3")
    for number, agent in enumerate(agents, 1):
        print(f"  {number}  {styled(shown(agent['name']), '1')}: {shown(agent['description'])}")
        if not agent["trusted"]:  # a folder's agents are asked only with consent, which an editor would ask you for
            consent = {"agent": agent["name"], "allow": True}
            editor.request("workspace/executeCommand", {"command": "dragoman.trust", "arguments": [consent]})
    return agents


def ask_everyone(editor: Editor, agents: list[JsonObject]) -> None:
    """One prompt to each agent, and a second turn with the last."""
    *others, last = [agent["name"] for agent in agents]
    for name in others:
        completed(ask(editor, name, "How does your answer get into my editor?"))
    result = completed(ask(editor, last, "What do you answer from?"))
    completed(ask(editor, last, "Do you remember me?", result["conversationId"]))


def ask(editor: Editor, agent: str, prompt: str, conversation: str | None = None) -> JsonObject:
    """Print the answer while it arrives; returns the result of the turn."""
    heading(f"You to {shown(agent)}: {shown(prompt)}")
    params = {"agent": agent, "prompt": prompt, "partialResultToken": "answer"}
    if conversation is not None:
        params["conversationId"] = conversation
    result = editor.request("dragoman/prompt", params, print_events)
    print()
    return result


def completed(result: JsonObject) -> JsonObject:
    """The result of a turn, if nothing went wrong with it."""
    if result["stopReason"] != "completed":
        raise ServerError(result["error"]["message"])
    return result


def stay(editor: Editor, agents: list[JsonObject]) -> None:
    """Prompts of the user's own, until Ctrl-D or an empty line."""
    heading("Your turn. An empty line or Ctrl-D ends it. “please fail” or “please cut” in a prompt shows an error.")
    names = {agent["name"].lower(): agent["name"] for agent in agents}
    names |= {str(number): agent["name"] for number, agent in enumerate(agents, 1)}
    with contextlib.suppress(EOFError):
        while chosen := input(f"agent (1 to {len(agents)}, or a name)> ").strip().lower():
            conversation = None
            while chosen in names and (prompt := input("prompt> ").strip()):
                result = ask(editor, names[chosen], prompt, conversation)
                conversation = result["conversationId"]
                if error := result.get("error"):
                    print(styled(shown(error["message"]), "31"))


# --- What it runs on --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def example_agent(delay: str) -> Iterator[str]:
    """The example agent, for as long as the context is open; gives its address."""
    command = [*DRAGOMAN, "example-agent", "--delay", delay]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said, _, address = process.stdout.readline().strip().partition(" on ")
            if said != "example agent":
                raise ServerError("the example agent did not start")
            yield address
        finally:
            process.terminate()


@contextlib.contextmanager
def language_server(folder: Path) -> Iterator[Editor]:
    """The language server on `folder`, and an editor that talks to it. Its settings and history lie beside it."""
    home = folder.parent
    variables = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA")
    environment = os.environ | {name: str(home / name.lower()) for name in variables}
    log, pipe = home / "server.log", subprocess.PIPE
    command = [*DRAGOMAN, "serve"]
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, cwd=folder, env=environment) as process,
    ):
        try:
            editor = Editor(process, folder)
            yield editor
            editor.request("shutdown", None)
            editor.notify("exit", None)
            process.wait(PATIENCE)
        except ServerError as error:
            raise ServerError(f"{error}\n{log.read_text('utf-8', 'replace')[-2000:]}".strip()) from None
        finally:
            process.kill()
            assert process.stdin is not None
            with contextlib.suppress(OSError):  # a dead server cannot take what is left to be sent
                process.stdin.close()


def copy_of_examples(home: Path, address: str) -> Path:
    """A copy of the example files, with the address that the example agent got."""
    folder = home / "examples"
    folder.mkdir()
    for path in HERE.glob("*.json"):
        (folder / path.name).write_text(path.read_text("utf-8").replace(ADDRESS, address), "utf-8")
    return folder


# --- How it is printed ------------------------------------------------------------------------------------------------


def heading(text: str) -> None:
    """A line that begins a part."""
    print(f"\n{styled(f'== {text}', '1;34')}\n", flush=True)


def print_diagnostic(diagnostic: JsonObject, name: str, text: str) -> None:
    """As compilers do it: place, severity, code, message, and the line with the exact range marked."""
    start, end = (offset(text, diagnostic["range"][side]) for side in ("start", "end"))
    line = first_line(diagnostic, text)
    column = start - offset(text, {"line": diagnostic["range"]["start"]["line"], "character": 0})
    severity, colour = SEVERITIES[diagnostic["severity"]]
    place = styled(f"{name}:{diagnostic['range']['start']['line'] + 1}:{column + 1}", "1")
    kind = styled(f"{severity}[{diagnostic['code']}]", colour)
    print(f"{place}: {kind}: {shown(diagnostic['message'])}")
    marks = "^" * max(1, width(line[column : column + end - start]))
    print(f"    {shown(line)}\n    {' ' * width(line[:column])}{styled(marks, colour)}")


def print_events(events: list[JsonObject]) -> None:
    """Pieces of an answer, at once."""
    for event in events:
        match event["kind"]:
            case "text":
                print(shown(event["delta"]), end="", flush=True)
            case "replaceText":
                print(f"\n{shown(event['text'])}", end="", flush=True)
            case "reasoning":
                print(styled(shown(event["delta"]), "2"), end="", flush=True)
            case "source":
                print(styled(f"\n\nSource: {shown(event.get('title', ''))} {shown(event.get('uri', ''))}", "2"), end="")
            case "notice":
                print(styled(f"\n({shown(event['message'])})", "2"))
            case _:
                pass  # a kind that needs no words here


def first_line(diagnostic: JsonObject, text: str) -> str:
    """The line on which a diagnostic begins."""
    return LINE_END.split(text)[diagnostic["range"]["start"]["line"]]


def shown(text: str) -> str:
    """`text` without what could steer a terminal: control and formatting characters, half characters."""
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cf", "Cs"))


def width(text: str) -> int:
    """How many columns `text` takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else not unicodedata.combining(each) for each in text)


def styled(text: str, codes: str) -> str:
    """`text` in a colour or weight, where there is a terminal that wants it."""
    return f"\x1b[{codes}m{text}\x1b[0m" if STYLED else text


if __name__ == "__main__":
    if isinstance(sys.stdout.errors, str) and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a character shows a question mark
    raise SystemExit(main())
