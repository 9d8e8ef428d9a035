"""What every `Engine` keeps, whichever it is: add a row to ENGINES and the suite runs on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest
import trio
from understudy.io.engines.llama_server import LlamaServer
from understudy.io.engines.rehearsal import MODEL_FILE, MODEL_NAME
from understudy.io.ports import Engine, EngineError, EngineProcess, EngineSpec

ENGINES: list[Callable[[], Engine]] = [LlamaServer]
MODEL_BYTES = Path(MODEL_FILE).read_bytes()
SPEC = EngineSpec(name=MODEL_NAME, file=MODEL_FILE, context_tokens=2048)
DEADLINE_SECONDS = 30

QUESTION = {
    "model": MODEL_NAME,
    "max_tokens": 4,
    "messages": [{"role": "user", "content": "hello"}],
}
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


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    made = request.param()
    assert isinstance(made, Engine)
    return made


async def ask(process: EngineProcess, *, with_key: bool = True) -> int:
    headers = list(process.headers) if with_key else []
    async with httpx.AsyncClient(base_url=process.base_url, trust_env=False) as client:
        return (await client.post("/v1/messages", json=QUESTION, headers=headers)).status_code


def is_running(process_id: int) -> bool:
    return psutil.pid_exists(process_id)


def has_ended(process_id: int) -> bool:
    """Ended, though whoever adopted the orphan may not have reaped it yet."""
    try:
        return psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


async def test_ready_means_it_answers(engine: Engine) -> None:
    with trio.fail_after(DEADLINE_SECONDS):
        async with engine.open(SPEC) as process:
            assert await ask(process) == 200


async def test_nobody_else_can_use_it(engine: Engine) -> None:
    with trio.fail_after(DEADLINE_SECONDS):
        async with engine.open(SPEC) as process:
            assert await ask(process, with_key=False) in (401, 403)
            key = process.headers[0][1].removeprefix(b"Bearer ")
            shown = psutil.Process(process.process_id)
            assert key.decode() not in " ".join([*shown.cmdline(), *shown.environ().values()])


async def test_leaving_reaps_the_process(engine: Engine) -> None:
    with trio.fail_after(DEADLINE_SECONDS):
        async with engine.open(SPEC) as process:
            assert is_running(process.process_id)
        assert not is_running(process.process_id)
        assert SPEC.name in await process.wait()
        process.kill()


async def test_an_error_in_the_block_leaves_bare_and_reaps(engine: Engine) -> None:
    with trio.fail_after(DEADLINE_SECONDS):
        with pytest.raises(LookupError, match="ours"):
            async with engine.open(SPEC):
                raise LookupError("ours")
        assert not children()


async def test_a_cancelled_block_reaps(engine: Engine) -> None:
    with trio.fail_after(DEADLINE_SECONDS):
        with trio.CancelScope() as scope:
            async with engine.open(SPEC):
                scope.cancel()
                await trio.sleep_forever()
        assert scope.cancelled_caught
        assert not children()


async def test_a_process_killed_from_outside_is_noticed_and_named(engine: Engine) -> None:
    with trio.fail_after(DEADLINE_SECONDS):
        async with engine.open(SPEC) as process:
            os.kill(process.process_id, signal.SIGKILL)
            assert "SIGKILL" in await process.wait()
        assert not children()


async def test_kill_ends_it_and_may_be_said_again(engine: Engine) -> None:
    with trio.fail_after(DEADLINE_SECONDS):
        async with engine.open(SPEC) as process:
            process.kill()
            process.kill()
            await process.wait()
            process.kill()


async def test_a_missing_file_is_an_engine_error(engine: Engine, tmp_path: Path) -> None:
    spec = EngineSpec(name="absent", file=str(tmp_path / "absent.gguf"), context_tokens=2048)
    with pytest.raises(EngineError, match=r"absent\.gguf"):
        async with engine.open(spec):
            raise AssertionError("opened")


async def test_a_garbage_file_is_an_engine_error(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "garbage.gguf"
    file.write_bytes(b"not a model" * 1000)
    with pytest.raises(EngineError, match=r"garbage\.gguf"):
        async with engine.open(EngineSpec(name="bad", file=str(file), context_tokens=2048)):
            raise AssertionError("opened")


async def test_a_cut_file_is_an_engine_error(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "cut.gguf"
    file.write_bytes(MODEL_BYTES[:200_000])
    with trio.fail_after(DEADLINE_SECONDS):
        with pytest.raises(EngineError, match=r"cut\.gguf\) could not start: it exited"):
            async with engine.open(EngineSpec(name="cut", file=str(file), context_tokens=2048)):
                raise AssertionError("opened")
        assert not children()


@pytest.mark.parametrize("delay_seconds", [0, 0.001, 0.01, 0.05, 0.1, 0.2])
async def test_cancelled_while_starting_leaves_no_process(
    engine: Engine, delay_seconds: float
) -> None:
    with trio.fail_after(DEADLINE_SECONDS):
        with trio.move_on_after(delay_seconds):
            async with engine.open(SPEC):
                await trio.sleep_forever()
        assert not children()


async def test_two_run_beside_each_other(engine: Engine) -> None:
    with trio.fail_after(DEADLINE_SECONDS):
        async with engine.open(SPEC) as first, engine.open(SPEC) as second:
            assert first.base_url != second.base_url
            assert first.headers != second.headers
            assert [await ask(first), await ask(second)] == [200, 200]


def test_it_dies_with_a_parent_that_was_killed(engine: Engine) -> None:
    module = type(engine).__module__.rpartition(".")[2]
    code = PARENT.format(module=module, engine=type(engine).__name__)
    with subprocess.Popen([sys.executable, "-c", code, MODEL_FILE], stdout=subprocess.PIPE) as it:
        assert it.stdout is not None
        process_id = int(it.stdout.readline())
        assert is_running(process_id)
        it.kill()
    deadline = time.monotonic() + 2
    while not has_ended(process_id):
        assert time.monotonic() < deadline
        time.sleep(0.01)
