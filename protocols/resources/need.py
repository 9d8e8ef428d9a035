"""What a model will take, said before it is loaded and corrected by what it took the last time."""

from __future__ import annotations

import attrs


@attrs.frozen
class MemoryNeed:
    """Bytes of one process of an engine, by what they are for.

    `weights_bytes` are mapped from the file; `cache_bytes` is the KV cache of all conversations at
    once; `buffers_bytes` is what the computation itself and the process take. `context_tokens` is
    the window these hold for, and `token_bytes` what one token more in the cache takes.
    """

    weights_bytes: int
    cache_bytes: int = 0
    buffers_bytes: int = 0
    context_tokens: int = 0
    token_bytes: int = 0

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return self.weights_bytes + self.cache_bytes + self.buffers_bytes
