"""Commands whose answers were lost, and which their clients send again: each counts once."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.protocols.switching.choice import Choice, from_text, to_text
from understudy.protocols.switching.repeated import REPLY_CHARACTERS_MAX, done_before, with_done
from understudy.protocols.switching.typed import typed
from understudy.simulations.state import SimulatedState, StoredState

from ..actors.scripts import turn
from .talk import HERE, Talk, hosts, open_talk, text_of


async def lost(talk: Talk, text: str, **members: Any) -> str:
    """What is answered to a message whose answer its client does not get."""
    return text_of(await talk.stage.read(talk.turn(text, **members)))


@pytest.mark.parametrize("streamed", [True, False], ids=["as before", "without a stream"])
async def test_going_back_counts_once(autojump_clock: MockClock, streamed: bool) -> None:
    async with open_talk(HERE) as talk:
        for text in ("switch to home", "switch to den"):
            await talk.say(text)
        first = await lost(talk, "go back")
        assert "home/claude-y answers again" in first
        if streamed:
            assert await talk.say("go back") == first
        else:
            whole = await talk.stage.read(talk.turn("go back", stream=False))
            assert json.loads(whole.body)["content"][0]["text"] == first
            talk.messages += [
                {"role": "user", "content": "go back"},
                {"role": "assistant", "content": first},
            ]
        await talk.say("Hello")
        assert hosts(talk.stage) == ["home"]


async def test_who_says_it_twice_goes_back_twice(autojump_clock: MockClock) -> None:
    async with open_talk(HERE) as talk:
        for text in ("switch to home", "switch to den", "go back", "go back"):
            await talk.say(text)
        await talk.say("Hello")
        assert hosts(talk.stage) == ["work"]


async def test_the_answer_to_a_question_is_for_no_model(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        await talk.say("switch to claude")
        first = await lost(talk, "2")
        assert "home/claude-y answers from now on" in first
        assert await talk.say("2") == first
        await talk.say("switch to claude")
        declined = await lost(talk, "never mind")
        assert await talk.say("never mind") == declined == "All right, nothing was changed."
        assert hosts(talk.stage) == []


async def test_a_question_that_nothing_was_chosen_before_is_declined_once(
    autojump_clock: MockClock,
) -> None:
    async with open_talk() as talk:
        await talk.say("switch to claude")
        assert await lost(talk, "never mind") == await talk.say("never mind")
        assert hosts(talk.stage) == []


async def test_it_is_answered_with_the_same_words(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        first = await lost(talk, "switch to home")
        assert await talk.say("switch to home") == first
        assert "already" in await talk.say("switch to home")


async def test_it_counts_once_also_after_a_restart(autojump_clock: MockClock) -> None:
    stored = StoredState()
    async with open_talk(HERE, state=SimulatedState(stored)) as talk:
        for text in ("switch to home", "switch to den"):
            await talk.say(text)
        first, history = await lost(talk, "go back"), talk.messages
    async with open_talk(HERE, state=SimulatedState(stored)) as talk:
        talk.messages = history
        assert await talk.say("go back") == first
        assert "home/claude-y answers" in await talk.say("which model is this?")


async def test_a_copy_that_comes_while_the_disk_works_counts_once(
    autojump_clock: MockClock,
) -> None:
    async with open_talk(HERE, state=SimulatedState(latency_seconds=0.5)) as talk:
        for text in ("switch to home", "switch to den"):
            await talk.say(text)
        first = talk.stage.start(talk.turn("go back"))
        await trio.sleep(0.3)
        assert not first.ended.is_set(), "it holds already, and is not yet on the disk"
        await talk.stage.read(talk.turn("go back"))
        await first.ended.wait()
        assert "home/claude-y answers" in await talk.say("which model is this?")


async def test_it_is_told_whenever_it_cannot_be_saved(autojump_clock: MockClock) -> None:
    stored = StoredState()
    async with open_talk(HERE, state=SimulatedState(stored)) as talk:
        await talk.say("wechsle zu home")
        stored.fails = True
        first = await lost(talk, "geh zurück")
        assert first.endswith("nach einem Neustart von Understudy vergessen.")
        assert await lost(talk, "geh zurück") == first
        stored.fails = False
        assert first.startswith(again := await talk.say("geh zurück"))
        assert len(again) < len(first)


async def test_after_any_other_change_it_is_said_anew(autojump_clock: MockClock) -> None:
    """As one who goes back to an earlier message, and says there what they have said before."""
    async with open_talk(HERE) as talk:
        await talk.say("Hello")
        rewound = list(talk.messages)
        for text in ("switch to home", "switch to den"):
            await talk.say(text)
        talk.messages = list(rewound)
        assert "home/claude-y answers from now on" in await talk.say("switch to home")
        talk.messages = list(rewound)
        await talk.say("only the next answer with den")
        await talk.say("Hello")
        talk.messages = list(rewound)
        assert "The next answer comes from den" in await talk.say("only the next answer with den")
        await talk.say("Hello")
        assert hosts(talk.stage)[1:] == ["127", "127"]


async def test_a_client_without_a_history_goes_back_as_often_as_it_says(
    autojump_clock: MockClock,
) -> None:
    async with open_talk(HERE) as talk:
        for text in ("switch to home", "switch to den", "go back", "go back"):
            talk.messages = []
            await talk.say(text)
        await talk.say("Hello")
        assert hosts(talk.stage) == ["work"]


async def test_other_words_before_it_make_it_another_one(autojump_clock: MockClock) -> None:
    async with open_talk(HERE) as talk:
        for text in ("switch to home", "switch to den", "Hello"):
            await talk.say(text)
        await lost(talk, "go back")
        talk.messages[-2] = {"role": "user", "content": "Hallo"}
        assert "work/claude-x answers again" in await talk.say("go back")


def test_what_was_done_is_kept_with_the_choice_and_is_no_part_of_it() -> None:
    asked = turn("go back").request
    said, choice = typed(asked), Choice("home/m", ("",))
    kept = with_done(choice, asked, said, "Done.", 7, "fr")
    read = from_text(to_text(kept))
    assert read == kept == choice
    found = done_before(read, asked, said)
    assert found is not None
    assert (found.reply, found.tokens, found.language) == ("Done.", 7, "fr")
    told = attrs.evolve(read, told=True)
    assert done_before(told, asked, said) is None, "something has changed since"
    long = with_done(kept, asked, said, "x" * (REPLY_CHARACTERS_MAX + 1), 7, "fr")
    assert long.done is None
