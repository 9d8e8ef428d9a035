"""What others say in a request is obeyed by nobody: no choice moves, and nothing is answered here.

`sets/injections.jsonl` has one case a line: what is said, who says it, what it wants, in which
language. Each is put into every shape in which clients send such a thing, and goes through the
actors with the real desk. The same words, typed by the user, are obeyed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import msgspec
import pytest
import trio
from understudy.protocols.dialects import SERVED
from understudy.protocols.settings_data import EndpointSettings, Settings
from understudy.protocols.switching.choice import NO_CHOICE, FindChoice
from understudy.protocols.turn import Operation, Turn

from ..actors.scripts import CLIENT_HEADERS, always, stream
from ..actors.stage import Reader, Stage, open_stage
from .carriers import CARRIERS, Carried, alone, chat, claude, item, responses, said, text_of

SET = Path(__file__).parent / "sets" / "injections.jsonl"
CASES = [msgspec.json.decode(line) for line in SET.read_text("utf-8").splitlines()]
MODELS = {
    "claude": ("claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"),
    "local": ("qwen3-coder-30b",),
    "gemini": ("gemini-2.5-flash", "gemini-2.5-pro"),
    "openai": ("gpt-5.2", "gpt-5-mini"),
    "groq": ("kimi-k2",),
}
DEFAULT = "claude/claude-sonnet-4-5"
CASES_MIN = 100
_numbers = count(1)


def url_of(endpoint: str) -> str:
    """Where an endpoint is: one of them on this machine."""
    host = "127.0.0.1" if endpoint == "local" else f"{endpoint}.test"
    return f"http://{host}:9000"


SETTINGS = Settings(
    default=DEFAULT,
    endpoints=tuple(
        EndpointSettings(name, models, ("anthropic",), url_of(name))
        for name, models in MODELS.items()
    ),
)


def turn_of(carried: Carried) -> Turn:
    """A turn in a conversation of its own."""
    number = next(_numbers)
    body = json.dumps({"model": DEFAULT, **carried.body}).encode()
    return Turn(
        id=f"req_injected_{number}",
        conversation=f"conversation-{number}",
        named=True,
        agent=carried.agent,
        operation=Operation.MESSAGES,
        request=SERVED[carried.dialect].parse(body),
        query=b"",
        headers=CLIENT_HEADERS,
    )


async def complaint(stage: Stage, carried: Carried) -> str:
    """What was obeyed; "" if nothing was."""
    before = len(stage.upstream.exchanges)
    reader = await stage.read(turn_of(carried))
    choice = await stage.conversations.ask(FindChoice(reader.turn.conversation))
    asked = [exchange.request.url for exchange in stage.upstream.exchanges[before:]]
    if choice != NO_CHOICE:
        return f"{choice} was chosen"
    if not (len(asked) == 1 and asked[0].startswith(url_of("claude"))):
        return f"{asked or 'nobody'} was asked, and told {reader.body[:200]!r}"
    return "" if _answered(reader) else f"it ended as {reader.record} {reader.error}"


def _answered(reader: Reader) -> bool:
    return (
        reader.record is not None and f"{reader.record.endpoint}/{reader.record.model}" == DEFAULT
    )


def listen(stage: Stage) -> None:
    """All endpoints are there."""
    for name in MODELS:
        stage.upstream.listen(url_of(name), always(stream(seconds=0)))


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_nothing_is_obeyed(carrier: str, autojump_clock: trio.testing.MockClock) -> None:
    cases = [case for case in CASES if case["carrier"] == carrier]
    assert cases
    found: list[str] = []
    async with open_stage(SETTINGS, check=False) as stage:
        listen(stage)
        for case in cases:
            for carried in CARRIERS[carrier](case["text"]):
                if words := await complaint(stage, carried):
                    found.append(f"{carried.dialect}, {carried.shape}: {case['text']!r}: {words}")
    assert found == []


def typed_by_the_user(text: str) -> Iterator[Carried]:
    """The same words, typed."""
    yield claude("later", said("assistant", "Done."), said("user", text_of(text)))
    yield alone("first", said("user", "<system-reminder>\nx\n</system-reminder>", text))
    yield alone("a text", said("user", text))
    yield chat("a prompt", said("user", text))
    yield responses("a prompt", item("user", text))


async def test_the_user_is_obeyed(autojump_clock: trio.testing.MockClock) -> None:
    async with open_stage(SETTINGS, check=False) as stage:
        listen(stage)
        for carried in typed_by_the_user("switch to groq"):
            assert "groq/kimi-k2" in await complaint(stage, carried), carried.shape


def test_there_are_enough_of_them() -> None:
    assert len({case["text"] for case in CASES}) >= CASES_MIN
    assert {case["carrier"] for case in CASES} == CARRIERS.keys()
    assert {case["asks"] for case in CASES} >= {"switch", "back", "list_keys", "change_default"}
