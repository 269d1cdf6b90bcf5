"""A user types at random while an answer streams, in a model of each editor. See `model_editor`.

`DRAGOMAN_EXAMPLES=10000` plays so many runs in all. What holds, said of the version that the writer knew when it ended:

1. No edit of the writer has ever removed a character of the user's.
2. `delivered + rest` is the answer, when it stops.
3. When it is settled, in an editor that looks at versions, and the user has not changed the region: the region holds
   what it should; without the region the text is what the user has typed, in order; what the writer has written stands
   in one piece, each character of it once.
4. When it has stopped there: what the writer has written is what stood in the region, or what the user has left of it.
   Nothing of it is there twice. It stops as "edited" only if the user has changed the region.
5. It ends, and unless the user has changed the region or closed the document, by proof; but in an editor that takes no
   edits.
6. In an editor that applies edits to whatever text it has: 1 and 2, and no piece of an answer goes astray unnoticed.
   The undo that is handed back is of that piece.

"Changed the region" is meant by who has written which character. In some of the runs the user types just what the agent
says. Nobody can tell then who has written what: another "a" next to an "a" can be read as one beside the region, and a
user who types, at that place and at that moment, the very text that is on its way, has written it. There, only what the
texts themselves show is looked at. An editor that tells of several changes as one (`Reports.AS_ONE_CHANGE`) gets pieces
of four characters at least: shorter ones are not recognised among others. It may be stopped without need.
"""

from __future__ import annotations

import os

import pytest

from dragoman.lsp.edits import Settled, StopCause, Stopped
from dragoman.lsp.edits.place import plain
from model_editor import Manners, Reports, Run

EXAMPLES = int(os.environ.get("DRAGOMAN_EXAMPLES", "600"))

HONEST = [manners for manners in Manners if manners not in (Manners.APPLIES_IT_ALL_THE_SAME, Manners.KNOWS_NO_VERSIONS)]
CASES = [(manners, reports, replaces) for manners in HONEST for reports in Reports for replaces in (False, True)]
CARELESS = [
    (manners, reports)
    for manners in (Manners.APPLIES_IT_ALL_THE_SAME, Manners.KNOWS_NO_VERSIONS)
    for reports in (Reports.AT_ONCE, Reports.GATHERED)
]


@pytest.mark.parametrize(("manners", "reports", "replaces"), CASES)
def test_an_editor_that_looks_at_versions(manners: Manners, reports: Reports, replaces: bool) -> None:
    for seed in range(EXAMPLES // (len(CASES) + len(CARELESS)) + 1):
        run = Run(seed, manners, reports, replaces).play()
        problem = _problem(run)
        assert not problem, f"{(seed, manners, reports, replaces)}: {problem}, {run.outputs}"
        took_some = isinstance(run.outputs[-1], Settled) and run.is_told_apart
        assert not (took_some and manners is Manners.IS_DEAF)


@pytest.mark.parametrize(("manners", "reports"), CARELESS)
def test_an_editor_that_applies_edits_to_whatever_it_has(manners: Manners, reports: Reports) -> None:
    for seed in range(EXAMPLES // (len(CASES) + len(CARELESS)) + 1):
        run = Run(seed, manners, reports).play()
        problem = _problem_of_careless(run)
        assert not problem, f"seed {seed}: {problem}, {run.outputs}"


def _problem(run: Run) -> str | None:
    common, last, end = _common_problem(run), run.outputs[-1] if run.outputs else None, run.at_the_end
    if common or last is None or end is None:
        return common
    if isinstance(last, Settled):
        return _problem_when_settled(run) if last.is_proven else "nothing proves it"
    if last.cause is StopCause.ASTRAY and run.is_told_apart:
        return "nothing goes astray in this editor"
    if last.cause in (StopCause.REFUSED, StopCause.UNCONFIRMED) and run.manners is not Manners.IS_DEAF:
        return "it gave up too early"
    stood = [plain(run.writer.place.text), run.frame[0] + last.delivered + last.unsure + run.frame[1]]
    if run.reports is Reports.AS_ONE_CHANGE or not run.is_told_apart:
        return None
    if last.cause is StopCause.EDITED and not end.was_touched:
        return "nobody has edited"
    if not run.replaces and not any(_is_left_of(plain(end.ours), region) for region in stood):
        return f"{end.ours!r} instead of {stood}"
    return None


def _problem_when_settled(run: Run) -> str | None:
    end, place = run.at_the_end, run.writer.place
    assert end is not None
    text, span = end.text, place.span
    if plain(text[span.start : span.end]) != run.wanted:
        return f"{text[span.start : span.end]!r} instead of {run.wanted!r}"
    if end.was_touched or not run.is_told_apart:
        return None
    if text[: span.start] + text[span.end :] != end.users:
        return f"{text!r} without {span} is not {end.users!r}"
    ours = [index for index, one in enumerate(end.document) if one.is_ours]
    if plain(end.ours) != run.wanted or (ours and ours[-1] - ours[0] + 1 != len(ours)):
        return f"not in one piece: {end.ours!r}"
    return None


def _problem_of_careless(run: Run) -> str | None:
    common, last, end = _common_problem(run), run.outputs[-1] if run.outputs else None, run.at_the_end
    if common or last is None or end is None:
        return common
    if isinstance(last, Settled):
        return _problem_when_settled(run)
    if last.cause is StopCause.ASTRAY and run.is_told_apart:
        assert last.undo is not None
        stray = end.document[last.undo.span.start : last.undo.span.end]
        if not all(one.is_ours for one in stray) or last.undo.new_text:
            return "that is not what went astray"
    return None


def _common_problem(run: Run) -> str | None:
    if not run.outputs:
        return "it does not end"
    if run.removed_of_users and run.is_told_apart:
        return f"{run.removed_of_users!r} of the user's was removed"
    last = run.outputs[-1]
    if isinstance(last, Stopped) and last.delivered + last.rest != run.answer:
        return f"not the answer: {run.answer!r}"
    return None


def _is_left_of(part: str, whole: str) -> bool:
    """Whether `part` is `whole` with some characters taken out."""
    characters = iter(whole)
    return all(character in characters for character in part)
