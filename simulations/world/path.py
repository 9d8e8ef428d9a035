"""What lies between the two ends of a connection: how long a segment takes, and what goes wrong.

Trouble is a state that is looked up, never a task: a path is slow until a moment, held until a
moment, or broken from a moment on. So a run without trouble has no step more.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import trio

if TYPE_CHECKING:
    from .endpoint import Endpoint
    from .network import VirtualNetwork


class Path:
    """See the module. `host` is where the server listens; `ends` are the client's and its."""

    def __init__(self, network: VirtualNetwork, host: str) -> None:
        self.network = network
        self.host = host
        self.ends: tuple[Endpoint, ...] = ()
        self.held_until = -inf
        """Nothing arrives before this moment; then all of it does, in order."""
        self.breaks_seconds = inf
        """From this moment on both ends are reset, and what is on its way is lost."""
        self._slow_until = -inf
        self._slow_seconds = 0.0

    @property
    def is_broken(self) -> bool:
        """Whether it has broken by now."""
        return self.breaks_seconds <= trio.current_time()

    def slow_down(self, seconds: float, latency_seconds: float) -> None:
        """For so long, what is sent takes so much longer."""
        self._slow_until = trio.current_time() + seconds
        self._slow_seconds = latency_seconds

    def stall(self, seconds: float) -> None:
        """Holds back all segments, both ways, for so long."""
        self.held_until = max(self.held_until, trio.current_time() + seconds)
        self._wake()

    def reset(self, *, after_seconds: float = 0.0) -> None:
        """Breaks, as when something in the middle has forgotten the connection."""
        self.breaks_seconds = min(self.breaks_seconds, trio.current_time() + after_seconds)
        self._wake()

    def heal(self) -> None:
        """Ends what is not yet over; what has broken stays broken."""
        self.held_until = self._slow_until = -inf
        if not self.is_broken:
            self.breaks_seconds = inf
        self._wake()

    def draw_due_seconds(self) -> float:
        """When a segment that is sent now arrives."""
        self.network.weather.strike_path(self)
        now = trio.current_time()
        slow_seconds = self._slow_seconds if now < self._slow_until else 0.0
        return now + self.network.draw_latency_seconds() + slow_seconds

    def _wake(self) -> None:
        for end in self.ends:
            end.wake()
