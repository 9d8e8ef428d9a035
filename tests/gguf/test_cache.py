"""What architectures keep of a token and of a sequence, beside numbers that a person can check.

Each row is a real model: its metadata as its makers publish them, and the bytes of a token in half
precision worked out by hand in the comment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from understudy.protocols.gguf.cache import CacheShape, cache_of, stepped

from .writing import header_of, shape

KIB = 1024


def cache(architecture: str, **values: Any) -> CacheShape:
    return cache_of(header_of(shape(architecture, **values), ()))


def attending(layers: int, heads: int, kept: Any, **more: Any) -> Mapping[str, Any]:
    return {
        "block_count": layers,
        "attention__head_count": heads,
        "attention__head_count_kv": kept,
        **more,
    }


def wide(keys: int, values: int) -> Mapping[str, int]:
    return {"attention__key_length": keys, "attention__value_length": values}


ROWS: Sequence[tuple[str, CacheShape, int]] = (
    # 32 layers x 8 heads x (128 + 128) x 2 bytes
    ("Llama 3.1 8B", cache("llama", embedding_length=4096, **attending(32, 32, 8)), 128 * KIB),
    # 36 x 8 x 256 x 2; its heads are wider than 2,560 / 32
    (
        "Qwen3 4B",
        cache("qwen3", embedding_length=2560, **attending(36, 32, 8), **wide(128, 128)),
        144 * KIB,
    ),
    # 48 x 4 x 256 x 2
    (
        "Qwen3 Coder 30B",
        cache("qwen3moe", embedding_length=2048, **attending(48, 32, 4), **wide(128, 128)),
        96 * KIB,
    ),
    # 24 x 8 x 128 x 2
    (
        "gpt-oss 20B",
        cache(
            "gpt-oss",
            embedding_length=2880,
            **attending(24, 64, 8, attention__sliding_window=128),
            **wide(64, 64),
        ),
        48 * KIB,
    ),
    # latent attention: 61 x 576 x 2, keys alone
    (
        "DeepSeek V3",
        cache(
            "deepseek2",
            embedding_length=7168,
            **attending(61, 128, 1, attention__key_length_mla=192),
            **wide(576, 512),
        ),
        61 * 576 * 2,
    ),
    # one layer of four attends: 12 x 2 x 512 x 2
    (
        "Qwen3 Next 80B",
        cache("qwen3next", embedding_length=2048, **attending(48, 16, 2), **wide(256, 256)),
        24 * KIB,
    ),
    # without heads of their own for keys there are as many as for queries: 12 x 768 x 2 x 2
    ("GPT-2", cache("gpt2", embedding_length=768, block_count=12, attention__head_count=12), 36864),
    # only the layers with heads keep: 3 of 5, by an array
    ("by layers", cache("deci", embedding_length=64, **attending(5, 4, [2, 0, 2, 0, 4])), 512),
    # a layer that predicts the token after the next keeps nothing
    (
        "GLM 4.5 Air",
        cache(
            "glm4moe",
            embedding_length=4096,
            **attending(47, 96, 8, nextn_predict_layers=1),
            **wide(128, 128),
        ),
        184 * KIB,
    ),
    ("BERT", cache("bert", embedding_length=768, **attending(12, 12, 12)), 0),
    ("Mamba", cache("mamba", embedding_length=768, block_count=24), 0),
    ("nothing", cache("llama"), 0),
    ("no heads", cache("llama", embedding_length=64, block_count=2), 0),
)


@pytest.mark.parametrize(("name", "found", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_a_token_takes_what_was_worked_out_by_hand(
    name: str, found: CacheShape, expected: int
) -> None:
    assert found.token_bytes == expected, name


GEMMA = cache(
    "gemma3",
    embedding_length=2560,
    **attending(34, 8, 4, attention__sliding_window=1024),
    **wide(256, 256),
)


def test_gemma_slides_in_five_layers_of_six() -> None:
    assert [layer.slides for layer in GEMMA.layers] == [(n + 1) % 6 != 0 for n in range(34)]
    assert GEMMA.window == 1_024
    whole = GEMMA.attended_bytes(32_768)
    assert whole == 32_768 * 34 * 4 * 512 * 2
    # 5 layers keep everything, 29 keep the window and a batch
    slid = GEMMA.attended_bytes(32_768, stepped(1_024 + 512))
    assert slid == 4 * 512 * 2 * (5 * 32_768 + 29 * 1_536)


SLIDING: Sequence[tuple[str, Mapping[str, Any], str]] = (
    ("gemma2", {}, "ynynyn"),
    ("gpt-oss", {"attention__sliding_window": 128}, "ynynyn"),
    ("cohere2", {"attention__sliding_window": 128}, "yyynyy"),
    ("laguna", {"attention__sliding_window": 128}, "nyyyny"),
    ("llama4", {}, "yyynyy"),
    ("llama4", {"attention__sliding_window": 0}, "nnnnnn"),
    ("phi3", {"attention__sliding_window": 128}, "nnnnnn"),
    ("gemma3", {}, "nnnnnn"),
    ("mimo2", {"attention__sliding_window_pattern": [True, False] * 3}, "nnnnnn"),
    (
        "mimo2",
        {
            "attention__sliding_window": 128,
            "attention__sliding_window_pattern": [True, True, False] * 2,
        },
        "yynyyn",
    ),
    (
        "olmo2",
        {"attention__sliding_window": 128, "attention__sliding_window_pattern": 2},
        "ynynyn",
    ),
    (
        "olmo2",
        {"attention__sliding_window": 128, "attention__sliding_window_pattern": 0},
        "yyyyyy",
    ),
    ("llama", {"attention__sliding_window": 128}, "nnnnnn"),
)


@pytest.mark.parametrize(("architecture", "more", "expected"), SLIDING)
def test_which_layers_slide(architecture: str, more: Mapping[str, Any], expected: str) -> None:
    found = cache(architecture, embedding_length=64, **attending(6, 2, 2), **more)
    assert "".join("ny"[layer.slides] for layer in found.layers) == expected


STATES: Sequence[tuple[str, CacheShape, int, int]] = (
    # Granite 4.0 H Tiny: 36 layers of (3 x (3,072 + 2 x 128) + 128 x 3,072) x 4 bytes
    (
        "granitehybrid",
        cache(
            "granitehybrid",
            embedding_length=1536,
            **attending(40, 12, ([0] * 9 + [4]) * 4),
            ssm__conv_kernel=4,
            ssm__inner_size=3072,
            ssm__state_size=128,
            ssm__group_count=1,
        ),
        4,
        36 * (3 * 3_328 + 128 * 3_072) * 4,
    ),
    # Qwen3 Next: 36 layers of (3 x (4,096 + 2 x 16 x 128) + 128 x 4,096) x 4 bytes
    (
        "qwen3next",
        cache(
            "qwen3next",
            embedding_length=2048,
            **attending(48, 16, 2),
            ssm__conv_kernel=4,
            ssm__inner_size=4096,
            ssm__state_size=128,
            ssm__group_count=16,
        ),
        12,
        36 * (3 * 8_192 + 128 * 4_096) * 4,
    ),
    # LFM2: a short convolution keeps two tokens' width
    (
        "lfm2",
        cache("lfm2", embedding_length=2048, shortconv__l_cache=3, **attending(3, 32, [0, 8, 0])),
        1,
        2 * 2 * 2_048 * 4,
    ),
    (
        "rwkv7",
        cache("rwkv7", embedding_length=1024, block_count=2, wkv__head_size=64),
        0,
        2 * (2 * 1_024 + 1_024 * 64) * 4,
    ),
    (
        "kimi-linear",
        cache(
            "kimi-linear",
            embedding_length=2304,
            kda__head_dim=128,
            ssm__conv_kernel=4,
            **attending(4, 32, [0, 0, 0, 1]),
        ),
        1,
        3 * (3 * 3 * 4_096 + 128 * 128 * 32) * 4,
    ),
    (
        "minimax-01",
        cache("minimax-01", embedding_length=6144, **attending(8, 64, 8), **wide(128, 128)),
        2,
        6 * 128 * 128 * 64 * 4,
    ),
    # each layer of Falcon H1 attends and recurs
    (
        "falcon-h1",
        cache(
            "falcon-h1",
            embedding_length=64,
            **attending(2, 4, 2),
            ssm__conv_kernel=4,
            ssm__inner_size=128,
            ssm__state_size=16,
            ssm__group_count=1,
        ),
        2,
        2 * (3 * 160 + 16 * 128) * 4,
    ),
    # by name; and Nemotron's layers with neither are for feeding forward
    (
        "qwen35",
        cache(
            "qwen35",
            embedding_length=64,
            **attending(3, 4, 2, attention__recurrent_layers=[True, False, True]),
            ssm__inner_size=8,
            ssm__state_size=4,
        ),
        1,
        2 * 32 * 4,
    ),
    (
        "nemotron_h",
        cache(
            "nemotron_h",
            embedding_length=64,
            **attending(3, 4, [0, 0, 2], feed_forward_length=[0, 128, 0]),
            ssm__inner_size=8,
            ssm__state_size=4,
        ),
        1,
        32 * 4,
    ),
)


@pytest.mark.parametrize(
    ("name", "found", "attends", "state"), STATES, ids=[row[0] for row in STATES]
)
def test_recurrent_layers_keep_a_state(
    name: str, found: CacheShape, attends: int, state: int
) -> None:
    assert sum(layer.token_bytes > 0 for layer in found.layers) == attends
    assert found.state_bytes == state


def test_layers_that_share_a_cache_have_none() -> None:
    found = cache("gemma3n", embedding_length=64, **attending(30, 4, 2))
    assert sum(layer.token_bytes > 0 for layer in found.layers) == 20
    found = cache(
        "gemma4",
        embedding_length=64,
        **attending(
            6,
            4,
            2,
            attention__shared_kv_layers=2,
            attention__sliding_window=8,
            attention__sliding_window_pattern=[True, False] * 3,
            attention__key_length_swa=8,
            attention__value_length_swa=8,
        ),
    )
    assert [layer.token_bytes for layer in found.layers] == [64, 128, 64, 128, 0, 0]


def test_a_cache_grows_in_steps() -> None:
    assert [stepped(cells) for cells in (1, 256, 257)] == [256, 256, 512]


def test_an_absurd_count_of_layers_takes_no_time() -> None:
    found = cache("llama", embedding_length=64, **attending(2**32 - 1, 4, 2))
    assert len(found.layers) == 512
