"""A soak: hundreds of mixed turns, many cut off at random, and nothing may grow or stay.

Memory is the unique set size of the server and its children, summed: pages that go away when
they end. Its slope is a least-squares line over the last two thirds of the turns. The allocator
gives pages back in steps of up to 1.5 MB, so a few hundred turns are too few to tell a leak.
"""

from __future__ import annotations

import os
import random
import statistics
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import trio

from .conftest import DIRECT
from .plain_client import Leave, PlainClient, messages_request, open_plain_client
from .scripted_upstream import ScriptedUpstream
from .understudy_process import UnderstudyProcess, endpoint_settings, open_understudy

TURNS = int(os.environ.get("UNDERSTUDY_TEST_SOAK_TURNS", "1500"))
TURNS_MEASURED = TURNS * 2 // 3
TURNS_AT_ONCE = 4
SESSIONS = 8
SEED = 20261122
SLOPE_BYTES_MAX = 2000
TURN_SECONDS_MAX = 20.0
SETTLE_SECONDS_MAX = 10.0

FINISHING = ("text", "bigusage:5000", "status:500:1000", "toolong:9:8", "cut:100000:rst", "empty")
LEAVING = ("slow:1000:0.005", "hang:60", "silence:60", "slowtool:0.01")

pytestmark = pytest.mark.skipif(DIRECT, reason="it watches the process of Understudy")


async def test_soak(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    randomness = random.Random(SEED)
    sizes: list[int] = []
    files = children = 0
    async with open_understudy(
        tmp_path / "server", endpoint_settings(upstream.base_url)
    ) as understudy:
        process = psutil.Process(understudy.process_id)
        for done in range(0, TURNS, TURNS_AT_ONCE):
            async with trio.open_nursery() as nursery:
                for number in range(done, done + TURNS_AT_ONCE):
                    own = random.Random(randomness.random())
                    nursery.start_soon(_turn, understudy.port, number, own)
            sizes += [_unique_bytes(process)] * TURNS_AT_ONCE
            if done == TURNS - TURNS_MEASURED:
                files = _open_files(process)
                children = len(process.children(recursive=True))
        measured = sizes[-TURNS_MEASURED:]
        slope, _ = statistics.linear_regression(range(len(measured)), measured)
        print(f"\nsoak: {len(sizes)} turns, USS {measured[0] >> 10} -> {measured[-1] >> 10} KiB")
        print("soak: USS in KiB each 20 turns:", *[size >> 10 for size in sizes[::20]])
        print(f"soak: slope over the last {len(measured)} turns: {slope:.0f} bytes a turn")
        await _check_nothing_stays(understudy, upstream)
        assert _open_files(process) <= files
        assert len(process.children(recursive=True)) <= children
        assert slope < SLOPE_BYTES_MAX


async def _turn(port: int, number: int, randomness: random.Random) -> None:
    """One turn of a random kind: it finishes, or its client leaves after a random while."""
    finishing = randomness.random() < 0.5
    request = messages_request(
        "work/claude-x",
        randomness.choice(FINISHING if finishing else LEAVING),
        stream=randomness.random() < 0.7,
        padding_bytes=randomness.choice([0, 0, 1000, 120_000]),
        session=f"soak-{number % SESSIONS}",
        note=str(number),
    )
    with trio.fail_after(TURN_SECONDS_MAX):
        async with open_plain_client(port) as client:
            await client.send(request)
            if finishing:
                await _finish(client, number, again=randomness.random() < 0.3)
            else:
                await _leave(client, randomness)


async def _finish(client: PlainClient, number: int, *, again: bool) -> None:
    """Reads the answer; `again` asks once more on the same connection, if it was not cut."""
    status, body = await client.read_response()
    assert status in (200, 400, 500), status
    if again and body:
        session = f"soak-{number % SESSIONS}"
        request = messages_request(
            "work/claude-x", "text", stream=True, session=session, note=f"{number} again"
        )
        await client.send(request)
        status, body = await client.read_response()
        assert status == 200
        assert b"message_stop" in body


async def _leave(client: PlainClient, randomness: random.Random) -> None:
    with trio.move_on_after(randomness.random() * 0.1):
        while await client.stream.receive_some(4096):
            pass
    leave: Leave = "rst" if randomness.random() < 0.5 else "fin"
    client.leave(leave)


def _unique_bytes(process: psutil.Process) -> int:
    family = [process, *process.children(recursive=True)]
    return sum(int(one.memory_full_info().uss) for one in family)


def _open_files(process: psutil.Process) -> int:
    return len(process.open_files())


async def _check_nothing_stays(understudy: UnderstudyProcess, upstream: ScriptedUpstream) -> None:
    """No socket but the listener and a few idle ones to the upstream, and no turn upstream."""

    def clients() -> list[str]:
        return [state for local, _, state in _connections(understudy) if local == understudy.port]

    def upstreams() -> list[str]:
        return [state for _, remote, state in _connections(understudy) if remote == upstream.port]

    def turns() -> list[str]:
        running = [one for one in upstream.requests if not one.ended.is_set()]
        return [f"{one.scenario} streaming={one.streaming}" for one in running]

    await _wait_until(lambda: not clients(), lambda: f"sockets to clients stay: {clients()}")
    await _wait_until(lambda: not turns(), lambda: f"turns stay at the upstream: {turns()}")
    await _wait_until(
        lambda: len(upstreams()) <= TURNS_AT_ONCE and set(upstreams()) <= {psutil.CONN_ESTABLISHED},
        lambda: f"sockets to the upstream stay: {upstreams()}",
    )


def _connections(understudy: UnderstudyProcess) -> list[tuple[int, int, str]]:
    """The local port, the remote port and the state of each of its connections."""
    found = psutil.Process(understudy.process_id).net_connections("tcp")
    return [(one.laddr.port, one.raddr.port, str(one.status)) for one in found if one.raddr]


async def _wait_until(holds: Callable[[], bool], explain: Callable[[], str]) -> None:
    with trio.move_on_after(SETTLE_SECONDS_MAX):
        while not holds():
            await trio.sleep(0.05)
    assert holds(), explain()
