"""The definitions that everybody has: the files in `providers/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

from dragoman.agents.provider import ProviderDefinition
from dragoman.agents.provider_reader import merged, read_definition
from dragoman.syntax.jsonc import parse, to_value

_FOLDER = Path(__file__).parent / "providers"


@cache
def provider_names() -> tuple[str, ...]:
    """The names of these providers, sorted."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.jsonc")))


@cache
def load_provider(name: str) -> ProviderDefinition | None:
    """The definition of that name, or None if there is none among these."""
    return read_definition(name, load_data(name)) if name in provider_names() else None


@cache
def load_data(name: str) -> dict[str, Any]:
    """The value of a definition's file, with all that it took over. Not to be changed."""
    own = cast("dict[str, Any]", to_value(parse(definition_text(name)).root))
    return merged(load_data(own["like"]), own) if "like" in own else own


def definition_text(name: str) -> str:
    """The text of a definition's file."""
    return (_FOLDER / f"{name}.jsonc").read_text("utf-8")
