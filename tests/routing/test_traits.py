"""What a turn is like, in each dialect; and how ids fit patterns."""

from __future__ import annotations

import re
from itertools import product

import attrs
import pytest
from understudy.protocols.routing.rules import fits, told
from understudy.protocols.routing.traits import (
    FILE_BYTES_MIN,
    guessed_tokens,
    is_longer,
    matches,
    sees_images,
)
from understudy.protocols.settings_data import RuleSettings, Trait
from understudy.protocols.turn import Turn

from .worlds import turn

ANTHROPIC_IMAGE = (
    '[{"type": "image","source":{"type":"base64","media_type":"image/png","data":"%s"}}]'
)


def of_dialect(made: Turn, dialect: str) -> Turn:
    return attrs.evolve(made, request=attrs.evolve(made.request, dialect=dialect))


def has(made: Turn, trait: Trait, above_tokens: int = 60_000) -> bool:
    return matches(RuleSettings((), when=(trait,), above_tokens=above_tokens), made)


@pytest.mark.parametrize(
    ("made", "trait"),
    [
        (turn("claude-haiku-5-5"), "background"),
        (turn("anthropic/HAIKU"), "background"),
        (turn(agent="a1"), "sub-agent"),
        (turn(more=',"thinking":{"type":"enabled","budget_tokens":9}'), "thinking"),
        (turn(more=',"output_config":{"effort":"xhigh"}'), "thinking"),
        (turn(more=',"reasoning":{"effort":"high"}'), "thinking"),
        (turn(more=',"reasoning_effort":"xhigh"'), "thinking"),
        (turn(content='"Plan mode is active. Do not edit."'), "plan"),
        (turn(content=ANTHROPIC_IMAGE % "x"), "vision"),
        (turn(content='"' + "word " * 60_000 + '"'), "long-context"),
    ],
)
def test_a_turn_has_its_trait_and_a_plain_one_has_not(made: Turn, trait: Trait) -> None:
    assert has(made, trait)
    assert not has(turn(), trait)


@pytest.mark.parametrize(
    "more",
    [
        ',"thinking":{"type":"disabled"}',
        ',"thinking":{"type":"adaptive"}',
        ',"output_config":{"effort":"high"}',
        ',"thinking":[[[[1]]]]',
        ',"reasoning_effort":7',
    ],
)
def test_what_does_not_ask_for_much_thought(more: str) -> None:
    assert not has(turn(more=more), "thinking")


def test_a_rule_wants_all_of_its_traits() -> None:
    both = RuleSettings((), when=("background", "sub-agent"))
    assert matches(both, turn("claude-haiku-5", agent="a"))
    assert not matches(both, turn("claude-haiku-5"))


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        (ANTHROPIC_IMAGE % "x", "anthropic"),
        ('[{"type":"image_url","image_url":{"url":"https://x/y.png"}}]', "openai-chat"),
        ('[{"type" : "input_image","image_url":"data:image/png;base64,x"}]', "openai-responses"),
        ('[{"inlineData":{"mimeType":"image/png","data":"x"}}]', "gemini"),
        ('[{"inline_data": {"mime_type": "image/png","data":"x"}}]', "gemini"),
        ('"x","images":["x"]', "ollama"),
    ],
)
def test_an_image_is_seen_in_each_dialect(content: str, dialect: str) -> None:
    assert sees_images(of_dialect(turn(content=content), dialect))


@pytest.mark.parametrize(
    "content",
    [
        '"the image of a cat"',
        '"\\"type\\": \\"image\\""',
        '[{"type":"tool_use","input":{"images": ["a.png"]}}]',
        '[{"inlineData":{"mimeType":"audio/mp3","data":"x"}},{"text":"image/png"}]',
    ],
)
def test_what_only_speaks_of_images_has_none(content: str) -> None:
    assert not sees_images(turn(content=content))


def test_a_file_in_it_counts_as_an_image_and_not_by_its_length() -> None:
    large = turn(content=ANTHROPIC_IMAGE % ("Ab+/" * 100_000))
    assert len(large.request.body) > 400_000
    assert 1_600 <= guessed_tokens(large) < 1_700
    assert not is_longer(large, 60_000)
    assert is_longer(large, 1_000)
    assert guessed_tokens(turn(content='"' + "word " * 4_000 + '"')) == pytest.approx(5_000, abs=40)


@pytest.mark.parametrize("shift", [0, 1, 2_047, 2_048, 2_049, 4_095])
@pytest.mark.parametrize("files", [1, 2])
def test_a_file_is_found_wherever_it_begins(shift: int, files: int) -> None:
    def guessed(length: int) -> int:
        blocks = [ANTHROPIC_IMAGE.strip("[]") % ("/9j+" * 2_000)[:length]] * files
        return guessed_tokens(turn(content=f'["{"x" * shift}", {", ".join(blocks)}]'))

    assert guessed(FILE_BYTES_MIN) - guessed(0) == 1_600 * files
    assert guessed(FILE_BYTES_MIN - 1) - guessed(0) == pytest.approx(1_024 * files, abs=1)


PATTERNS = ["a*", "*a", "*", "a*b", "*a*b*", "a**b", "*ab*ab", "aba*aba", "a.b*"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_fits_as_an_expression_would(pattern: str) -> None:
    expression = re.compile(".*".join(map(re.escape, pattern.split("*"))))
    texts = ["".join(each) for size in range(6) for each in product("ab.", repeat=size)]
    for text in texts:
        assert fits(text, pattern) == bool(expression.fullmatch(text)), text


def test_a_pattern_without_a_star_is_an_id() -> None:
    assert fits("fast", "fast")
    assert not fits("faster", "fast")


def test_no_pattern_is_slow_whatever_a_client_asks_for() -> None:
    steps = 0

    class Counted(str):
        """A text that counts how often it is searched."""

        def find(self, *arguments: object) -> int:
            nonlocal steps
            steps += 1
            return super().find(*arguments)  # type: ignore[arg-type]  # passed on as they came

    assert not fits(Counted("a" * 256), "*a" * 100 + "*b")
    assert steps <= 100


def test_a_rule_in_words() -> None:
    rule = RuleSettings((), "small", ("background",), "claude-*", ("work",))
    assert told(rule) == "the rule small (background and model claude-* and from work)"
