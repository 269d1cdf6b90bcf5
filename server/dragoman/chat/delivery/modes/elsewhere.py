"""Modes that put the answer beside the document: into a file of its own, or the clipboard."""

from __future__ import annotations

from dragoman.chat.delivery.effects import Copy, CreateFile, Effect
from dragoman.chat.delivery.languages import extension_of
from dragoman.chat.delivery.place import Place
from dragoman.chat.delivery.route import Route
from dragoman.chat.delivery.taking import Taken


def output_file(place: Place) -> Route:
    """The complete answer becomes a new file `output-<timestamp>.<ext>`, named after its fence, which is opened."""
    stem = f"output-{place.at:%Y%m%d-%H%M%S}"

    def create(taken: Taken) -> Effect:
        extension = extension_of(taken.language) if taken.is_block else "md"
        ending = "" if taken.text.endswith("\n") else "\n"
        return CreateFile(f"{stem}.{extension}", taken.text + ending)

    return Route(whole=create, undone="no file was made")


def on_paste(_place: Place) -> Route:
    """The complete answer goes to the clipboard."""
    return Route(whole=lambda taken: Copy(taken.text), undone="the clipboard is as it was")
