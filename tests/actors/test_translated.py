"""An answer on its way between dialects, and between two of the same: bytes, commit, ends, Esc."""

from __future__ import annotations

from itertools import pairwise

import pytest
import trio
from trio.testing import MockClock
from understudy.actors.backend.exchange import COMMIT_SECONDS, UPSTREAM_SILENCE_SECONDS
from understudy.protocols.conversation.answer import AnswerEnded, AnswerFailed, AnswerStarted
from understudy.protocols.dialects import SERVED, UPSTREAM, family, may_be_relayed
from understudy.protocols.records import TurnOutcome, Usage
from understudy.simulations.upstream import (
    HANG,
    CutConnection,
    Ending,
    SendBytes,
    SendHead,
    Step,
    Wait,
)

from .dialects import (
    ANTHROPIC,
    CHAT,
    CLIENT_HEADERS,
    COMPLETIONS,
    EVENTS,
    GEMINI,
    GENERATE,
    OLLAMA,
    RESPONSES,
    SAID,
    USAGE,
    answer,
    answer_pieces,
    dialect_turn,
    ledger,
    read,
    read_back,
    refusal_of,
    said,
    settings_for,
)
from .legal import read_events
from .scripts import JSON, always, paced
from .stage import ENVIRONMENT, open_stage

STREAMED = pytest.mark.parametrize("streamed", [True, False])
EVERY_SERVED = pytest.mark.parametrize("served", list(SERVED))
EVERY_UPSTREAM = pytest.mark.parametrize("upstream", list(UPSTREAM))
RELAYED = [name for name in SERVED if name != ANTHROPIC and may_be_relayed(name)]
TRANSLATED = [(name, CHAT if family(name) != CHAT else GEMINI) for name in SERVED]
EVERY_TRANSLATION = pytest.mark.parametrize(("served", "upstream"), TRANSLATED)
LATE = Wait(COMMIT_SECONDS + 40)
SILENCE_SECONDS_MAX = 15.0
KEYS = {
    ANTHROPIC: (b"x-api-key", ENVIRONMENT["WORK_KEY"].encode()),
    GEMINI: (b"x-goog-api-key", ENVIRONMENT["WORK_KEY"].encode()),
}
BEARER = (b"authorization", b"Bearer " + ENVIRONMENT["WORK_KEY"].encode())


@STREAMED
@EVERY_UPSTREAM
@EVERY_SERVED
async def test_every_client_reads_every_endpoint_s_answer(
    served: str, upstream: str, streamed: bool, autojump_clock: MockClock
) -> None:
    script = answer(upstream, streamed=streamed)
    if (served, upstream) == (GENERATE, OLLAMA):
        script = answer(GENERATE, streamed=streamed)
    reader = await read(upstream, dialect_turn(served, stream=streamed), *script)
    assert said(served, reader.body, streamed=streamed) == SAID
    assert ledger(reader) == (TurnOutcome.ANSWERED, 200, USAGE)


@STREAMED
@pytest.mark.parametrize("served", RELAYED)
@pytest.mark.parametrize("size", [7, 10_000])
async def test_an_endpoint_of_the_client_s_dialect_is_relayed_to_the_byte(
    served: str, streamed: bool, size: int, autojump_clock: MockClock
) -> None:
    pieces, headers = answer_pieces(served, streamed=streamed)
    body = b"".join(pieces) + b"\n"
    cut = [body[start : start + size] for start in range(0, len(body), size)]
    odd = (*headers, (b"x-upstream", b"1"), (b"server", b"peer"))
    asked = dialect_turn(served, stream=streamed)
    reader = await read(family(served), asked, SendHead(200, odd), *paced(cut, 0.001))
    assert reader.pieces == cut
    assert reader.headers == (*headers, (b"x-upstream", b"1"))
    assert ledger(reader) == (TurnOutcome.ANSWERED, 200, USAGE)


@pytest.mark.parametrize("served", RELAYED)
async def test_a_relayed_request_is_the_client_s_but_for_model_and_credentials(
    served: str, autojump_clock: MockClock
) -> None:
    async with open_stage(settings_for(family(served))) as stage:
        stage.work.respond = always(answer(served))
        asked = dialect_turn(served, query=b"alt=sse&x=1")
        await stage.read(asked)
        [exchange] = stage.upstream.exchanges
    request = exchange.request
    assert request.body == asked.request.body.replace(b"work/m", b"m", 1)
    assert request.url.endswith("x=1")
    assert request.url.count("alt=sse") == 1
    key = KEYS.get(family(served), BEARER)
    assert request.headers == (*CLIENT_HEADERS, key, (b"accept-encoding", b"identity"))


@EVERY_UPSTREAM
async def test_a_translated_request_has_no_header_of_the_client_s_and_one_of_each(
    upstream: str, autojump_clock: MockClock
) -> None:
    served = OLLAMA if upstream == ANTHROPIC else ANTHROPIC
    async with open_stage(settings_for(upstream)) as stage:
        stage.work.respond = always(answer(upstream))
        await stage.read(dialect_turn(served, query=b"beta=true"))
        [exchange] = stage.upstream.exchanges
    names = [name for name, _ in exchange.request.headers]
    assert len(set(names)) == len(names), "two types of a body are none"
    assert dict(exchange.request.headers)[b"content-type"] == b"application/json"
    assert KEYS.get(upstream, BEARER) in exchange.request.headers
    assert b"x-client" not in names
    assert "beta=" not in exchange.request.url


@EVERY_TRANSLATION
async def test_after_twenty_silent_seconds_an_answer_is_opened_and_pinged(
    served: str, upstream: str, autojump_clock: MockClock
) -> None:
    reader = await read(upstream, dialect_turn(served), LATE, *answer(upstream))
    moments = [moment for moment, _ in reader.items]
    assert COMMIT_SECONDS <= moments[0] <= COMMIT_SECONDS + 1
    assert max(after - before for before, after in pairwise(moments)) <= SILENCE_SECONDS_MAX
    assert said(served, reader.body) == SAID, "and a client bears the pings"
    events = [] if served in (COMPLETIONS, GENERATE) else read_back(served, reader.body)
    assert sum(isinstance(event, AnswerStarted) for event in events) == bool(events)
    assert ledger(reader) == (TurnOutcome.ANSWERED, 200, USAGE)


@pytest.mark.parametrize("served", RELAYED)
async def test_a_relay_that_we_have_opened_goes_on_with_the_endpoint_s_bytes(
    served: str, autojump_clock: MockClock
) -> None:
    pieces, _ = answer_pieces(served)
    reader = await read(family(served), dialect_turn(served), LATE, *answer(served))
    assert reader.items[0][0] <= COMMIT_SECONDS + 1
    assert reader.pieces[-len(pieces) :] == pieces
    assert said(served, reader.body) == SAID


@pytest.mark.parametrize("served", RELAYED)
async def test_a_relay_pings_into_the_silence_between_two_events(
    served: str, autojump_clock: MockClock
) -> None:
    pieces, headers = answer_pieces(served)
    first: list[Step] = [SendHead(200, headers), SendBytes(pieces[0]), Wait(40)]
    script: list[Step] = [*first, *paced(pieces[1:])]
    reader = await read(family(served), dialect_turn(served), *script)
    assert len(reader.pieces) == len(pieces) + 2
    assert said(served, reader.body) == SAID


async def test_nothing_is_put_into_a_relay_that_is_not_what_was_asked_for(
    autojump_clock: MockClock,
) -> None:
    script: list[Step] = [SendHead(200, JSON), Wait(60), SendBytes(b'{"object":"chat.completion"}')]
    reader = await read(CHAT, dialect_turn(CHAT), *script)
    assert reader.body == b'{"object":"chat.completion"}'


async def test_an_answer_that_nobody_here_can_read_still_passes_after_our_commit(
    autojump_clock: MockClock,
) -> None:
    odd = [b"data: [1]\n\n", b"data: {\n\n"]
    reader = await read(CHAT, dialect_turn(CHAT), LATE, SendHead(), *paced(odd))
    assert reader.pieces[-2:] == odd
    assert reader.cut is None
    outcome, status, usage = ledger(reader)
    assert (outcome, status, usage.estimated) == (TurnOutcome.ANSWERED, 200, True)


async def test_a_late_answer_that_cannot_follow_our_opening_is_told(
    autojump_clock: MockClock,
) -> None:
    reader = await read(CHAT, dialect_turn(CHAT), LATE, SendHead(200, JSON), SendBytes(b"{}"))
    assert isinstance(read_back(CHAT, reader.body)[-1], AnswerFailed)
    assert ledger(reader)[:2] == (TurnOutcome.REFUSED, 502)


@STREAMED
@EVERY_TRANSLATION
@pytest.mark.parametrize(
    ("status", "kind", "wanted"),
    [
        (400, "invalid_request_error", 400),
        (401, "authentication_error", 403),
        (429, "rate_limit_error", 429),
        (503, "overloaded_error", 503),
    ],
)
async def test_before_the_commit_an_error_keeps_its_status(
    served: str,
    upstream: str,
    streamed: bool,
    status: int,
    kind: str,
    wanted: int,
    autojump_clock: MockClock,
) -> None:
    script = refusal_of(upstream, status, kind, "Not now.")
    reader = await read(upstream, dialect_turn(served, stream=streamed), *script)
    assert reader.items == []
    assert reader.refused.status == wanted
    assert "Not now." in reader.refused.message


@EVERY_TRANSLATION
async def test_after_our_commit_an_error_is_told_in_the_stream(
    served: str, upstream: str, autojump_clock: MockClock
) -> None:
    script = refusal_of(upstream, 429, "rate_limit_error", "Not now.")
    reader = await read(upstream, dialect_turn(served), LATE, *script)
    assert b"Not now." in reader.body
    assert reader.cut is None
    assert ledger(reader)[:2] == (TurnOutcome.REFUSED, 429)


@EVERY_TRANSLATION
@pytest.mark.parametrize("cut", [True, False])
async def test_an_answer_that_breaks_off_is_told_or_cut_but_never_ended(
    served: str, upstream: str, cut: bool, autojump_clock: MockClock
) -> None:
    script = answer(upstream, EVENTS[:3])
    reader = await read(upstream, dialect_turn(served), *script, *([CutConnection()] * cut))
    assert (reader.cut is not None) == (served == ANTHROPIC), "Claude Code takes a cut better"
    ended = [] if served in (COMPLETIONS, GENERATE) else read_back(served, reader.body)
    assert not any(isinstance(event, AnswerEnded) for event in ended)
    assert ledger(reader)[:2] == (TurnOutcome.BROKEN, 200)
    assert ledger(reader)[2].estimated


@STREAMED
@EVERY_TRANSLATION
async def test_an_answer_without_a_word_is_an_error(
    served: str, upstream: str, streamed: bool, autojump_clock: MockClock
) -> None:
    headers = answer_pieces(upstream, streamed=streamed)[1]
    reader = await read(upstream, dialect_turn(served, stream=streamed), SendHead(200, headers))
    assert reader.items == []
    assert reader.refused.status == 502


@pytest.mark.parametrize("status", [201, 204])
async def test_a_status_that_is_neither_an_answer_nor_an_error_is_the_endpoint_s_fault(
    status: int, autojump_clock: MockClock
) -> None:
    reader = await read(CHAT, dialect_turn(ANTHROPIC), SendHead(status, JSON))
    assert reader.refused.status == 502


async def test_a_stream_is_read_where_json_comes_instead(autojump_clock: MockClock) -> None:
    reader = await read(CHAT, dialect_turn(ANTHROPIC), *answer(CHAT, streamed=False))
    assert said(ANTHROPIC, reader.body) == SAID
    assert ledger(reader) == (TurnOutcome.ANSWERED, 200, USAGE)


@EVERY_TRANSLATION
@pytest.mark.parametrize("place", ["before the head", "mid stream", "not streamed"])
async def test_esc_leaves_the_endpoint_at_once(
    served: str, upstream: str, place: str, autojump_clock: MockClock
) -> None:
    streamed = place != "not streamed"
    script = answer(upstream, streamed=streamed)
    script = [HANG] if place == "before the head" else [*script[:-2], HANG]
    async with open_stage(settings_for(upstream)) as stage:
        stage.work.respond = always(script)
        reader = stage.start(dialect_turn(served, stream=streamed))
        await trio.sleep(2)
        now = trio.current_time()
        reader.leave()
        await reader.ended.wait()
        [exchange] = stage.upstream.exchanges
        assert (exchange.ending, exchange.left_seconds) == (Ending.LEFT, now)
        line = await stage.line(reader)
        assert (line.outcome, line.usage.estimated) == (TurnOutcome.CANCELLED, True)


@STREAMED
async def test_an_endpoint_that_is_silent_for_good_is_left(
    streamed: bool, autojump_clock: MockClock
) -> None:
    reader = await read(GEMINI, dialect_turn(CHAT, stream=streamed), HANG)
    assert 0 <= reader.ended_seconds - UPSTREAM_SILENCE_SECONDS <= 1
    if streamed:
        assert isinstance(read_back(CHAT, reader.body)[-1], AnswerFailed)
    else:
        assert (reader.refused.status, reader.refused.kind) == (504, "timeout_error")


async def test_our_opening_tells_an_estimate_of_the_input(autojump_clock: MockClock) -> None:
    asked = dialect_turn(ANTHROPIC, system="Be brief. " * 100)
    reader = await read(CHAT, asked, LATE, *answer(CHAT))
    started = read_back(ANTHROPIC, reader.body)[0]
    assert isinstance(started, AnswerStarted)
    assert 100 < started.usage.input_tokens < 1_000


async def test_an_input_that_was_all_cached_is_not_counted_twice(
    autojump_clock: MockClock,
) -> None:
    cached = Usage(output_tokens=3, cache_read_tokens=5_000)
    events = [*EVENTS[:-1], AnswerEnded("end_turn", cached)]
    reader = await read(CHAT, dialect_turn(ANTHROPIC), *answer(CHAT, events))
    [told] = [found for found in read_events(reader.body)[0] if found["type"] == "message_delta"]
    assert told["usage"]["input_tokens"] == 0
    assert told["usage"]["cache_read_input_tokens"] == 5_000
    assert ledger(reader)[2] == cached
    reader = await read(CHAT, dialect_turn(RESPONSES), *answer(CHAT, events))
    ended = read_back(RESPONSES, reader.body)[-1]
    assert isinstance(ended, AnswerEnded)
    assert ended.usage == cached
