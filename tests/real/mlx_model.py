"""Model folders for tests of the MLX engine: llama's architecture with random weights.

The shapes, the tokenizer and the template are those of `gguf_model`: the same rehearsal tokenizer,
written as Hugging Face's files. Nothing but the standard library is needed, and the same shape is
the same folder, byte for byte.

    python -m tests.real.mlx_model tiny FOLDER      makes one by hand

Source of the form: huggingface/safetensors, "Format"; mlx-lm's models/llama.py for the names.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import attrs
from understudy.io.engines.rehearsal import MODEL_FILE

from .gguf_model import SHAPES, STRING, Shape, Tensor, tokenizer_metadata

QWEN_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""How the rehearsal tokenizer parts text before it merges (`qwen2`)."""
CONTROL, OWN = 3, 4
"""The types of tokens in a GGUF that are marks: special ones, and ones that a family has added."""
TINY = attrs.evolve(SHAPES["exact"], width=64, layers=2, forward=128, heads=4, cache_heads=2)
"""4 MB, in single precision: what it says does not change with the width of a batch."""
SLIDING_WINDOW = 64


def write_folder(
    folder: Path, shape: Shape = TINY, *, template: str = "", sliding: bool = False
) -> Path:
    """Writes a model of this shape and returns the folder; `sliding` makes it one of Gemma 3's,
    whose layers see SLIDING_WINDOW tokens back, but for every sixth."""
    folder.mkdir(parents=True, exist_ok=True)
    source = {_key(pair): pair for pair in tokenizer_metadata(Path(MODEL_FILE))}
    texts = _strings(source["tokenizer.ggml.tokens"])
    kinds = _integers(source["tokenizer.ggml.token_type"])
    special = [at for at, kind in enumerate(kinds) if kind in (CONTROL, OWN)]
    eos = _integer(source["tokenizer.ggml.eos_token_id"])
    _write(folder / "tokenizer.json", _tokenizer(source, texts, special))
    config = _config(shape, len(texts), eos)
    _write(folder / "config.json", {**config, **(_SLIDING if sliding else {})})
    said = template or _text(source["tokenizer.chat_template"])
    named = {"eos_token": texts[eos], "bos_token": None}
    _write(folder / "tokenizer_config.json", {**named, "chat_template": said})
    _write_weights(folder / "model.safetensors", _tensors(shape, len(texts), sliding), shape.seed)
    return folder


_SLIDING: dict[str, Any] = {
    "model_type": "gemma3_text",
    "sliding_window": SLIDING_WINDOW,
    "sliding_window_pattern": 2,
    "rope_local_base_freq": 10_000.0,
    "query_pre_attn_scalar": 16.0,
}


def _config(shape: Shape, vocabulary: int, eos: int) -> dict[str, Any]:
    return {
        "model_type": "llama",
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "intermediate_size": shape.forward,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.cache_heads,
        "head_dim": shape.width // shape.heads,
        "rms_norm_eps": 1e-5,
        "vocab_size": vocabulary,
        "rope_theta": 500_000.0,
        "max_position_embeddings": shape.trained_tokens,
        "tie_word_embeddings": False,
        "torch_dtype": "float32",
        "eos_token_id": eos,
    }


def _tokenizer(source: dict[str, bytes], texts: list[str], special: list[int]) -> dict[str, Any]:
    ordinary = {text: at for at, text in enumerate(texts) if at not in set(special)}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": QWEN_WORDS}, "behavior": "Isolated"}
    return {
        "version": "1.0",
        "added_tokens": [
            {
                "id": at, "content": texts[at], "special": True, "normalized": False,
                "single_word": False, "lstrip": False, "rstrip": False,
            }
            for at in special
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{**split, "invert": False}, {**byte_level, "trim_offsets": False}],
        },
        "post_processor": None,
        "decoder": {**byte_level, "trim_offsets": False},
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "fuse_unk": False,
            "byte_fallback": False, "vocab": ordinary,
            "merges": _strings(source["tokenizer.ggml.merges"]),
        },
    }  # fmt: skip


def _tensors(shape: Shape, vocabulary: int, sliding: bool) -> Iterator[Tensor]:
    width, forward, deep = shape.width, shape.forward, (2 * shape.layers) ** 0.5

    def matrix(name: str, rows: int, columns: int, deviation: float) -> Tensor:
        return Tensor(f"{name}.weight", (columns, rows), deviation, is_exact=True)

    yield matrix("model.embed_tokens", vocabulary, width, 0.5)
    yield matrix("lm_head", vocabulary, width, width**-0.5)
    yield Tensor("model.norm.weight", (width,))
    for layer in range(shape.layers):
        block = f"model.layers.{layer}"
        norms = ["input_layernorm", "post_attention_layernorm"]
        if sliding:
            norms += ["pre_feedforward_layernorm", "post_feedforward_layernorm"]
            for name in ("q_norm", "k_norm"):
                yield Tensor(f"{block}.self_attn.{name}.weight", (width // shape.heads,))
        for name in norms:
            yield Tensor(f"{block}.{name}.weight", (width,))
        yield matrix(f"{block}.self_attn.q_proj", width, width, width**-0.5)
        yield matrix(f"{block}.self_attn.k_proj", shape.cache_width, width, width**-0.5)
        yield matrix(f"{block}.self_attn.v_proj", shape.cache_width, width, width**-0.5)
        yield matrix(f"{block}.self_attn.o_proj", width, width, width**-0.5 / deep)
        yield matrix(f"{block}.mlp.gate_proj", forward, width, width**-0.5)
        yield matrix(f"{block}.mlp.up_proj", forward, width, width**-0.5)
        yield matrix(f"{block}.mlp.down_proj", width, forward, forward**-0.5 / deep)


def _write_weights(path: Path, tensors: Iterator[Tensor], seed: int) -> None:
    """A safetensors file: the length of its header, the header, and the numbers."""
    listed = list(tensors)
    header: dict[str, Any] = {"__metadata__": {"format": "mlx"}}
    offset = 0
    for tensor in listed:
        ends = [offset, offset + tensor.data_bytes]
        shape = list(reversed(tensor.dimensions))
        header[tensor.name] = {"dtype": "F32", "shape": shape, "data_offsets": ends}
        offset = ends[1]
    data = json.dumps(header).encode()
    data += b" " * (-len(data) % 8)
    random = Random(seed)
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", len(data)) + data)
        for tensor in listed:
            stream.write(tensor.data(random))


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value))


def _key(pair: bytes) -> str:
    (length,) = struct.unpack_from("<Q", pair)
    return pair[8 : 8 + length].decode()


def _value(pair: bytes) -> bytes:
    """What stands behind the key and the type."""
    return pair[8 + len(_key(pair).encode()) + 4 :]


def _text(pair: bytes) -> str:
    return _value(pair)[8:].decode()


def _integer(pair: bytes) -> int:
    return int(struct.unpack("<I", _value(pair))[0])


def _integers(pair: bytes) -> list[int]:
    value = _value(pair)
    (count,) = struct.unpack_from("<Q", value, 4)
    return list(struct.unpack_from(f"<{count}i", value, 12))


def _strings(pair: bytes) -> list[str]:
    value = _value(pair)
    kind, count = struct.unpack_from("<IQ", value)
    assert kind == STRING, kind
    found: list[str] = []
    at = 12
    for _ in range(count):
        (length,) = struct.unpack_from("<Q", value, at)
        found.append(value[at + 8 : at + 8 + length].decode())
        at += 8 + length
    return found


if __name__ == "__main__":
    named = {**SHAPES, "tiny": TINY, "small": SHAPES["tiny"]}
    write_folder(Path(sys.argv[2]), attrs.evolve(named[sys.argv[1]], exact=True))
