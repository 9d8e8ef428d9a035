"""The troubles of a network: which hosts cannot be reached for a while, and what strikes by chance.

A scenario may send any trouble to any host. By chance it strikes remote hosts alone: on loopback
no cable is pulled, and what a client is told over it must come from the product. The sites are
`network.` and: `knows no name`, `refuses`, `unreachable` (asked at each connection),
`slow`, `stalls`, `resets` (asked at each segment).
"""

from __future__ import annotations

from enum import Enum

import attrs
import trio

from .chance import Chance
from .path import Path

CONNECT_CHANCE = 0.1
SEGMENT_CHANCE = 0.02
TROUBLE_SECONDS = (0.0, 30.0)
"""How long a host stays in a trouble that chance has sent."""
STALL_SECONDS = (0.5, 40.0)
"""Of segments: short, and longer than we wait for an upstream before we answer in its place."""
SLOW_SECONDS = (1.0, 30.0)
SLOW_LATENCY_SECONDS = (0.05, 2.0)


class Trouble(Enum):
    """Why a host cannot be reached."""

    NO_NAME = "its name is not known"
    TRY_AGAIN = "no name server answers"
    REFUSES = "it refuses connections"
    UNREACHABLE = "there is no route to it"
    SILENT = "it never answers a connection"


AT_LOOKUP = (Trouble.NO_NAME, Trouble.TRY_AGAIN)
AT_CONNECT = (Trouble.REFUSES, Trouble.UNREACHABLE, Trouble.SILENT)


def is_loopback(host: str) -> bool:
    """Whether it is this machine."""
    return host == "localhost" or host.startswith("127.")


@attrs.define(eq=False)
class Weather:
    """See the module. Without a chance nothing strikes by itself."""

    chance: Chance | None = None
    _troubles: dict[tuple[str, Trouble], float] = attrs.field(
        factory=dict[tuple[str, Trouble], float]
    )

    def hinder(self, host: str, trouble: Trouble, seconds: float) -> None:
        """Sends a trouble to a host, for so long from now."""
        self._troubles[host, trouble] = trio.current_time() + seconds

    def heal(self) -> None:
        """Ends all troubles of hosts."""
        self._troubles.clear()

    def trouble_at_lookup(self, host: str) -> Trouble | None:
        """What a lookup of the host's name meets."""
        self._strike(host, "network.knows no name", AT_LOOKUP)
        return self._now(host, AT_LOOKUP)

    def trouble_at_connect(self, host: str, *, again: bool = False) -> Trouble | None:
        """What a connection with the host meets, or a further try of the same one."""
        if not again:
            self._strike(host, "network.refuses", (Trouble.REFUSES,))
            self._strike(host, "network.unreachable", (Trouble.UNREACHABLE, Trouble.SILENT))
        return self._now(host, AT_CONNECT)

    def strike_path(self, path: Path) -> None:
        """A segment is sent on a path: something may happen to it and to those that follow."""
        if self.chance is None or is_loopback(path.host):
            return
        if draws := self.chance.strike("network.slow", SEGMENT_CHANCE):
            path.slow_down(draws.uniform(*SLOW_SECONDS), draws.uniform(*SLOW_LATENCY_SECONDS))
        if draws := self.chance.strike("network.stalls", SEGMENT_CHANCE):
            path.stall(draws.uniform(*STALL_SECONDS))
        if draws := self.chance.strike("network.resets", SEGMENT_CHANCE):
            path.reset(after_seconds=draws.choice((0.0, draws.uniform(*TROUBLE_SECONDS))))

    def _strike(self, host: str, site: str, kinds: tuple[Trouble, ...]) -> None:
        if self.chance is None or is_loopback(host):
            return
        if draws := self.chance.strike(site, CONNECT_CHANCE):
            self.hinder(host, draws.choice(kinds), draws.uniform(*TROUBLE_SECONDS))

    def _now(self, host: str, kinds: tuple[Trouble, ...]) -> Trouble | None:
        now = trio.current_time()
        return next((kind for kind in kinds if self._troubles.get((host, kind), now) > now), None)
