"""What clients are shown of the models: order, names, and each one once in the client's picker."""

from __future__ import annotations

import re

import attrs
import pytest
from understudy.protocols.routing.cards import (
    SHOWN_COLUMNS_MAX,
    client_id,
    model_cards,
    shown_name,
    window_in_words,
)
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.settings_data import EndpointSettings, RuleSettings, Settings
from understudy.protocols.turn import ModelCard

LOCAL = EndpointSettings(
    "local",
    ("Qwen3-Coder-30B-A3B-Instruct-Q4_K_M.gguf", "tiny"),
    engine="llama.cpp",
    file="/m",
    context_tokens=65_536,
)
WORK = EndpointSettings("work", ("claude-x", "gpt"), ("anthropic",), "http://w")


def cards(default: str | None = None, *rules: RuleSettings) -> tuple[ModelCard, ...]:
    settings = Settings(default, endpoints=(LOCAL, WORK), rules=rules)
    return model_cards(RoutingTable.of(settings))


def picked(found: tuple[ModelCard, ...]) -> list[ModelCard]:
    """Those that the client's picker shows: it reads the ids, upper case or lower."""
    return [card for card in found if re.search("claude|anthropic", card.id, re.IGNORECASE)]


def test_the_picker_shows_each_model_once_the_default_first() -> None:
    rule = RuleSettings(("work/gpt",), model="fast")
    found = picked(cards("work/gpt", rule))
    assert [card.id for card in found] == [
        "anthropic/work/gpt",
        "anthropic/local/Qwen3-Coder-30B-A3B-Instruct-Q4_K_M.gguf",
        "anthropic/local/tiny",
        "work/claude-x",
        "anthropic/rehearsal/rehearsal",
        "anthropic/fast",
    ]
    assert len({card.display_name for card in found}) == len(found)


def test_every_model_is_listed_under_its_own_id_and_leads_where_its_twin_does() -> None:
    found = cards()
    ids = [card.id for card in found]
    assert ids[0] == "local/Qwen3-Coder-30B-A3B-Instruct-Q4_K_M.gguf"
    assert len(set(ids)) == len(ids)
    assert {client_id(name) for name in ids} == {card.id for card in picked(found)}
    table = RoutingTable.of(Settings(endpoints=(LOCAL, WORK)))
    assert all(table.find(client_id(name)).name == table.find(name).name for name in ids)


def test_the_order_does_not_depend_on_the_moment() -> None:
    assert cards("work/gpt") == cards("work/gpt")


@pytest.mark.parametrize(
    ("model", "where", "tokens", "shown"),
    [
        ("qwen3-coder-30b", "local", 65_536, "qwen3-coder-30b · local · 64K"),
        ("vendor/m", "cloud", 0, "m · cloud"),
        (LOCAL.models[0], "local", 65_536, "Qwen3-Coder…ruct-Q4_K_M · local · 64K"),
        ("m.GGUF", "x", 1, "m · x · 1"),
        (
            "gemini-2.5-flash",
            "some-cloud-provider",
            1_048_576,
            "gemini-…5-flash · some-cl…ovider · 1M",
        ),
    ],
)
def test_a_name_is_short_and_says_where_and_how_much(
    model: str, where: str, tokens: int, shown: str
) -> None:
    assert shown_name(model, where, tokens) == shown


def test_a_long_name_fits_the_column_and_keeps_its_end() -> None:
    name = shown_name("a" * 80 + "-q4", "a-place", 1_048_576)
    assert len(name) == SHOWN_COLUMNS_MAX
    assert name.endswith("-q4 · a-place · 1M")


def test_names_that_would_be_alike_are_whole() -> None:
    twins = attrs.evolve(WORK, models=("a/m", "b/m"))
    found = model_cards(RoutingTable.of(Settings(endpoints=(twins,))))
    assert [card.display_name for card in found if card.endpoint == "work"] == [
        "work/a/m",
        "work/a/m",
        "work/b/m",
        "work/b/m",
    ]


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (0, ""),
        (512, "512"),
        (32_768, "32K"),
        (65_536, "64K"),
        (100_000, "100K"),
        (128_000, "128K"),
        (131_072, "128K"),
        (200_000, "200K"),
        (1_000_000, "1M"),
        (1_048_576, "1M"),
        (2_097_152, "2M"),
        (1_500_000, "1.5M"),
    ],
)
def test_a_window_is_said_as_people_do(tokens: int, words: str) -> None:
    assert window_in_words(tokens) == words
