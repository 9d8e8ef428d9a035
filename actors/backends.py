"""The backends that exist now: one actor per endpoint, kept in step with the settings.

Owned by the composition root and used by the router. It outlives a restart of the router, so that
a new incarnation finds the same backends. An endpoint whose settings changed gets a new backend;
the old one takes no new turns and drains: it finishes what it has begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count

import attrs

from ..protocols.actor import Rank
from ..protocols.routing.table import Listings
from ..protocols.settings_data import EndpointSettings, ModelFacts
from .kernel import Actor, ActorSystem
from .kernel.ref import CellRef
from .kernel.statistics import ActorStatistics

DRAIN_SECONDS = 600.0
"""How long a backend that is no longer wanted may finish its turns."""


@attrs.define(eq=False)
class Backends:
    """Backends by endpoint name. `make` builds the actor for an endpoint's settings."""

    _system: ActorSystem
    _make: Callable[[EndpointSettings], Actor]
    _living: dict[str, tuple[EndpointSettings, CellRef]] = attrs.field(
        factory=dict[str, tuple[EndpointSettings, CellRef]]
    )
    local_models: set[str] = attrs.field(factory=set[str])
    """Every id that has led to a model on this machine; for the router, whom this outlives."""
    listings: Listings = attrs.field(factory=dict[str, tuple[ModelFacts, ...]])
    """What endpoints say of their models; for the router, too."""
    heard: Callable[[str, int], None] = lambda _endpoint, _status: None
    """Is told of each turn's end: the endpoint, and its status. Who keeps the listings asks it."""
    tickets: count[int] = attrs.field(factory=lambda: count(1))
    """The numbers of all turns that were sent; for the router, whose health they tell apart."""
    _births: count[int] = attrs.field(factory=lambda: count(1))

    def apply(self, endpoints: Iterable[EndpointSettings]) -> list[CellRef]:
        """Makes what is new or changed; what is not wanted takes no new turn from now on.

        Returns those backends, to be drained.
        """
        wanted = {endpoint.name: endpoint for endpoint in endpoints}
        leaving: list[CellRef] = []
        for name, (settings, ref) in list(self._living.items()):
            if wanted.get(name) != settings:
                ref.cell.close(DRAIN_SECONDS)
                leaving.append(ref)
                del self._living[name]
        for name, endpoint in wanted.items():
            if name not in self._living:
                self._living[name] = endpoint, self._spawn(endpoint)
        return leaving

    def get(self, name: str) -> CellRef:
        """The living backend of an endpoint."""
        return self._living[name][1]

    def load(self, name: str) -> int:
        """How many turns an endpoint is answering, or has waiting."""
        statistics = self.statistics(name)
        return statistics.running + statistics.queued

    def statistics(self, name: str) -> ActorStatistics:
        """Counts of an endpoint's backend."""
        return self.get(name).cell.statistics()

    async def drain(self, ref: CellRef) -> None:
        """Lets a backend finish its turns and stops it."""
        await self._system.retire(ref, grace_seconds=DRAIN_SECONDS)

    def _spawn(self, endpoint: EndpointSettings) -> CellRef:
        name = f"backend:{endpoint.name}:{next(self._births)}"
        return self._system.spawn(name, Rank.BACKEND, lambda: self._make(endpoint))
