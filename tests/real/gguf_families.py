"""Model files of several families with random weights: what their memory takes differs in kind.

Each is small beside a real one, and large beside the process that runs it. They have the tokenizer
of the embedded rehearsal model, with tokens of no use added where a family's vocabulary is large.

    python -m tests.real.gguf_families qwen3 FILE      makes one by hand

Source of the names and shapes of tensors: llama.cpp's src/models/, the file of each family.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs
from understudy.io.engines.rehearsal import MODEL_FILE

from .gguf_model import (
    ARRAY,
    STRING,
    Tensor,
    metadata,
    tokenizer_metadata,
    vocabulary_size,
    write_gguf,
)

I32 = 5
UNUSED = 5
"""The kind of a token that no text has."""
Values = Mapping[str, str | int | float]


@attrs.frozen
class Family:
    """A shape of one architecture; `values` are its own metadata, without its name before them.

    `kept_heads` are those of each layer that attends; 0 is a recurrent layer.
    """

    architecture: str
    width: int
    forward: int
    heads: int
    head_width: int
    kept_heads: tuple[int, ...]
    vocabulary: int
    values: Values
    experts: int = 0
    tensors: Callable[[Family, int], Iterator[Tensor]] = lambda family, layer: iter(())
    """What a layer has beside the usual."""
    output: bool = False
    """Whether it has an output of its own beside its embeddings."""

    @property
    def layers(self) -> int:
        """How many there are."""
        return len(self.kept_heads)


def matrix(name: str, columns: int, rows: int, *more: int) -> Tensor:
    """Random weights of about the length one."""
    return Tensor(f"{name}.weight", (columns, rows, *more), columns**-0.5)


def constant(name: str, width: int, *more: int, value: float = 1.0) -> Tensor:
    """Weights that are all the same."""
    return Tensor(name, (width, *more), constant=value)


def _biases(family: Family, layer: int) -> Iterator[Tensor]:
    kept = family.kept_heads[layer] * family.head_width
    for name, width in (("q", family.heads * family.head_width), ("k", kept), ("v", kept)):
        yield constant(f"blk.{layer}.attn_{name}.bias", width, value=0.0)


def _norms_of_heads(family: Family, layer: int) -> Iterator[Tensor]:
    yield constant(f"blk.{layer}.attn_q_norm.weight", family.head_width)
    yield constant(f"blk.{layer}.attn_k_norm.weight", family.head_width)


def _gemma(family: Family, layer: int) -> Iterator[Tensor]:
    yield from _norms_of_heads(family, layer)
    yield constant(f"blk.{layer}.post_attention_norm.weight", family.width)
    yield constant(f"blk.{layer}.post_ffw_norm.weight", family.width)


FAMILIES: Mapping[str, Family] = {
    "llama": Family(
        "llama", 768, 2_048, 12, 64, (4,) * 12, 32_000, {"rope.dimension_count": 64}, output=True
    ),
    "qwen2": Family("qwen2", 896, 4_864, 14, 64, (2,) * 10, 65_536, {}, tensors=_biases),
    "qwen3": Family("qwen3", 1_024, 3_072, 16, 128, (8,) * 8, 65_536, {}, tensors=_norms_of_heads),
    "gemma3": Family(
        "gemma3",
        1_152,
        4_608,
        4,
        256,
        (1,) * 12,
        98_304,
        {"attention.sliding_window": 512, "rope.freq_base": 1e6},
        tensors=_gemma,
    ),
    "qwen3moe": Family(
        "qwen3moe",
        768,
        2_304,
        8,
        128,
        (2,) * 6,
        49_152,
        {"expert_feed_forward_length": 384},
        experts=32,
        tensors=_norms_of_heads,
    ),
    "granitehybrid": Family(
        "granitehybrid",
        1_024,
        3_072,
        16,
        64,
        (0, 0, 0, 4, 0, 0, 0, 4),
        49_152,
        {
            "ssm.conv_kernel": 4,
            "ssm.inner_size": 2_048,
            "ssm.state_size": 128,
            "ssm.time_step_rank": 32,
            "ssm.group_count": 1,
        },
    ),
}
"""By name: 100 to 260 MB each."""


def write_family(path: Path, family: Family) -> None:
    """Writes a model of this family."""
    kept = _widened(tokenizer_metadata(Path(MODEL_FILE)), family.vocabulary)
    write_gguf(path, [*kept, *_metadata(path.stem, family)], list(_tensors(family)), 1)


def _metadata(name: str, family: Family) -> Iterator[bytes]:
    own: dict[str, str | int | float] = {
        "context_length": 32_768,
        "embedding_length": family.width,
        "block_count": family.layers,
        "feed_forward_length": family.forward,
        "attention.head_count": family.heads,
        "attention.key_length": family.head_width,
        "attention.value_length": family.head_width,
        "attention.layer_norm_rms_epsilon": 1e-5,
    }
    if family.experts:
        own |= {"expert_count": family.experts, "expert_used_count": 4}
    yield from metadata(
        {
            "general.architecture": family.architecture,
            "general.name": name,
            "general.quantization_version": 2,
            "general.file_type": 7,
        }
    )
    for key, value in (own | dict(family.values)).items():
        yield from metadata({f"{family.architecture}.{key}": value})
    name_of_heads = f"{family.architecture}.attention.head_count_kv".encode()
    heads = struct.pack(f"<IIQ{family.layers}i", ARRAY, I32, family.layers, *family.kept_heads)
    yield struct.pack("<Q", len(name_of_heads)) + name_of_heads + heads


def _tensors(family: Family) -> Iterator[Tensor]:
    yield Tensor("token_embd.weight", (family.width, family.vocabulary), 0.5)
    if family.output:
        yield matrix("output", family.width, family.vocabulary)
    yield constant("output_norm.weight", family.width)
    for layer, kept_heads in enumerate(family.kept_heads):
        block = f"blk.{layer}"
        yield constant(f"{block}.attn_norm.weight", family.width)
        yield constant(f"{block}.ffn_norm.weight", family.width)
        if kept_heads:
            wide, kept = family.heads * family.head_width, kept_heads * family.head_width
            yield matrix(f"{block}.attn_q", family.width, wide)
            yield matrix(f"{block}.attn_k", family.width, kept)
            yield matrix(f"{block}.attn_v", family.width, kept)
            yield matrix(f"{block}.attn_output", wide, family.width)
        else:
            yield from _recurrent(family, block)
        yield from family.tensors(family, layer)
        yield from _forward(family, block)


def _forward(family: Family, block: str) -> Iterator[Tensor]:
    if not family.experts:
        yield matrix(f"{block}.ffn_gate", family.width, family.forward)
        yield matrix(f"{block}.ffn_up", family.width, family.forward)
        yield matrix(f"{block}.ffn_down", family.forward, family.width)
        return
    narrow = int(family.values["expert_feed_forward_length"])
    yield Tensor(
        f"{block}.ffn_gate_inp.weight",
        (family.width, family.experts),
        family.width**-0.5,
        is_exact=True,
    )
    yield matrix(f"{block}.ffn_gate_exps", family.width, narrow, family.experts)
    yield matrix(f"{block}.ffn_up_exps", family.width, narrow, family.experts)
    yield matrix(f"{block}.ffn_down_exps", narrow, family.width, family.experts)


def _recurrent(family: Family, block: str) -> Iterator[Tensor]:
    """A layer as in Mamba 2."""

    def size(name: str) -> int:
        return int(family.values[f"ssm.{name}"])

    inner, ranks = size("inner_size"), size("time_step_rank")
    mixed = inner + 2 * size("group_count") * size("state_size")
    yield matrix(f"{block}.ssm_in", family.width, inner + mixed + ranks)
    yield constant(f"{block}.ssm_conv1d.weight", size("conv_kernel"), mixed, value=0.25)
    yield constant(f"{block}.ssm_conv1d.bias", mixed, value=0.0)
    yield constant(f"{block}.ssm_dt.bias", ranks, value=-3.0)
    yield constant(f"{block}.ssm_a", 1, ranks, value=-1.0)
    yield constant(f"{block}.ssm_d", 1, ranks)
    yield constant(f"{block}.ssm_norm.weight", inner, 1)
    yield matrix(f"{block}.ssm_out", inner, family.width)


def _widened(pairs: list[bytes], vocabulary: int) -> list[bytes]:
    """A tokenizer with so many tokens: the new ones are of no use."""
    count = vocabulary_size(pairs)
    more = [f"<|unused_{number}|>".encode() for number in range(vocabulary - count)]
    texts = b"".join(struct.pack("<Q", len(text)) + text for text in more)
    kinds = struct.pack("<i", UNUSED) * len(more)
    added = {"tokenizer.ggml.tokens": (STRING, texts), "tokenizer.ggml.token_type": (I32, kinds)}
    found: list[bytes] = []
    for pair in pairs:
        (length,) = struct.unpack_from("<Q", pair)
        key = pair[8 : 8 + length].decode()
        if key in added:
            form, data = added[key]
            body = pair[8 + length + 16 :]
            head = pair[: 8 + length] + struct.pack("<IIQ", ARRAY, form, vocabulary)
            found.append(head + body + data)
        else:
            found.append(pair)
    return found


if __name__ == "__main__":
    write_family(Path(sys.argv[2]), FAMILIES[sys.argv[1]])
