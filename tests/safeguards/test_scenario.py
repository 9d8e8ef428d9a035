"""The scenario of the simulator: quiet for the healthy product, and loud for a verdict made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from understudy import app
from understudy.actors.guarded_turn import GuardedTurn
from understudy.protocols.safeguards.question import ToolUse
from understudy.protocols.safeguards.verdict import NoVerdict, Verdict
from understudy.simulations.explorer.case import Case, run_case


def test_nothing_is_found() -> None:
    for seed in range(2):
        assert run_case(Case("safeguards", seed), app).complaints == ()


def test_a_verdict_that_is_made_up_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = vars(GuardedTurn)["_judge"]

    async def judge(self: GuardedTurn, uses: Sequence[ToolUse]) -> Any:
        found = await honest(self, uses)
        if isinstance(found, NoVerdict):
            return tuple(Verdict(use.id, False, "") for use in uses)
        return found

    monkeypatch.setattr(GuardedTurn, "_judge", judge)
    assert any("was told as" in words for words in run_case(Case("safeguards", 0), app).complaints)
