"""Keys, values and pieces of strings in words, as Markdown."""

from __future__ import annotations

import json

from dragoman.agents.model import Interactive, ResponseAction
from dragoman.agents.placing import INSTEAD, has_meaning
from dragoman.schema.lookup import ValueSchema
from dragoman.secrets.sources import env


def describe_key(key: str, schema: ValueSchema) -> str:
    """What a key does, what it may hold, and what counts without it."""
    lines = [f"**{key}** {_kind(schema)}", schema.description]
    if schema.deprecated:
        lines.insert(1, "*Deprecated.*")
    if schema.value_descriptions:
        pairs = zip(schema.values, schema.value_descriptions, strict=False)  # not all may be described
        lines.append("\n".join(f"- `{value}`: {description}" for value, description in pairs))
    lines.append(_range(schema))
    if schema.default not in (None, "", [], {}):
        lines.append(f"Without it: `{_plain(schema.default)}`")
    return "\n\n".join(line for line in lines if line)


def describe_value(value: str, schema: ValueSchema) -> str:
    """What one of the known values of a key does; "" where there is nothing to say."""
    if value not in schema.values:
        return ""
    index = schema.values.index(value)
    description = schema.value_descriptions[index] if index < len(schema.value_descriptions) else ""
    return f"**{value}**: {description}" if description else ""


def describe_pair(action: object, mode: object) -> str:
    """What becomes of an answer with this `responseAction` and this `interactive`; "" where one is no known word."""
    try:
        meant, place = ResponseAction(str(action)), Interactive(str(mode))
    except ValueError:
        return ""
    what = _PAIRED[meant] if has_meaning(meant, place) else f"{INSTEAD[meant]}; the place has no say."
    return f"`{meant}` with `{place}`: {what}"


_PAIRED = {
    ResponseAction.DIRECT: "the answer goes there, and is shown as it streams where the place can.",
    ResponseAction.STREAM: "the answer goes there as it streams.",
    ResponseAction.TEXT_CHUNK: "the answer becomes the input of the next prompt there.",
    ResponseAction.WEB_VIEW: "the answer is shown there as a page.",
    ResponseAction.DEV_INS: "the answer is shown there, then the files that it writes are offered for review.",
    ResponseAction.FLOW: "the answer goes there as data, which `transition` takes from it.",
}


def describe_reference(source: str, name: str) -> str:
    """What `${source:name}` stands for. Tells whether a variable is set, and never more."""
    later = "It is looked up only when a request is made, and never shown."
    if source == "keyring":
        return f"The entry `{name}` (service/user) of the system's keyring. {later}"
    state = "is set" if env.is_set(name) else "is not set where the server runs"
    return f"The environment variable `{name}`, which {state}. {later}"


def _range(schema: ValueSchema) -> str:
    """The bounds of a number."""
    words = {"more than": schema.above, "at least": schema.least, "at most": schema.most}
    said = ", ".join(f"{word} {_plain(bound)}" for word, bound in words.items() if bound is not None)
    return said.capitalize()


def _kind(schema: ValueSchema) -> str:
    kinds = " or ".join(schema.types)
    return f"*({kinds}, needed)*" if schema.required else f"*({kinds})*" if kinds else ""


def _plain(default: object) -> str:
    return default if isinstance(default, str) else json.dumps(default)
