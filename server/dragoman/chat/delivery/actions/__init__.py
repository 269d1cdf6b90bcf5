"""The actions: what a reply becomes, by the agent's `responseAction`. Each is a module, whose docstring says it."""

from __future__ import annotations

from collections.abc import Mapping

from dragoman.agents.model import ResponseAction
from dragoman.chat.delivery.actions import dev_ins, direct, flow, stream, text_chunk, web_view
from dragoman.chat.delivery.actions.action import Action

ACTIONS: Mapping[ResponseAction, Action] = {
    ResponseAction.DIRECT: Action(direct.live, direct.become),
    ResponseAction.STREAM: Action(stream.live, stream.become),
    ResponseAction.TEXT_CHUNK: Action(text_chunk.live, text_chunk.become, "the input is as it was"),
    ResponseAction.WEB_VIEW: Action(web_view.live, web_view.become, "it is shown as text"),
    ResponseAction.DEV_INS: Action(dev_ins.live, dev_ins.become, "nothing of it is offered"),
    ResponseAction.FLOW: Action(flow.live, flow.become, "nothing was handed on"),
}
