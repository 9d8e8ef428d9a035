"""What endpoints say of their models, kept fresh while the server runs.

An endpoint of whose models the settings name none, or whose kind is known from discovery, is asked
when the server starts, when the settings change, and every few minutes while turns are made; at
once, if it has no model of a name that was asked for, or has loaded one whose window was not known.
One that does not answer keeps what it said last. Nobody is asked in a house without such endpoints,
and the task that asks does not exist there.

A key that the user's keychain holds is looked for at a start and after a doubt alone: a keychain
may ask its user, who would be asked every few minutes.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from math import inf
from typing import Final

import attrs
import trio

from ...protocols.discovery.found import FoundServer, Inquiry
from ...protocols.discovery.inquiry import NotFound
from ...protocols.discovery.kinds import BY_NAME
from ...protocols.discovery.lists import ask_list
from ...protocols.routing.table import Listings
from ...protocols.settings_data import EndpointSettings, Settings
from ...protocols.turn import TurnRefused
from ..ports import Headers, Upstream
from ..upstream.credentials import FindKey, credentials
from .asking import Asker

log = logging.getLogger("understudy")

REFRESH_SECONDS: Final = 180.0
"""Between two rounds while turns are made; each pause is drawn from 3/4 to 5/4 of it."""
IDLE_SECONDS: Final = 900.0
"""Without a turn for so long nobody is asked, until there is one."""
DOUBT_SECONDS: Final = 15.0
"""An endpoint in doubt is not asked more often than this."""
ENDPOINTS_AT_ONCE: Final = 4
MISSING: Final = (404, 410)
"""How an endpoint answers that has no such model."""
ANTHROPIC_VERSION: Final = (b"anthropic-version", b"2023-06-01")

Apply = Callable[[Listings], Awaitable[object]]


@attrs.define(eq=False)
class ListingKeeper:
    """Asks the endpoints, and tells what they list. `apply` may raise nothing."""

    _upstream: Upstream
    _find_key: FindKey
    _draw: Callable[[], float]
    _apply: Apply
    _endpoints: dict[str, EndpointSettings] = attrs.field(factory=dict[str, EndpointSettings])
    _servers: dict[str, FoundServer] = attrs.field(factory=dict[str, FoundServer])
    _troubles: dict[str, str] = attrs.field(factory=dict[str, str])
    _asked: dict[str, float] = attrs.field(factory=dict[str, float])
    _due: set[str] = attrs.field(factory=set[str])
    _wake: trio.Event = attrs.field(factory=trio.Event)
    _turn_seconds: float = -inf
    _is_running: bool = False

    def follow(self, settings: Settings, nursery: trio.Nursery) -> None:
        """These settings hold from now on; the task that asks is started where somebody is asked.

        What an endpoint has listed that is at another address now counts no more.
        """
        wanted = {each.name: each for each in settings.endpoints if is_asked(each)}
        for name, server in list(self._servers.items()):
            if name not in wanted or wanted[name].base_url != server.base_url:
                del self._servers[name]
        self._endpoints = wanted
        self._turn_seconds = trio.current_time()
        self._ask_soon(wanted)
        self._wake.set()
        if wanted and not self._is_running:
            self._is_running = True
            nursery.start_soon(self._run, name="listings")

    def heard(self, endpoint: str, status: int) -> None:
        """A turn has ended at an endpoint, with this status."""
        now = trio.current_time()
        was_idle = now - self._turn_seconds >= IDLE_SECONDS
        self._turn_seconds = now
        if was_idle:
            self._ask_soon(self._regular())
        doubted = status in MISSING or self._is_unsure(endpoint)
        rested = now - self._asked.get(endpoint, -inf) >= DOUBT_SECONDS
        if endpoint in self._endpoints and doubted and rested:
            self._ask_soon([endpoint])

    def _is_unsure(self, endpoint: str) -> bool:
        """Whether a turn may have loaded a model whose window was not known before."""
        server = self._servers.get(endpoint)
        kind = None if server is None else BY_NAME.get(server.kind)
        if server is None or kind is None or not kind.loads:
            return False
        return any(each.context_tokens is None for each in server.models if not each.embeds)

    def _regular(self) -> list[str]:
        return [name for name, each in self._endpoints.items() if not _may_prompt(each)]

    def _ask_soon(self, names: Iterable[str]) -> None:
        self._due.update(names)
        if self._due:
            self._wake.set()

    async def _run(self) -> None:
        """Until there is nobody left to be asked."""
        while self._endpoints:
            await self._wait()
            due, self._due = self._due, set()
            await self._ask_all([each for name, each in self._endpoints.items() if name in due])
            await self._apply({name: server.facts for name, server in self._servers.items()})
        self._is_running = False

    async def _wait(self) -> None:
        """Until somebody is to be asked: for a reason, or because it is time."""
        pause_seconds = REFRESH_SECONDS * (0.75 + self._draw() / 2)
        while self._endpoints and not self._due:
            self._wake = trio.Event()
            is_idle = trio.current_time() - self._turn_seconds >= IDLE_SECONDS
            with trio.move_on_after(inf if is_idle else pause_seconds) as waiting:
                await self._wake.wait()
            if waiting.cancelled_caught:
                self._due.update(self._regular())

    async def _ask_all(self, endpoints: Sequence[EndpointSettings]) -> None:
        limit = trio.CapacityLimiter(ENDPOINTS_AT_ONCE)

        async def ask(endpoint: EndpointSettings) -> None:
            async with limit:
                await self._ask(endpoint)

        async with trio.open_nursery() as nursery:
            for endpoint in endpoints:
                nursery.start_soon(ask, endpoint)

    async def _ask(self, endpoint: EndpointSettings) -> None:
        """Asks one endpoint; if it does not say, it has said what it said last."""
        name, base_url = endpoint.name, endpoint.base_url or ""
        self._asked[name] = trio.current_time()
        earlier = self._servers.get(name)
        try:
            headers = await self._headers(endpoint)
            asker = Asker(self._upstream, base_url, headers=headers)
            server = await asker.follow(_inquiry(endpoint, earlier))
        except NotFound as trouble:
            self._note_trouble(name, str(trouble))
            return
        if self._endpoints.get(name) != endpoint:
            return  # the settings have changed meanwhile
        self._troubles.pop(name, None)
        if earlier is None or earlier.models != server.models:
            log.info("%s lists %d models", name, len(server.models))
        is_asked_for = endpoint.kind == "ollama" and endpoint.context_tokens is not None
        for warning in () if is_asked_for else server.warnings:
            if earlier is None or warning not in earlier.warnings:
                log.warning("%s: %s", name, warning)
        self._servers[name] = attrs.evolve(server, base_url=base_url)

    async def _headers(self, endpoint: EndpointSettings) -> Headers:
        try:
            key = await credentials(endpoint, self._find_key, 0)
        except TurnRefused as refusal:
            raise NotFound(refusal.message) from None
        dialect = endpoint.dialects[0]
        version = (ANTHROPIC_VERSION,) if dialect == "anthropic" else ()
        return (*key(dialect), *version)

    def _note_trouble(self, name: str, trouble: str) -> None:
        """Says once what is wrong, for as long as it is the same."""
        if self._troubles.get(name) != trouble:
            self._troubles[name] = trouble
            stays = "; what it listed last stays" if name in self._servers else ""
            log.warning("%s could not be asked for its models: %s%s", name, trouble, stays)


def is_asked(endpoint: EndpointSettings) -> bool:
    """Whether an endpoint is one that is asked for its models."""
    if endpoint.base_url is None:
        return False
    return not endpoint.models or endpoint.provider in BY_NAME


def _inquiry(endpoint: EndpointSettings, earlier: FoundServer | None) -> Inquiry:
    kind = BY_NAME.get(endpoint.provider or "")
    if kind is None:
        return ask_list(endpoint)
    return kind.ask(endpoint.base_url or "", () if earlier is None else earlier.models)


def _may_prompt(endpoint: EndpointSettings) -> bool:
    return endpoint.key.source == "keychain"
