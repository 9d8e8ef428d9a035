"""A real worker that is killed, crashes or is stopped in the middle of an answer."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from math import hypot

import attrs
import psutil
import pytest
import trio
from understudy.io.engines.llama_direct import LlamaDirect
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.io.engines.worker_line import DRAIN_SECONDS_MIN, JOIN_SECONDS
from understudy.io.ports import (
    EngineProcess,
    EngineSpec,
    Upstream,
    UpstreamBroken,
    UpstreamRequest,
    UpstreamResponse,
    UpstreamUnreachable,
)
from understudy.protocols.embedding import EmbeddingWish
from understudy.protocols.engine.embedding import embed_request, read_embedded
from understudy.protocols.engine.messages import Ask, Chat, Count, Sampling, encode

pytestmark = pytest.mark.skipif(
    find_spec("llama_cpp") is None,
    reason="llama-cpp-python is not installed: pip install understudy[llama]",
)

SPEC = EngineSpec("m", MODEL_FILE, context_tokens=4096, slots=4)
ENDLESS = Ask(0, Chat([], prompt="to be or not to be"), Sampling(temperature=50.0, seed=1))
"""At such a temperature an end is drawn once in thousands of tokens."""


@asynccontextmanager
async def running() -> AsyncGenerator[EngineProcess]:
    with trio.fail_after(30):
        async with LlamaDirect().open(SPEC) as process:
            yield process
    assert not psutil.Process().children(recursive=True)


def upstream_of(process: EngineProcess) -> Upstream:
    assert process.upstream is not None
    return process.upstream


def request(message: Ask | Count) -> UpstreamRequest:
    return UpstreamRequest("POST", "worker://local", (), encode(message))


async def read(response: UpstreamResponse) -> None:
    while await response.receive():
        pass


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
async def test_a_death_in_mid_answer_is_told_to_all_that_are_answered(
    number: signal.Signals,
) -> None:
    async def fail(process: EngineProcess) -> None:
        async with upstream_of(process).open(request(ENDLESS)) as response:
            answering.append(await response.receive())
            with pytest.raises(UpstreamBroken, match=f"engine m was ended by {number.name}"):
                await read(response)

    answering = list[bytes]()
    async with running() as process:
        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(fail, process)
            while len(answering) < 3:
                await trio.sleep(0.001)
            os.kill(process.process_id, number)
        assert number.name in await process.wait()
        with pytest.raises(UpstreamUnreachable, match=number.name):
            async with upstream_of(process).open(request(ENDLESS)):
                raise AssertionError("opened")


async def test_one_that_is_stopped_is_killed_after_esc() -> None:
    async with running() as process:
        async with upstream_of(process).open(request(ENDLESS)) as response:
            await response.receive()
            os.kill(process.process_id, signal.SIGSTOP)
            left_seconds = trio.current_time()
        assert trio.current_time() - left_seconds < JOIN_SECONDS + 0.2
        assert "did not stop within" in await process.wait()
        assert trio.current_time() - left_seconds < DRAIN_SECONDS_MIN + 2


async def test_vectors_of_a_model_that_was_loaded_for_them() -> None:
    wish = EmbeddingWish(("to be", "or not to be", "to be"))
    body = b""
    with trio.fail_after(30):
        async with LlamaDirect().open(attrs.evolve(SPEC, embeddings=True)) as process:
            asked = UpstreamRequest("POST", "worker://local", (), embed_request(wish).body)
            async with upstream_of(process).open(asked) as response:
                while data := await response.receive():
                    body += data
    first, second, third = read_embedded(body, wish).vectors
    assert first == pytest.approx(third, abs=1e-5)
    assert first != pytest.approx(second, abs=1e-2)
    assert hypot(*first) == pytest.approx(1.0, abs=1e-4)


async def test_esc_in_mid_answer_leaves_it_idle_and_well() -> None:
    async with running() as process:
        waited = list[float]()
        for _ in range(20):
            async with upstream_of(process).open(request(ENDLESS)) as response:
                await response.receive()
                left_seconds = trio.current_time()
            waited.append(trio.current_time() - left_seconds)
            assert upstream_of(process).statistics().open_connections == 0
        print(f"joined after {1000 * sorted(waited)[10]:.1f} ms (median)")
        async with upstream_of(process).open(
            request(Count(0, Chat([], prompt="to be")))
        ) as response:
            assert response.status == 200
