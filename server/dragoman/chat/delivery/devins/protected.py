"""Files that do something by themselves once they are changed: each is asked for in particular."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from dragoman.project.recognise import is_agent_file, is_definition

_AUTOMATION = "it is run by the project's automation"
_EDITOR = "editors act on it"
_SECRETS = "it holds settings of this machine, and may hold secrets"
_SHELL = "shells and tools act on it"
_AGENT = "it says which agents are asked, and with what"

PROTECTED_FOLDERS = {
    ".git": "git acts on it",
    ".hg": "Mercurial acts on it",
    ".svn": "Subversion acts on it",
    ".husky": "git runs it",
    ".githooks": "git runs it",
    ".vscode": _EDITOR,
    ".idea": _EDITOR,
    ".zed": _EDITOR,
    ".vs": _EDITOR,
    ".fleet": _EDITOR,
    ".nvim": _EDITOR,
    ".vim": _EDITOR,
    ".helix": _EDITOR,
    ".devcontainer": "editors build and start it",
    ".ssh": _SECRETS,
    ".gnupg": _SECRETS,
    ".aws": _SECRETS,
    ".circleci": _AUTOMATION,
    ".buildkite": _AUTOMATION,
    ".woodpecker": _AUTOMATION,
    ".teamcity": _AUTOMATION,
    ".gitlab": _AUTOMATION,
    ".forgejo": _AUTOMATION,
    ".gitea": _AUTOMATION,
    ".ci": _AUTOMATION,
    ".agents": _AGENT,
}
"""Name of a folder, wherever it is → why."""

PROTECTED_PATHS = {
    ".github/workflows/*": _AUTOMATION,
    ".github/actions/*": _AUTOMATION,
}
"""The same for paths, from the root of the workspace or below."""

PROTECTED_FILES = {
    ".envrc": _SHELL,
    ".env*": _SECRETS,
    ".netrc": _SECRETS,
    ".npmrc": _SECRETS,
    ".yarnrc*": _SHELL,
    ".pypirc": _SECRETS,
    ".bashrc": _SHELL,
    ".bash_profile": _SHELL,
    ".profile": _SHELL,
    ".zshrc": _SHELL,
    ".gitconfig": "git acts on it",
    ".gitmodules": "git acts on it",
    ".gitattributes": "git acts on it",
    ".pre-commit-config.y*ml": "git runs it",
    "lefthook.y*ml": "git runs it",
    ".exrc": _EDITOR,
    ".vimrc": _EDITOR,
    ".nvimrc": _EDITOR,
    ".nvim.lua": _EDITOR,
    ".lazy.lua": _EDITOR,
    ".dir-locals*.el": _EDITOR,
    "*.code-workspace": _EDITOR,
    "*.sublime-project": _EDITOR,
    ".gitlab-ci.y*ml": _AUTOMATION,
    "*.gitlab-ci.y*ml": _AUTOMATION,
    ".travis.y*ml": _AUTOMATION,
    ".drone.y*ml": _AUTOMATION,
    ".appveyor.y*ml": _AUTOMATION,
    "appveyor.y*ml": _AUTOMATION,
    ".woodpecker.y*ml": _AUTOMATION,
    ".cirrus.y*ml": _AUTOMATION,
    "azure-pipelines*.y*ml": _AUTOMATION,
    "bitbucket-pipelines.y*ml": _AUTOMATION,
    "cloudbuild.y*ml": _AUTOMATION,
    "jenkinsfile*": _AUTOMATION,
}
"""Glob of a file's name → why; the first one counts. All are compared in lower case: to some systems it is the same."""


def caution_about(path: PurePosixPath, agent_files: Sequence[str] = ()) -> str:
    """Why the user must be asked for this file in particular, as the end of a sentence; "" if that is not needed.

    `path` counts from the root of the workspace; `agent_files` are globs of agent files beyond the usual ones.
    """
    lowered = PurePosixPath(str(path).casefold())
    for part in lowered.parts:
        if why := PROTECTED_FOLDERS.get(part):
            return why
    for glob, why in PROTECTED_PATHS.items():
        if fnmatchcase(f"/{lowered}", f"*/{glob}"):
            return why
    for glob, why in PROTECTED_FILES.items():
        if fnmatchcase(lowered.name, glob):
            return why
    is_ours = is_agent_file(lowered, "") or is_agent_file(path, "", agent_files) or is_definition(lowered)
    return _AGENT if is_ours else ""
