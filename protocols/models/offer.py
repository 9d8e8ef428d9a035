"""The one download that is offered to whoever has no model of their own yet.

One, not a list: a newcomer is to press a key, not to choose among names that mean nothing yet. It
is the recommendation for this machine's memory (`recommended.py`), with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from .recommended import TABLE, Recommendation, recommend

NONE_YET: Final = "none yet: `rehearsal` answers, and what it says is of no use for work"
"""What is said of the models of one's own where there is none."""
GIGABYTE: Final = 1_000_000_000
GIBIBYTE: Final = 1024**3


@attrs.frozen
class Offer:
    """What to ask the hub for, how large that is, and why it is this one for so much memory."""

    reference: str
    size_bytes: int
    memory_bytes: int
    licence: str
    reason: str

    @property
    def command(self) -> str:
        """The command that fetches it and makes it an endpoint."""
        return f"understudy models pull {self.reference}"

    @property
    def words(self) -> str:
        """Its size, that it fits, its licence and the reason, on one line."""
        size = f"{self.size_bytes / GIGABYTE:.1f} GB"
        memory = f"fits your {round(self.memory_bytes / GIBIBYTE)} GB"
        return f"{size}, {memory}, {self.licence}: {self.reason}"


def find_offer(memory_bytes: int, table: Sequence[Recommendation] = TABLE) -> Offer | None:
    """The offer for a machine with so much memory; None where no model of use would fit."""
    found = recommend(memory_bytes, table)
    if found is None:
        return None
    reference = f"{found.repository}:{found.quantisation}"
    return Offer(reference, found.size_bytes, memory_bytes, found.licence, found.why)
