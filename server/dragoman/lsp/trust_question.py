"""Asking the user, once, before an agent that the workspace describes gets its first prompt.

Nothing of the agent is resolved, looked up or connected to before the answer.
"""

from __future__ import annotations

import asyncio
import logging
import shlex
from enum import Enum

from dragoman.chat.errors import failure
from dragoman.chat.events import ErrorCode, TurnError
from dragoman.features.trust_question import trust_question
from dragoman.lsp.dialogs import choose, say
from dragoman.lsp.session import Session
from dragoman.paths import user_agent_file
from dragoman.project.known_agent import KnownAgent

ALLOW, REFUSE = "Allow", "Do not allow"

UNANSWERED_SECONDS = 1
"""After which a client that may not show the question is told how else to answer it."""

_log = logging.getLogger("dragoman.lsp")


class TrustAnswer(Enum):
    """What came of the question."""

    ALLOWED = ALLOW
    REFUSED = REFUSE
    NONE = ""
    """Closed, not answered yet, or the client cannot ask: the next prompt asks again."""


async def why_not(session: Session, known: KnownAgent, context: list[str], stopped: asyncio.Event) -> TurnError | None:
    """Why an agent that is not trusted is not asked; None once the user has allowed it.

    The user is asked where the settings say so. `stopped` ends the waiting.
    """
    setting, fingerprint = session.project.settings.trust, known.fingerprint
    if setting == "userOnly":
        advice = f"The setting “trust” allows none but those of {user_agent_file()}: move it there, or change that."
        return _untrusted(known, advice)
    if fingerprint in session.project.trust.refused:
        return _untrusted(known, "You did not allow it in this session; the command dragoman.trust changes that.")
    if setting == "never":
        return _untrusted(known, f"The setting “trust” says that nobody is asked: {_other_ways(known)}.")
    match await _answer(session, known, fingerprint, context, stopped):
        case TrustAnswer.ALLOWED:
            return None
        case TrustAnswer.REFUSED:
            return _untrusted(known, "You did not allow it; the command dragoman.trust changes that.")
        case TrustAnswer.NONE:
            return _untrusted(known, f"Whether you allow it was not answered: ask again, or {_other_ways(known)}.")


async def allow(session: Session, known: KnownAgent) -> None:
    """From now on the agent is asked without a question, in every session, as long as it stays what it is."""
    consent, store = known.consent(), session.project.trust
    try:
        await asyncio.to_thread(store.add, consent)
    except OSError as error:
        _log.warning("trust ends with this session: %s cannot be written: %s", store.path, error.strerror)
    _settle(session, consent.digest, TrustAnswer.ALLOWED)
    session.when_trust_changed()


async def refuse(session: Session, known: KnownAgent) -> None:
    """Forget that the agent was allowed, and do not ask again in this session."""
    fingerprint, store = known.fingerprint, session.project.trust
    try:
        await asyncio.to_thread(store.refuse, fingerprint)
    except OSError as error:
        _log.warning("trust comes back with the next session: %s cannot be written: %s", store.path, error.strerror)
    _settle(session, fingerprint, TrustAnswer.REFUSED)
    session.when_trust_changed()


async def _answer(
    session: Session, known: KnownAgent, fingerprint: str, context: list[str], stopped: asyncio.Event
) -> TrustAnswer:
    """Wait for the one question about an agent, whichever prompt has raised it."""
    answer = session.trust_questions.get(fingerprint)
    if answer is None:
        answer = session.trust_questions[fingerprint] = asyncio.get_running_loop().create_future()
        session.background(_ask_user(session, known, trust_question(known, context), answer))
    stopping = asyncio.ensure_future(stopped.wait())
    try:
        await asyncio.wait((answer, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
    return answer.result() if answer.done() else TrustAnswer.NONE


async def _ask_user(session: Session, known: KnownAgent, question: str, answer: asyncio.Future[TrustAnswer]) -> None:
    """Bring about the answer, unless the command dragoman.trust is quicker."""
    loop = asyncio.get_running_loop()
    telling = loop.call_later(UNANSWERED_SECONDS, _tell_how_else, session, known, answer)
    try:
        said = await _said(session, question)
        if said is TrustAnswer.ALLOWED and not answer.done():
            await allow(session, known)
        if said is TrustAnswer.REFUSED and not answer.done():
            await refuse(session, known)
    finally:
        telling.cancel()
        if not answer.done():
            _settle(session, known.fingerprint, TrustAnswer.NONE)


def _tell_how_else(session: Session, known: KnownAgent, answer: asyncio.Future[TrustAnswer]) -> None:
    """Some clients neither show a question nor answer it."""
    if not session.client.says_of_windows and not answer.done():
        say(session, f"Agent “{known.agent.name}” waits for your consent: {_other_ways(known)}.")


async def _said(session: Session, question: str) -> TrustAnswer:
    """What the user answers."""
    chosen = await choose(session, question, (ALLOW, REFUSE))
    return next((answer for answer in TrustAnswer if answer.value == chosen), TrustAnswer.NONE)


def _settle(session: Session, fingerprint: str, answer: TrustAnswer) -> None:
    """End the waiting of all prompts that wait for this; the first answer counts."""
    waiting = session.trust_questions.pop(fingerprint, None)
    if waiting is not None and not waiting.done():
        waiting.set_result(answer)


def _untrusted(known: KnownAgent, advice: str) -> TurnError:
    cause = "comes with this workspace and is not trusted, so it was not asked"
    return failure(ErrorCode.UNTRUSTED, known.agent.name, cause, advice, blame=("name",))


def _other_ways(known: KnownAgent) -> str:
    words = ["dragoman", "trust", "allow", known.agent.name, "--workspace", known.folder]
    return f"allow it by the command dragoman.trust, or by: {shlex.join(words)}"
