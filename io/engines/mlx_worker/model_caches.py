"""The caches of one sequence, a layer's each: made, copied, cut, batched, and taken out again.

Caches of sliding windows are made whole: one that has forgotten the beginning cannot be cut back to
where the next turn goes on. (For the same reason llama.cpp's contexts have `swa_full`.) Layers with
a recurrent state cannot be cut at all; a model that has one keeps its sequences whole.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from .library import caches as kinds
from .library import mx

Caches = list[Any]
"""One cache a layer, of one sequence or of a batch of them."""


def new_caches(model: Any) -> Caches:
    """Empty ones."""
    made = kinds.make_prompt_cache(model)
    return [kinds.KVCache() if _slides(each) else each for each in made]


def can_cut(caches: Caches) -> bool:
    """Whether they can be shortened, whatever they hold."""
    return bool(kinds.can_trim_prompt_cache(caches))


def can_batch(caches: Caches) -> bool:
    """Whether several sequences of this kind can be computed together."""
    parts = [part for each in caches for part in _parts(each)]
    return all(hasattr(part, "merge") for part in parts)


def cut(caches: Caches, tokens: int) -> None:
    """Forgets the last tokens."""
    for each in caches:
        each.trim(tokens)


def copied(caches: Caches) -> Caches:
    """A copy that goes its own way. The numbers are shared until one of the two is written to."""
    return copy.deepcopy(caches)


def batched(sequences: Sequence[Caches]) -> Caches:
    """The caches of a batch, from those of its sequences."""
    layers = zip(*sequences, strict=True)
    return [_merged(list(layer)) for layer in layers]


def taken_out(batch: Caches, row: int) -> Caches:
    """A copy of the caches of one sequence of a batch."""
    found = [each.extract(row) for each in batch]
    evaluate(found)
    return found


def evaluate(caches: Caches) -> None:
    """Computes what is still only planned, so that nothing else is held by it."""
    mx.eval([each.state for each in caches])


def _merged(layer: list[Any]) -> Any:
    return layer[0].merge(layer)


def _parts(cache: Any) -> list[Any]:
    inner = getattr(cache, "caches", None)
    return [cache] if inner is None else [part for each in inner for part in _parts(each)]


def _slides(cache: Any) -> bool:
    return type(cache) is kinds.RotatingKVCache and cache.keep == 0
