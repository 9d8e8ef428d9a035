"""What a process was seen to hold, and the need of the next one like it, corrected by that.

The weights and the cache are known exactly; what is corrected is the rest, which is only reckoned.
So what was seen with one window serves for another. A process that was looked at before it had done
anything, or after most of it was swapped out, holds too little: no more than half of what was
reckoned is believed away.
"""

from __future__ import annotations

from typing import Final

import attrs

from ..resources.need import MemoryNeed
from ..resources.reading import ProcessMemory

BELIEVED_PART: Final = 2
"""The rest is at least this part of what was reckoned."""
LIBRARIES_BYTES_MAX: Final = 16 * 1024 * 1024
"""Of mapped pages beyond the weights, so many are thought to be libraries. More are weights that
were rearranged into private memory when they were loaded: nobody reads their pages again."""


def buffers_taken(need: MemoryNeed, seen: ProcessMemory, spare_bytes: int = 0) -> int:
    """What a process with this need was seen to hold beside weights and cache.

    More than was reckoned may be prompts of other conversations, of which it keeps `spare_bytes`
    at most. Where the system does not tell mapped pages from private ones, the weights are among
    the latter.
    """
    rest = seen.private_bytes - need.cache_bytes
    if seen.file_bytes:
        pages = max(0, seen.file_bytes - need.weights_bytes)
        rest = max(0, rest) + min(pages, LIBRARIES_BYTES_MAX)
    else:
        rest = max(0, rest - need.weights_bytes)
    return rest - min(max(0, rest - need.buffers_bytes), spare_bytes)


def corrected(need: MemoryNeed, buffers_bytes: int) -> MemoryNeed:
    """The need with what was seen in the place of what is reckoned; 0 is nothing seen."""
    if buffers_bytes <= 0:
        return need
    return attrs.evolve(need, buffers_bytes=max(buffers_bytes, need.buffers_bytes // BELIEVED_PART))
