"""What an offer says is so when it is said: numbers, who has failed, and who could do better."""

from __future__ import annotations

import attrs
import trio
from trio.testing import MockClock
from understudy.io.ports import UpstreamRequest
from understudy.protocols.settings_data import EndpointSettings, RecommendSettings, Settings
from understudy.simulations.upstream import Script, SendHead

from ..actors.dialects import CHAT, SAID, answer_pieces, dialect_turn, said, settings_for
from ..actors.scripts import HOME, WORK, always, answer_events, paced, refusal, stream, turn, whole
from ..actors.stage import HOME_ENDPOINT, WORK_ENDPOINT, open_stage
from ..actors.test_diet import long_turn as longer_than_the_window
from .long_turns import DOWN, OFFER, TOOL_USE, filled, long_turn, settings

SPARE_URL = "http://spare.test"
SPARE = "spare/m"
"""A place that is offered before all others, since it holds most."""
CALLS = stream([answer_events("x", input_tokens=52_000)[0], *TOOL_USE])
BUSY = refusal(429, "rate_limit_error", "slowly", ((b"retry-after", b"60"),))


def with_spare(*fallback: str, window_tokens: int = 2_000_000) -> Settings:
    """Work is small, home is large, and the spare is the best."""
    spare = EndpointSettings(
        "spare", ("m",), ("anthropic",), SPARE_URL, context_tokens=window_tokens
    )
    found = settings(fallback=fallback)
    weights = RecommendSettings(reliability=0)
    return attrs.evolve(found, endpoints=(*found.endpoints, spare), recommend=weights)


async def test_who_answers_in_another_s_place_does_not_say_how_full_that_is(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(settings(fallback=(HOME,)), check=False) as stage:
        stage.work.respond = always(filled())
        stage.home.respond = always(filled())
        await stage.read(long_turn())
        stage.work.respond = always(DOWN)
        assert b"Understudy" not in (await stage.read(long_turn())).body
        stage.work.respond = always(filled())
        assert OFFER in (await stage.read(long_turn())).body


async def test_who_has_just_failed_is_not_offered(autojump_clock: MockClock) -> None:
    async with open_stage(with_spare(SPARE, HOME), check=False) as stage:
        stage.work.respond = always(DOWN)
        stage.upstream.listen(SPARE_URL, always(stream()))
        await stage.read(turn("one", model=WORK))
        stage.upstream.listen(SPARE_URL, always(DOWN))
        second = await stage.read(turn("two", model=WORK))
    assert second.record is not None
    assert second.record.endpoint == "home"
    assert b"Understudy" not in second.body


async def test_who_has_refused_the_turn_is_not_offered_in_its_refusal(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(with_spare(SPARE), check=False) as stage:
        await stage.read(turn("hello", model=WORK))
        stage.work.respond = always(DOWN)
        stage.upstream.listen(SPARE_URL, always(DOWN))
        readers = [await stage.read(turn(text, model=WORK)) for text in ("one", "two")]
    assert b"oops" in readers[0].body
    assert readers[1].refused.message == "oops"


async def test_what_another_place_has_failed_at_is_not_told_of_this_one(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(with_spare(), check=False) as stage:
        stage.upstream.listen(SPARE_URL, always(stream()))
        await stage.read(turn("hello", model=WORK))
        stage.work.respond = always(BUSY)
        await stage.read(turn("one", model=WORK))
        await stage.read(turn("switch to home", model=WORK))
        assert b"Understudy" not in (await stage.read(turn("two", model=WORK))).body
        stage.home.respond = always(DOWN)
        assert b"has failed here" not in (await stage.read(turn("three", model=WORK))).body


async def test_what_was_found_before_is_looked_at_again(autojump_clock: MockClock) -> None:
    async with open_stage(with_spare(), check=False) as stage:
        stage.upstream.listen(SPARE_URL, always(BUSY))
        stage.work.respond = always(filled())
        await stage.read(long_turn())
        stage.work.respond = always(CALLS)
        await stage.read(long_turn())  # it had found the spare, and no text to say so in
        await stage.read(turn("hi", model=SPARE, conversation="other"))
        stage.work.respond = always(filled())
        assert OFFER in (await stage.read(long_turn())).body


async def test_two_turns_at_once_carry_one_offer(autojump_clock: MockClock) -> None:
    async with open_stage(settings(), check=False) as stage:
        stage.work.respond = always(filled())
        await stage.read(long_turn())
        first, second = stage.start(long_turn()), stage.start(turn("other " * 22_000, model=WORK))
        for reader in (first, second):
            await reader.ended.wait()
        assert sum(OFFER in each.body for each in (first, second)) == 1
        left = stage.start(long_turn(conversation="other"))
        await trio.sleep(0.01)
        left.leave()


async def test_a_request_that_was_shortened_counts_whole(autojump_clock: MockClock) -> None:
    small = attrs.evolve(WORK_ENDPOINT, context_tokens=1_000)
    close = attrs.evolve(small, name="close", context_tokens=3_000, private=True)
    large = attrs.evolve(HOME_ENDPOINT, context_tokens=1_000_000)

    def respond(request: UpstreamRequest) -> Script:
        if b"/count_tokens" in request.url.encode():
            tokens = 3_400 if len(request.body) > 10_000 else 800
            return whole(b'{"input_tokens":%d}' % tokens)
        return stream(answer_events("To", input_tokens=800))

    async with open_stage(Settings(endpoints=(small, close, large)), check=False) as stage:
        stage.work.respond = respond
        await stage.read(longer_than_the_window(model=WORK))
        reader = await stage.read(longer_than_the_window(model=WORK))
    assert b"(Understudy: You are at 3.4K of this model's 1K. home/claude-y holds 1M" in reader.body


async def test_a_relay_whose_request_is_shortened_carries_it(autojump_clock: MockClock) -> None:
    [work] = settings_for(CHAT, context_tokens=1_000).endpoints
    home = attrs.evolve(HOME_ENDPOINT, context_tokens=1_000_000)
    pieces, headers = answer_pieces(CHAT)
    history = [{"role": ("user", "assistant")[n % 2], "content": "x " * 300} for n in range(21)]
    async with open_stage(Settings(endpoints=(work, home)), check=False) as stage:
        stage.work.respond = always([SendHead(200, headers), *paced(pieces)])
        readers = [await stage.read(dialect_turn(CHAT, messages=history)) for _ in range(3)]
    told = [each.body for each in readers if b"(Understudy: You are at" in each.body]
    assert len(told) == 1
    assert said(CHAT, told[0]).endswith(SAID)
