"""From JSON to the types of the protocol, so that a newer or sloppy client is understood as far as possible.

An enum value that we do not know stays the plain value that was sent, fields that we do not know are ignored, and what
does not validate in `initialize` costs that field (of the capabilities: that feature's entry), not the session.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast

from attrs import has
from cattrs import Converter
from cattrs.errors import ClassValidationError, IterableValidationError
from lsprotocol import converters, types
from pygls.exceptions import JsonRpcInvalidParams

Path: TypeAlias = tuple[str | int, ...]
"""The way to a field: keys as the client writes them, and indices."""

_REQUIRED: Mapping[str, object] = {"processId": None, "rootUri": None, "capabilities": {}}
"""What `initialize` must hold, and what is taken for it if it does not."""

_MAX_ROUNDS = 8
"""One is enough unless leaving out a field makes another one visible."""


def tolerant_converter() -> Converter:
    """A converter for the types of `lsprotocol` that lets unknown enum values pass, both ways."""
    converter = converters.get_converter()
    for member in vars(types).values():
        if isinstance(member, type) and issubclass(member, enum.Enum):
            converter.register_structure_hook(member, _known_or_raw)
            converter.register_unstructure_hook(member, _plain)
    return converter


def _known_or_raw(value: object, kind: type[enum.Enum]) -> object:
    try:
        return kind(value)
    except ValueError:
        if isinstance(value, str | int):
            return value
        raise


def _plain(value: object) -> object:
    return value.value if isinstance(value, enum.Enum) else value


def to_json(converter: Converter, value: object) -> object:
    """The JSON value of a protocol type, for `json.dumps(default=…)`."""
    if has(type(value)):
        return converter.unstructure(value)
    if isinstance(value, enum.Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no JSON form")


def structure_params(converter: Converter, method: str, params: object) -> Any:
    """The params of a request or notification for its handler.

    A method of LSP gets its type (None if it has no params); any other gets the object as sent, `{}` if there is none.
    Raises JsonRpcInvalidParams with a sentence that names the field, never its value.
    """
    if params is not None and not isinstance(params, dict):
        raise JsonRpcInvalidParams("params must be an object.")
    fields = cast("dict[str, object]", params or {})
    if method not in types.METHOD_TO_TYPES:
        return fields
    if method == types.INITIALIZE:
        return _structure_initialize(converter, fields)
    kind = cast("type[object] | None", types.METHOD_TO_TYPES[method][2])
    if kind is None:
        return None
    try:
        return converter.structure(fields, kind)
    except Exception as error:  # noqa: BLE001  # the hooks of lsprotocol raise whatever the value makes them raise
        raise JsonRpcInvalidParams(_sentence(error)) from None


def _structure_initialize(converter: Converter, params: Mapping[str, object]) -> types.InitializeParams:
    fields = {key: value for key, value in params.items() if value is not None}
    for _ in range(_MAX_ROUNDS):
        try:
            return converter.structure({**_REQUIRED, **fields}, types.InitializeParams)
        except Exception as error:  # noqa: BLE001  # as above
            for path, _ in _problems(error):
                _remove(fields, path[: 3 if path[:1] == ("capabilities",) else 1])
    return converter.structure(_REQUIRED, types.InitializeParams)


def _remove(fields: dict[str, object], path: Path) -> None:
    """Remove the entry at `path`, or the one on the way there that holds no entries."""
    if not path:
        return
    key, rest = str(path[0]), path[1:]
    inner = fields.get(key)
    if rest and isinstance(inner, dict):
        _remove(cast("dict[str, object]", inner), rest)
    else:
        fields.pop(key, None)


def _sentence(error: Exception) -> str:
    path, reason = next(_problems(error))
    where = "params" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return f"{where} is missing." if isinstance(reason, KeyError) else f"{where} is not valid."


def _problems(error: Exception, path: Path = ()) -> Iterator[tuple[Path, Exception]]:
    """Each field that does not validate, with what the converter says of it."""
    if isinstance(error, ClassValidationError):
        named, others = error.group_exceptions()
        for inner, note in named:
            yield from _problems(inner, (*path, _camel_case(note.name)))
    elif isinstance(error, IterableValidationError):
        indexed, others = error.group_exceptions()
        for inner, note in indexed:
            yield from _problems(inner, (*path, note.index if isinstance(note.index, int) else "*"))
    else:
        yield path, error
        return
    for inner in others:
        yield from _problems(inner, path)


def _camel_case(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part.title() for part in rest)
