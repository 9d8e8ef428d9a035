"""What every worker keeps beyond what every engine does: what it says of itself, and remembers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import trio
from understudy.io.engines.rehearsal import MODEL_NAME
from understudy.io.ports import EngineProcess, UpstreamRequest
from understudy.protocols.conversation.blocks import Text
from understudy.protocols.conversation.request import Conversation, Message
from understudy.protocols.engine.dialect import WORKER
from understudy.protocols.engine.frames import FrameBuffer
from understudy.protocols.engine.messages import Piece, Started, decode_from_worker

from .engine_stage import CONTEXT_TOKENS, LONG, WORKERS, WorkerStage

DEADLINE_SECONDS = 30


@pytest.fixture(params=WORKERS, ids=lambda make: str(make.__name__))
async def workers(
    request: pytest.FixtureRequest, nursery: trio.Nursery
) -> AsyncIterator[WorkerStage]:
    made: WorkerStage = request.param(nursery)
    with trio.fail_after(DEADLINE_SECONDS):
        yield made
        await made.aclose()
    assert not made.processes()


async def test_a_worker_says_what_it_is(workers: WorkerStage) -> None:
    async with workers.engine.open(workers.spec()) as process:
        assert process.ready is not None
        assert 0 < process.ready.context_tokens <= CONTEXT_TOKENS
        assert process.ready.cells >= process.ready.context_tokens
        assert process.ready.prefill_tokens > 0
        assert process.ready.build


async def test_a_worker_remembers_what_it_has_read(workers: WorkerStage) -> None:
    """Of two equal questions the second is read from memory, all but its last token."""
    async with workers.engine.open(workers.spec()) as process:
        kept = [await started(process, LONG) for _ in range(2)]
        assert kept[0].kept_tokens == 0
        assert kept[1].kept_tokens >= kept[1].input_tokens - 1


async def test_who_leaves_a_worker_leaves_it_idle(workers: WorkerStage) -> None:
    async with workers.engine.open(workers.spec()) as process:
        assert process.upstream is not None
        for delay_seconds in (0, 0.001, 0.01, 0.03):
            with trio.move_on_after(delay_seconds):
                await workers.ask(process, f"{delay_seconds} {LONG}", max_tokens=200)
            assert process.upstream.statistics().open_connections == 0
        assert (await workers.ask(process)).status == 200


async def started(process: EngineProcess, text: str) -> Started:
    """The first word about a question, which is then left."""
    assert process.upstream is not None
    conversation = Conversation((Message("user", (Text(text),)),))
    body = WORKER.request(conversation, MODEL_NAME).body
    async with process.upstream.open(UpstreamRequest("POST", process.base_url, (), body)) as answer:
        frames = FrameBuffer()
        first: Started | None = None
        while data := await answer.receive():
            frames.receive_data(data)
            while (payload := frames.next_payload()) is not None:
                message = decode_from_worker(payload)
                first = message if isinstance(message, Started) else first
                if isinstance(message, Piece) and first is not None:
                    return first
    raise AssertionError("it has said nothing")
