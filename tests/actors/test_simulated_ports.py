"""The simulated ports keep what their ports promise, as the real adapters' suites ask of those."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
import trio
from trio.testing import MockClock
from understudy.io.ports import (
    EngineError,
    EngineProcess,
    EngineSpec,
    UpstreamBroken,
    UpstreamRequest,
    UpstreamStatistics,
    UpstreamUnreachable,
)
from understudy.simulations.engine import Life, SimulatedEngine
from understudy.simulations.upstream import (
    HANG,
    CutConnection,
    Ending,
    HangUp,
    RefuseConnection,
    SendBytes,
    SendHead,
    SimulatedUpstream,
    Step,
    Wait,
    WaitFor,
)

from .scripts import always, request_body

URL = "http://peer.test:1"
REQUEST = UpstreamRequest("POST", f"{URL}/v1/messages", (), b"{}")
SPEC = EngineSpec("small", "/models/small.gguf", 2048)
NOTHING = UpstreamStatistics(0, 0)


def upstream_of(*script: Step, connect_seconds: float = 0.0) -> SimulatedUpstream:
    """An upstream with one peer."""
    upstream = SimulatedUpstream(connect_seconds=connect_seconds)
    upstream.listen(URL, always(script))
    return upstream


async def read(upstream: SimulatedUpstream) -> list[bytes]:
    """The pieces of one answer."""
    pieces: list[bytes] = []
    async with upstream.open(REQUEST) as response:
        while piece := await response.receive():
            pieces.append(piece)
        assert await response.receive() == b"", "the end is said again"
    return pieces


async def test_a_whole_answer_comes_when_its_script_says(autojump_clock: MockClock) -> None:
    upstream = upstream_of(Wait(1), SendHead(), Wait(2), SendBytes(b"a"), SendBytes(b"b"))
    assert await read(upstream) == [b"a", b"b"]
    [exchange] = upstream.exchanges
    moments = (exchange.opened_seconds, exchange.head_seconds, exchange.left_seconds)
    assert moments == pytest.approx((0, 1, 3))
    assert (exchange.request, exchange.ending) == (REQUEST, Ending.COMPLETE)
    assert upstream.statistics() == UpstreamStatistics(1, 1), "its connection can be used again"
    await read(upstream)
    assert upstream.statistics() == UpstreamStatistics(1, 1)
    await upstream.aclose()
    assert upstream.statistics() == NOTHING


async def test_a_peer_that_hangs_up_after_its_answer_is_connected_with_anew(
    autojump_clock: MockClock,
) -> None:
    upstream = upstream_of(SendHead(), SendBytes(b"a"), HangUp())
    assert await read(upstream) == [b"a"]
    assert upstream.exchanges[0].ending is Ending.COMPLETE
    assert upstream.statistics() == NOTHING


@pytest.mark.parametrize(
    ("patience_seconds", "told"), [(0.5, ["left"]), (1.5, ["over"]), (9, ["over"])]
)
async def test_a_script_learns_whether_its_reader_has_left(
    patience_seconds: float, told: list[str], autojump_clock: MockClock
) -> None:
    heard: list[str] = []

    def script(_request: UpstreamRequest) -> Iterator[Step]:
        ending = "left"
        try:
            yield SendHead()
            yield WaitFor(partial(trio.sleep, 1))
            ending = "over"
            yield SendBytes(b"a")
            yield Wait(1)
        finally:
            heard.append(ending)

    upstream = SimulatedUpstream()
    upstream.listen(URL, script)
    with trio.move_on_after(patience_seconds):
        await read(upstream)
    assert heard == told


@pytest.mark.parametrize("seconds", [0.5, 1.5, 2.5, 3.5])
async def test_a_cancelled_exchange_leaves_nothing(
    seconds: float, autojump_clock: MockClock
) -> None:
    script = (Wait(1), SendHead(), Wait(1), SendBytes(b"a"), HANG)
    upstream = upstream_of(*script, connect_seconds=1)
    with trio.move_on_after(seconds) as scope:
        await read(upstream)
    assert scope.cancelled_caught
    [exchange] = upstream.exchanges
    assert (exchange.ending, exchange.left_seconds) == (Ending.LEFT, seconds)
    assert upstream.statistics() == NOTHING


async def test_a_reader_that_leaves_early_closes_the_connection(
    autojump_clock: MockClock,
) -> None:
    upstream = upstream_of(SendHead(), SendBytes(b"a"), SendBytes(b"b"))
    async with upstream.open(REQUEST) as response:
        assert await response.receive() == b"a"
    assert upstream.exchanges[0].ending is Ending.LEFT
    assert upstream.statistics() == NOTHING


@pytest.mark.parametrize(
    ("script", "error", "ending"),
    [
        ([RefuseConnection()], UpstreamUnreachable, Ending.UNREACHABLE),
        ([CutConnection()], UpstreamBroken, Ending.BROKEN),
        ([SendHead(), SendBytes(b"a"), CutConnection()], UpstreamBroken, Ending.BROKEN),
    ],
)
async def test_failures_are_the_port_s_own(
    script: list[Step], error: type[Exception], ending: Ending, autojump_clock: MockClock
) -> None:
    upstream = upstream_of(*script)
    with pytest.raises(error, match=r"peer\.test:1"):
        await read(upstream)
    assert upstream.exchanges[0].ending is ending
    assert upstream.statistics() == NOTHING


async def test_where_nobody_listens_nothing_is_reached(autojump_clock: MockClock) -> None:
    upstream = SimulatedUpstream()
    with pytest.raises(UpstreamUnreachable):
        await read(upstream)
    assert upstream.statistics() == NOTHING


async def test_a_peer_that_stops_breaks_its_exchanges_at_once(autojump_clock: MockClock) -> None:
    upstream = SimulatedUpstream()
    peer = upstream.listen(URL, always([SendHead(), HANG]))
    async with trio.open_nursery() as nursery:

        async def fail() -> None:
            with pytest.raises(UpstreamBroken):
                await read(upstream)

        nursery.start_soon(fail)
        await trio.sleep(3)
        peer.stop()
    assert upstream.exchanges[0].left_seconds == 3
    with pytest.raises(UpstreamUnreachable):
        await read(upstream)


async def ask(upstream: SimulatedUpstream, process: EngineProcess, *, with_key: bool = True) -> int:
    """The status of one answer."""
    url = f"{process.base_url}/v1/messages"
    headers = process.headers if with_key else ()
    async with upstream.open(UpstreamRequest("POST", url, headers, request_body())) as response:
        while await response.receive():
            pass
        return response.status


async def test_an_engine_s_process_answers_whom_it_knows(autojump_clock: MockClock) -> None:
    upstream = SimulatedUpstream()
    engine = SimulatedEngine(upstream)
    async with engine.open(SPEC) as first, engine.open(SPEC) as second:
        assert trio.current_time() == pytest.approx(2 * Life().load_seconds)
        assert first.base_url != second.base_url
        assert first.headers != second.headers
        assert first.process_id != second.process_id
        assert [await ask(upstream, first), await ask(upstream, second)] == [200, 200]
        assert await ask(upstream, first, with_key=False) == 401
        assert engine.running == 2
    assert engine.running == 0
    assert await first.wait() == "engine small exited with status 0"


async def test_a_process_that_is_killed_is_noticed_and_named(autojump_clock: MockClock) -> None:
    engine = SimulatedEngine(SimulatedUpstream())
    async with engine.open(SPEC) as process:
        process.kill()
        process.kill()
        assert "SIGKILL" in await process.wait()
    assert engine.running == 0


async def test_a_process_that_crashes_is_noticed_at_that_moment(
    autojump_clock: MockClock,
) -> None:
    engine = SimulatedEngine(SimulatedUpstream(), [Life(load_seconds=1, crash_seconds=5)])
    async with engine.open(SPEC) as process:
        assert "SIGSEGV" in await process.wait()
        assert trio.current_time() == pytest.approx(6)


async def test_one_that_cannot_start_says_so(autojump_clock: MockClock) -> None:
    engine = SimulatedEngine(SimulatedUpstream(), [Life(failure="it exited with status 1")])
    with pytest.raises(EngineError, match=r"small\.gguf\) could not start: it exited"):
        async with engine.open(SPEC):
            raise AssertionError("opened")
    assert engine.running == 0


@pytest.mark.parametrize("seconds", [0, 1, 3])
async def test_a_cancelled_block_reaps_its_process(
    seconds: float, autojump_clock: MockClock
) -> None:
    engine = SimulatedEngine(SimulatedUpstream(), [Life(stop_seconds=2)])
    with trio.move_on_after(seconds):
        async with engine.open(SPEC):
            await trio.sleep_forever()
    assert engine.running == 0


async def test_an_error_in_the_block_leaves_bare(autojump_clock: MockClock) -> None:
    engine = SimulatedEngine(SimulatedUpstream())
    with pytest.raises(LookupError, match="ours"):
        async with engine.open(SPEC):
            raise LookupError("ours")
    assert engine.running == 0
