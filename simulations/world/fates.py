"""What befalls the server, its settings and its endpoints while clients go on asking.

Each fate is decided and carried out whole, never cancelled half-way; at the end all is as it was
at the beginning: the settings, the endpoints, and a server that runs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from random import Random

import attrs
import trio

from ...io.settings_file import SettingsRejected
from ...protocols.settings_data import Settings
from ...protocols.settings_problems import SettingsProblem
from .world import PEER_HOSTS, SETTINGS, World

EVERY_SECONDS = (0.5, 10.0)
CHANCE = 0.2


@attrs.define(eq=False)
class Fates:
    """Run in a task of their own, until `stop` has returned. With `moves` endpoints move."""

    world: World
    settings: Settings = SETTINGS
    hosts: Sequence[str] = PEER_HOSTS
    moves: bool = True
    _over: trio.Event = attrs.field(factory=trio.Event)
    _restored: trio.Event = attrs.field(factory=trio.Event)

    async def run(self) -> None:
        """Lets things happen, one at a time."""
        fates: dict[str, Callable[[Random], Awaitable[None]]] = {
            "server is restarted": self._restart,
            "server crashes": self._crash,
            "settings change": self._change_settings,
            "settings are unreadable": self._spoil_settings,
            "peer dies": self._kill_peer,
        }
        while not self._over.is_set():
            with trio.move_on_after(self.world.random.uniform(*EVERY_SECONDS)):
                await self._over.wait()
            for name, befall in fates.items():
                if draws := self.world.chance.strike(name, CHANCE):
                    await befall(draws)
        await self.world.change_settings(self.settings)
        self._restored.set()

    async def stop(self) -> None:
        """Lets nothing happen any more, and waits until all is as it was."""
        self._over.set()
        await self._restored.wait()

    async def _restart(self, draws: Random) -> None:
        await self._bring_local_back()
        await self.world.stop_server()
        await self._start_server(draws)

    async def _crash(self, draws: Random) -> None:
        await self._bring_local_back()
        await self.world.crash_server()
        await self._start_server(draws)

    async def _start_server(self, draws: Random) -> None:
        await trio.sleep(draws.uniform(0, 3))
        await self.world.start_server()
        await trio.sleep(0.1)  # it has read its settings before they change

    async def _bring_local_back(self) -> None:
        """A server knows which models were on the machine for as long as it lives, no longer."""
        if not any(endpoint.engine for endpoint in self.world.settings.endpoints):
            await self.world.change_settings(self.settings)
            await trio.sleep(0.1)

    async def _change_settings(self, draws: Random) -> None:
        """Endpoints go, move, and come back."""
        endpoints = [end for end in self.settings.endpoints if draws.random() < 0.7]
        if draws.random() < 0.5 and self.moves:
            swapped = [end.base_url for end in reversed(endpoints)]
            endpoints = [
                attrs.evolve(end, base_url=url) for end, url in zip(endpoints, swapped, strict=True)
            ]
        await self.world.change_settings(Settings(endpoints=tuple(endpoints)))

    async def _spoil_settings(self, draws: Random) -> None:
        problem = SettingsProblem("settings.toml", draws.randrange(1, 9), "", "as drawn")
        await self.world.change_settings(SettingsRejected((problem,)))

    async def _kill_peer(self, draws: Random) -> None:
        host = draws.choice(self.hosts)
        self.world.peers[host].stop()
        await trio.sleep(draws.uniform(0, 30))
        await self.world.start_peer(host)
