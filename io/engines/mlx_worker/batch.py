"""Sequences that decode together: who is in which batch, and at what cost of padding.

A batch holds its sequences as wide as the longest one, so short ones beside a long one would take
its memory each. They are put together only while the padding stays small; otherwise each length has
a batch of its own, and one sequence alone stays as it is, for joining and leaving copies it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from .model_caches import Caches, batched, taken_out

PADDING_TOKENS: Final = 1024
"""So much padding a batch may have in any case."""
PADDING_SHARE: Final = 0.25
"""And so much of what it holds."""


@attrs.define(eq=False)
class Batch:
    """Two sequences or more, in the order of their rows."""

    members: list[int]
    caches: Caches

    def take_out(self, sequence: int) -> Caches:
        """The sequence leaves, with its own caches."""
        row = self.members.index(sequence)
        found = taken_out(self.caches, row)
        self.drop({sequence})
        return found

    def drop(self, sequences: set[int]) -> None:
        """These leave, and what they hold is forgotten."""
        keep = [at for at, member in enumerate(self.members) if member not in sequences]
        self.members = [self.members[at] for at in keep]
        if keep:
            for each in self.caches:
                each.filter(keep)
        else:
            self.caches = []

    def join(self, sequence: int, caches: Caches) -> None:
        """One more takes part."""
        for own, new in zip(self.caches, batched([caches]), strict=True):
            own.extend(new)
        self.members.append(sequence)


def fits(lengths: Sequence[int]) -> bool:
    """Whether sequences of these lengths may be one batch."""
    held = sum(lengths)
    padding = len(lengths) * max(lengths) - held
    return padding <= max(PADDING_TOKENS, PADDING_SHARE * held)


def gathered(
    sequences: Sequence[int],
    batches: Sequence[Batch],
    lengths: Mapping[int, int],
    take: Callable[[int], Caches],
) -> tuple[list[Batch], list[int]]:
    """The batches in which these sequences decode now, and those which decode alone.

    Batches are changed as far as that is needed: everyone in them is one of the sequences. `take`
    gives the caches of a sequence that is in none.
    """
    found = list(batches)
    placed = {member for batch in found for member in batch.members}
    alone: list[int] = []
    for sequence in sorted(set(sequences) - placed, key=lambda each: lengths[each]):
        batch = next((each for each in found if _takes(each, sequence, lengths)), None)
        other = next((each for each in alone if fits([lengths[each], lengths[sequence]])), None)
        if batch is not None:
            batch.join(sequence, take(sequence))
        elif other is not None:
            alone.remove(other)
            found.append(Batch([other, sequence], batched([take(other), take(sequence)])))
        else:
            alone.append(sequence)
    return found, alone


def _takes(batch: Batch, sequence: int, lengths: Mapping[int, int]) -> bool:
    return fits([lengths[each] for each in (*batch.members, sequence)])
