"""Aborts by a plain client, hundreds a place: how fast the upstream's socket is closed.

The client leaves by RST and by FIN in turn. No tap stands between: the time runs from right
before the client's close to the moment the upstream's side of its socket saw an end.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import attrs
import pytest
import trio

from .conftest import DIRECT
from .measured import bound_milliseconds, describe, p95
from .plain_client import Leave, messages_request, open_plain_client
from .scripted_upstream import RecordedRequest, ScriptedUpstream
from .understudy_process import endpoint_settings, open_understudy

ABORTS = 300
ABORT_SECONDS_MAX = 10.0


@attrs.frozen
class PlainTarget:
    """A port to talk to, and what is behind it."""

    upstream: ScriptedUpstream
    port: int
    model: str


@pytest.fixture
async def plain_target(tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[PlainTarget]:
    """Understudy before the scripted upstream, without taps; or the upstream alone."""
    if DIRECT:
        yield PlainTarget(upstream, upstream.port, "claude-x")
        return
    settings = endpoint_settings(upstream.base_url)
    async with open_understudy(tmp_path / "server", settings) as understudy:
        yield PlainTarget(upstream, understudy.port, "work/claude-x")


@attrs.frozen
class Place:
    """A place in a turn where a client can leave."""

    scenario: str
    stream: bool


PLACES = {
    "mid-stream": Place("slow:5000:0.01", stream=True),
    "before the first byte": Place("hang:600", stream=True),
    "non-streamed": Place("hang:600", stream=False),
}


@pytest.mark.parametrize("place_name", PLACES)
async def test_abort_closes_the_upstream(plain_target: PlainTarget, place_name: str) -> None:
    place = PLACES[place_name]
    seconds: list[float] = []
    for number in range(ABORTS):
        leave: Leave = "rst" if number % 2 else "fin"
        with trio.fail_after(ABORT_SECONDS_MAX):
            seconds.append(await _abort_once(plain_target, place, leave))
    bound = bound_milliseconds("ABORT", 20)
    print(f"\nabort {place_name}: client's close to upstream closed: {describe(seconds)}")
    print(f"abort {place_name}: by FIN {describe(seconds[0::2])}; by RST {describe(seconds[1::2])}")
    assert min(seconds) > 0, "an upstream closed before its client did"
    assert p95(seconds) * 1000 < bound
    with trio.fail_after(ABORT_SECONDS_MAX):
        while any(not one.ended.is_set() for one in plain_target.upstream.requests):
            await trio.sleep(0.01)


async def _abort_once(target: PlainTarget, place: Place, leave: Leave) -> float:
    before = len(target.upstream.message_requests)
    async with open_plain_client(target.port) as client:
        await client.send(messages_request(target.model, place.scenario, stream=place.stream))
        request = await target.upstream.wait_for_message(_any, after=before)
        assert request.streaming is place.stream
        if place.stream and place.scenario.startswith("slow"):
            await client.wait_for(b"slow-1 ")
        left_at = client.leave(leave)
        await request.ended.wait()
    assert not request.finished
    assert request.close is not None
    return request.close.at - left_at


def _any(request: RecordedRequest) -> bool:
    return True
