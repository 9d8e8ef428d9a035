"""The judge of verdicts can fail: bugs planted in the product, each found by the same few turns.

The judge knows what the classifier has said of each tool use, and holds the client's answer to it:
no verdict but the classifier's own, on the same tool use; nothing private at a remote classifier.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs
import pytest
from trio.testing import MockClock
from understudy.actors import guarded_turn
from understudy.actors.guarded_turn import GuardedTurn
from understudy.protocols.safeguards import classifier_choice, verdict
from understudy.protocols.safeguards.question import ToolUse
from understudy.protocols.safeguards.verdict import NoVerdict, Verdict
from understudy.protocols.settings_data import EndpointSettings, Settings
from understudy.simulations.upstream import Step

from ..actors.scripts import always, refusal, whole
from ..actors.stage import HOME_ENDPOINT, HOME_URL, open_stage
from ..actors.test_fallback import asked
from .answers import (
    CHAT_ENDPOINT,
    GUARDED,
    auto_turn,
    chat_answer,
    private,
    said,
    verdicts_in,
    verdicts_text,
)

MIXED = {"call_1": False, "call_2": True}
FINE = dict.fromkeys(MIXED, False)
PRIVATE = attrs.evolve(GUARDED, endpoints=(private(CHAT_ENDPOINT), HOME_ENDPOINT))


@attrs.frozen
class Case:
    """What a classifier says, and what a client may be told of it: whether each was flagged."""

    script: Sequence[Step]
    expected: dict[str, bool] | None
    settings: Settings = GUARDED


CASES = (
    Case(whole(said(verdicts_text(MIXED))), MIXED),
    Case(whole(said(verdicts_text(dict(reversed(MIXED.items()))))), MIXED),
    Case(refusal(529, "overloaded_error", "Overloaded"), None),
    Case(whole(said("They are all fine.")), None),
    Case(whole(said(verdicts_text({"call_1": False}))), None),
    Case(whole(said(verdicts_text({"call_1": False, "call_9": True}))), None),
    Case(
        whole(
            said(f"One says {verdicts_text(dict.fromkeys(MIXED, False))}. {verdicts_text(MIXED)}")
        ),
        MIXED,
    ),
    Case(whole(said(verdicts_text(MIXED))), None, PRIVATE),
)


async def complaints() -> list[str]:
    """What the judge finds in a turn of each case."""
    found: list[str] = []
    for number, case in enumerate(CASES):
        async with open_stage(case.settings, check=False) as stage:
            stage.home.respond = always(case.script)
            stage.work.respond = always(chat_answer())
            reader = await stage.read(auto_turn())
            told = verdicts_in(reader.body)
            flagged = told and {name: one["outcome"] == "flagged" for name, one in told.items()}
            if flagged != case.expected:
                found.append(f"case {number}: the client was told {flagged}")
            if case.settings is PRIVATE and asked(stage, HOME_URL):
                found.append(f"case {number}: private words went to a remote classifier")
    return found


def made_up(patch: pytest.MonkeyPatch) -> None:
    """A verdict although the classifier has failed."""
    honest = vars(GuardedTurn)["_judge"]

    async def judge(self: GuardedTurn, uses: Sequence[ToolUse]) -> Any:
        found = await honest(self, uses)
        if isinstance(found, NoVerdict):
            return tuple(Verdict(use.id, False, "") for use in uses)
        return found

    patch.setattr(GuardedTurn, "_judge", judge)


def of_another(patch: pytest.MonkeyPatch) -> None:
    """Verdicts are taken in their order, whatever tool use they name."""

    def read(body: bytes, uses: Sequence[str]) -> tuple[Verdict, ...]:
        found = verdict.read_verdicts(body, sorted(uses))
        return tuple(attrs.evolve(one, tool_use=use) for one, use in zip(found, uses, strict=True))

    patch.setattr(guarded_turn, "read_verdicts", read)


def of_a_quotation(patch: pytest.MonkeyPatch) -> None:
    """The first JSON of the classifier's answer counts, not the last."""
    last = vars(verdict)["_last_object"]

    def first(text: str) -> Any:
        return last(text[: text.find("}]}") + 3])

    patch.setattr(verdict, "_last_object", first)


def to_anyone(patch: pytest.MonkeyPatch) -> None:
    """Private words may be judged anywhere."""

    def trusts(_endpoint: EndpointSettings, _model: str) -> bool:
        return True

    patch.setattr(classifier_choice, "is_trusted", trusts)


def in_part(patch: pytest.MonkeyPatch) -> None:
    """Verdicts on some of the tool uses are sent."""

    def read(body: bytes, uses: Sequence[str]) -> tuple[Verdict, ...]:
        for left in (uses, uses[:1]):
            try:
                return verdict.read_verdicts(body, left)
            except NoVerdict:
                pass
        raise NoVerdict("there is none")

    patch.setattr(guarded_turn, "read_verdicts", read)


BUGS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], str]] = {
    "made up": (made_up, "case 2"),
    "of another tool use": (of_another, "case 1"),
    "of a quotation": (of_a_quotation, "case 6"),
    "private words to a remote classifier": (to_anyone, "case 7: private words"),
    "in part": (in_part, "case 4"),
}


async def test_without_a_bug_it_says_nothing(autojump_clock: MockClock) -> None:
    assert await complaints() == []


@pytest.mark.parametrize("name", BUGS)
async def test_it_is_found(
    name: str, autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, word = BUGS[name]
    plant(monkeypatch)
    assert any(word in found for found in await complaints())
