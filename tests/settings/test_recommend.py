"""The `[recommend]` table, and what an endpoint's tokens cost."""

from __future__ import annotations

import pytest
from understudy.protocols.settings import (
    RecommendSettings,
    Settings,
    SettingsError,
    changes,
    parse_settings,
)

PEER = """
[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "https://work.invalid"
models = ["m"]
"""


def test_each_weight_is_one_unless_it_is_said() -> None:
    assert Settings().recommend == RecommendSettings(1, 1, 1, 1, 1)
    found = parse_settings("[recommend]\nspeed = 0\nprice = 2.5\ncontext = 10", "s.toml")
    assert found.recommend == RecommendSettings(0, 2.5, 1, 10, 1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("speed = 11", "11 is out of range; allowed: 0 to 10"),
        ("speed = -1", "-1 is out of range"),
        ("speed = nan", "out of range"),
        ('price = "much"', "must be a number"),
        ("privacy = true", "must be a number"),
        ("quality = 1", "allowed: speed, price, privacy, context, reliability"),
    ],
)
def test_a_wrong_weight_is_told_what_is_allowed(text: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_settings(f"[recommend]\n{text}", "s.toml")
    assert problem in str(refused.value)


def test_a_price_is_for_tokens_read_and_written() -> None:
    [work] = parse_settings(f"{PEER}price = [3, 15.5]", "s.toml").endpoints
    assert work.price == (3.0, 15.5)
    [unsaid] = parse_settings(PEER, "s.toml").endpoints
    assert unsaid.price is None


@pytest.mark.parametrize(
    "price", ["3.0", "[3.0]", "[3.0, 1.0, 1.0]", "[-1, 1]", "[true, 1]", '["3", 1]', "[nan, 1]"]
)
def test_a_wrong_price_is_told_how_to_write_it(price: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_settings(f"{PEER}price = {price}", "s.toml")
    assert "like price = [3.0, 15.0]" in str(refused.value)


def test_a_model_of_this_machine_has_no_price() -> None:
    text = '[[endpoint]]\nname = "own"\nengine = "llama.cpp"\nfile = "/m.gguf"\nprice = [1, 1]'
    with pytest.raises(SettingsError) as refused:
        parse_settings(text, "s.toml")
    assert "price: has no meaning with an engine" in str(refused.value)


def test_a_change_applies_at_once() -> None:
    changed = changes(Settings(), Settings(recommend=RecommendSettings(speed=2)))
    assert changed.rules_changed
    assert not changed.restart_keys
