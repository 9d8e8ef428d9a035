"""What every `Engine` keeps: add a row to SERVERS or WORKERS and the suite runs on it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from importlib.util import find_spec
from pathlib import Path
from random import Random

import psutil
import pytest
import trio
from understudy.io.engines.rehearsal import MODEL_FILE, MODEL_NAME
from understudy.io.ports import (
    EngineError,
    EngineProcess,
    UpstreamError,
    UpstreamRequest,
    UpstreamUnreachable,
)
from understudy.io.upstream.http11 import Http11Upstream
from understudy.simulations.upstream import SimulatedUpstream
from understudy.simulations.world.hosts import Hosts
from understudy.simulations.world.legality import stream_complaints
from understudy.simulations.world.network import VirtualNetwork

from .engine_stage import (
    CONTEXT_TOKENS,
    LONG,
    NO_PACKAGE,
    WORKERS,
    RealServers,
    ServerStage,
    SimulatedServers,
    Stage,
)

MODEL_BYTES = Path(MODEL_FILE).read_bytes()
DEADLINE_SECONDS = 30
PROMPT_TOO_LONG = re.compile(r"prompt is too long: \d+ tokens > \d+ maximum")


def on_simulated_upstream(_nursery: trio.Nursery) -> Stage:
    upstream = SimulatedUpstream()
    return SimulatedServers(upstream, upstream)


def on_virtual_network(nursery: trio.Nursery) -> Stage:
    network = VirtualNetwork(Random(1))
    network.install()
    return SimulatedServers(Hosts(network, nursery), Http11Upstream())


def on_loopback(_nursery: trio.Nursery) -> Stage:
    return RealServers()


SERVERS: list[Callable[[trio.Nursery], Stage]] = [
    on_loopback,
    on_simulated_upstream,
    on_virtual_network,
]


@pytest.fixture(params=[*SERVERS, *WORKERS], ids=lambda make: str(make.__name__))
async def stage(request: pytest.FixtureRequest, nursery: trio.Nursery) -> AsyncIterator[Stage]:
    made: Stage = request.param(nursery)
    with trio.fail_after(DEADLINE_SECONDS):
        yield made
    await made.aclose()
    assert not made.processes()


@pytest.fixture(params=SERVERS, ids=lambda make: str(make.__name__))
async def server(
    request: pytest.FixtureRequest, nursery: trio.Nursery
) -> AsyncIterator[ServerStage]:
    made: ServerStage = request.param(nursery)
    with trio.fail_after(DEADLINE_SECONDS):
        yield made
    await made.aclose()
    assert not made.processes()


async def test_ready_means_it_answers(stage: Stage) -> None:
    async with stage.engine.open(stage.spec()) as process:
        answer = await stage.ask(process)
        assert answer.status == 200
        assert answer.text


async def test_an_answer_is_as_long_as_was_asked_for(stage: Stage) -> None:
    async with stage.engine.open(stage.spec()) as process:
        answer = await stage.ask(process, max_tokens=2)
        assert answer.stop_reason in ("max_tokens", "end_turn")
        longer = await stage.ask(process, max_tokens=40)
        assert len(longer.text) >= len(answer.text)


async def test_the_input_is_counted_as_it_is_read(stage: Stage) -> None:
    async with stage.engine.open(stage.spec()) as process:
        for text in ("hello", LONG):
            counted = await stage.count(process, text)
            assert counted == (await stage.ask(process, text)).input_tokens
            assert counted >= len(text) // 20


async def test_a_streamed_answer_is_legal(server: ServerStage) -> None:
    async with server.engine.open(server.spec()) as process:
        status, body = await server.post(process, streamed=True)
        assert status == 200
        assert stream_complaints(body, complete=True) == []


async def test_nobody_else_can_use_it(server: ServerStage) -> None:
    async with server.engine.open(server.spec()) as process:
        assert (await server.post(process, with_key=False))[0] in (401, 403)


async def test_its_health_is_told_to_everyone(server: ServerStage) -> None:
    async with server.engine.open(server.spec()) as process:
        request = UpstreamRequest("GET", f"{process.base_url}/health", ())
        async with server.upstream.open(request) as response:
            assert response.status == 200


async def test_a_request_longer_than_the_window_is_refused(stage: Stage) -> None:
    async with stage.engine.open(stage.spec()) as process:
        refused = await stage.ask(process, "no " * 5 * CONTEXT_TOKENS)
        assert refused.status == 400
        assert "exceeds the available context size" in refused.text or PROMPT_TOO_LONG.search(
            refused.text
        )
        assert (await stage.ask(process)).status == 200


async def test_more_requests_than_slots_are_all_answered(stage: Stage) -> None:
    spec, statuses = stage.spec(), list[int]()

    async def keep(process: EngineProcess, number: int) -> None:
        statuses.append((await stage.ask(process, f"hello {number}")).status)

    async with stage.engine.open(spec) as process, trio.open_nursery() as nursery:
        for number in range(spec.slots * 3):
            nursery.start_soon(keep, process, number)
    assert statuses == [200] * spec.slots * 3


async def test_who_leaves_does_not_keep_a_slot(stage: Stage) -> None:
    async with stage.engine.open(stage.spec()) as process:
        for number in range(stage.spec().slots):
            with trio.move_on_after(0.01):
                await stage.ask(process, f"{number} {LONG}", max_tokens=200)
        assert (await stage.ask(process)).status == 200


@pytest.mark.parametrize("server", [on_loopback, on_virtual_network], indirect=True)
@pytest.mark.parametrize("streamed", [True, False])
async def test_it_hangs_up_after_a_stream_although_it_has_promised_to_stay(
    server: ServerStage, streamed: bool
) -> None:
    """Measured of the real server; whoever reuses its connections must bear with it."""
    async with server.engine.open(server.spec()) as process:
        port = int(process.base_url.rpartition(":")[2])
        request = {"model": MODEL_NAME, "max_tokens": 4, "stream": streamed}
        body = json.dumps({**request, "messages": [{"role": "user", "content": "hello"}]}).encode()
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            key = process.headers[0][1]
            head = b"POST /v1/messages HTTP/1.1\r\nhost: x\r\nauthorization: %s\r\n" % key
            await stream.send_all(head + b"content-length: %d\r\n\r\n%s" % (len(body), body))
            answer = b""
            with trio.move_on_after(0.5) as patience:
                while piece := await stream.receive_some():
                    answer += piece
    assert b"\r\nkeep-alive: timeout=5" in answer.lower()
    assert patience.cancelled_caught is not streamed


async def test_leaving_reaps_the_process(stage: Stage) -> None:
    async with stage.engine.open(stage.spec()) as process:
        assert stage.is_running(process)
    assert not stage.is_running(process)
    assert stage.spec().name in await process.wait()
    process.kill()
    with pytest.raises(UpstreamUnreachable):
        await stage.ask(process)


async def test_an_error_in_the_block_leaves_bare_and_reaps(stage: Stage) -> None:
    with pytest.raises(LookupError, match="ours"):
        async with stage.engine.open(stage.spec()):
            raise LookupError("ours")
    assert not stage.processes()


async def test_a_cancelled_block_reaps(stage: Stage) -> None:
    with trio.CancelScope() as scope:
        async with stage.engine.open(stage.spec()):
            scope.cancel()
            await trio.sleep_forever()
    assert scope.cancelled_caught
    assert not stage.processes()


async def test_a_process_killed_from_outside_is_noticed_and_named(stage: Stage) -> None:
    async with stage.engine.open(stage.spec()) as process:
        stage.kill_from_outside(process)
        assert "SIGKILL" in await process.wait()
    assert not stage.processes()


async def test_kill_ends_it_and_may_be_said_again(stage: Stage) -> None:
    async with stage.engine.open(stage.spec()) as process:
        await stage.ask(process)
        process.kill()
        process.kill()
        await process.wait()
        process.kill()
        with pytest.raises(UpstreamUnreachable):
            await stage.ask(process)


async def test_an_answer_ends_with_its_process(stage: Stage) -> None:
    async def fail(process: EngineProcess) -> None:
        with pytest.raises(UpstreamError):
            await stage.ask(process, LONG, max_tokens=200)

    async with stage.engine.open(stage.spec()) as process, trio.open_nursery() as nursery:
        nursery.start_soon(fail, process)
        await trio.sleep(0.02)
        process.kill()


async def test_a_missing_file_is_an_engine_error(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"absent\.gguf"):
        async with stage.engine.open(stage.broken(tmp_path / "absent.gguf")):
            raise AssertionError("opened")


async def test_a_garbage_file_is_an_engine_error(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "garbage.gguf"
    file.write_bytes(b"not a model" * 1000)
    with pytest.raises(EngineError, match=r"garbage\.gguf"):
        async with stage.engine.open(stage.broken(file)):
            raise AssertionError("opened")


async def test_a_cut_file_is_an_engine_error(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "cut.gguf"
    file.write_bytes(MODEL_BYTES[:200_000])
    with pytest.raises(EngineError, match=r"cut\.gguf"):
        async with stage.engine.open(stage.broken(file)):
            raise AssertionError("opened")
    assert not stage.processes()


@pytest.mark.parametrize("delay_seconds", [0, 0.001, 0.01, 0.05, 0.1, 0.2])
async def test_cancelled_while_starting_leaves_no_process(
    stage: Stage, delay_seconds: float
) -> None:
    with trio.move_on_after(delay_seconds):
        async with stage.engine.open(stage.spec()):
            await trio.sleep_forever()
    assert not stage.processes()


async def test_two_run_beside_each_other(stage: Stage) -> None:
    spec = stage.spec()
    async with stage.engine.open(spec) as first, stage.engine.open(spec) as second:
        assert first.process_id != second.process_id
        statuses = [(await stage.ask(process)).status for process in (first, second)]
        assert statuses == [200, 200]


async def test_two_servers_have_an_address_and_a_key_each(server: ServerStage) -> None:
    spec = server.spec()
    async with server.engine.open(spec) as first, server.engine.open(spec) as second:
        assert first.base_url != second.base_url
        assert first.headers != second.headers


PARENT = """
import sys, trio
from understudy.io.engines.{module} import {engine}
from understudy.io.ports import EngineSpec

async def main():
    spec = EngineSpec(name="m", file=sys.argv[1], context_tokens=2048)
    async with {engine}().open(spec) as process:
        print(process.process_id, flush=True)
        await trio.sleep_forever()

trio.run(main)
"""


def has_ended(process_id: int) -> bool:
    """Ended, though whoever adopted the orphan may not have reaped it yet."""
    try:
        return psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize(
    ("module", "engine"), [("llama_server", "LlamaServer"), ("llama_direct", "LlamaDirect")]
)
def test_a_real_one_dies_with_a_parent_that_was_killed(module: str, engine: str) -> None:
    if engine == "LlamaDirect" and find_spec("llama_cpp") is None:
        pytest.skip(NO_PACKAGE)
    program = PARENT.format(module=module, engine=engine)
    arguments = [sys.executable, "-c", program, MODEL_FILE]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        process_id = int(parent.stdout.readline())
        assert psutil.pid_exists(process_id)
        parent.kill()
    deadline = time.monotonic() + 2
    while not has_ended(process_id):
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def test_the_key_of_a_real_one_is_not_shown_to_others() -> None:
    stage = RealServers()
    async with stage.engine.open(stage.spec()) as process:
        key = process.headers[0][1].removeprefix(b"Bearer ")
        shown = psutil.Process(process.process_id)
        assert key.decode() not in " ".join([*shown.cmdline(), *shown.environ().values()])
