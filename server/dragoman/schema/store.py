"""Where the schema files are, and what they hold."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema, draft 2020-12, as `json.loads` gives it."""


def schema_folder() -> Path:
    """The folder of the schema files: inside the package once installed, beside `server/` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "schemas"
    return installed if installed.is_dir() else package.parents[1] / "schemas"


@cache
def agent_file_schema() -> Schema:
    """The schema of a whole agent file."""
    return json.loads((schema_folder() / "agent.schema.json").read_text(encoding="utf-8"))


def definition(name: str) -> Schema:
    """One entry of the `$defs` of the agent file's schema, such as `agent`."""
    return agent_file_schema()["$defs"][name]
