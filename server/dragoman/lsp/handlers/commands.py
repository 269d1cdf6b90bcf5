"""Commands (`workspace/executeCommand`): any client can call them, with no plugin at all.

Each answers at once and works on afterwards: some clients block until the answer, or give up after 20 s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from dragoman.features.agents import agent_statuses
from dragoman.lsp import error_actions, logs
from dragoman.lsp.deliver import deliver
from dragoman.lsp.prompt_params import (
    INTENTS,
    PromptParams,
    argument_of,
    needed_text,
    optional_text,
    read_context,
    read_place,
    read_retry_params,
    selection_items,
)
from dragoman.lsp.session import Session
from dragoman.lsp.turn_messages import Json
from dragoman.lsp.turn_request import Prepared, prepare, recalled
from dragoman.paths import uri_of

_PLAIN_QUESTION = "Look at this."


def chat(session: Session, *arguments: Any) -> Json:
    """`dragoman.chat` `[{agent?, prompt?, context?, conversationId?}]`; the client is asked for what is missing."""
    argument = argument_of(arguments)
    params = PromptParams(
        agent=optional_text(argument, "agent") or "",
        prompt=optional_text(argument, "prompt") or "",
        conversation_id=optional_text(argument, "conversationId"),
        context=(context := read_context(argument.get("context"))),
        delivers=True,
        place=read_place(argument, context),
    )
    prepared = prepare(session, params)
    session.background(_chat(session, prepared))
    return {"turnId": prepared.turn_id}


def send_selection(session: Session, *arguments: Any) -> Json:
    """`dragoman.sendSelection` `[{agent, textDocument, range, intent?, prompt?, diagnostics?}]`."""
    argument = argument_of(arguments)
    agent = optional_text(argument, "agent")
    if not agent:
        raise JsonRpcInvalidParams("agent is needed.")
    params = PromptParams(
        agent=agent,
        prompt=optional_text(argument, "prompt") or _prompt_for(session, optional_text(argument, "intent")),
        context=(context := selection_items(argument)),
        delivers=True,
        place=read_place(argument, context),
    )
    prepared = prepare(session, params)
    session.background(deliver(session, prepared))
    return {"turnId": prepared.turn_id}


async def retry(session: Session, *arguments: Any) -> Json:
    """`dragoman.retry` `[{turnId, agent?, prompt?}]`; a turn that nobody knows is an error of the command."""
    prepared = prepare(session, replace(read_retry_params(argument_of(arguments)), delivers=True))
    try:
        recalled_turn = await recalled(session, prepared)
    except BaseException:
        session.coming.pop(prepared.turn_id, None)
        prepared.let_go()
        raise
    session.background(deliver(session, recalled_turn))
    return {"turnId": prepared.turn_id}


def stop(session: Session, *arguments: Any) -> Json:
    """`dragoman.stop` `[{turnId?}]`; without an id, every turn."""
    turn_id = optional_text(argument_of(arguments), "turnId")
    return {"stopped": session.stop_all() if turn_id is None else session.stop(turn_id)}


def apply_fix(session: Session, *arguments: Any) -> Json:
    """`dragoman.applyFix` `[{agent, title}]`: one of the `actions` of a `TurnError`."""
    argument = argument_of(arguments)
    session.background(error_actions.apply_fix(session, needed_text(argument, "agent"), needed_text(argument, "title")))
    return {}


def open_page(session: Session, *arguments: Any) -> Json:
    """`dragoman.openPage` `[{page}]`: in the user's browser."""
    page = needed_text(argument_of(arguments), "page")
    if not page.startswith("https://"):
        raise JsonRpcInvalidParams("page must begin with https://.")
    session.background(error_actions.open_page(session, page))
    return {}


def show_log(session: Session, *_arguments: Any) -> Json:
    """`dragoman.showLog`: what this server has logged; tells where that is."""
    path = logs.log_file()
    session.background(_show_log(session, path))
    return {"uri": uri_of(path)}


async def _show_log(session: Session, path: Path) -> None:
    if session.client.show_document:
        try:
            if (await session.server.window_show_document_async(types.ShowDocumentParams(uri_of(path)))).success:
                return
        except JsonRpcException:
            pass  # the message tells the path then
    session.server.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"The log is {path}"))


async def _chat(session: Session, prepared: Prepared) -> None:
    await session.searched.wait()
    agent = prepared.params.agent or await _choose_agent(session)
    prompt = prepared.params.prompt or (await _ask(session, f"Ask {agent}") if agent else "")
    if not agent or not prompt:
        session.coming.pop(prepared.turn_id, None)
        prepared.let_go()
        _say_what_is_missing(session, agent)
        return
    params = replace(prepared.params, agent=agent, prompt=prompt)
    await deliver(session, replace(prepared, params=params))


async def _choose_agent(session: Session) -> str:
    names = [status.known.agent.name for status in agent_statuses(session.project) if status.is_usable]
    if len(names) <= 1 or not session.client.ask:
        return names[0] if names else ""
    return await _ask(session, "Which agent?", names)


async def _ask(session: Session, title: str, options: list[str] | None = None) -> str:
    if not session.client.ask:
        return ""
    params = {"title": title, "options": options} if options else {"title": title}
    try:
        answer = await session.server.protocol.send_request_async("dragoman/ask", params)
    except JsonRpcException:
        return ""  # some editors tell so that the user has pressed Escape
    value = cast("Mapping[str, Any]", answer).get("value") if isinstance(answer, Mapping) else None
    return value if isinstance(value, str) else ""


def _say_what_is_missing(session: Session, agent: str) -> None:
    if session.client.ask:
        return  # the user was asked and said no
    what = 'a "prompt"' if agent else 'an "agent": no agent that can be asked was found'
    message = f"dragoman.chat needs {what}."
    session.server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))


def _prompt_for(session: Session, intent: str | None) -> str:
    title = INTENTS.get(intent or "")
    prompts = {prompt.title: prompt.prompt for prompt in session.project.settings.prompts}
    return prompts.get(title or "", _PLAIN_QUESTION)
