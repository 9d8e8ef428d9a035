"""What the simulated Claude Code sends, remembers and runs: requests, connections and tools."""

from __future__ import annotations

from itertools import count
from typing import Any

import h11
import msgspec
import pytest
import trio
from understudy.simulations.world.answers import (
    answer_events,
    call_events,
    event,
    paced,
)
from understudy.simulations.world.claude import OutcomeKind
from understudy.simulations.world.claude_request import Sender, Shape
from understudy.simulations.world.marker import marker_of
from understudy.simulations.world.peer import SendRaw
from understudy.simulations.world.question import read_question

from .desk import TEXT, Desk, Script, at_desk, said

BASH = (("Bash", "ls"),)
MEMBERS = [
    *("model", "messages", "system", "tools", "metadata", "max_tokens", "thinking"),
    *("context_management", "output_config", "stream"),
]


def headers_of(head: h11.Request) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in head.headers}


def test_the_shape_of_a_request() -> None:
    async def scene(desk: Desk) -> None:
        await desk.claude.ask("Hello")
        [request] = desk.requests
        assert list(request) == MEMBERS
        billing, *others = request["system"]
        assert billing["text"].startswith("x-anthropic-billing-header: cc_version=2.1.330.")
        assert ["cache_control" in block for block in (billing, *others)] == [False, True, True]
        assert [message["role"] for message in request["messages"]] == ["user", "system"]
        assert "cache_control" in request["messages"][-1]["content"][-1]
        user = msgspec.json.decode(request["metadata"]["user_id"])
        assert list(user) == ["device_id", "account_uuid", "session_id"]
        assert user["session_id"] == "story"
        assert 2_000 < len(desk.peer.exchanges[0].body) < 8_000
        assert marker_of(desk.peer.exchanges[0].body) == desk.claude.answers[0].marker == "story#1"

    at_desk(scene)


def test_the_headers_of_a_request() -> None:
    main = Sender(1, "secret", "story", "work/claude-x")
    head = main.head(Shape(), b"{}")
    headers = headers_of(head)
    assert head.target == b"/v1/messages?beta=true"
    assert headers["authorization"] == "Bearer secret"
    assert headers["x-claude-code-session-id"] == "story"
    assert headers["x-stainless-timeout"] == "600"
    assert "x-claude-code-agent-id" not in headers
    agent = Sender(1, "secret", "story", "work/claude-x", "agent-1")
    headers = headers_of(agent.head(Shape(streamed=False), b"{}"))
    assert headers["x-claude-code-agent-id"] == "agent-1"
    assert headers["x-stainless-timeout"] == "300"


def test_the_history_grows_on_one_connection() -> None:
    async def scene(desk: Desk) -> None:
        for prompt in ("One", "Two"):
            assert (await desk.claude.ask(prompt)).text == TEXT
        assert said(desk.requests[1]["messages"])[1:] == [
            ("system", ["as a string"]),
            ("assistant", [TEXT]),
            ("user", ["Two"]),
        ]
        assert [one.is_first_on_connection for one in desk.claude.answers] == [True, False]

    at_desk(scene)


@pytest.mark.parametrize(("idle_seconds", "kept"), [(299, True), (301, False)])
def test_an_idle_connection_is_used_again_for_300_s(idle_seconds: float, kept: bool) -> None:
    async def scene(desk: Desk) -> None:
        await desk.claude.ask("One")
        await trio.sleep(idle_seconds)
        await desk.claude.ask("Two")
        assert desk.claude.answers[1].is_first_on_connection is not kept

    at_desk(scene)


def test_a_connection_that_the_server_has_closed_is_not_used_again() -> None:
    async def scene(desk: Desk) -> None:
        end = b"connection: close\r\ncontent-length: 0\r\n\r\n"
        desk.answer_with([SendRaw(b"HTTP/1.1 403 No\r\n" + end)])
        assert (await desk.claude.ask("One")).status == 403
        assert (await desk.claude.ask("Two")).text == TEXT
        assert [one.is_first_on_connection for one in desk.claude.answers] == [True, True]

    at_desk(scene)


def test_a_connection_that_went_stale_is_found_out_before_it_is_used() -> None:
    async def scene(desk: Desk) -> None:
        end = b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n"
        desk.answer_with([SendRaw(end)])
        assert (await desk.claude.ask("One")).status == 403
        await trio.sleep(1)
        assert (await desk.claude.ask("Two")).text == TEXT
        assert [one.status for one in desk.claude.answers] == [403, 200]
        assert desk.claude.answers[1].is_first_on_connection

    at_desk(scene)


def test_parallel_tools_run_at_once_and_their_results_come_in_the_order_of_their_ends() -> None:
    async def scene(desk: Desk) -> None:
        calls = [("Bash", f"command {number}") for number in range(4)]
        desk.answer_with(paced(call_events(calls, count(1))))
        assert (await desk.claude.ask("Run them")).kind is OutcomeKind.ANSWERED
        first, then = desk.claude.answers
        assert then.begun_seconds - first.ended_seconds < 3.1, "the tools ran one after the other"
        results = desk.requests[1]["messages"][-1]["content"]
        ended = [result["tool_use_id"] for result in results]
        assert sorted(ended) == ["toolu_1", "toolu_2", "toolu_3", "toolu_4"] != ended
        assert set(desk.claude.tools_run) == set(ended)

    at_desk(scene)


def test_a_tool_that_runs_twice_is_a_complaint() -> None:
    async def scene(desk: Desk) -> None:
        same = paced(call_events(BASH, count(1)))
        desk.answer_with(same, same)
        await desk.claude.ask("Run it")

    at_desk(scene, complaint="a tool ran twice: toolu_1")


def call_with(*deltas: str, given: Any = None, name: str = "Bash") -> Script:
    """A tool use whose input comes in these deltas, or is given at once."""
    block: dict[str, Any] = {
        "type": "tool_use",
        "id": "toolu_x",
        "name": name,
        "input": given or {},
    }
    start, *_, ending, stop = answer_events()
    told = [{"type": "input_json_delta", "partial_json": delta} for delta in deltas]
    return paced(
        [
            start,
            event("content_block_start", index=0, content_block=block),
            *(event("content_block_delta", index=0, delta=delta) for delta in told),
            event("content_block_stop", index=0),
            ending,
            stop,
        ]
    )


@pytest.mark.parametrize(
    ("script", "replayed"),
    [
        (
            call_with('{"command": "ls'),
            {"__unparsedToolInput": {"raw": '{"command": "ls', "len": 15}},
        ),
        (call_with(given={"command": "ls"}), {}),
        (call_with('{"order": "ls"}'), {"order": "ls"}),
        (call_with('{"command": "ls"}', name="NoSuchTool"), {"command": "ls"}),
    ],
    ids=["broken", "not as deltas", "wrong", "no such tool"],
)
def test_a_call_that_cannot_be_run_has_an_error_for_a_result(
    script: Script, replayed: dict[str, Any]
) -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(script)
        assert (await desk.claude.ask("Run it")).kind is OutcomeKind.ANSWERED
        *_, call, result = desk.requests[1]["messages"]
        assert call["content"][0]["input"] == replayed
        assert result["content"][0]["is_error"] is True
        assert not desk.claude.tools_run

    at_desk(scene)


def test_thinking_is_replayed_and_what_is_unknown_is_passed_over() -> None:
    async def scene(desk: Desk) -> None:
        start, *text = answer_events()
        blocks = [
            ("thinking", "signature_delta", "signature"),
            ("future_block", "text_delta", "text"),
        ]
        pieces = [start, event("future_event", value=1)]
        for kind, delta, key in blocks:
            pieces += [
                event("content_block_start", index=0, content_block={"type": kind}),
                event("content_block_delta", index=0, delta={"type": delta, key: "x"}),
                event("content_block_stop", index=0),
            ]
        desk.answer_with(paced([*pieces, *text]))
        assert (await desk.claude.ask("One")).text == TEXT
        await desk.claude.ask("Two")
        replayed = desk.requests[1]["messages"][-2]["content"]
        assert replayed == [
            {"type": "thinking", "thinking": "", "signature": "x"},
            {"type": "text", "text": TEXT},
        ]

    at_desk(scene)


def test_a_sub_agent_has_a_history_and_an_id_of_its_own() -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(paced(call_events((("Agent", "Look"),), count(1))))
        outcome = await desk.claude.ask("Find it")
        assert outcome.text == TEXT
        askers = [read_question(exchange.body).asker for exchange in desk.peer.exchanges]
        assert askers == ["story", "story/agent-toolu_1", "story"]
        questions = [read_question(exchange.body) for exchange in desk.peer.exchanges]
        assert [one.prompt for one in questions] == ["Find it", "Look", "Find it"]
        assert questions[2].results == (TEXT,)
        assert len(questions[1].history) == 2
        assert len(outcome.attempts) == 2
        assert len(desk.claude.answers) == 3

    at_desk(scene)
