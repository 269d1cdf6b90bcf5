"""What a turn says of the place that its answer should go to."""

from __future__ import annotations

import pytest

from dragoman.agents.model import Agent, Interactive, ResponseAction
from dragoman.chat.delivery import delivery_notices


@pytest.mark.parametrize("action", [ResponseAction.DIRECT, ResponseAction.STREAM])
def test_a_plain_chat_needs_no_notice(action: ResponseAction) -> None:
    assert delivery_notices(Agent("a", "http://h/", response_action=action)) == ()


@pytest.mark.parametrize("action", set(ResponseAction) - {ResponseAction.DIRECT, ResponseAction.STREAM})
def test_an_action_that_means_more_is_named(action: ResponseAction) -> None:
    [notice] = delivery_notices(Agent("a", "http://h/", response_action=action))
    assert action.value in notice.message
    assert "interactive" not in notice.message


@pytest.mark.parametrize("mode", set(Interactive) - {Interactive.CHAT_PANEL})
def test_a_place_other_than_the_panel_is_named(mode: Interactive) -> None:
    [notice] = delivery_notices(Agent("a", "http://h/", response_action=ResponseAction.FLOW, interactive=mode))
    assert mode.value in notice.message
    assert "Flow" in notice.message
