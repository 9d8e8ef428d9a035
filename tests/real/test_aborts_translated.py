"""Aborts by a plain client through a translation: the upstream's socket is closed as fast.

As in `test_aborts.py`, but the endpoint speaks another dialect than the client, which leaves by
RST and by FIN in turn, at the same three places.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio

from .conftest import DIRECT
from .dialect_upstream import DialectUpstream, Hold, open_dialect_upstream
from .measured import bound_milliseconds, describe, p95
from .plain_client import Leave, messages_request, open_plain_client
from .script import Say
from .scripted_dialects import DIALECTS
from .understudy_process import UnderstudyProcess, endpoint_settings, open_understudy

ABORTS = 60
ABORT_SECONDS_MAX = 10.0
POLL_SECONDS = 0.001
SCRIPT = ((Say("A text that is long enough to be left in its middle by whoever reads it."),),)
PLACES: dict[str, tuple[Hold, bool]] = {
    "mid-stream": ("middle", True),
    "before the first byte": ("before", True),
    "non-streamed": ("before", False),
}

pytestmark = pytest.mark.skipif(DIRECT, reason="it is about translation")

Translating = tuple[UnderstudyProcess, DialectUpstream]


@pytest.fixture(params=DIALECTS)
async def translating(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Translating]:
    """Understudy before a peer of another dialect."""
    dialect = str(request.param)
    async with open_dialect_upstream(DIALECTS[dialect], SCRIPT) as peer:
        settings = endpoint_settings(peer.base_url).replace('"anthropic"', f'"{dialect}"')
        async with open_understudy(tmp_path / "server", settings) as understudy:
            yield understudy, peer


@pytest.mark.parametrize("place", PLACES)
async def test_abort_closes_the_upstream_of_another_dialect(
    translating: Translating, place: str
) -> None:
    understudy, peer = translating
    peer.hold, streamed = PLACES[place]
    seconds: list[float] = []
    for number in range(ABORTS):
        leave: Leave = "rst" if number % 2 else "fin"
        with trio.fail_after(ABORT_SECONDS_MAX):
            seconds.append(await _abort_once(understudy, peer, leave, number, streamed=streamed))
    print(f"\nabort {place} over {peer.dialect.name}: {describe(seconds)}")
    assert min(seconds) > 0, "an upstream was left before the client left"
    assert p95(seconds) * 1000 < bound_milliseconds("ABORT", 20)


async def _abort_once(
    understudy: UnderstudyProcess,
    peer: DialectUpstream,
    leave: Leave,
    number: int,
    *,
    streamed: bool,
) -> float:
    before = len(peer.asked)
    async with open_plain_client(understudy.port) as client:
        request = messages_request("work/claude-x", "text", stream=streamed, note=str(number))
        await client.send(request)
        while len(peer.asked) == before:
            await trio.sleep(POLL_SECONDS)
        if peer.hold == "middle":
            await client.wait_for(b"text_delta")
        left_at = client.leave(leave)
        while len(peer.left) == before:
            await trio.sleep(POLL_SECONDS)
    return peer.left[-1] - left_at
