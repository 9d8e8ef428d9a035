"""A request that is longer than the model's window: shortened, and the user told of it once."""

from __future__ import annotations

import json
from itertools import cycle
from typing import Any

import attrs
import pytest
from trio.testing import MockClock
from understudy.io.ports import UpstreamRequest
from understudy.protocols.records import TurnOutcome
from understudy.protocols.settings_data import EndpointSettings, Settings
from understudy.protocols.turn import RecentNotices, Turn
from understudy.simulations.engine import REPLY, count_tokens
from understudy.simulations.upstream import Script

from .scripts import stream, turn, whole
from .stage import HOME_URL, WORK_ENDPOINT, Stage, open_stage
from .test_engine import text_of

WINDOW_TOKENS = 1_000
SMALL = EndpointSettings(
    "den",
    ("small",),
    engine="llama-server",
    file="/models/small.gguf",
    context_tokens=WINDOW_TOKENS,
)
SETTINGS = Settings(endpoints=(SMALL, attrs.evolve(WORK_ENDPOINT, context_tokens=WINDOW_TOKENS)))
NOTICE = "[Understudy: this request has "


def messages(turns: int, size: int = 400) -> list[dict[str, Any]]:
    """A history that ends with the user's newest word."""
    roles = ("user", "assistant")
    return [
        {"role": roles[number % 2], "content": f"{number}: " + "x" * size}
        for number in range(2 * turns + 1)
    ]


def long_turn(turns: int = 12, *, streamed: bool = True, model: str = "den/small") -> Turn:
    """A turn with a history that is longer than the window from 5 turns on."""
    return turn(model=model, stream=streamed, messages=messages(turns))


def last_request(stage: Stage) -> dict[str, Any]:
    """What the newest exchange was asked."""
    request: dict[str, Any] = json.loads(stage.upstream.exchanges[-1].request.body)
    return request


def said(body: bytes, *, streamed: bool) -> str:
    """The text of an answer."""
    return text_of(body) if streamed else str(json.loads(body)["content"][0]["text"])


@pytest.mark.parametrize("streamed", [True, False])
async def test_it_is_shortened_and_the_user_told_once(
    streamed: bool, autojump_clock: MockClock
) -> None:
    async with open_stage(SETTINGS) as stage:
        reader = await stage.read(long_turn(streamed=streamed))
        text = said(reader.body, streamed=streamed)
        assert text.startswith(NOTICE)
        assert text.endswith("".join(REPLY))
        sent = last_request(stage)["messages"]
        assert count_tokens(stage.upstream.exchanges[-1].request.body) < WINDOW_TOKENS
        assert sent[-1]["content"][0]["text"].startswith("24: "), "the newest word is kept"
        assert sent[0]["role"] == "user"
        line = await stage.line(reader)
        assert line.outcome is TurnOutcome.ANSWERED
        assert line.usage.input_tokens == count_tokens(stage.upstream.exchanges[-1].request.body)

        second = await stage.read(long_turn(13, streamed=streamed))
        assert said(second.body, streamed=streamed) == "".join(REPLY)


async def test_what_the_user_was_told_is_kept_for_the_page(autojump_clock: MockClock) -> None:
    async with open_stage(SETTINGS) as stage:
        for turns in (12, 13):
            await stage.read(long_turn(turns))
        [notice] = await stage.conversations.ask(RecentNotices())
        assert notice.text.startswith(NOTICE)
        assert notice.conversation == stage.readers[0].turn.conversation


async def test_the_cut_stays_where_it_is_while_the_size_of_a_token_drifts(
    autojump_clock: MockClock,
) -> None:
    drift = cycle((3.8, *[3.4] * 5))  # a turn is counted three times; each other one begins so

    def count(body: bytes) -> int:
        return int(len(body) / next(drift))

    async with open_stage(SETTINGS, count=count) as stage:
        begins: set[str] = set()
        for _ in range(6):
            asked = turn(model="den/small", stream=True, max_tokens=100, messages=messages(78, 20))
            await stage.read(asked)
            begins.add(last_request(stage)["messages"][0]["content"][0]["text"][:4])
        assert len(begins) == 1


async def test_a_request_that_fits_is_left_alone(autojump_clock: MockClock) -> None:
    async with open_stage(SETTINGS) as stage:
        reader = await stage.read(long_turn(2))
        assert text_of(reader.body) == "".join(REPLY)
        assert len(last_request(stage)["messages"]) == 5


@pytest.mark.parametrize("streamed", [True, False])
async def test_what_still_does_not_fit_is_refused_with_both_numbers(
    streamed: bool, autojump_clock: MockClock
) -> None:
    async with open_stage(SETTINGS) as stage:
        huge = turn("x" * 8_000, model="den/small", stream=streamed)
        refused = (await stage.read(huge)).refused
        tokens = count_tokens(stage.upstream.exchanges[-1].request.body)
        assert (refused.status, refused.kind) == (400, "invalid_request_error")
        assert refused.message == f"prompt is too long: {tokens} tokens > {WINDOW_TOKENS} maximum"


async def test_where_there_is_room_the_client_is_to_compact(autojump_clock: MockClock) -> None:
    roomy = Settings(endpoints=(attrs.evolve(SMALL, context_tokens=100_000),))

    def count(_body: bytes) -> int:
        return 120_000

    async with open_stage(roomy, count=count) as stage:
        refused = (await stage.read(long_turn())).refused
        assert refused.message == "prompt is too long: 120000 tokens > 100000 maximum"
        assert len(stage.upstream.exchanges) == 1, "it was counted, and no diet tried"


@pytest.mark.parametrize("can_count", [True, False])
async def test_a_relay_to_a_small_window_is_put_on_a_diet_too(
    can_count: bool, autojump_clock: MockClock
) -> None:
    def respond(request: UpstreamRequest) -> Script:
        if not request.url.endswith("count_tokens"):
            return stream()
        if not can_count:
            return whole(b"not here", status=404)
        return whole(b'{"input_tokens": %d}' % count_tokens(request.body))

    async with open_stage(SETTINGS) as stage:
        stage.work.respond = respond
        reader = await stage.read(long_turn(model="work/claude-x"))
        assert text_of(reader.body).startswith(NOTICE)
        assert text_of(reader.body).endswith("To be.")
        sent = last_request(stage)
        assert len(sent["messages"]) < 25
        assert sent["unknown"] == {"b": 1.0, "a": [2]}
        urls = [exchange.request.url for exchange in stage.upstream.exchanges]
        assert [url.endswith("count_tokens") for url in urls] == [True, True, False]
        assert HOME_URL not in " ".join(urls)
