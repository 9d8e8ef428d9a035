"""What the probe has seen, beside what the settings say: what is new, and what it would become."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import trio

from ...protocols.discovery.entry import entry_for, used_as
from ...protocols.discovery.found import FoundServer
from ...protocols.discovery.kinds import USUAL_PORTS
from ...protocols.providers.endpoints_toml import EndpointTable
from ...protocols.providers.provider import Providers
from ...protocols.settings_addresses import is_loopback
from ...protocols.settings_data import Settings
from ..upstream.http11 import Http11Upstream
from .port_owner import Owner
from .probe import LOOPBACK, Seen, probe

IN_THE_CLEAR = "what is asked there goes over the network in the clear"
READS_ALL = "it runs as another user, who reads all that is sent there"


@attrs.frozen
class Finding:
    """One address. `entry` is what it would become; None for what is in use, or is no server."""

    address: str
    owner: Owner
    server: FoundServer | None = None
    used_as: str = ""
    entry: EndpointTable | None = None
    words: str = ""

    @property
    def name(self) -> str:
        """What the endpoint is called, or would be."""
        return self.used_as or ("" if self.entry is None else str(self.entry["name"]))

    @property
    def is_new(self) -> bool:
        """Whether it could be added."""
        return self.entry is not None

    @property
    def is_another_s(self) -> bool:
        """Whether another user's program listens there."""
        return self.owner.whose == "another's"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a user should know before using it."""
        host = self.address.partition("://")[2].rpartition(":")[0].strip("[]")
        in_the_clear = () if is_loopback(host) else (IN_THE_CLEAR,)
        read_by_all = (READS_ALL,) if self.is_another_s else ()
        told = () if self.server is None else self.server.warnings
        return (*in_the_clear, *read_by_all, *told)


def find(
    settings: Settings,
    providers: Providers,
    host: str = "",
    ports: Sequence[int] = (),
    context: int | None = None,
) -> list[Finding]:
    """Looks at the ports, and at what the settings use of it already."""
    seen = trio.run(_probe, host or LOOPBACK, tuple(ports) or USUAL_PORTS)
    own = {listen.port for listen in settings.listen} | {settings.server.port}
    taken = {each.name for each in settings.endpoints}
    found: list[Finding] = []
    for each in seen:
        if is_loopback(host or LOOPBACK) and each.port in own:
            continue
        used = used_as(each.base_url, settings.endpoints)
        if each.server is None or used:
            found.append(Finding(each.base_url, each.owner, each.server, used, words=each.words))
            continue
        kind = each.server.kind
        usual = providers[kind].base_url if kind in providers else ""
        entry = entry_for(each.server, taken, usual, context)
        taken.add(str(entry["name"]))
        found.append(Finding(each.base_url, each.owner, each.server, entry=entry))
    return found


async def _probe(host: str, ports: Sequence[int]) -> tuple[Seen, ...]:
    upstream = Http11Upstream()
    try:
        return await probe(upstream, host, ports)
    finally:
        await upstream.aclose()
