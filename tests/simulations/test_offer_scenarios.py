"""The stories about offers: nothing is found, and their judge reads the words aright."""

from __future__ import annotations

import attrs
import pytest
from understudy import app
from understudy.protocols.anthropic import events
from understudy.simulations.scenarios.offers import (
    offers_failing,
    offers_followed,
    offers_full,
    offers_private,
)
from understudy.simulations.scenarios.offers_dialects import offers_dialects
from understudy.simulations.world.answers import answer_events
from understudy.simulations.world.choices import Belief, Meant
from understudy.simulations.world.client import Answer
from understudy.simulations.world.offer_judge import MADE, offers_in
from understudy.simulations.world.run import Scenario, run

SCENARIOS = (offers_full, offers_private, offers_failing, offers_followed, offers_dialects)
SEED = 1
FULL = (
    "(Understudy: You are at 57.5K of this model's 66K. large/m holds 1M. Say `switch to large/m`"
)
FAILS = "oops. small has failed here twice in a row. large/m: 0.1 s to first token today. "
LED = "(Understudy: You are at 1.5M of this model's 2M. a/b holds 3M. The next turn goes there, as"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda found: str(found.__name__))
def test_nothing_is_found(scenario: Scenario) -> None:
    result = run(scenario, SEED, app)
    assert result.complaints == ()
    assert result.marks[MADE], "or there was nothing to judge"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (FULL, [("large/m", "", 57_500.0, False)]),
        (FAILS, [("large/m", "small", 0.0, False)]),
        (LED, [("a/b", "", 1_500_000.0, True)]),
        ("(Understudy: a/b answers from now on, as `follow_offer` in the settings says.)", []),
        ("You are at home, and large/m holds 1M", []),
        (f"{FULL} {FAILS}", [("large/m", "", 57_500.0, False), ("large/m", "small", 0.0, False)]),
    ],
)
async def test_the_judge_reads_what_is_offered(
    text: str, found: list[tuple[str, str, float, bool]]
) -> None:
    for answer in (told(text), refused(text)):
        offers = offers_in(answer)
        read = [(each.place, each.failing, each.tokens, each.follows) for each in offers]
        assert read == found


def told(text: str) -> Answer:
    """An answer that says this."""
    return answer_of(200, b"".join(answer_events((text,))))


def refused(text: str) -> Answer:
    """A refusal that says this."""
    return answer_of(500, events.error_body("api_error", text))


def answer_of(status: int, body: bytes) -> Answer:
    """What a client has read."""
    return attrs.evolve(Answer("story#1", status=status), received=bytearray(body))


def test_what_was_announced_happens_with_work_alone() -> None:
    led = Belief("small/m", led="large/m")
    assert led.followed() == Belief("large/m", ("small/m",))
    assert Belief("small/m").followed() == Belief("small/m")
    assert led.after(Meant("which")) == Belief("small/m")
    assert led.followed().after(Meant("back")).wanted == "small/m"
