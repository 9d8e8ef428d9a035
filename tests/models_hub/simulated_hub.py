"""The fake hub in virtual time, behind the simulated upstream: waits cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from understudy.io.models.hub_client import HubClient
from understudy.io.ports import UpstreamRequest
from understudy.protocols.models.hub_address import Hub
from understudy.simulations.upstream import (
    HANG,
    CutConnection,
    SendBytes,
    SendHead,
    SimulatedUpstream,
    Step,
    Wait,
)

from .fake_hub import HUB, STORE, FakeHub, HubRequest


class SimulatedHub:
    """A hub, the upstream that leads to it, and what the user was told."""

    def __init__(self) -> None:
        self.hub = FakeHub()
        self.upstream = SimulatedUpstream()
        self.notices: list[str] = []
        for where, url in ((HUB, self.hub.hub_url), (STORE, self.hub.store_url)):
            self.upstream.listen(url, partial(self._respond, where, url))

    def client(self, *, token: str = "", draw: Callable[[], float] = lambda: 1.0) -> HubClient:
        """A client of this hub; by default its waits are as long as they may be."""
        return HubClient(
            self.upstream,
            Hub(self.hub.hub_url),
            draw=draw,
            token=token,
            notice=self.notices.append,
        )

    def _respond(self, where: str, url: str, request: UpstreamRequest) -> Iterator[Step]:
        headers = {name.decode(): value.decode() for name, value in request.headers}
        answer = self.hub.answer(HubRequest(where, request.url.removeprefix(url), headers))
        yield SendHead(
            answer.status,
            tuple((name.encode(), value.encode()) for name, value in answer.all_headers),
        )
        for piece in answer.pieces():
            yield Wait(answer.piece_seconds)
            yield SendBytes(piece)
        if answer.hang_after is not None:
            yield HANG
        if answer.cut_after is not None or answer.length is not None:
            yield CutConnection()
