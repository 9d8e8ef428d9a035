"""Bodies and the room they share: over the limit is refused at once, and all of it comes back."""

from __future__ import annotations

import json

import pytest
import trio
from understudy.io.serving import body as body_module

from .client import BEARER, Client, connect
from .conftest import BUDGET_BYTES, Stage
from .upstream import wait_left

BODY_BYTES = 400_000


@pytest.fixture(autouse=True)
def smaller_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 MiB would take a test a second."""
    monkeypatch.setattr(body_module, "BODY_BYTES_MAX", BODY_BYTES)


def turn(size_bytes: int) -> bytes:
    empty = json.dumps({"model": "claude-x", "messages": [], "x": ""}).encode()
    return empty[:-2] + b"x" * (size_bytes - len(empty)) + b'"}'


async def hold(stage: Stage, client: Client, size_bytes: int) -> None:
    """Sends a turn that the upstream never answers, and waits until it has arrived there."""
    before = len(stage.upstream.asked)
    await client.start("POST", "/v1/messages", BEARER, turn(size_bytes))
    with trio.fail_after(5):
        while len(stage.upstream.asked) == before:
            await trio.sleep(0.005)


async def test_a_body_of_the_limit_is_taken_and_one_more_byte_is_not(stage: Stage) -> None:
    assert (await stage.ask("POST", "/v1/messages", BEARER, turn(BODY_BYTES))).status == 200
    answer = await stage.ask("POST", "/v1/messages", BEARER, turn(BODY_BYTES + 1))
    assert (answer.status, answer.error()[0]) == (413, "request_too_large")
    assert len(stage.upstream.asked) == 1
    await stage.wait_idle()


@pytest.mark.parametrize("length", [BODY_BYTES + 1, 10**15])
async def test_an_announced_length_is_refused_before_a_byte_is_read(
    stage: Stage, length: int
) -> None:
    for target in ("/v1/messages", "/v1/messages/count_tokens"):
        async with connect(stage.port) as client:
            await client.start("POST", target, length=length)
            with trio.fail_after(5):
                answer = await client.answer()
        assert answer.status == 413
        assert "larger than" in answer.error()[1]
    await stage.wait_idle()


async def test_a_chunked_body_is_refused_when_it_has_grown_too_large(stage: Stage) -> None:
    async with connect(stage.port) as client:
        headers = (*BEARER, ("transfer-encoding", "chunked"))
        await client.start("POST", "/v1/messages", headers)
        for _ in range(5):
            await client.send_body(b"x" * (BODY_BYTES // 5))
        assert stage.upstream.asked == []
        await client.send_body(b"x")
        with trio.fail_after(5):
            assert (await client.answer()).status == 413
    await stage.wait_idle()


async def test_all_bodies_together_are_bounded(stage: Stage) -> None:
    stage.upstream.answer = wait_left
    async with connect(stage.port) as first, connect(stage.port) as second:
        await hold(stage, first, BODY_BYTES)
        await hold(stage, second, BODY_BYTES)
        assert stage.budget.used_bytes == 2 * BODY_BYTES
        room = BUDGET_BYTES - 2 * BODY_BYTES
        async with connect(stage.port) as third:
            await third.start("POST", "/v1/messages", length=room + 1)
            answer = await third.answer()
        assert (answer.status, answer.error()[0]) == (503, "overloaded_error")
        assert answer.headers["retry-after"] == "1"
        assert stage.budget.used_bytes == 2 * BODY_BYTES
        async with connect(stage.port) as fourth:
            await hold(stage, fourth, room)
            assert stage.budget.used_bytes == BUDGET_BYTES
            assert (await stage.ask("GET", "/status.json")).status == 200
    await stage.wait_idle()


@pytest.mark.parametrize("by_reset", [True, False], ids=["RST", "FIN"])
@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "announced"])
async def test_a_client_that_leaves_half_way_gives_its_room_back(
    stage: Stage, by_reset: bool, chunked: bool
) -> None:
    async with connect(stage.port) as client:
        if chunked:
            await client.start("POST", "/v1/messages", (*BEARER, ("transfer-encoding", "chunked")))
        else:
            await client.start("POST", "/v1/messages", length=BODY_BYTES)
        await client.send_body(b"x" * 1_000)
        with trio.fail_after(5):
            while stage.budget.used_bytes < (1_000 if chunked else BODY_BYTES):
                await trio.sleep(0.005)
        if by_reset:
            client.reset()
    await stage.wait_idle()
    assert stage.upstream.asked == []


async def test_a_turn_that_is_left_gives_its_room_back(stage: Stage) -> None:
    stage.upstream.answer = wait_left
    async with connect(stage.port) as client:
        await hold(stage, client, BODY_BYTES)
        client.reset()
        await stage.wait_idle()


async def test_a_broken_body_is_answered_and_gives_its_room_back(stage: Stage) -> None:
    async with connect(stage.port) as client:
        await client.start("POST", "/v1/messages", (*BEARER, ("transfer-encoding", "chunked")))
        await client.send_body(b"{")
        await client.stream.send_all(b"no chunk\r\n")
        assert (await client.answer()).status == 400
    await stage.wait_idle()
