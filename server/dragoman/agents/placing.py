"""Which `interactive` means something for which `responseAction`, and what happens where it means nothing."""

from __future__ import annotations

from collections.abc import Mapping

from dragoman.agents.model import Interactive, ResponseAction

EDITING = frozenset(
    {
        Interactive.APPEND_CURSOR,
        Interactive.APPEND_CURSOR_STREAM,
        Interactive.INSERT_BEFORE_SELECTION,
        Interactive.REPLACE_SELECTION,
        Interactive.REPLACE_CURRENT_FILE,
        Interactive.STREAM_DIFF,
    }
)
"""Those that put the answer into the document."""

_FILE_AND_CLIPBOARD = {Interactive.OUTPUT_FILE, Interactive.ON_PASTE}

WITHOUT_MEANING: Mapping[ResponseAction, frozenset[Interactive]] = {
    ResponseAction.DIRECT: frozenset(),
    ResponseAction.STREAM: frozenset(),
    ResponseAction.TEXT_CHUNK: EDITING | _FILE_AND_CLIPBOARD | {Interactive.RUN_PANEL},
    ResponseAction.WEB_VIEW: EDITING,
    ResponseAction.DEV_INS: EDITING | _FILE_AND_CLIPBOARD,
    ResponseAction.FLOW: EDITING,
}
"""Action → the modes that contradict it; the answer then goes the way of `ChatPanel`."""

INSTEAD: Mapping[ResponseAction, str] = {
    ResponseAction.TEXT_CHUNK: "the answer becomes the input of the chat panel's next prompt",
    ResponseAction.WEB_VIEW: "the answer is shown as a page",
    ResponseAction.DEV_INS: "the files that the answer writes are offered for review",
    ResponseAction.FLOW: "the answer is handed on as data",
}
"""What happens for such a pair, as a clause."""


def has_meaning(action: ResponseAction, mode: Interactive) -> bool:
    """Whether the mode says where the answer goes."""
    return mode not in WITHOUT_MEANING[action]
