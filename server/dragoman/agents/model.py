"""One agent as its file describes it, typed and frozen. Field names follow the keys of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from dragoman.secrets.reference import Masked

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


class ResponseAction(StrEnum):
    """`responseAction`: what is done with the answer."""

    DIRECT = "Direct"
    STREAM = "Stream"
    TEXT_CHUNK = "TextChunk"
    WEB_VIEW = "WebView"
    DEV_INS = "DevIns"
    FLOW = "Flow"


class Interactive(StrEnum):
    """`interactive`: where the answer goes."""

    CHAT_PANEL = "ChatPanel"
    RIGHT_PANEL = "RightPanel"
    RUN_PANEL = "RunPanel"
    APPEND_CURSOR = "AppendCursor"
    APPEND_CURSOR_STREAM = "AppendCursorStream"
    INSERT_BEFORE_SELECTION = "InsertBeforeSelection"
    REPLACE_SELECTION = "ReplaceSelection"
    REPLACE_CURRENT_FILE = "ReplaceCurrentFile"
    OUTPUT_FILE = "OutputFile"
    ON_PASTE = "OnPaste"
    STREAM_DIFF = "StreamDiff"


class AuthType(StrEnum):
    """`auth.type`: how the token travels."""

    BEARER = "Bearer"
    API_KEY = "ApiKey"
    BASIC = "Basic"


class Dialect(StrEnum):
    """`connector.dialect`: which engine's reading of `responseFormat` counts."""

    JAYWAY = "jayway"
    JSONPATH_NG = "jsonpath-ng"


@dataclass(frozen=True, slots=True)
class Auth:
    """`auth`. The token may hold `${env:NAME}` references, which stay unresolved here.

    `header` is "" where none is named; which one carries an `ApiKey` is then the provider's say.
    """

    type: AuthType
    token: Masked
    header: str = ""


@dataclass(frozen=True, slots=True)
class RequestFormat:
    """The object inside `connector.requestFormat`. `fields`, when given, is the whole body.

    `None` means that the key is absent, which is not the same as an empty object.
    """

    fields: Mapping[str, JsonValue] | None = None
    custom_fields: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    message_keys: Mapping[str, str] = field(default_factory=dict[str, str])
    custom_headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Connector:
    """`connector`: how the body is built and what text is taken from each JSON document of the response.

    `request_format` is None when the key is absent or blank; `response_format` likewise is "".
    """

    request_format: RequestFormat | None = None
    response_format: str = ""
    dialect: Dialect = Dialect.JAYWAY


@dataclass(frozen=True, slots=True)
class Transition:
    """One entry of `transition`: two JsonPaths, used by `Flow`."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent, with the defaults of the format filled in."""

    name: str
    url: str
    description: str = ""
    icon: str = ""
    enabled: bool = True
    system: str = ""
    provider: str = "custom"
    auth: Auth | None = None
    connector: Connector = field(default_factory=Connector)
    response_action: ResponseAction = ResponseAction.DIRECT
    interactive: Interactive = Interactive.CHAT_PANEL
    flow_next: str = ""
    transition: tuple[Transition, ...] = ()
    parameters: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    default_timeout: float | None = None
    """Seconds. When given, it stands for all three time limits (connect, first byte, between bytes)."""
