"""A conversation that is too long for its place: the client is told in the words by which it
compacts, also where the place was chosen in the chat."""

from __future__ import annotations

from typing import cast

import attrs
import pytest
from trio.testing import MockClock
from understudy.protocols.dialect import Failure
from understudy.protocols.dialects import SERVED, UPSTREAM
from understudy.protocols.settings_data import Dialect, EndpointSettings, Settings

from ..actors.dialects import refusal_of
from ..actors.scripts import WORK, always, turn
from ..actors.stage import HOME_URL, SETTINGS, Stage, open_stage

ROOM_TOKENS = 100_000
"""More than what is shortened rather than refused."""
WORDS = f"prompt is too long: 120000 tokens > {ROOM_TOKENS} maximum"
CHAT_WORDS = (
    f"This model's maximum context length is {ROOM_TOKENS} tokens. However, your messages resulted "
    "in 120000 tokens. Please reduce the length of the messages."
)


def settings_of(dialect: str, context_tokens: int | None) -> Settings:
    """Two places, of which the second speaks this dialect."""
    spoken = cast("tuple[Dialect, ...]", (dialect,))
    home = EndpointSettings("home", ("m",), spoken, HOME_URL, context_tokens=context_tokens)
    return attrs.evolve(SETTINGS, endpoints=(SETTINGS.endpoints[0], home))


async def told(stage: Stage) -> str:
    """What a client is told whose long conversation was switched to the second place."""
    await stage.read(turn("switch to home", model=WORK))
    refused = (await stage.read(turn("x" * 4_500_000, model=WORK))).refused
    assert (refused.status, refused.kind) == (400, "invalid_request_error")
    return refused.message


@pytest.mark.parametrize("dialect", [name for name in UPSTREAM if name != "anthropic"])
async def test_a_translated_place_whose_window_is_known_refuses_by_it(
    dialect: str, autojump_clock: MockClock
) -> None:
    async with open_stage(settings_of(dialect, ROOM_TOKENS), check=False) as stage:
        message = await told(stage)
        assert message.startswith("prompt is too long: ")
        assert message.endswith(f" tokens > {ROOM_TOKENS} maximum")
        asked = [each.request.url for each in stage.upstream.exchanges]
        assert all("count" in url.lower() or "input_tokens" in url for url in asked)


@pytest.mark.parametrize("dialect", ["openai-chat", "openai-responses"])
async def test_a_translated_place_that_refuses_itself_is_translated(
    dialect: str, autojump_clock: MockClock
) -> None:
    async with open_stage(settings_of(dialect, None), check=False) as stage:
        stage.home.respond = always(refusal_of(dialect, 400, "invalid_request_error", CHAT_WORDS))
        assert await told(stage) == WORDS


async def test_a_relayed_place_refuses_in_its_own_words(autojump_clock: MockClock) -> None:
    async with open_stage(settings_of("anthropic", None), check=False) as stage:
        stage.home.respond = always(refusal_of("anthropic", 400, "invalid_request_error", WORDS))
        await stage.read(turn("switch to home", model=WORK))
        reader = await stage.read(turn("a long one", model=WORK))
        assert (reader.head.status, WORDS.encode() in reader.body) == (400, True)


def test_the_client_is_shown_it_as_its_own_api_writes_it() -> None:
    body = SERVED["anthropic"].error(Failure(400, "invalid_request_error", WORDS), "req_1")
    assert b'"type":"invalid_request_error"' in body
    assert f'"message":"{WORDS}"'.encode() in body
