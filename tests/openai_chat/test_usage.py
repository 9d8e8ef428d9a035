"""Usage in every shape: each token once, in one convention."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.json_values import object_of
from understudy.protocols.openai_chat.usage import TOKENS_MAX, read_usage, usage_object
from understudy.protocols.records import Usage

from .odd import USAGE


def reported(prompt: int, output: int, **members: Any) -> Usage:
    return read_usage({"prompt_tokens": prompt, "completion_tokens": output, **members})


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, Usage(100, 20)),
        ({"prompt_tokens_details": {"cached_tokens": 60}}, Usage(40, 20, 60)),
        ({"prompt_tokens_details": None, "completion_tokens_details": None}, Usage(100, 20)),
        ({"prompt_cache_hit_tokens": 60, "prompt_cache_miss_tokens": 40}, Usage(40, 20, 60)),
        ({"cached_tokens": 60}, Usage(40, 20, 60)),
        (
            {"prompt_tokens_details": {"cached_tokens": 60}, "prompt_cache_hit_tokens": 60},
            Usage(40, 20, 60),
        ),
        (
            {"prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 10}},
            Usage(30, 20, 60, 10),
        ),
        (
            {"cache_read_input_tokens": 60, "cache_creation_input_tokens": 10},
            Usage(30, 20, 60, 10),
        ),
        ({"prompt_tokens_details": {"cached_tokens": 999}}, Usage(0, 20, 100)),
        (
            {"completion_tokens_details": {"reasoning_tokens": 15}, "total_tokens": 120},
            Usage(100, 20, reasoning_tokens=15),
        ),
        (
            {"completion_tokens_details": {"reasoning_tokens": 15}, "total_tokens": 135},
            Usage(100, 35, reasoning_tokens=15),
        ),
        ({"reasoning_tokens": 15}, Usage(100, 20, reasoning_tokens=15)),
    ],
)
def test_a_report_of_each_server(members: dict[str, Any], expected: Usage) -> None:
    assert reported(100, 20, **members) == expected


@pytest.mark.parametrize("count", [-1, TOKENS_MAX + 1, 1.5, "7", None, [], True])
def test_a_count_that_no_ledger_can_hold_is_no_count(count: Any) -> None:
    assert reported(count, count, prompt_tokens_details={"cached_tokens": count}) == Usage()


@given(USAGE)
def test_a_report_is_never_negative_and_adds_up(found: Any) -> None:
    usage = read_usage(object_of(found))
    counts = (usage.input_tokens, usage.cache_read_tokens, usage.cache_creation_tokens)
    assert min(counts) >= 0
    prompt = usage_object(usage)["prompt_tokens"]
    assert prompt == sum(counts)
    assert prompt == 0 or prompt == found["prompt_tokens"]
    assert usage.reasoning_tokens <= usage.output_tokens


COUNTS = st.integers(0, 10**6)


@given(st.builds(Usage, COUNTS, COUNTS, COUNTS, COUNTS))
def test_what_is_written_is_read_again(usage: Usage) -> None:
    assert read_usage(usage_object(usage)) == usage
