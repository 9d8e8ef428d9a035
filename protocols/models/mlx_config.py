"""What an MLX model's `config.json` says: its window, and what a token takes in the cache. Pure.

A layer of attention keeps a key and a value of each KV head; one with a latent (MLA) keeps that and
the rotated part of the key. A layer with a sliding window is counted whole, for the worker keeps it
whole (`mlx_worker/model_caches.py`). Recurrent layers keep a state of fixed size and count nothing.
Source: Hugging Face's configurations; mlx-lm's models, for what each one caches.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from ..json_values import list_of, object_of, strings_of, text_of

TEXT: Final = "text_config"
"""Where a model that also sees keeps what is said of its text."""
LAYERS: Final = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")
HEADS: Final = ("num_attention_heads", "n_head", "n_heads")
CACHE_HEADS: Final = ("num_key_value_heads", "num_kv_heads", "n_kv_heads", "multi_query_group_num")
WIDTH: Final = ("hidden_size", "n_embd", "d_model", "dim")
WINDOW: Final = ("max_position_embeddings", "n_positions", "n_ctx", "model_max_length")
KINDS: Final = ("layer_types", "layers_block_type", "hybrid_override_pattern")
"""What says of each layer what it is."""
ATTENTION: Final = frozenset(
    {"full_attention", "sliding_attention", "chunked_attention", "attention", "*"}
)
WIDE: Final = "float32"
UNPACKED: Final = frozenset({"deepseek_v2", "minicpm3", "youtu_llm"})
"""These cache whole keys and values although they have a latent."""
LAYERS_MAX: Final = 10_000
NUMBER_MAX: Final = 2**31


@attrs.frozen
class MlxConfig:
    """0 and "" where the file is silent. `token_bytes` is of a token in the cache."""

    model_type: str = ""
    context_tokens: int = 0
    token_bytes: int = 0
    layers: int = 0
    quantisation: str = ""
    has_vision: bool = False


def read_config(config: Mapping[str, Any]) -> MlxConfig:
    """Reads a configuration. Whatever makes no sense is taken for absent."""
    text: Mapping[str, Any] = {**config, **object_of(config.get(TEXT))}
    quantisation = config.get("quantization") or config.get("quantization_config")
    bits = _number(object_of(quantisation), ("bits",))
    return MlxConfig(
        model_type=str(text.get("model_type") or config.get("model_type") or ""),
        context_tokens=_number(text, WINDOW),
        token_bytes=_attention_layers(text) * _layer_bytes(text),
        layers=min(_number(text, LAYERS), LAYERS_MAX),
        quantisation=f"{bits} bits" if bits else "",
        has_vision=isinstance(config.get("vision_config"), dict),
    )


def _attention_layers(config: Mapping[str, Any]) -> int:
    layers = min(_number(config, LAYERS), LAYERS_MAX)
    for name in KINDS:
        kinds = strings_of(config.get(name)) or text_of(config.get(name))
        if kinds:
            return sum(kind in ATTENTION for kind in kinds)
    listed = list_of(config.get("full_attn_idxs")) or list_of(config.get("attn_layer_indices"))
    if listed:
        return min(len(listed), layers)
    every = _number(config, ("full_attention_interval",))
    return layers // every if every else layers


def _layer_bytes(config: Mapping[str, Any]) -> int:
    element_bytes = 4 if config.get("torch_dtype", config.get("dtype")) == WIDE else 2
    latent = _number(config, ("kv_lora_rank",))
    if latent and config.get("model_type") not in UNPACKED:
        return element_bytes * (latent + _number(config, ("qk_rope_head_dim",)))
    heads = _number(config, HEADS)
    cache_heads = _number(config, CACHE_HEADS) or heads
    width = _number(config, ("head_dim",)) or (_number(config, WIDTH) // heads if heads else 0)
    keys = values = width
    if latent:
        keys = _number(config, ("qk_nope_head_dim",)) + _number(config, ("qk_rope_head_dim",))
        values = _number(config, ("v_head_dim",)) or width
    return element_bytes * cache_heads * (keys + values)


def _number(config: Mapping[str, Any], names: tuple[str, ...]) -> int:
    for name in names:
        found = config.get(name)
        if isinstance(found, int) and not isinstance(found, bool) and 0 < found < NUMBER_MAX:
            return found
    return 0
