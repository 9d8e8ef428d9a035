"""The tokens that a choice is made among, in the form that llama.cpp's samplers read."""

from __future__ import annotations

import ctypes
import math
from array import array
from typing import Any

from .library import llama


class Candidates:
    """Every token of the vocabulary with its logit, as samplers and grammars read them.

    One is enough for a worker: it is filled anew for each choice.
    """

    def __init__(self, vocabulary_size: int) -> None:
        self._size = vocabulary_size
        self._data: Any = (llama.llama_token_data * vocabulary_size)()
        self._clean = array("i", bytes(12 * vocabulary_size))
        memoryview(self._clean)[::3] = memoryview(array("i", range(vocabulary_size)))
        self._copied = array("i", bytes(4 * vocabulary_size))
        self._logits = memoryview(self._clean)[1::3]
        self._array: Any = llama.llama_token_data_array()
        native: Any = ctypes
        self._first: Any = native.cast(self._data, type(self._array.data))
        self.reference = ctypes.byref(self._array)

    def fill(self, logits: int) -> None:
        """Takes all tokens, with the logits at this address."""
        copied = self._copied.buffer_info()[0]
        ctypes.memmove(copied, logits, 4 * self._size)
        # As integers: the bits are the same, and a strided copy wants one type.
        self._logits[:] = memoryview(self._copied)
        ctypes.memmove(self._data, self._clean.buffer_info()[0], 12 * self._size)
        self._take(self._size)

    def fill_one(self, token: int) -> None:
        """Takes one token alone."""
        first = self._data[0]
        first.id, first.logit, first.p = token, 1.0, 1.0
        self._take(1)

    @property
    def selected(self) -> int:
        """The token that was chosen; -1 if none can be."""
        chosen = self._array.selected
        if chosen < 0 or self._array.data[chosen].logit == -math.inf:
            return -1
        return int(self._array.data[chosen].id)

    @property
    def is_allowed(self) -> bool:
        """Whether the first candidate is still one."""
        return bool(self._data[0].logit != -math.inf)

    def top(self, count: int) -> list[tuple[int, float]]:
        """The likeliest tokens with their logits; they stand in front afterwards."""
        sampler = llama.llama_sampler_init_top_k(count)
        llama.llama_sampler_apply(sampler, self.reference)
        llama.llama_sampler_free(sampler)
        return [(self._array.data[at].id, self._array.data[at].logit) for at in range(count)]

    def normalise(self) -> None:
        """Gives each token its probability, in `probability`."""
        sampler = llama.llama_sampler_init_dist(0)
        llama.llama_sampler_apply(sampler, self.reference)
        llama.llama_sampler_free(sampler)

    def at(self, place: int) -> tuple[float, float]:
        """Logit and probability of the candidate at a place: the token's own right after `fill`."""
        entry = self._data[place]
        return entry.logit, entry.p

    def _take(self, size: int) -> None:
        self._array.data = self._first
        self._array.size, self._array.selected, self._array.sorted = size, -1, False

    def forbid(self, token: int) -> None:
        """Takes a token's chance, right after `fill`."""
        self._data[token].logit = -math.inf
