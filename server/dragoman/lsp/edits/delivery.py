"""How answers get into documents: what the user has set, as far as the client can follow it."""

from __future__ import annotations

from enum import StrEnum


class Delivery(StrEnum):
    """The setting `delivery` (docs/protocol.md)."""

    NOTIFY = "notify"
    """Never by an edit: the client is told, or a file is shown."""
    EDIT = "edit"
    """As it streams, by edits of versions."""
    FINAL = "final"
    """By one edit, when the answer is complete."""


def delivery_for(setting: str | None, *, applies_edits: bool, versioned: bool) -> Delivery:
    """The delivery for a client: `setting` if it is one and possible, else the best that is.

    `applies_edits`: capability `workspace.applyEdit`; some clients apply edits without saying so, and there the setting
    counts. `versioned`: `workspace.workspaceEdit.documentChanges`. A client without versions gets one edit at most: it
    would apply any other to lines that have moved.
    """
    if setting == Delivery.NOTIFY or not (applies_edits or setting in (Delivery.EDIT, Delivery.FINAL)):
        return Delivery.NOTIFY
    if not versioned or setting == Delivery.FINAL:
        return Delivery.FINAL
    return Delivery.EDIT
