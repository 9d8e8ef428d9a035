"""Which of several replicas a conversation goes to: the same one as before, while it is well.

A replica keeps what it has read of a prompt, so that the next turn need not read it again. By
rendezvous hashing (Thaler and Ravishankar, 1998) each conversation has an order of its own over the
replicas: when one is gone, only its conversations move. A replica that has far more to do than the
others stands back (bounded loads; Mirrokni, Thorup and Zadimoghaddam, 2018).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

LOAD_FACTOR: Final = 1.25
LOAD_MIN: Final = 4
"""Turns at one replica that are never too many."""


def preferred(
    replicas: Sequence[str], key: str, load: Callable[[str], int] = lambda _: 0
) -> tuple[str, ...]:
    """The replicas in the order in which a conversation wants them."""
    order = sorted(replicas, key=lambda name: _weight(name, key), reverse=True)
    loads = {name: load(name) for name in replicas}
    bound = max(LOAD_MIN, LOAD_FACTOR * (sum(loads.values()) + 1) / max(1, len(loads)))
    return tuple(sorted(order, key=lambda name: loads[name] >= bound))


def _weight(name: str, key: str) -> bytes:
    return hashlib.blake2b(f"{key}\0{name}".encode(), digest_size=8).digest()
