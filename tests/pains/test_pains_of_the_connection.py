"""Pains 3, 4 and 19: upstreams that go on after Esc, questions that pile up, proxies that wedge."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import trio
from trio.testing import MockClock
from understudy.actors.backend.exchange import COMMIT_SECONDS
from understudy.io.ports import UpstreamRequest
from understudy.simulations.upstream import HANG, Ending, SendBytes, SendHead, Step, Wait

from .stage import (
    EVENT_HEADERS,
    OTHERS,
    Reader,
    body,
    chunks,
    one_after_the_other,
    open_product,
    said,
    streamed,
    whole,
)

FIRST = {
    "openai-chat": chunks({"content": "To be"})[0],
    "openai-responses": b'data: {"type":"response.output_text.delta","delta":"x"}\n\n',
    "gemini": b'data: {"candidates":[{"content":{"parts":[{"text":"x"}]}}]}\r\n\r\n',
    "ollama": b'{"message":{"content":"x"}}\n',
}
"""The beginning of an answer."""
PING = b'event: ping\ndata: {"type": "ping"}\n\n'
ASKED = body(said("user", "hi"))
PLACES = ("mid-stream", "before the first byte", "not streamed")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("dialect", OTHERS)
async def test_pain_03_the_upstream_goes_on_after_esc(
    dialect: str, place: str, autojump_clock: MockClock
) -> None:
    script: list[Step] = [HANG]
    if place == "mid-stream":
        script = [SendHead(200, EVENT_HEADERS), SendBytes(FIRST[dialect]), HANG]
    request = body(said("user", "hi"), stream=place != "not streamed")
    async with open_product(dialect, lambda _: script) as product:
        reader = product.ask(request)
        await trio.sleep(3)
        assert reader.has_head == (place == "mid-stream")
        reader.scope.cancel("Esc")
        await reader.ended.wait()
        [exchange] = product.upstream.exchanges
        assert (exchange.ending, exchange.left_seconds) == (Ending.LEFT, trio.current_time())


@pytest.mark.parametrize("dialect", OTHERS)
async def test_pain_04_copies_of_a_question_queue_up_on_a_slow_prefill(
    dialect: str, autojump_clock: MockClock
) -> None:
    async with open_product(dialect, lambda _: [HANG]) as product:
        copies: list[Reader] = []
        for _ in range(3):
            copies.append(product.ask(ASKED))
            await trio.sleep(5)
        endings = [exchange.ending for exchange in product.upstream.exchanges]
        assert endings == [Ending.LEFT, Ending.LEFT, Ending.OPEN]
        assert [copy.ended.is_set() for copy in copies] == [True, True, False]


@pytest.mark.parametrize("dialect", OTHERS)
async def test_pain_04_no_byte_for_five_minutes(dialect: str, autojump_clock: MockClock) -> None:
    async with open_product(dialect, lambda _: [HANG]) as product:
        reader = product.ask(ASKED)
        await trio.sleep(COMMIT_SECONDS + 2)
        assert reader.body.startswith(b"event: message_start")
        for _ in range(20):
            before = len(reader.items)
            await trio.sleep(16)
            assert set(reader.items[before:]) == {PING}


async def test_pain_19_the_proxy_wedges_after_an_abort(autojump_clock: MockClock) -> None:
    def respond(request: UpstreamRequest) -> Sequence[Step]:
        if b"hang" in request.body:
            return [SendHead(200, EVENT_HEADERS), SendBytes(FIRST["openai-chat"]), HANG]
        return streamed(*chunks({"content": "well"}))

    async with open_product("openai-chat", respond) as product:
        for number in range(60):
            reader = product.ask(body(said("user", f"hang {number}")), conversation=f"c{number}")
            await trio.sleep(1)
            reader.scope.cancel("Esc")
            await reader.ended.wait()
        healthy = await product.read(ASKED)
        assert b"well" in healthy.body
        statistics = product.upstream.statistics()
        assert statistics.open_connections == statistics.idle_connections
        assert not product.sessions.live


async def test_pain_19_a_stream_that_is_half_dead_stays_open(autojump_clock: MockClock) -> None:
    dead: list[Step] = [SendHead(200, EVENT_HEADERS), SendBytes(FIRST["openai-chat"]), HANG]
    respond = one_after_the_other(dead, streamed(*chunks({"content": "well"})))
    async with open_product("openai-chat", respond) as product:
        reader = await product.read(ASKED)
        assert reader.cut
        assert 900 <= trio.current_time() < 960
        assert b"well" in (await product.read(ASKED)).body


async def test_pain_19_a_broken_answer_is_not_taken_for_whole(autojump_clock: MockClock) -> None:
    cut = streamed(*chunks({"content": "To be"})[:1])
    respond = one_after_the_other(cut, [Wait(1), *whole({"error": {"message": "no"}}, 500)])
    async with open_product("openai-chat", respond) as product:
        reader = await product.read(ASKED)
        assert reader.cut
        assert b"message_stop" not in reader.body
        refused = (await product.read(ASKED)).refused
        assert refused is not None
        assert (refused.status, refused.message) == (500, "no")
