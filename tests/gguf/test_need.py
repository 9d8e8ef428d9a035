"""What models need, added up by hand, and what a process was seen to hold in its place."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from understudy.protocols.models.need import (
    ARM,
    FLOAT_BYTES,
    VOCABULARY_BYTES,
    X86,
    X86_WIDE,
    Asked,
    need_of,
)
from understudy.protocols.models.taken import (
    BELIEVED_PART,
    LIBRARIES_BYTES_MAX,
    buffers_taken,
    corrected,
)
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.reading import ProcessMemory

from .writing import LLAMA, Placed, header_of, shape

ASKED = Asked(
    context_tokens=1_024,
    cells=2_048,
    sequences=16,
    batch_tokens=528,
    rows=4,
    process_bytes=1_000_000,
)
MEBIBYTE = 1024 * 1024


def need(metadata: dict[str, Any], asked: Asked = ASKED, *tensors: Placed) -> MemoryNeed:
    return need_of([header_of(metadata, tensors or ())], asked)


def test_weights_and_cache_are_exact() -> None:
    header = header_of(LLAMA)
    found = need_of([header, header], ASKED)
    assert found.weights_bytes == 2 * (2 * (64 * 4 + 2 * 64 * 64) + 4 * 64)
    # two layers of two heads of 16, keys and values, in half precision
    assert found.cache_bytes == 2_048 * 2 * 2 * 32 * 2
    assert (found.context_tokens, found.token_bytes) == (1_024, 2 * 2 * 2 * 32 * 2)


def test_the_rest_is_reckoned_from_the_vocabulary_the_batch_and_the_process() -> None:
    found = need(dict(LLAMA))
    tables = 4 * VOCABULARY_BYTES
    logits = (16 + 4) * 4 * FLOAT_BYTES
    floats = 264 * (6 * 64 + 3 * 128) * FLOAT_BYTES
    mask = 264 * 2_048 * 2
    assert found.buffers_bytes == tables + logits + floats + mask + 1_000_000


def test_what_an_engine_asks_for_decides() -> None:
    gemma = shape(
        "gemma3",
        embedding_length=64,
        block_count=6,
        attention__head_count=2,
        attention__head_count_kv=1,
        attention__sliding_window=256,
    )
    layer = 2_048 * 32 * 2 * 2
    assert need(gemma).cache_bytes == 6 * layer
    sliding = attrs.evolve(ASKED, slides=True, batch_tokens=256)
    assert need(gemma, sliding).cache_bytes == layer + 5 * 512 * 32 * 2 * 2
    # only the layer that attends to everything grows with the window
    assert need(gemma, sliding).token_bytes == 2 * 32 * 2 * 2
    apart = attrs.evolve(sliding, streams=3)
    assert need(gemma, apart).cache_bytes == 3 * need(gemma, sliding).cache_bytes


def test_states_count_for_each_sequence() -> None:
    mamba = shape("mamba", embedding_length=64, block_count=2, ssm__inner_size=8, ssm__state_size=4)
    assert need(mamba).cache_bytes == 16 * 2 * 32 * 4
    assert need(mamba).token_bytes == 0


def test_prompts_that_are_kept_take_no_more_than_twice_the_cache() -> None:
    cache = need(dict(LLAMA)).cache_bytes
    for spare, kept in ((0, 0), (1_000, 1_000), (10**12, 2 * cache)):
        asked = attrs.evolve(ASKED, spare_bytes=spare)
        assert need(dict(LLAMA), asked).cache_bytes == cache + kept


Q4_K, Q2_K, Q8_0 = 12, 10, 8


@pytest.mark.parametrize(
    ("tensor", "instructions", "moves"),
    [
        (Placed("blk.0.attn_q.weight", (256, 64), Q4_K), {X86}, True),
        (Placed("blk.0.attn_q.weight", (256, 64), Q4_K), {ARM}, True),
        (Placed("blk.0.attn_q.weight", (256, 64), Q4_K), set[str](), False),
        (Placed("blk.0.attn_q.weight", (256, 63), Q4_K), {X86}, False),
        (Placed("blk.0.ffn_up_exps.weight", (256, 64, 4), Q4_K), {X86}, True),
        (Placed("token_embd.weight", (256, 64), Q4_K), {X86}, False),
        (Placed("blk.0.attn_norm.weight", (256,), Q4_K), {X86}, False),
        (Placed("blk.0.attn_q.weight", (256, 64), Q2_K), {X86}, False),
        (Placed("blk.0.attn_q.weight", (256, 64), Q2_K), {X86, X86_WIDE}, True),
        (Placed("blk.0.attn_q.weight", (256, 64), Q8_0), {X86}, False),
        (Placed("blk.0.attn_q.weight", (256, 64), Q8_0), {ARM}, True),
    ],
)
def test_weights_that_are_rearranged_are_private_and_count_once(
    tensor: Placed, instructions: set[str], moves: bool
) -> None:
    header = header_of(LLAMA, [tensor])
    left = need_of([header], ASKED)
    found = need_of([header], ASKED, instructions)
    assert found.total_bytes == left.total_bytes
    assert left.weights_bytes - found.weights_bytes == (tensor.data_bytes if moves else 0)


NEED = MemoryNeed(100 * MEBIBYTE, 50 * MEBIBYTE, 80 * MEBIBYTE, 1_024, 7)


@pytest.mark.parametrize(
    ("private", "mapped", "spare", "expected"),
    [
        (110, 112, 0, 72),  # 60 beside the cache, and 12 of libraries
        (110, 100, 0, 60),
        (110, 180, 0, 60 + 16),  # so many pages are weights that were rearranged
        (30, 112, 0, 12),  # swapped out
        (210, 0, 0, 60),  # a system that does not tell pages of files apart
        (40, 0, 0, 0),
        (150, 100, 300, 80),  # 20 more than was reckoned are kept prompts
        (500, 100, 300, 150),
        (110, 100, 300, 60),
    ],
)
def test_what_a_process_holds_beside_weights_and_cache(
    private: int, mapped: int, spare: int, expected: int
) -> None:
    seen = ProcessMemory(private * MEBIBYTE, mapped * MEBIBYTE)
    assert buffers_taken(NEED, seen, spare * MEBIBYTE) == expected * MEBIBYTE
    assert LIBRARIES_BYTES_MAX == 16 * MEBIBYTE


def test_what_was_seen_replaces_what_was_reckoned() -> None:
    assert corrected(NEED, 0) == NEED
    assert corrected(NEED, 100 * MEBIBYTE) == attrs.evolve(NEED, buffers_bytes=100 * MEBIBYTE)
    assert corrected(NEED, 1).buffers_bytes == 80 * MEBIBYTE // BELIEVED_PART
