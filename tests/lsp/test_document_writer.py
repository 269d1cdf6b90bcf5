"""Writers of documents, and what follows places in them, on an editor that says what each test wants it to say."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types

from dragoman.lsp.client import Client, read_client
from dragoman.lsp.document_writer import DocumentWriters
from dragoman.lsp.edits import Place, Region, Settled, StopCause, Stopped, Timing
from dragoman.lsp.server import create_server
from dragoman.lsp.session import Session
from dragoman.settings import Settings
from dragoman.syntax.text import Span

URI = "untitled:a"
QUICK = Timing(between=0.001, settle=0.01, answer=0.02, patience=0.03, quiet=0.001)


class Editor:
    """The client's side of a session: its answers are what `reply` gives for each edit, None for no answer."""

    def __init__(self, reply: Any = lambda _edit: None, client: Client | None = None, settings: Settings | None = None):
        self.session = Session(create_server(lambda _server: None))
        self.session.client = client or Client(apply_edit=True, versioned_edits=True)
        self.session.project.settings = settings or Settings()
        self.session.project.open(URI, "text", 1, "one\ntwo\n")
        self.session.writers = DocumentWriters(self.session, QUICK)
        self.edits: list[types.WorkspaceEdit] = []
        self._reply = reply
        send = self.session.server.protocol.send_request

        def send_request(method: str, params: Any) -> Any:
            future = send(method, params)
            self.edits.append(params.edit)
            answer = self._reply(params.edit)
            if answer is not None:
                future.set_running_or_notify_cancel()
                future.set_result(types.ApplyWorkspaceEditResult(applied=answer))
            return future

        self.session.server.protocol.send_request = send_request  # type: ignore[method-assign]

    def change(self, text: str) -> None:
        document = self.session.project.document(URI)
        assert document is not None
        changed = self.session.project.change(URI, document.version + 1, None, text)
        self.session.document_changed(URI, [changed.text], changed.version)

    def open(self, at: int = 4, **more: Any) -> Any:
        return self.session.writers.open(URI, Place(Span(at, at), ""), **more)


async def test_a_client_that_never_answers() -> None:
    editor = Editor()
    end = await editor.open().finish(Region("new\n"))
    assert isinstance(end, Stopped)
    assert (end.cause, end.delivered, end.rest, end.unsure) == (StopCause.UNCONFIRMED, "", "new\n", "new\n")
    assert len(editor.edits) == 1


async def test_a_client_that_always_refuses() -> None:
    end = await Editor(lambda _edit: False).open().finish(Region("new\n"))
    assert isinstance(end, Stopped)
    assert (end.cause, end.rest) == (StopCause.REFUSED, "new\n")


async def test_what_came_after_a_stop_is_in_the_rest() -> None:
    editor = Editor()
    writer = editor.open()
    writer.show(Region("a"))
    editor.session.document_closed(URI)
    writer.show(Region("a b"))
    end = await writer.finish(Region("a b c"))
    assert (writer.stopped.cause, end.delivered, end.rest) == (StopCause.CLOSED, "", "a b c")


async def test_an_end_that_turns_out_not_to_be_one() -> None:
    """The editor says "applied", and its later versions do not show it: it is made anew until that is too often."""
    lost: list[Stopped] = []
    editor = Editor(lambda _edit: True)
    writer = editor.open(when_lost=lost.append)
    assert await writer.finish(Region("new\n")) == Settled(is_proven=False)
    editor.session.document_closed(URI)
    assert [stopped.cause for stopped in lost] == [StopCause.CLOSED]


async def test_who_takes_no_edits_has_no_writer() -> None:
    assert Editor(client=Client()).open() is None
    assert Editor(settings=Settings(delivery="notify")).open() is None
    editor = Editor()
    editor.session.project.close(URI)
    assert editor.open() is None


@pytest.mark.parametrize(
    ("name", "experimental", "first"),
    [("Neovim", None, 1), ("Neovim", {"dragoman": {"version": "1"}}, 0), ("Emacs", None, 0), (None, None, 0)],
)
def test_the_first_version_that_a_client_checks(name: str | None, experimental: Any, first: int) -> None:
    params = types.InitializeParams(
        types.ClientCapabilities(experimental=experimental),
        client_info=types.ClientInfo(name) if name else None,
    )
    assert read_client(params, "utf-16").first_checked_version == first


async def test_an_anchor_moves_with_the_text_until_it_is_touched() -> None:
    editor = Editor()
    anchor = editor.session.writers.anchor(URI, Place(Span(4, 8), "two\n"))
    editor.change("zero\none\ntwo\n")
    assert anchor.place is not None
    assert anchor.place.span == Span(9, 13)
    editor.change("zero\none\ntXwo\n")
    assert anchor.place is None


async def test_an_anchor_that_was_let_go_stays_where_it_was() -> None:
    editor = Editor()
    anchor = editor.session.writers.anchor(URI, Place(Span(4, 8), "two\n"))
    anchor.let_go()
    editor.change("zero\none\ntwo\n")
    assert anchor.place == Place(Span(4, 8), "two\n")
