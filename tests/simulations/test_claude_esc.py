"""Esc in the simulated Claude Code: what is sent, what is kept, and what the next prompt tells."""

from __future__ import annotations

from itertools import count

import pytest
import trio
from understudy.simulations.upstream import HANG
from understudy.simulations.world.answers import (
    answer_events,
    call_events,
    paced,
    refused,
    streamed,
)
from understudy.simulations.world.claude import OutcomeKind, Prompt
from understudy.simulations.world.claude_history import (
    INTERRUPTED,
    INTERRUPTED_IN_TOOL,
    TOOL_STOPPED,
)
from understudy.simulations.world.client import READ_BYTES, AnswerEnding
from understudy.simulations.world.peer import Ending
from understudy.simulations.world.socket import VirtualSocket

from .desk import PORT, TEXT, Desk, Script, at_desk, said

BASH = (("Bash", "ls"),)


async def press_esc_after(desk: Desk, seconds: float, prompt: Prompt) -> None:
    await trio.sleep(seconds)
    asked = len(desk.peer.exchanges)
    prompt.press_esc()
    outcome = await prompt.wait()
    assert outcome.kind is OutcomeKind.CANCELLED
    await trio.sleep(100)
    assert len(desk.peer.exchanges) == asked, "something was sent after Esc"


@pytest.mark.parametrize(
    ("script", "seconds", "after"),
    [
        ([HANG], 1, [("user", ["Next"])]),
        (refused(503, retry_after_seconds=50), 1, [("user", ["Next"])]),
        ([*paced(answer_events()[:1]), HANG], 1, [("user", ["Next"])]),
        (
            [*paced(answer_events()[:4]), HANG],
            1,
            [("user", ["Go on"]), ("assistant", ["To be"]), ("user", [INTERRUPTED, "Next"])],
        ),
        ([*paced(call_events(BASH, count(1))[:3]), HANG], 1, [("user", ["Next"])]),
        (
            paced(call_events((("Agent", "Look"),), count(1))),
            1.7,
            [
                ("user", ["Go on"]),
                ("assistant", ["Agent"]),
                ("user", [TOOL_STOPPED, INTERRUPTED_IN_TOOL, "Next"]),
            ],
        ),
    ],
    ids=["no head", "between retries", "no content", "in a text", "in a tool's input", "in a tool"],
)
def test_esc(script: Script, seconds: float, after: list[tuple[str, list[str]]]) -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(script, [HANG])
        await press_esc_after(desk, seconds, desk.claude.start("Go on"))
        desk.answer_with()
        assert (await desk.claude.ask("Next")).text == TEXT
        told = [one for one in said(desk.requests[-1]["messages"]) if one[0] != "system"]
        told[0][1].pop(0)  # the reminder
        assert told == after

    at_desk(scene)


def test_esc_in_flight_is_heard_at_once_and_the_next_prompt_has_a_new_connection() -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with([*paced(answer_events()[:4]), HANG])
        prompt = desk.claude.start("Go on")
        await press_esc_after(desk, 1, prompt)
        [exchange], [attempt] = desk.peer.exchanges, prompt.attempts
        assert (exchange.ending, attempt.ending) == (Ending.LEFT, AnswerEnding.LEFT)
        assert 0 < exchange.left_seconds - attempt.left_seconds < 0.003
        await desk.claude.ask("Next")
        assert desk.claude.answers[-1].is_first_on_connection

    at_desk(scene)


async def read_to_the_end(socket: VirtualSocket) -> None:
    while await socket.recv(READ_BYTES):
        pass


def test_esc_is_an_rst_and_no_fin() -> None:
    async def scene(desk: Desk) -> None:
        desk.claude.wire.port = PORT + 1
        with await desk.claude.network.open_listening("127.0.0.1", PORT + 1) as listening:
            prompt = desk.claude.start("Go on")
            accepted, _ = await listening.accept()
            with accepted:
                await trio.sleep(1)
                prompt.press_esc()
                with pytest.raises(ConnectionResetError):
                    await read_to_the_end(accepted)

    at_desk(scene)


def test_esc_in_a_tool_keeps_the_connection_and_the_results_that_there_are() -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(
            paced(call_events((*BASH, ("Agent", "Look")), count(1)), pause_seconds=0), [HANG]
        )
        prompt = desk.claude.start("Go on")
        await trio.sleep(10)
        assert prompt.running == ["toolu_2"]
        await press_esc_after(desk, 0, prompt)
        await desk.claude.ask("Next")
        *results, marker, _ = desk.requests[-1]["messages"][-1]["content"]
        assert [(one["content"], one["is_error"]) for one in results] == [
            ("story ran ls", False),
            (TOOL_STOPPED, True),
        ]
        assert marker["text"] == INTERRUPTED_IN_TOOL
        assert not desk.claude.answers[-1].is_first_on_connection

    at_desk(scene)


def test_esc_in_the_second_round_keeps_the_first() -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(paced(call_events(BASH, count(1))), [HANG])
        await press_esc_after(desk, 10, desk.claude.start("Go on"))
        await desk.claude.ask("Next")
        *_, call, last = said(desk.requests[-1]["messages"])
        assert call == ("assistant", ["Bash"])
        assert last == ("user", ["story ran ls", INTERRUPTED, "Next"])

    at_desk(scene)


def test_an_error_after_a_round_keeps_the_round() -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(paced(call_events(BASH, count(1))), refused(403))
        assert (await desk.claude.ask("Go on")).kind is OutcomeKind.REFUSED
        await desk.claude.ask("Next")
        assert said(desk.requests[-1]["messages"])[-1] == ("user", ["story ran ls", "Next"])

    at_desk(scene)


def test_esc_at_any_moment_has_one_outcome_and_leaves_nothing_open() -> None:
    moments = [number * 0.21 for number in range(40)]
    kinds: set[OutcomeKind] = set()
    for moment in moments:

        async def scene(desk: Desk, seconds: float = moment) -> None:
            calls = paced(call_events((*BASH, ("Agent", "Look")), count(1)))
            desk.answer_with(refused(503), calls, streamed(), streamed())
            prompt = desk.claude.start("Go on")
            await trio.sleep(seconds)
            prompt.press_esc()
            kinds.add((await prompt.wait()).kind)
            desk.answer_with()
            assert (await desk.claude.ask("Next")).text == TEXT

        at_desk(scene)
    assert kinds == {OutcomeKind.CANCELLED, OutcomeKind.ANSWERED}


def test_a_prompt_that_is_left_before_it_begins_sends_nothing() -> None:
    async def scene(desk: Desk) -> None:
        first, second = desk.claude.start("One"), desk.claude.start("Two")
        second.press_esc()
        assert (await first.wait()).kind is OutcomeKind.ANSWERED
        assert (await second.wait()).kind is OutcomeKind.CANCELLED
        assert len(desk.claude.answers) == len(desk.peer.exchanges) == 1

    at_desk(scene)


def test_a_client_that_is_quit_leaves_by_rst_what_is_in_flight() -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with([HANG])
        prompt = desk.claude.start("One")
        await trio.sleep(1)
        desk.claude.quit()
        assert (await prompt.wait()).kind is OutcomeKind.CANCELLED
        await trio.sleep(1)
        assert [exchange.ending for exchange in desk.peer.exchanges] == [Ending.LEFT]

    at_desk(scene)
