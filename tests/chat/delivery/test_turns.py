"""Turns of a real agent, delivered."""

from __future__ import annotations

import json

from chat_turns import Told, ask
from deliveries import DOCUMENT, NOW, agent, text_at, told, words
from dragoman.chat.delivery import Place, plan
from dragoman.chat.delivery.effects import Effect, Panel, Proposal
from dragoman.chat.events import ReplaceText, StopReason, TextDelta
from http_agent import HttpAgent, Reply

PIECES = ["Here:\n`", "``py\n", "one\nTWO", "\nthree\n```", "\n"]
BODY = "".join(f"data: {json.dumps({'message': {'content': piece}})}\n\n" for piece in PIECES).encode()


def delivered(told: Told, action: str, mode: str) -> list[Effect]:
    delivery = plan(agent(action, mode), Place(NOW, DOCUMENT))
    effects = delivery.begin()
    for event in told.events:
        match event:
            case TextDelta(delta):
                effects += delivery.on_text(delta)
            case ReplaceText(text):
                effects += delivery.on_replace(text)
            case _:
                pass
    return effects + delivery.finish(told.outcome)


async def test_a_diff_grows_and_is_offered():
    with HttpAgent(Reply(BODY)) as http:
        effects = delivered(await ask(http), "Stream", "StreamDiff")
    assert words(effects) == "follow diff end"
    assert text_at(Proposal, effects) == "one\nTWO\nthree\n"


async def test_an_answer_that_is_cut_off_replaces_nothing():
    with HttpAgent(Reply(BODY, end="cut")) as http:
        turn = await ask(http)
    assert turn.outcome.stop_reason is StopReason.ERROR
    effects = delivered(turn, "Direct", "ReplaceCurrentFile")
    assert words(effects) == "follow chat break tell"
    assert text_at(Panel, effects) == "".join(PIECES)
    assert told(effects) == ["Docs did not answer to the end: nothing was replaced."]
