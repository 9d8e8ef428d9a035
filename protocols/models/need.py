"""What a model will take of memory, reckoned from its header before anything of it is loaded.

Exact is what is written down: the weights, and the cache of every layer (`gguf/cache`) for the
cells and sequences that the engine asks llama.cpp for. Reckoned is the rest: the vocabulary's
tables, the logits, what a batch needs on its way through the layers, and the process itself. Its
numbers were fitted to measurements (bench/engine_memory.py), and once a model has been loaded,
what it really took replaces them (`taken`).

Of llama.cpp's compute buffer only what a step touches counts: the buffer is as large as the logits
of a whole batch, and no step of ours wants more than a row for each answer.

Weights in some forms are rearranged for the processor when they are loaded: they are then private
memory and no longer pages of the file, which count once nevertheless, for nobody reads those again.
Source: ggml-org/llama.cpp, src/llama-context.cpp (sched_reserve, output_reserve) and
ggml/src/ggml-cpu/repack.cpp.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import attrs

from ..gguf.cache import CacheShape, cache_of, stepped
from ..gguf.header import GgufHeader, TensorInfo
from ..resources.need import MemoryNeed

FLOAT_BYTES: Final = 4
MASK_BYTES: Final = 2
"""Of one token looking, or not, at one cell."""
VOCABULARY_BYTES: Final = 200
"""What the library's tables hold for one token."""
MERGE_BYTES: Final = 110
"""And for one merge of a byte-pair vocabulary."""
STEP_PART: Final = 2
"""A step is seldom as large as a batch may be: a slow machine's are small, to answer Esc in time.
Half of it is within a few megabytes of what was measured at either end."""
SPARE_CACHES: Final = 2
"""Prompts of other conversations are kept in so many times the room of the cache at most."""
ROWS_REARRANGED: Final = 8
"""Rows go together by so many; a tensor with a rest is left as it is."""

X86: Final = "avx2"
X86_WIDE: Final = "avx512f"
ARM: Final = "asimddp"
"""Names of instruction sets, as Linux writes them in /proc/cpuinfo."""
_REARRANGED: Final[Mapping[str, frozenset[str]]] = {
    X86: frozenset({"Q4_0", "Q4_K", "IQ4_NL", "MXFP4"}),
    X86_WIDE: frozenset({"Q2_K"}),
    ARM: frozenset({"Q4_0", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "MXFP4", "Q8_0", "Q1_0"}),
}
_READ_BY_ROWS: Final = frozenset({"token_embd.weight", "per_layer_token_embd.weight"})
"""Tensors of which single rows are looked up; they stay as they are."""


@attrs.frozen
class Asked:
    """What an engine asks llama.cpp for.

    `cells` is of each of the `streams` (caches that share nothing); `sequences` are told apart in
    all of them together. `rows` of logits are wanted of a step at most. `slides` tells that sliding
    layers forget. `process_bytes` is what the program takes without a model, and `spare_bytes` what
    it may keep besides: prompts of other conversations.
    """

    context_tokens: int
    cells: int
    sequences: int
    batch_tokens: int
    rows: int
    process_bytes: int
    streams: int = 1
    slides: bool = False
    spare_bytes: int = 0


def need_of(
    headers: Sequence[GgufHeader], asked: Asked, instructions: Collection[str] = ()
) -> MemoryNeed:
    """The need of a model with these headers (of all its parts, the first with the metadata).

    `instructions` are those of the processor that computes, as far as they matter here; none where
    the weights go to a GPU.
    """
    header, cache = headers[0], cache_of(headers[0])
    weights = [tensor for part in headers for tensor in part.tensors]
    rearranged = sum(t.data_bytes for t in weights if _is_rearranged(t, instructions))
    lasting = cache.lasting_token_bytes if asked.slides else cache.token_bytes
    return MemoryNeed(
        weights_bytes=sum(tensor.data_bytes for tensor in weights) - rearranged,
        cache_bytes=_cache_bytes(cache, asked),
        buffers_bytes=_buffers_bytes(header, asked) + asked.process_bytes + rearranged,
        context_tokens=asked.context_tokens,
        token_bytes=asked.streams * lasting * asked.cells // max(asked.context_tokens, 1),
    )


def _cache_bytes(cache: CacheShape, asked: Asked) -> int:
    sliding = stepped(cache.window + asked.batch_tokens) if asked.slides else None
    attended = asked.streams * cache.attended_bytes(asked.cells, sliding)
    kept = attended + asked.sequences * cache.state_bytes
    return kept + min(asked.spare_bytes, SPARE_CACHES * kept)


def _buffers_bytes(header: GgufHeader, asked: Asked) -> int:
    vocabulary = header.length("tokenizer.ggml.tokens")
    tables = vocabulary * VOCABULARY_BYTES
    tables += header.length("tokenizer.ggml.merges") * MERGE_BYTES
    logits = (asked.sequences + asked.rows) * vocabulary * FLOAT_BYTES
    batch = min(asked.batch_tokens // STEP_PART, asked.cells)
    floats = batch * _floats_of_a_token(header) * FLOAT_BYTES
    return tables + logits + floats + batch * stepped(asked.cells) * MASK_BYTES


def _floats_of_a_token(header: GgufHeader) -> int:
    """How many numbers stand for one token at the widest place of its way through a layer."""

    def number(name: str) -> int:
        return header.counts(header.key(name), 1)[0]

    width = number("embedding_length")
    heads = number("attention.head_count")
    head = header.count(header.key("attention.key_length"), width // heads if heads else 0)
    experts = number("expert_used_count")
    widest = max(
        3 * heads * head,
        3 * number("feed_forward_length") if not experts else 0,
        experts * (2 * number("expert_feed_forward_length") + width),
        4 * number("ssm.inner_size"),
    )
    return 6 * width + widest


def _is_rearranged(tensor: TensorInfo, instructions: Collection[str]) -> bool:
    if tensor.name in _READ_BY_ROWS or len(tensor.dimensions) < 2:
        return False
    if tensor.dimensions[1] % ROWS_REARRANGED:
        return False
    return any(tensor.form.name in _REARRANGED.get(name, ()) for name in instructions)
