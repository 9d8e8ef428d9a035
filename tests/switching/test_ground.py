"""Whether a conversation can go on at a place."""

from __future__ import annotations

import pytest
from understudy.protocols.switching.ground import Ground, obstacle, warnings
from understudy.protocols.switching.standing import Standing

OPEN = Standing("a/x", "a/x")


@pytest.mark.parametrize(
    ("tokens", "history", "window", "is_too_long", "is_shortened"),
    [
        (47_000, 20_000, 0, False, False),
        (47_000, 20_000, 64_000, False, False),
        (64_000, 64_000, 64_000, True, True),
        (47_000, 15_000, 32_000, False, True),
        (47_000, 16_000, 32_000, True, True),
        (150_000, 1_000, 128_000, True, True),
    ],
)
def test_the_conversation_has_to_fit(
    tokens: int, history: int, window: int, is_too_long: bool, is_shortened: bool
) -> None:
    ground, to = Ground(tokens, history), Standing("a/x", "a/x", context_tokens=window)
    assert (obstacle(ground, to) == "too_long") is is_too_long
    assert obstacle(ground, to, anyway=True) is None
    assert ("is_shortened" in warnings(ground, to)) is is_shortened


def test_no_word_gets_around_a_wall() -> None:
    barred, spent = Standing("a/x", "a/x", barred=True), Standing("a/x", "a/x", spent=True)
    assert obstacle(Ground(1, 1), barred, anyway=True) == "barred"
    assert obstacle(Ground(1, 1, is_unread=True), barred, anyway=True) == "barred_unknown"
    assert obstacle(Ground(1, 1), spent, anyway=True) == "spent"


def test_what_is_not_in_use_is_not_missed() -> None:
    lacking = Standing("a/x", "a/x", lacks=("vision", "tools"), rest_seconds=1.0)
    assert warnings(Ground(1, 1), lacking) == ("rests",)
    used = Ground(1, 1, has_images=True, has_tools=True)
    assert warnings(used, lacking) == ("rests", "lacks_vision", "lacks_tools")
    assert warnings(used, OPEN) == ()
