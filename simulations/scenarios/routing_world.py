"""The endpoints of the stories about routing: each at a host of its own, with a key of its own.

Their keys are in the environment or in the keychain. An endpoint answers with its host's name; what
goes wrong at it is a list of kinds, of which each exchange takes the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Final
from urllib.parse import urlsplit

import attrs

from ...io.ports import KeptKey
from ...protocols.anthropic import events
from ...protocols.secret import Secret
from ...protocols.settings_data import EndpointSettings, KeyReference, KeySource, Settings
from ..upstream import HANG, SendHead
from ..world.answers import answer_events, paced, refused, streamed
from ..world.client import Answer
from ..world.peer import Cut, Misbehaves, PeerStep, SendRaw
from ..world.weather import Trouble
from ..world.world import PEER_PORT, World

MODEL: Final = "m"
REFUSES: Final = "refuses connections"
REFUSAL_SECONDS: Final = 1.0
Steps = Callable[[Random], Sequence[PeerStep]]


def _cut(random: Random, *, reset: bool) -> Sequence[PeerStep]:
    return [Misbehaves("cut"), Cut(random.randrange(60), reset=reset), *streamed()]


def _cut_in_the_middle(random: Random) -> Sequence[PeerStep]:
    pieces = random.randrange(2, len(answer_events()) - 1)
    return [Misbehaves("cut"), *paced(answer_events()[:pieces])]


def _error_event(_random: Random) -> Sequence[PeerStep]:
    return [Misbehaves("error"), *paced([events.error_event("overloaded_error", "as scripted")])]


MENDED: Final[Mapping[str, Steps]] = {
    "429": lambda _: refused(429),
    "429 with a time": lambda draws: refused(429, retry_after_seconds=draws.randrange(1, 60)),
    "500": lambda _: refused(500),
    "529": lambda _: refused(529),
    "401": lambda _: refused(401),
    "404": lambda _: refused(404),
    "redirects": lambda _: [SendHead(307, ((b"location", b"http://x.test/"),))],
    "is cut before the head": lambda draws: _cut(draws, reset=False),
    "is reset before the head": lambda draws: _cut(draws, reset=True),
    "talks garbage": lambda draws: [
        Misbehaves("garbage"),
        SendRaw(b"\x16\x03" + draws.randbytes(draws.randrange(1, 500))),
    ],
}
"""Faults after which the next place answers, unseen; so it is where a connection is refused."""
SEEN: Final[Mapping[str, Steps]] = {
    "is cut in the middle": _cut_in_the_middle,
    "says an error first": _error_event,
    "is silent": lambda _: [HANG],
    "is slow": lambda draws: streamed(pause_seconds=draws.uniform(1, 8)),
}
"""Faults that are the client's to see, as it would see them without us: it has been answered."""
FAULTS: Final = {**MENDED, **SEEN}
WELL: Final = "is well"


@attrs.define(eq=False)
class Script:
    """Answers with the next fault of the list, and well once there are none left."""

    host: str
    random: Random
    faults: list[str] = attrs.field(factory=list[str])
    pause_seconds: float = 0.05

    def __call__(self, _body: bytes) -> Sequence[PeerStep]:
        """The steps of one answer."""
        kind = self.faults.pop(0) if self.faults else WELL
        if kind == WELL:
            return streamed((self.host,), pause_seconds=self.pause_seconds)
        return FAULTS[kind](self.random)


@attrs.define(eq=False)
class Places:
    """The endpoints of a story, by name."""

    world: World
    scripts: dict[str, Script] = attrs.field(factory=dict[str, Script])

    @classmethod
    async def open(cls, world: World, settings: Settings) -> Places:
        """Starts the server with these settings, keys where they belong, and all endpoints."""
        found = cls(world)
        for endpoint in settings.endpoints:
            found.promise(endpoint)
        await world.use_settings(settings)
        for endpoint in settings.endpoints:
            host = host_of(endpoint.name)
            if host in world.peers:
                found.scripts[endpoint.name] = Script(host, world.random)
                world.peers[host].respond = found.scripts[endpoint.name]
        return found

    def promise(self, endpoint: EndpointSettings) -> None:
        """Gives an endpoint its keys, and notes whose they are and whether it is trusted."""
        host = host_of(endpoint.name)
        if endpoint.private:
            self.world.promises.trusted.add(host)
        for reference in endpoint.keys:
            if reference.source != "none":
                self.give_key(reference, host, f"value-of-{reference.name}")

    def give_key(self, reference: KeyReference, host: str, value: str) -> None:
        """Keeps a key where the settings say that it is."""
        self.world.promises.keys.setdefault(host, set()).add(value)
        if reference.source == "env":
            self.world.environ[reference.name] = value
        else:
            kept = KeptKey(Secret(value), f"{host}:{PEER_PORT}")
            self.world.keychain.keys[reference.name] = kept

    def fail(self, name: str, kinds: Iterable[str]) -> None:
        """The next exchanges of an endpoint fail so. Refusing connections is for a while."""
        for kind in kinds:
            if kind == REFUSES:
                weather = self.world.network.weather
                weather.hinder(host_of(name), Trouble.REFUSES, REFUSAL_SECONDS)
            else:
                self.scripts[name].faults.append(kind)

    def asked(self, name: str) -> int:
        """How often an endpoint was asked."""
        return sum(bool(each.body) for each in self.world.peers[host_of(name)].exchanges)


def host_of(name: str) -> str:
    """Where an endpoint is."""
    return f"{name}.test"


def place(name: str) -> str:
    """An endpoint's model, as clients and rules name it."""
    return f"{name}/{MODEL}"


def endpoint(
    name: str,
    *fallback: str,
    source: KeySource = "env",
    keys: int = 1,
    private: bool = False,
    tokens_per_day: int | None = None,
) -> EndpointSettings:
    """An endpoint with keys of its own, and the endpoints that it falls back to."""
    references = [KeyReference(source, f"{name}-{number + 1}") for number in range(keys)]
    return EndpointSettings(
        name,
        (MODEL,),
        ("anthropic",),
        f"http://{host_of(name)}:{PEER_PORT}",
        references[0],
        spare_keys=tuple(references[1:]),
        private=private,
        fallback=tuple(map(place, fallback)),
        tokens_per_day=tokens_per_day,
    )


def said_by(answer: Answer) -> str:
    """The endpoint that the client was told has answered; "" for none."""
    return answer.headers.get(b"x-understudy-route", b"").decode().partition("/")[0]


def host_in(base_url: str | None) -> str:
    """The host of an address, with its port, as a key is bound to it."""
    return urlsplit(base_url or "").netloc
