"""The modes: where an answer goes, by the agent's `interactive`."""

from __future__ import annotations

from collections.abc import Mapping

from dragoman.agents.model import Interactive
from dragoman.chat.delivery.modes import edits, elsewhere, panels
from dragoman.chat.delivery.route import Mode

MODES: Mapping[Interactive, Mode] = {
    Interactive.CHAT_PANEL: panels.chat_panel,
    Interactive.RIGHT_PANEL: panels.right_panel,
    Interactive.RUN_PANEL: panels.run_panel,
    Interactive.APPEND_CURSOR: edits.append_cursor,
    Interactive.APPEND_CURSOR_STREAM: edits.append_cursor_stream,
    Interactive.INSERT_BEFORE_SELECTION: edits.insert_before_selection,
    Interactive.REPLACE_SELECTION: edits.replace_selection,
    Interactive.REPLACE_CURRENT_FILE: edits.replace_current_file,
    Interactive.OUTPUT_FILE: elsewhere.output_file,
    Interactive.ON_PASTE: elsewhere.on_paste,
    Interactive.STREAM_DIFF: edits.stream_diff,
}
