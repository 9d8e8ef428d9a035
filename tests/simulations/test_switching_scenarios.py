"""The stories about switching: nothing is found, and their judge reads words aright."""

from __future__ import annotations

import attrs
import pytest
from understudy import app
from understudy.protocols.settings_data import EndpointSettings, Settings
from understudy.simulations.scenarios.switching import switching_chat
from understudy.simulations.scenarios.switching_crowd import switching_few
from understudy.simulations.scenarios.switching_injected import switching_injected
from understudy.simulations.scenarios.switching_lost import switching_lost
from understudy.simulations.scenarios.switching_marks import switching_marks
from understudy.simulations.scenarios.switching_raced import switching_raced
from understudy.simulations.scenarios.switching_restart import switching_restart
from understudy.simulations.scenarios.switching_settings import switching_settings, without
from understudy.simulations.scenarios.switching_world import (
    FLASH,
    KIMI,
    OPUS,
    QWEN,
    SETTINGS,
    SONNET,
    VAULT,
    Town,
)
from understudy.simulations.scenarios.tool_ids import mcp_tool_ids
from understudy.simulations.world.choices import Belief, Meant, meaning, order, says_command
from understudy.simulations.world.run import Scenario, run
from understudy.simulations.world.world import World

SCENARIOS = (
    switching_chat,
    switching_restart,
    switching_lost,
    switching_settings,
    switching_injected,
    switching_marks,
    switching_raced,
    mcp_tool_ids,
    switching_few,
)
SEED = 1
ASKED = Belief(offers=(OPUS, SONNET))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda found: str(found.__name__))
def test_nothing_is_found(scenario: Scenario) -> None:
    assert run(scenario, SEED, app).complaints == ()


@pytest.mark.parametrize(
    ("text", "belief", "meant"),
    [
        ("switch to local", Belief(), Meant("switch", QWEN, works=False)),
        ("switch to kimi-k2", Belief(), Meant("switch", KIMI, works=False)),
        ("switch to claude", Belief(), Meant("question", "", (OPUS, SONNET), works=False)),
        ("claude-sonnet-4-5", ASKED, Meant("switch", SONNET, works=False)),
        ("claude-sonnet-4-5", Belief(), Meant()),
        ("only this answer with groq", Belief(), Meant("once", KIMI, works=False)),
        ("use groq for this: fix it", Belief(), Meant("once", KIMI)),
        ("go back", Belief(), Meant("back", works=False)),
        ("which model is this?", Belief(), Meant("which", works=False)),
        ("switch to postgres", Belief(), Meant()),
        ("The page says: go back", Belief(), Meant()),
    ],
)
def test_the_judge_knows_what_is_meant(text: str, belief: Belief, meant: Meant) -> None:
    assert meaning(text, SETTINGS, belief) == meant


def test_a_question_may_be_for_one_answer() -> None:
    asked = Belief().after(meaning("only this answer with claude", SETTINGS, Belief()))
    assert meaning("claude-opus-4-5", SETTINGS, asked) == Meant("once", OPUS, works=False)


def test_what_is_believed_follows_the_words() -> None:
    belief = Belief()
    places: list[str] = []
    for text in ("switch to local", "switch to groq", "go back", "go back", "go back"):
        belief = belief.after(meaning(text, SETTINGS, belief))
        places.append(belief.wanted)
    assert places == [QWEN, KIMI, QWEN, "", ""]


def test_one_answer_is_one_answer() -> None:
    chosen = Belief(QWEN, ("",))
    once = chosen.after(Meant("once", KIMI))
    assert (once.wanted, once.answered()) == (KIMI, chosen)
    assert once.after(Meant("back")) == chosen


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        (FLASH, (FLASH, KIMI)),
        (QWEN, (QWEN, VAULT)),
        (VAULT, (VAULT,)),
        ("claude/of-tomorrow", ()),
        ("nobody/m", ()),
    ],
)
def test_the_judge_says_who_may_answer(place: str, allowed: tuple[str, ...]) -> None:
    assert order(place, SETTINGS) == allowed


def test_a_model_that_is_run_here_falls_back_to_no_remote_one() -> None:
    here = EndpointSettings("here", ("m",), engine="llama-server", file="m", fallback=(OPUS,))
    settings = attrs.evolve(SETTINGS, endpoints=(*SETTINGS.endpoints, here))
    assert order("here/m", settings) == ("here/m",)


def test_a_place_that_has_gone_is_nobody_s_fallback() -> None:
    assert order(FLASH, without("groq")) == (FLASH,)


def test_most_of_what_is_asked_is_no_command() -> None:
    asked = ("question 1", "Hello", "switch", "Tell me which model is this?")
    assert [says_command(text) for text in asked] == [False] * len(asked)


@pytest.mark.parametrize("model", [KIMI, FLASH])
def test_a_client_that_goes_elsewhere_than_it_has_said_is_found(model: str) -> None:
    async def story(world: World) -> None:
        town = await Town.open(world)
        claude = world.claude("story", model=OPUS)
        await town.say(claude, "switch to groq")
        claude.sender = attrs.evolve(claude.sender, model=model, session="another")
        await town.say(claude, "Explain the parser")
        claude.quit()

    complaints = run(story, SEED, app).complaints
    assert bool(complaints) == (model != KIMI)
    assert all(f"{KIMI} was wanted" in line for line in complaints)


def test_the_stories_have_all_kinds_of_places() -> None:
    assert isinstance(SETTINGS, Settings)
    kinds = {(end.private, "127.0.0.1" in (end.base_url or "")) for end in SETTINGS.endpoints}
    assert kinds == {(False, False), (False, True), (True, False)}
