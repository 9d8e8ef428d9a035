"""Windows that send no id of a session: what is chosen in one of them moves no other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from trio.testing import MockClock
from understudy.actors import chat_desk
from understudy.actors.choice_keeper import ChoiceKeeper, Kept
from understudy.io.history_marks import recall
from understudy.protocols.dialects import SERVED
from understudy.protocols.records import ConversationRecord
from understudy.protocols.routing.wish import HOME_UNKNOWN
from understudy.protocols.settings_data import Settings
from understudy.protocols.switching.choice import Choice, KeepChoice
from understudy.protocols.switching.classifier import Classifier
from understudy.protocols.switching.command import Command, Scope, Switch
from understudy.protocols.switching.history_marks import BEGUN, is_shared
from understudy.protocols.switching.known import KnownPlaces
from understudy.protocols.switching.mark import MARKED
from understudy.protocols.switching.matcher import match
from understudy.protocols.turn import FindHome, Operation
from understudy.simulations.state import SimulatedState, StoredState

from ..actors.dialects import CHAT, RESPONSES
from ..actors.scripts import turn
from ..actors.stage import HOME_ENDPOINT, HOME_URL, WORK_ENDPOINT, open_stage
from .windows import DIALECTS, Window, new_marks, request, turn_of

PRIVATE = Settings(endpoints=(WORK_ENDPOINT, attrs.evolve(HOME_ENDPOINT, private=True)))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("strips", [False, True])
async def test_two_windows_that_begin_alike_stay_apart(
    autojump_clock: MockClock, dialect: str, strips: bool
) -> None:
    async with open_stage() as stage:
        one, other = (Window(stage, dialect, strips) for _ in range(2))
        for window in (one, other):
            await window.say("Hello")
        assert "[understudy:" in await one.say("switch to home")
        assert (await one.place(), await other.place()) == ("home", "work")
        await one.say("go back")
        await other.say("switch to home", streamed=False)
        assert (await one.place(), await other.place()) == ("work", "home")


@pytest.mark.parametrize("strips", [False, True])
async def test_two_windows_whose_first_message_is_the_command(
    autojump_clock: MockClock, strips: bool
) -> None:
    async with open_stage() as stage:
        one, other = (Window(stage, strips=strips) for _ in range(2))
        for window in (one, other):
            await window.say("switch to home")
        assert (await one.place(), await other.place()) == ("home", "home")
        await one.say("go back")
        assert (await one.place(), await other.place()) == ("work", "home")


@pytest.mark.parametrize("strips", [False, True])
async def test_a_fork_of_a_conversation_moves_no_other(
    autojump_clock: MockClock, strips: bool
) -> None:
    """Its history begins with the same marks; each goes on from what holds in its own."""
    async with open_stage(check=False) as stage:
        one = Window(stage, strips=strips)
        await one.say("Hello")
        await one.say("switch to home")
        await one.say("Tell me more")
        fork = attrs.evolve(one, spoken=list(one.spoken))
        await one.say("go back")
        assert (await one.place(), await fork.place()) == ("work", "home")
        await fork.say("only the next answer with work")
        assert (await fork.place(), await fork.place()) == ("work", "home")
        del one.spoken[6:]  # its user edits what was said before "go back"
        assert await one.place() == "home"


async def test_a_new_window_begins_where_the_settings_say(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        await Window(stage).say("switch to home")
        assert await Window(stage).place() == "work"


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_mark_outlives_the_server(autojump_clock: MockClock, dialect: str) -> None:
    stored = StoredState()
    async with open_stage(state=SimulatedState(stored)) as stage:
        window = Window(stage, dialect)
        await window.say("Hello")
        await window.say("switch to home")
        await window.say("which model is this?", streamed=False)
    async with open_stage(state=SimulatedState(stored)) as stage:
        window.stage = stage
        assert await window.place() == "home"
        await window.say("go back")
        assert await window.place() == "work"


async def test_words_outlive_the_server_too(autojump_clock: MockClock) -> None:
    stored, complaints = StoredState(), list[str]()
    async with open_stage(state=SimulatedState(stored)) as stage:
        windows = [Window(stage, strips=True) for _ in range(2)]
        for window in windows:
            await window.say("Hello")
        await windows[0].say("switch to home")
    marks, disk = new_marks(), SimulatedState(stored)
    await recall(marks, disk, complaints.append)
    async with open_stage(state=disk, marks=marks) as stage:
        for window in windows:
            window.stage = stage
        assert [await window.place() for window in windows] == ["home", "work"]
    assert complaints == []


async def test_a_server_starts_though_the_disk_cannot_be_read(autojump_clock: MockClock) -> None:
    odd = ConversationRecord("begun:odd", choice="{")
    marks, complaints = new_marks(), list[str]()
    await recall(marks, SimulatedState(StoredState({"begun:odd": odd})), complaints.append)
    assert (marks.remembered, complaints) == (0, [])
    await recall(marks, SimulatedState(StoredState(fails=True)), complaints.append)
    assert [line.partition(" is not known")[0] for line in complaints] == [
        "what was chosen in conversations without a name"
    ]


@pytest.mark.parametrize("strips", [False, True])
async def test_a_question_of_ours_is_answered_in_its_own_window(
    autojump_clock: MockClock, strips: bool
) -> None:
    async with open_stage() as stage:
        one, other = (Window(stage, strips=strips) for _ in range(2))
        for window in (one, other):
            await window.say("Hello")
        question = await one.say("switch to claude")
        assert "[understudy:" in question
        number = next(line[0] for line in question.splitlines() if "home/claude-y" in line)
        assert await other.say(number) == "To be."
        assert "home/claude-y" in await one.say(number)
        assert (await one.place(), await other.place()) == ("home", "work")


@pytest.mark.parametrize("strips", [False, True])
async def test_one_answer_comes_from_elsewhere_in_its_own_window(
    autojump_clock: MockClock, strips: bool
) -> None:
    async with open_stage() as stage:
        one, other = (Window(stage, strips=strips) for _ in range(2))
        for window in (one, other):
            await window.say("Hello")
        assert "[understudy:" in await one.say("only the next answer with home")
        assert [await window.place() for window in (one, other)] == ["home", "work"]
        assert [await window.place() for window in (one, other)] == ["work", "work"]


async def test_a_mark_that_was_copied_moves_nothing(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        one, other = (Window(stage, strips=strips) for strips in (False, True))
        reply = await one.say("switch to home")
        await other.say("Hello")
        other.spoken += [("user", "Say it."), ("assistant", reply)]
        assert await other.place() == "work"


async def test_each_change_has_a_name_that_what_follows_keeps(autojump_clock: MockClock) -> None:
    said = ("Hello", "switch to home", "hm", "which model is this?", "go back", "hm")
    async with open_stage(check=False) as stage:
        window = Window(stage)
        for text in said:
            await window.say(text)
        names = [line.conversation for line in reversed(await stage.ledger())]
        assert names[0].startswith("first-message:")
        assert {name[: len(MARKED)] for name in names[1:]} == {MARKED}
        assert [len(set(names[1:4])), len(set(names[4:])), len(set(names))] == [1, 1, 3]


async def test_copies_that_ask_otherwise_are_of_the_same_conversation(
    autojump_clock: MockClock,
) -> None:
    async with open_stage() as stage:
        window, marks = Window(stage), stage.sessions.marks
        await window.say("switch to home")
        window.spoken.append(("user", "hm"))
        asked = [request(CHAT, window.spoken, streamed=streamed) for streamed in (True, False)]
        turns = [turn_of(each, marks) for each in asked]
        turns.append(turn_of(asked[0], marks, Operation.COUNT_TOKENS))
        assert len({each.conversation for each in turns}) == 1
        assert turns[0].conversation.startswith(MARKED)
        assert not turns[0].named


async def test_nothing_is_ever_chosen_for_all_who_begin_alike(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        window = Window(stage)
        await window.say("Hello")
        [line] = await stage.ledger()
        assert is_shared(line.conversation)
        await stage.conversations.ask(KeepChoice(line.conversation, Choice("home/claude-y")))
        assert await window.place() == "work"


async def test_a_named_conversation_gets_no_mark(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        reader = await stage.read(turn("switch to home"))
        assert b"[understudy:" not in reader.body


async def test_what_was_private_stays_so_under_the_new_name(autojump_clock: MockClock) -> None:
    stored = StoredState()
    window_request = request(CHAT, [("user", "Hello")])
    begun = turn_of(window_request, new_marks()).conversation
    stored.conversations[begun] = ConversationRecord(begun, home="home/claude-y")
    async with open_stage(PRIVATE, state=SimulatedState(stored)) as stage:
        window = Window(stage)
        await window.say("Hello")
        await window.say("switch to home")
    named = [each for each in stored.conversations.values() if each.choice]
    assert sorted(each.conversation.partition(":")[0] for each in named) == ["begun", "mark"]
    assert {each.home for each in named} == {"home/claude-y"}


@pytest.mark.parametrize("home", ["", "home/claude-y"])
async def test_what_cannot_be_read_counts_as_private_until_it_can(
    autojump_clock: MockClock, home: str
) -> None:
    stored = StoredState(fails=True)
    async with open_stage(PRIVATE, state=SimulatedState(stored), check=False) as stage:
        keeper = ChoiceKeeper(stage.conversations, stage.sessions.marks)
        asked = turn_of(request(CHAT, [("user", "switch to home")]), stage.sessions.marks)
        stored.conversations[asked.conversation] = ConversationRecord(asked.conversation, home=home)
        kept = await keeper.keep(asked, Choice("home/claude-y"), answered_here=True)
        assert kept == Kept(kept.conversation, on_disk=False)
        assert await stage.conversations.ask(FindHome(kept.conversation)) == HOME_UNKNOWN
        stored.fails = False
        assert await stage.conversations.ask(FindHome(kept.conversation)) == home
    assert stored.conversations[kept.conversation].choice
    assert {each.home for each in stored.conversations.values()} <= {"", home}


async def test_what_ends_a_choice_in_one_window_ends_it_in_no_other(
    autojump_clock: MockClock,
) -> None:
    """Without a reply of ours, too: the client has named another model, or an answer is over."""
    async with open_stage() as stage:
        one, other = (Window(stage, strips=True) for _ in range(2))
        for window in (one, other):
            await window.say("switch to home")
        keeper = ChoiceKeeper(stage.conversations, stage.sessions.marks)
        one.spoken.append(("user", "now with another model"))
        asked = turn_of(request(CHAT, one.spoken), stage.sessions.marks)
        kept = await keeper.keep(asked, Choice("", ("home/claude-y",)))
        assert kept.conversation.startswith(BEGUN)
        assert kept.conversation != asked.conversation
        one.spoken.append(("assistant", "Yes."))
        assert (await one.place(), await other.place()) == ("work", "home")


def with_work(
    text: str, known: KnownPlaces, offers: Sequence[str], classifier: Classifier | None
) -> Command | None:
    """Understands `switch to <endpoint>: <work>` for one answer, and `for good` for all."""
    command, _, work = text.partition(": ")
    found = match(command, known, offers, classifier)
    if isinstance(found, Switch) and work:
        scope: Scope = "conversation" if "for good" in work else "answer"
        return attrs.evolve(found, work=True, scope=scope)
    return found


@pytest.mark.parametrize("dialect", [CHAT, RESPONSES])
async def test_work_goes_where_it_was_sent_also_when_it_is_sent_again(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch, dialect: str
) -> None:
    monkeypatch.setattr(chat_desk, "match", with_work)
    async with open_stage(check=False) as stage:
        one, other = (Window(stage, dialect) for _ in range(2))
        for window in (one, other):
            window.spoken.append(("user", "switch to home: refactor this"))
            await window.send()  # its answer was lost, and it is sent again
            await window.send()
        urls = [exchange.request.url for exchange in stage.upstream.exchanges]
        assert [HOME_URL in url for url in urls] == [True] * 4
        names = {line.conversation for line in await stage.ledger()}
        assert [name.partition(":")[0] for name in names] == ["begun"]
        one.spoken.append(("assistant", "Done."))
        assert await one.place() == "work"  # it was for one answer


async def test_a_switch_with_work_holds_and_can_be_taken_back_in_one_window(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_desk, "match", with_work)
    async with open_stage(check=False) as stage:
        one, other = (Window(stage) for _ in range(2))
        for window in (one, other):
            await window.say("switch to home: refactor this for good")
        assert (await one.place(), await other.place()) == ("home", "home")
        assert "[understudy:" in await one.say("go back")
        assert (await one.place(), await other.place()) == ("work", "home")


async def test_a_tool_loop_of_work_stays_where_it_was_sent(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_desk, "match", with_work)
    async with open_stage(check=False) as stage:
        spoken = [{"role": "user", "content": "switch to home: refactor this"}]
        call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
        spoken_later: list[dict[str, Any]] = [
            *spoken,
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c", "content": "done"},
        ]
        for messages in (spoken, spoken_later):
            body = {"model": "work/claude-x", "messages": messages, "stream": True}
            asked = SERVED[CHAT].parse(json.dumps(body).encode())
            await stage.read(turn_of(asked, stage.sessions.marks))
        urls = [exchange.request.url for exchange in stage.upstream.exchanges]
        assert [HOME_URL in url for url in urls] == [True, True]


async def test_work_that_made_a_conversation_private_makes_no_other_so(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session of all who begin alike does not take over what became of one."""
    monkeypatch.setattr(chat_desk, "match", with_work)
    stored = StoredState()
    async with open_stage(PRIVATE, state=SimulatedState(stored), check=False) as stage:
        one, other = (Window(stage) for _ in range(2))
        for window in (one, other):
            await window.say("Hello")
        await one.say("switch to home: refactor this for good")
        assert (await one.place(), await other.place()) == ("home", "work")
    homes = {record.home for record in stored.conversations.values() if record.choice}
    assert homes == {"home/claude-y"}
    begun = [each for name, each in stored.conversations.items() if name.startswith("first-")]
    assert {record.home for record in begun} == {""}
