"""Go to definition: from the name of a provider to the file that defines it. Those of agents are in `references`."""

from __future__ import annotations

from dragoman.project.agent_file import AgentFile
from dragoman.project.project import Project
from dragoman.project.provider_files import Origin


def provider_named_at(file: AgentFile, offset: int) -> str:
    """The provider whose name stands at a caret, as an agent's `provider` or a definition's `like`; "" for none."""
    entry = next((entry for entry in file.entries() if entry.span.covers(offset)), None)
    for key in ("provider", "like"):
        span = entry.inside_string(key) if entry else None
        if span is not None and span.covers(offset):
            return file.text[span.start : span.end]
    return ""


def provider_file(project: Project, uri: str, offset: int) -> str | None:
    """The URI of the file that defines the provider named at a caret of `uri`; what everybody has is in no file."""
    definition = project.definition(uri)
    file = definition.file if definition else project.agent_file(uri)
    name = provider_named_at(file, offset) if file else ""
    origin: Origin = "user" if project.providers_in(uri) is project.providers("user") else "workspace"
    return project.definition_uri(name, origin) if name else None
