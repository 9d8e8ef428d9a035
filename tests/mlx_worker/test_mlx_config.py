"""What configurations of known models say of a token's bytes, computed by hand."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.models.mlx_config import read_config

LLAMA = {
    "model_type": "llama",
    "hidden_size": 4096,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "max_position_embeddings": 131_072,
    "quantization": {"bits": 4, "group_size": 64},
}
DEEPSEEK = {
    "model_type": "deepseek_v3",
    "num_hidden_layers": 61,
    "num_attention_heads": 128,
    "kv_lora_rank": 512,
    "qk_rope_head_dim": 64,
    "qk_nope_head_dim": 128,
    "v_head_dim": 128,
}
QWEN_NEXT = {
    "model_type": "qwen3_next",
    "num_hidden_layers": 48,
    "num_attention_heads": 16,
    "num_key_value_heads": 2,
    "head_dim": 256,
    "full_attention_interval": 4,
}


@pytest.mark.parametrize(
    ("config", "token_bytes"),
    [
        (LLAMA, 32 * 8 * 128 * 2 * 2),
        ({**LLAMA, "head_dim": 64}, 32 * 8 * 64 * 2 * 2),
        ({**LLAMA, "torch_dtype": "float32"}, 32 * 8 * 128 * 2 * 4),
        ({**LLAMA, "layer_types": ["sliding_attention", "full_attention"] * 16}, 131_072),
        ({**LLAMA, "layer_types": ["linear_attention"] * 24 + ["full_attention"] * 8}, 32_768),
        ({**LLAMA, "hybrid_override_pattern": "M-M*M-M*"}, 2 * 8 * 128 * 2 * 2),
        ({"model_type": "gemma3", "text_config": LLAMA}, 131_072),
        (DEEPSEEK, 61 * (512 + 64) * 2),
        ({**DEEPSEEK, "model_type": "deepseek_v2"}, 61 * 128 * (192 + 128) * 2),
        (QWEN_NEXT, 12 * 2 * 256 * 2 * 2),
        ({}, 0),
        ({**LLAMA, "num_hidden_layers": "many"}, 0),
        ({**LLAMA, "num_key_value_heads": -1, "num_attention_heads": True}, 0),
    ],
)
def test_a_token_takes_what_its_layers_keep(config: dict[str, Any], token_bytes: int) -> None:
    assert read_config(config).token_bytes == token_bytes


def test_the_rest_is_read_where_it_is() -> None:
    found = read_config({"model_type": "gemma3", "text_config": LLAMA, "vision_config": {}})
    assert found.context_tokens == 131_072
    assert found.layers == 32
    assert found.has_vision
    assert read_config(LLAMA).quantisation == "4 bits"
