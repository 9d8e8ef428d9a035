"""What a model keeps of a conversation, layer by layer, as its metadata say.

A layer that attends keeps keys and values of every token, in half precision; one that slides
forgets what is behind its window, where the engine lets it; a recurrent one keeps a state of one
size for each sequence, however long; one with latent attention (MLA) keeps its keys alone. Sources,
all in ggml-org/llama.cpp: src/llama-hparams.cpp (n_embd_k_gqa, n_embd_r, n_embd_s),
src/llama-model.cpp (create_memory, load_swa_pattern), src/llama-kv-cache-iswa.cpp (the size of a
cache that slides) and src/models/ for what each architecture sets by itself. An architecture that
is not known here is reckoned as one that keeps everything: rather too much than too little.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from .header import GgufHeader
from .kind import LAYERS_MAX, has_no_memory, words

ELEMENT_BYTES: Final = 2
"""Keys and values are kept in half precision."""
STATE_ELEMENT_BYTES: Final = 4
"""States of recurrent layers are kept in single precision."""
CELLS_STEP: Final = 256
"""Caches are made in steps of so many cells."""

_RECURRENT: Final = words("mamba mamba2 rwkv6 rwkv6qwen2 rwkv7 arwkv7")
_HYBRID: Final = words(
    """
    jamba plamo2 granitehybrid lfm2 lfm2moe nemotron_h nemotron_h_moe qwen3next kimi-linear kimi-k3
    bailingmoe3 glm5-next qwen35 qwen35moe qwen4exp minimax-01
    """
)
_BOTH_AT_ONCE: Final = "falcon-h1"
"""Each of its layers attends and recurs."""
_INTERVAL_DEFAULT: Final = 4
"""Of the hybrids that say every how many layers one attends, and are silent."""

_SLIDING: Final[Mapping[str, tuple[int, bool]]] = {
    "afmoe": (4, False),
    "cohere2": (4, False),
    "cohere2moe": (4, True),
    "exaone-moe": (4, False),
    "exaone4": (4, False),
    "gemma2": (2, False),
    "gemma3": (6, False),
    "gemma3n": (5, False),
    "gpt-oss": (2, False),
    "laguna": (4, True),
    "llama4": (4, False),
    "mellum": (4, False),
    "muse-glimmer": (4, False),
    "olmo2": (4, False),
    "plamo3": (8, False),
    "smallthinker": (4, True),
}
"""Every how many layers one attends to everything, and whether that is the first of them."""
_WINDOWS: Final[Mapping[str, int]] = {"gemma2": 4_096, "smallthinker": 4_096, "llama4": 8_192}
"""Windows that an architecture has although its metadata do not say so."""
_NEVER_SLIDING: Final = frozenset({"phi3"})
"""Its metadata name a window, and llama.cpp does not use it."""
_GEMMA3N_LAYERS: Final = 20
"""So many of its layers have a cache; the others look into theirs."""


@attrs.frozen
class CacheLayer:
    """The widths of a layer's keys and values, all heads together; 0 where it keeps none."""

    key_width: int
    value_width: int
    slides: bool = False

    @property
    def token_bytes(self) -> int:
        """What it keeps of one token."""
        return (self.key_width + self.value_width) * ELEMENT_BYTES


@attrs.frozen
class CacheShape:
    """What a model keeps. `window` is how far sliding layers look back; `state_bytes` is what all
    recurrent layers keep of one sequence."""

    layers: tuple[CacheLayer, ...]
    window: int = 0
    state_bytes: int = 0

    @property
    def token_bytes(self) -> int:
        """What a token takes in a cache from which nothing slides out."""
        return sum(layer.token_bytes for layer in self.layers)

    @property
    def lasting_token_bytes(self) -> int:
        """The same of the layers from which nothing slides out, whatever the engine does."""
        return sum(layer.token_bytes for layer in self.layers if not layer.slides)

    def attended_bytes(self, cells: int, sliding_cells: int | None = None) -> int:
        """A cache of so many tokens, of which sliding layers keep `sliding_cells`, or all."""
        whole = stepped(cells)
        slid = whole if sliding_cells is None else min(whole, sliding_cells)
        lasting = self.lasting_token_bytes
        return lasting * whole + (self.token_bytes - lasting) * slid


def stepped(cells: int) -> int:
    """The cells of a cache for so many tokens."""
    return cells + -cells % CELLS_STEP


def cache_of(header: GgufHeader) -> CacheShape:
    """What the model of this header keeps."""
    count = min(header.count(header.key("block_count")), LAYERS_MAX)
    count = max(0, count - header.count(header.key("nextn_predict_layers")))
    if has_no_memory(header) or not count:
        return CacheShape(())
    recurs = _recurrent_layers(header, count)
    window = _window(header)
    slides = _sliding_layers(header, count) if window else (False,) * count
    layers = tuple(
        CacheLayer(0, 0) if recurs[number] and header.architecture != _BOTH_AT_ONCE else layer
        for number, layer in enumerate(_layers(header, count, slides))
    )
    return CacheShape(layers, window, sum(recurs) * _state_bytes(header))


def _layers(header: GgufHeader, count: int, slides: tuple[bool, ...]) -> list[CacheLayer]:
    """What each layer would keep if it attends."""
    heads = header.counts(header.key("attention.head_count"), count)
    kept_heads = header.counts(header.key("attention.head_count_kv"), count, -1)
    width = header.count(header.key("embedding_length")) // heads[0] if heads[0] else 0
    keys = header.count(header.key("attention.key_length"), width)
    values = header.count(header.key("attention.value_length"), width)
    short_keys = header.count(header.key("attention.key_length_swa"), keys)
    short_values = header.count(header.key("attention.value_length_swa"), values)
    indexed = header.count(header.key("attention.indexer.key_length"))
    if header.count(header.key("attention.key_length_mla")):
        values = short_values = 0
    with_cache = _layers_with_cache(header, count)
    found: list[CacheLayer] = []
    for number in range(count):
        kept = kept_heads[number] if kept_heads[number] >= 0 else heads[number]
        kept = kept if number < with_cache else 0
        key = short_keys if slides[number] else keys
        value = short_values if slides[number] else values
        extra = indexed if kept else 0
        found.append(CacheLayer(key * kept + extra, value * kept, slides[number]))
    return found


def _layers_with_cache(header: GgufHeader, count: int) -> int:
    if header.architecture == "gemma3n":
        return _GEMMA3N_LAYERS
    return max(0, count - header.count(header.key("attention.shared_kv_layers")))


def _recurrent_layers(header: GgufHeader, count: int) -> tuple[bool, ...]:
    if header.architecture in _RECURRENT or header.architecture == _BOTH_AT_ONCE:
        return (True,) * count
    if header.architecture not in _HYBRID:
        return (False,) * count
    named = header.key("attention.recurrent_layers")
    if isinstance(header.pairs.get(named), tuple):
        return tuple(map(bool, header.counts(named, count)))
    heads = header.counts(header.key("attention.head_count_kv"), count)
    if 0 in heads:
        # A layer with neither heads nor memory is a feed-forward one, and tells so by its length.
        forward = header.pairs.get(header.key("feed_forward_length"))
        lengths = header.counts(header.key("feed_forward_length"), count)
        only_forward = isinstance(forward, tuple) and header.architecture.startswith("nemotron_h")
        return tuple(
            not kept and not (only_forward and length)
            for kept, length in zip(heads, lengths, strict=True)
        )
    interval = header.count(header.key("full_attention_interval"), _INTERVAL_DEFAULT)
    return tuple(not interval or (number + 1) % interval != 0 for number in range(count))


def _state_bytes(header: GgufHeader) -> int:
    """What one recurrent layer keeps of a sequence: its convolution's past, and its state."""

    def number(name: str, default: int = 0) -> int:
        return header.count(header.key(name), default)

    width = number("embedding_length")
    heads = header.counts(header.key("attention.head_count"), 1)[0]
    kernel = number("ssm.conv_kernel")
    if head := number("wkv.head_size"):
        past, state = number("token_shift_count", 2) * width, width * head
    elif kept := number("shortconv.l_cache"):
        past, state = width * (kept - 1), 0
    elif head := number("kda.head_dim"):
        past, state = 3 * (kernel - 1 if kernel else 3) * heads * head, head * head * heads
    elif header.architecture == "minimax-01":
        head = number("attention.key_length", width // heads if heads else 0)
        past, state = 0, head * head * heads
    else:
        inner, size = number("ssm.inner_size"), number("ssm.state_size")
        past = max(kernel - 1, 0) * (inner + 2 * number("ssm.group_count") * size)
        state = size * inner
    return (past + state) * STATE_ELEMENT_BYTES


def _window(header: GgufHeader) -> int:
    if header.architecture in _NEVER_SLIDING:
        return 0
    found = header.count(header.key("attention.sliding_window"))
    named = header.key("attention.sliding_window") in header.pairs
    return found if named and not found else _WINDOWS.get(header.architecture, found)


def _sliding_layers(header: GgufHeader, count: int) -> tuple[bool, ...]:
    key = header.key("attention.sliding_window_pattern")
    if isinstance(header.pairs.get(key), tuple):
        return tuple(map(bool, header.counts(key, count)))
    pattern, dense_first = _SLIDING.get(header.architecture, (1, False))
    pattern = header.count(key, pattern)
    if not pattern:
        return (True,) * count
    dense = 0 if dense_first else pattern - 1
    return tuple(number % pattern != dense for number in range(count))
