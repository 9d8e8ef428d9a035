"""The one number of Claude Code's: a table of cases that a person can check."""

from __future__ import annotations

import attrs
import pytest
from understudy.protocols.context_number import (
    ANSWER_VARIABLE,
    CONTEXT_VARIABLE,
    ContextNumber,
    context_number,
)
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.settings import EndpointSettings, RuleSettings, Settings
from understudy.protocols.settings_data import ModelFacts

CLOUD = EndpointSettings("cloud", ("m",), ("anthropic",), "https://c", context_tokens=200_000)
WIDE = EndpointSettings("wide", ("m",), ("gemini",), "https://w", context_tokens=1_048_576)
ROOM = EndpointSettings("room", ("m",), ("openai-chat",), "http://r", context_tokens=100_000)
SMALL = EndpointSettings("small", ("m",), engine="llama.cpp", file="/m", context_tokens=32_768)
UNKNOWN = EndpointSettings("unknown", ("m",), ("openai-chat",), "http://u")
SILENT = EndpointSettings("silent", (), ("openai-chat",), "http://s")
REFUSED = "is answered `prompt is too long: N tokens > M maximum`, and the client compacts it then."


def number(
    *endpoints: EndpointSettings,
    default: str | None = None,
    model: str = "",
    rules: tuple[RuleSettings, ...] = (),
) -> ContextNumber:
    table = RoutingTable.of(Settings(default, endpoints=endpoints, rules=rules))
    return context_number(table, model)


@pytest.mark.parametrize(
    ("endpoints", "default", "tokens", "place"),
    [
        ((), None, 32_768, "rehearsal/rehearsal"),
        ((CLOUD,), None, 200_000, "cloud/m"),
        ((CLOUD, SMALL, WIDE), None, 200_000, "cloud/m"),
        ((CLOUD, SMALL, WIDE), "small/m", 32_768, "small/m"),
        ((CLOUD, SMALL, WIDE), "wide/m", 1_048_576, "wide/m"),
        ((UNKNOWN, SMALL), None, 0, "unknown/m"),
        ((SMALL, UNKNOWN), None, 32_768, "small/m"),
        ((CLOUD,), "rehearsal", 200_000, "cloud/m"),
        ((SILENT,), None, 0, "rehearsal/rehearsal"),
        ((SILENT, CLOUD), None, 200_000, "cloud/m"),
    ],
)
def test_the_place_where_conversations_start_decides(
    endpoints: tuple[EndpointSettings, ...], default: str | None, tokens: int, place: str
) -> None:
    found = number(*endpoints, default=default)
    assert (found.tokens, found.place) == (tokens, place)


def test_a_model_that_is_named_is_where_it_starts() -> None:
    assert number(CLOUD, ROOM, model="room/m").tokens == 100_000
    assert number(CLOUD, ROOM, model="anthropic/room/m").tokens == 100_000
    assert number(CLOUD, ROOM, model="claude-opus-5-5").tokens == 200_000
    rule = RuleSettings(("room/m", "cloud/m"), model="fast")
    assert number(CLOUD, ROOM, model="fast", rules=(rule,)).tokens == 100_000


def test_what_an_endpoint_lists_of_its_models_counts() -> None:
    listed = attrs.evolve(
        UNKNOWN, models=("m", "n"), listed=(ModelFacts("m", 65_537), ModelFacts("n", 8_192))
    )
    found = number(listed)
    assert (found.tokens, found.answer_tokens) == (65_537, 0)
    assert number(listed, model="unknown/n").tokens == 8_192


def test_the_variables_are_what_the_client_reads() -> None:
    assert number(CLOUD).variables == {CONTEXT_VARIABLE: "200000"}
    assert number(SMALL).variables == {CONTEXT_VARIABLE: "32768", ANSWER_VARIABLE: "4096"}
    assert number(UNKNOWN).variables == {}


@pytest.mark.parametrize(
    ("endpoints", "why"),
    [
        (
            (CLOUD, WIDE, ROOM, SMALL, UNKNOWN),
            "the client is told 200,000 tokens for every model that is not its own: the window of "
            "cloud/m, where conversations start. wide/m (1,048,576) could hold more, which stays "
            f"unused. What is too long for room/m (100,000) {REFUSED} What is too long for small/m "
            "(32,768) is shortened there, and you are told. How much unknown/m holds, nobody has "
            "said.",
        ),
        (
            (CLOUD, UNKNOWN),
            "the client is told 200,000 tokens for every model that is not its own: the window of "
            "cloud/m, where conversations start.",
        ),
        (
            (UNKNOWN, ROOM),
            "no context size is set: nobody has said how much unknown/m holds, where conversations "
            "start, and the client takes it for 1,000,000 tokens; `context_tokens = N` at its "
            "endpoint in the settings says it.",
        ),
    ],
)
def test_it_is_explained(endpoints: tuple[EndpointSettings, ...], why: str) -> None:
    found = number(*endpoints)
    assert found.why == why
    assert found.is_mixed is ("could" in why)


def test_many_places_are_counted_and_the_embedded_one_is_no_smaller_place() -> None:
    many = [attrs.evolve(ROOM, name=f"room{digit}") for digit in range(5)]
    assert (
        "What is too long for room0/m (100,000), room1/m (100,000), room2/m (100,000) and 2 more "
        in number(CLOUD, *many).why
    )
    assert not number(CLOUD).is_mixed
    assert "rehearsal" not in number(CLOUD, *many).why
