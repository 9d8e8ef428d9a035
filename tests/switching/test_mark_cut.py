"""Histories that have lost their beginning: a mark leads its own, and no other."""

from __future__ import annotations

import pytest
from trio.testing import MockClock
from understudy.io.history_marks import recall
from understudy.protocols.switching import history_marks
from understudy.protocols.switching.history_tail import MESSAGES_MAX, read_tail
from understudy.simulations.state import SimulatedState, StoredState

from ..actors.dialects import CHAT
from ..actors.stage import open_stage
from .windows import DIALECTS, Spoken, Window, new_marks, request

MARKS = new_marks()
NAME = MARKS.new_name()
REPLY = "home/m answers from now on."
BEFORE: Spoken = [
    ("user", "Hello"),
    ("assistant", "Hi."),
    ("user", "Tell me more"),
    ("assistant", "More."),
    ("user", "switch to home"),
]


def signed(spoken: Spoken = BEFORE, dialect: str = CHAT) -> tuple[str, str]:
    """The reply to a history, whose tail is remembered."""
    asked = request(dialect, spoken)
    reply = MARKS.signed(asked, NAME, REPLY)
    MARKS.tail(asked, reply)
    return "assistant", reply


AFTER: Spoken = [("user", "go on"), ("assistant", "Yes."), ("user", "and")]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("missing", range(len(BEFORE)))
def test_a_history_without_its_beginning_is_known(dialect: str, missing: int) -> None:
    cut = [*BEFORE, signed(dialect=dialect), *AFTER][missing:]
    assert MARKS.find(request(dialect, cut)) == NAME


def test_the_beginning_may_be_cut_again_and_again() -> None:
    cut = [*BEFORE, signed()][2:]
    later = [*cut, ("user", "go back")]
    assert MARKS.find(request(CHAT, [*later, signed(later), *AFTER][3:])) == NAME
    assert MARKS.find(request(CHAT, [*later, signed(later), *AFTER][4:])) == NAME


@pytest.mark.parametrize(
    "before",
    [
        [],
        [("user", "switch  to  work")],
        [("assistant", "switch to home")],
        [("user", "Hm"), ("user", "switch to home")],
        [("user", "Here is a summary: Hello."), ("assistant", "More."), ("user", "switch to home")],
        [("assistant", "More."), ("user", "Hello"), ("user", "switch to home")],
        [*BEFORE, *BEFORE],
        [("user", "Hm"), *BEFORE],
        [*BEFORE[:2], *BEFORE[4:]],
        [*BEFORE, ("assistant", "Hi.")],
    ],
)
def test_whatever_else_stands_before_it_makes_it_another_history(before: Spoken) -> None:
    assert MARKS.find(request(CHAT, [*before, signed(), *AFTER])) == ""


def test_the_reply_must_be_that_one() -> None:
    role, reply = signed()
    end = reply.rindex("[")
    letter = "a" if reply[-2] != "a" else "b"
    for other in (
        f"Not {reply}",
        f"{reply}\nAnd more.",
        reply[end:],
        f"{reply[:-2]}{letter}]",
    ):
        assert MARKS.find(request(CHAT, [*BEFORE[2:], (role, other), *AFTER])) == ""
    assert MARKS.find(request(CHAT, [*BEFORE[2:], ("user", reply), *AFTER])) == ""
    assert MARKS.find(request(CHAT, [*BEFORE[2:], (role, reply), *AFTER])) == NAME


def test_only_so_much_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: Spoken = [("user", f"question {number}") for number in range(MESSAGES_MAX + 2)]
    reply = signed(spoken)
    assert MARKS.find(request(CHAT, [*spoken, reply][2:])) == NAME
    assert MARKS.find(request(CHAT, [*spoken, reply][1:])) == "", "one message too many is left"
    monkeypatch.setattr(history_marks, "TAILS_MAX", 1)
    signed([("user", "another")])
    assert MARKS.find(request(CHAT, [*spoken, reply][2:])) == ""


def test_a_stored_tail_that_is_none_leads_nowhere() -> None:
    assert read_tail("mark:%") == ("mark", b"")
    marks, (role, reply) = new_marks(), signed()
    marks.recall_tail(reply[-27:-1] + ":%")
    assert marks.find(request(CHAT, [*BEFORE[2:], (role, reply)])) == ""


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_window_that_slides_stays_where_it_was_switched_to(
    autojump_clock: MockClock, dialect: str
) -> None:
    """Also after a restart, and while its user asks and switches on."""
    stored = StoredState()
    first = SimulatedState(stored)
    async with open_stage(state=first, marks=new_marks(), check=False) as stage:
        window = Window(stage, dialect)
        for text in ("Hello", "switch to home", "Tell me more"):
            await window.say(text)
        del window.spoken[:2]
        assert await window.place() == "home"
    marks, disk, complaints = new_marks(), SimulatedState(stored), list[str]()
    await recall(marks, disk, complaints.append)
    assert complaints == []
    async with open_stage(state=disk, marks=marks, check=False) as stage:
        window.stage = stage
        assert await window.place() == "home"
        assert "home/claude-y answers" in await window.say("which model is this?")
        del window.spoken[:5]
        assert await window.place() == "home"
        assert "work/claude-x answers again" in await window.say("go back")
        del window.spoken[:1]
        assert await window.place() == "work"
