"""Asks endpoints that rest, at the end of each rest, whether they are there again.

So no turn of a user has to find out that a machine is still off. While nothing rests nothing is
done: a task lives only while its endpoint rests, and at most PROBES_MAX questions are put to it in
a row. An endpoint that is there has still to answer a turn: the next one is its trial.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import trio

from ..protocols.actor import ActorError
from ..protocols.routing.health import WHOLE, Health, Spot
from ..protocols.routing.probe import PROBE_SECONDS_MAX, PROBES_MAX, Probe, is_there
from ..protocols.routing.verdict import Verdict
from ..protocols.settings_data import EndpointSettings
from .backends import Backends

ASK_SECONDS_MAX = 2 * PROBE_SECONDS_MAX
"""With the time that a busy backend takes to hear the question."""


@attrs.define(eq=False)
class Probes:
    """The router's. `find` knows the endpoint of a name, None if there is none."""

    _health: Health
    _backends: Backends
    _find: Callable[[str], EndpointSettings | None]
    _asked: set[str] = attrs.field(factory=set[str])

    def look_after(self, name: str, nursery: trio.Nursery) -> None:
        """An endpoint may rest from now on: if so, and if it can be asked, it is, by a task."""
        endpoint = self._find(name)
        resting = self._health.rest_seconds(Spot(name, WHOLE), trio.current_time()) > 0
        if resting and name not in self._asked and endpoint is not None and endpoint.base_url:
            self._asked.add(name)
            nursery.start_soon(self._ask_until_there, name, name=f"probe:{name}")

    async def _ask_until_there(self, name: str) -> None:
        spot, times = Spot(name, WHOLE), 0
        try:
            while times < PROBES_MAX:
                await trio.sleep(self._health.rest_seconds(spot, trio.current_time()))
                now = trio.current_time()
                if self._health.is_due(spot, now):
                    times += 1
                    await self._ask(spot, now)
                if not self._health.rest_seconds(spot, trio.current_time()):
                    return
        finally:
            self._asked.discard(name)

    async def _ask(self, spot: Spot, now: float) -> None:
        """One question, which is the endpoint's trial while it lasts."""
        endpoint = self._find(spot.endpoint)
        assert endpoint is not None, "of an endpoint that is gone nothing is known"
        ticket, verdict, status = self._health.take(spot, now), Verdict.NEUTRAL, 0
        try:
            backend = self._backends.get(spot.endpoint)
            status = await backend.ask(Probe(_key(endpoint)), timeout_seconds=ASK_SECONDS_MAX)
            verdict = Verdict.NEUTRAL if is_there(status) else Verdict.DOWN
        except ActorError:
            pass  # nothing is known then, and a turn has to find out
        finally:
            self._health.note(spot, ticket, verdict, trio.current_time(), status=status)


def _key(endpoint: EndpointSettings) -> int | None:
    """The number of a key to ask with: none that its user might be asked for."""
    keys = enumerate(endpoint.keys)
    return next((number for number, key in keys if key.source != "keychain"), None)
