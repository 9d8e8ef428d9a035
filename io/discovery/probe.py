"""Looks which model servers run at the usual ports: all at once, in a second or so.

Nothing that is found is used: it is shown, and its user decides. Loopback is looked at unless a
user names another host. Of a port where nobody listens nothing is said; what listens there and is
no model server is told in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import attrs
import trio

from ...protocols.discovery.found import FoundServer
from ...protocols.discovery.inquiry import NotFound
from ...protocols.discovery.kinds import USUAL_PORTS, identify
from ...protocols.settings_addresses import is_loopback
from ..ports import Upstream
from .asking import CANNOT_CONNECT, Asker
from .port_owner import UNKNOWN, Owner, owners_of

LOOPBACK: Final = "127.0.0.1"
PROBE_SECONDS_MAX: Final = 1.5
"""For all ports together; whoever has not answered by then is told as silent."""
ANSWER_SECONDS: Final = 1.0
PORTS_MAX: Final = 64


@attrs.frozen
class Seen:
    """What is at a port: a server, or in `words` something else."""

    base_url: str
    port: int
    owner: Owner = UNKNOWN
    server: FoundServer | None = None
    words: str = ""


async def probe(
    upstream: Upstream, host: str = LOOPBACK, ports: Sequence[int] = USUAL_PORTS
) -> tuple[Seen, ...]:
    """Looks at the ports of a host, in their order; those where nobody listens are left out."""
    found: dict[int, Seen] = {}
    ports = tuple(dict.fromkeys(ports))[:PORTS_MAX]

    async def look(port: int) -> None:
        base_url = f"http://{_bracketed(host)}:{port}"
        found[port] = Seen(base_url, port, words=f"says nothing for {PROBE_SECONDS_MAX:g} s")
        asker = Asker(upstream, base_url, ANSWER_SECONDS)
        try:
            server = await asker.follow(identify(base_url))
            found[port] = Seen(base_url, port, server=server)
        except NotFound as error:
            found[port] = Seen(base_url, port, words=str(error))

    with trio.move_on_after(PROBE_SECONDS_MAX):
        async with trio.open_nursery() as nursery:
            for port in ports:
                nursery.start_soon(look, port)
    seen = [found[port] for port in ports if port in found]
    return _with_owners(host, [each for each in seen if not each.words.startswith(CANNOT_CONNECT)])


def _with_owners(host: str, seen: Iterable[Seen]) -> tuple[Seen, ...]:
    listed = tuple(seen)
    if not is_loopback(host):
        return listed
    owners = owners_of([each.port for each in listed])
    return tuple(attrs.evolve(each, owner=owners[each.port]) for each in listed)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
