"""Where processes of this machine listen on the virtual network: HTTP/1.1 peers with a script each.

The simulated engine's processes answer an `UpstreamRequest`, as on the simulated upstream; here it
comes over a socket, and with `stop` the port refuses and open connections are reset.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

import attrs
import h11
import trio

from ...io.ports import UpstreamRequest
from ..upstream import Respond
from .network import VirtualNetwork
from .peer import PeerStep, VirtualPeer

IDLE_SECONDS = 5.0
"""How long llama.cpp's server keeps a connection that is not used."""
TASK = "host:accept"
"""The name of the task that accepts a process's connections."""


class Host(VirtualPeer):
    """A process that listens; told of whole requests, not of their bodies alone."""

    def __init__(self, network: VirtualNetwork, base_url: str, respond_to: Respond) -> None:
        super().__init__(network, lambda _body: (), idle_seconds=IDLE_SECONDS)
        self.base_url = base_url
        self._respond_to = respond_to

    def steps(self, request: h11.Request, body: bytes) -> Iterable[PeerStep]:
        """See VirtualPeer.steps."""
        method, target = request.method.decode(), request.target.decode()
        headers = tuple((bytes(name), bytes(value)) for name, value in request.headers)
        return self._respond_to(UpstreamRequest(method, self.base_url + target, headers, body))


@attrs.frozen
class Hosts:
    """A `Place` for the simulated engine; what listens runs in the `nursery`."""

    network: VirtualNetwork
    nursery: trio.Nursery

    def listen(self, base_url: str, respond: Respond) -> Host:
        """Has a process listen at once. Raises OSError."""
        address = urlsplit(base_url)
        assert address.hostname is not None
        assert address.port is not None
        host = Host(self.network, base_url, respond)
        host.take(self.network.listen(address.hostname, address.port))
        self.nursery.start_soon(host.accept, name=TASK)
        return host
