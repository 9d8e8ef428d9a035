"""A hub's client on the `Upstream` port: requests, redirects, refusals, and waiting for its turn.

The port follows no redirect and limits no time, so both are done here: at most `REDIRECTS_MAX`
redirects, never from https to http, the token at the hub's own origin alone; and a deadline that
moves on with every byte, so that a peer which falls silent is left whatever it had promised. What
the hub says of waiting holds for all requests of a client: they share one `_held_until`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from math import inf
from typing import Final, TypeVar

import attrs
import trio

from ... import __version__
from ...protocols.models.hub_address import REDIRECTS, AddressRefused, Hub, Wanted, redirected
from ...protocols.models.hub_api import (
    ANSWER_BYTES_MAX,
    HubModel,
    HubNonsense,
    HubRepository,
    read_repository,
    read_search,
)
from ...protocols.models.hub_failure import (
    HUB_WAIT_SECONDS_MAX,
    TRIES_MAX,
    Asked,
    Refused,
    refusal,
    wait_seconds,
)
from ..ports import Headers, Upstream, UpstreamError, UpstreamRequest, UpstreamResponse

REDIRECTS_MAX: Final = 5
STALL_SECONDS_MAX: Final = 30.0
"""Without a byte, before or within an answer: then the connection is left, the try has failed."""
METADATA_TRIES_MAX: Final = 4
"""For what a person waits for; a file that is under way is more patient."""
DRAINED_BYTES_MAX: Final = 64 * 1024
"""Of a redirect's own body, read so that its connection can be used again."""

T = TypeVar("T")


class HubFailed(Exception):
    """The hub did not give what was asked for; the message says what, where and what to do."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.message)
        self.refused = refused


@attrs.frozen
class HubAnswer:
    """A successful answer. `told` are the headers of the hub's own last answer on the way to it."""

    status: int
    headers: Mapping[str, str]
    told: Mapping[str, str]
    url: str
    body: UpstreamResponse = attrs.field(repr=False)


class Stall:
    """The deadline of an exchange: `moved` puts it off, `paused` is for what is our own work."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.scope = trio.CancelScope()

    def moved(self) -> None:
        """Something has come."""
        self.scope.deadline = trio.current_time() + self._seconds

    def paused(self) -> None:
        """Nothing is expected of the peer."""
        self.scope.deadline = inf


Take = Callable[[HubAnswer, Stall], Awaitable[T]]


@attrs.define(eq=False)
class Tries:
    """Failures in a row of one thing that is tried again and again."""

    client: HubClient
    tries_max: int = TRIES_MAX
    failures: int = 0

    async def failed(self, refused: Refused) -> None:
        """Waits before the next try. Raises HubFailed if there is to be none."""
        self.failures += 1
        if not (refused.again or refused.elsewhere):
            raise HubFailed(refused)
        if self.failures >= self.tries_max:
            message = f"{refused.message}; {self.failures} tries in a row failed"
            raise HubFailed(attrs.evolve(refused, message=message, again=False))
        if refused.wait_seconds > HUB_WAIT_SECONDS_MAX:
            message = f"{refused.message} and wants us to wait {refused.wait_seconds:.0f} s"
            raise HubFailed(attrs.evolve(refused, message=f"{message}; try again then"))
        await self.client.wait(self.failures, refused)


class HubClient:
    """See the module. `draw` gives numbers from 0 to 1; `notice` is told of long waits."""

    def __init__(
        self,
        upstream: Upstream,
        hub: Hub,
        *,
        draw: Callable[[], float],
        token: str = "",
        stall_seconds_max: float = STALL_SECONDS_MAX,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.hub = hub
        self.notice = notice
        self._upstream = upstream
        self._draw = draw
        self._token = token
        self._stall_seconds_max = stall_seconds_max
        self._held_until = -1.0

    async def search(self, words: str, tag: str, limit: int) -> tuple[HubModel, ...]:
        """Finds models, the most fetched first. Raises HubFailed."""
        asked = Asked(self.hub.host, self.hub.endpoint)
        data = await self._read(self.hub.search_url(words, tag, limit), asked)
        return self._understood(read_search, data)[:limit]

    async def repository(self, wanted: Wanted) -> HubRepository:
        """Asks for one model with its files. Raises HubFailed."""
        url = self.hub.repository_url(wanted.repository, wanted.revision)
        return self._understood(read_repository, await self._read(url, self.asked(wanted)))

    def asked(self, wanted: Wanted, path: str = "") -> Asked:
        """What messages about it say."""
        return Asked(
            self.hub.host,
            self.hub.endpoint,
            wanted.repository,
            self.hub.page_url(wanted.repository),
            wanted.revision,
            path or wanted.path,
        )

    async def exchange(self, url: str, headers: Headers, asked: Asked, take: Take[T]) -> T:
        """One try: follows redirects, and gives a successful answer to `take`. Raises HubFailed."""
        await self._wait_held()
        stall = Stall(self._stall_seconds_max)
        stall.moved()
        with _mapped(asked), stall.scope:
            return await self._follow(url, headers, asked, partial(_take_in, take, stall))
        raise HubFailed(
            Refused(f"{asked.host} sent nothing for {self._stall_seconds_max:g} s", again=True)
        )

    async def wait(self, failures: int, refused: Refused) -> None:
        """Waits as long as the hub asks for, or as its failures in a row make advisable."""
        seconds = wait_seconds(failures, self._draw(), refused.wait_seconds)
        if refused.wait_seconds:
            self._held_until = max(self._held_until, trio.current_time() + refused.wait_seconds)
        if seconds >= 1:
            self.notice(f"{refused.message}; trying again in {seconds:.0f} s")
        await trio.sleep(seconds)

    async def _read(self, url: str, asked: Asked) -> bytes:
        tries = Tries(self, METADATA_TRIES_MAX)
        headers = ((b"accept", b"application/json"),)
        while True:
            try:
                return await self.exchange(url, headers, asked, _whole)
            except HubFailed as error:
                refused = error.refused
            await tries.failed(refused)

    async def _follow(
        self, url: str, headers: Headers, asked: Asked, take: Callable[[HubAnswer], Awaitable[T]]
    ) -> T:
        told: Mapping[str, str] = {}
        for _ in range(REDIRECTS_MAX + 1):
            async with self._upstream.open(self._request(url, headers)) as response:
                of_the_hub = self.hub.is_own(url)
                found = _by_name(response.headers)
                told = found if of_the_hub else told
                if response.status in (200, 206):
                    return await take(HubAnswer(response.status, found, told, url, response))
                if response.status not in REDIRECTS or "location" not in found:
                    raise HubFailed(
                        refusal(
                            response.status,
                            found,
                            asked,
                            of_the_hub=of_the_hub,
                            with_token=bool(self._token),
                        )
                    )
                await _drain(response)
            url = redirected(url, found["location"])
        raise HubFailed(Refused(f"{asked.host} redirects more than {REDIRECTS_MAX} times"))

    def _request(self, url: str, headers: Headers) -> UpstreamRequest:
        own: Headers = (
            (b"user-agent", f"understudy/{__version__}".encode()),
            (b"accept-encoding", b"identity"),
        )
        if self._token and self.hub.may_have_token(url):
            own += ((b"authorization", f"Bearer {self._token}".encode()),)
        return UpstreamRequest("GET", url, own + headers)

    async def _wait_held(self) -> None:
        await trio.sleep_until(max(self._held_until, trio.current_time()))

    def _understood(self, read: Callable[[bytes], T], data: bytes) -> T:
        try:
            return read(data)
        except HubNonsense as error:
            message = f"{self.hub.host} does not answer as a hub: {error}; check HF_ENDPOINT"
            raise HubFailed(Refused(message)) from None


async def _take_in(take: Take[T], stall: Stall, answer: HubAnswer) -> T:
    stall.moved()
    return await take(answer, stall)


async def _whole(answer: HubAnswer, stall: Stall) -> bytes:
    """Reads an answer that is to be held in memory."""
    pieces: list[bytes] = []
    size = 0
    while piece := await answer.body.receive():
        stall.moved()
        size += len(piece)
        if size > ANSWER_BYTES_MAX:
            raise HubFailed(
                Refused(f"the answer is longer than {ANSWER_BYTES_MAX // 2**20} MiB; is it a hub?")
            )
        pieces.append(piece)
    return b"".join(pieces)


async def _drain(response: UpstreamResponse) -> None:
    size = 0
    while size < DRAINED_BYTES_MAX and (piece := await response.receive()):
        size += len(piece)


def _by_name(headers: Headers) -> dict[str, str]:
    """The headers as text; of several with one name the first."""
    found: dict[str, str] = {}
    for name, value in headers:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


@contextmanager
def _mapped(asked: Asked) -> Generator[None]:
    """Errors of the port and of addresses as those of a hub."""
    try:
        yield
    except UpstreamError as error:
        raise HubFailed(Refused(f"{asked.host}: {error}", again=True)) from None
    except AddressRefused as error:
        raise HubFailed(Refused(str(error))) from None
