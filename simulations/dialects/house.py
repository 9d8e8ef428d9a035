"""A world with an endpoint of each dialect, and with clients of each.

The default world has Anthropic's alone, and stays as it is: a story that speaks dialects opens them
here. The hosts are named after their endpoints.
"""

from __future__ import annotations

from typing import Final

import attrs
import trio

from ...protocols.settings_data import Dialect, EndpointSettings, SearchSettings, Settings
from ..world.claude import ClaudeCode
from ..world.marker import marked_words
from ..world.peer import PeerExchange
from ..world.scheduler import source
from ..world.world import PEER_PORT, World, task_names
from .dialects import EARS, VOICES
from .searching_ear import SearchingEar
from .speaker import Speaker, make_serials
from .talker import Talker

ENDPOINTS: Final[dict[str, Dialect]] = {
    "claude": "anthropic",
    "chat": "openai-chat",
    "responses": "openai-responses",
    "gemini": "gemini",
    "ollama": "ollama",
}
"""The endpoints of this world by name, each with the dialect that it speaks."""
SEARCH = SearchSettings("searxng", "http://search.test")
MODEL = "m"


def dialect_settings(*, search: bool = False) -> Settings:
    """The settings with all endpoints."""
    endpoints = tuple(
        EndpointSettings(name, (MODEL,), (dialect,), f"http://{host_of(name)}:{PEER_PORT}")
        for name, dialect in ENDPOINTS.items()
    )
    return Settings(endpoints=endpoints, search=SEARCH if search else None)


def host_of(endpoint: str) -> str:
    """Where an endpoint is."""
    return f"{endpoint}.test"


def model_of(endpoint: str) -> str:
    """An endpoint's model, as clients name it."""
    return f"{endpoint}/{MODEL}"


@attrs.define(eq=False)
class House:
    """See the module."""

    world: World
    speakers: dict[str, Speaker]

    @classmethod
    async def open(cls, world: World, *, search: bool = False) -> House:
        """Starts the endpoints, and tells the server of them."""
        serials, speakers = make_serials(), dict[str, Speaker]()
        for name, dialect in ENDPOINTS.items():
            host = host_of(name)
            speakers[name] = world.peers[host] = Speaker(
                world.network,
                lambda _body: (),
                tell=world.chronicle.teller(f"peer:{host}"),
                dialect=dialect,
                endpoint=name,
                voice=VOICES[dialect],
                random=source(world.chance.seed, f"speaker of {name}"),
                chance=world.chance,
                serials=serials,
            )
            await world.start_peer(host)
        await world.change_settings(dialect_settings(search=search))
        await trio.sleep(0.1)
        world.tasks = task_names()
        return cls(world, speakers)

    def talker(self, dialect: str, endpoint: str, *, streamed: bool = True) -> Talker:
        """A plain client of a dialect."""
        world = self.world
        session = f"{dialect}-{len(world.clients)}"
        talker = Talker.make(
            world.network,
            world.nursery,
            session,
            model_of(endpoint),
            world.chronicle.teller(f"client:{session}"),
            EARS[dialect],
            source(world.chance.seed, f"talker:{session}"),
            self._check_tool,
            world.tools_run,
        )
        talker.streamed = streamed
        world.clients.append(talker)
        return talker

    def _check_tool(self, holds: bool, words: str) -> None:
        """An endpoint that says a call twice has it run twice."""
        self.world.check(holds or self.world.chance.has_struck("peer repeats"), words)

    def searcher(self, endpoint: str, *, streamed: bool = True) -> Talker:
        """A client of Anthropic's dialect that offers server tools."""
        talker = self.talker("anthropic", endpoint, streamed=streamed)
        talker.ear = SearchingEar()
        return talker

    def claude(self, session: str, endpoint: str) -> ClaudeCode:
        """A simulated Claude Code."""
        claude = self.world.claude(session)
        self.move(claude, endpoint)
        return claude

    def move(self, claude: ClaudeCode, endpoint: str) -> None:
        """The user has chosen another model."""
        model = model_of(endpoint)
        claude.sender = attrs.evolve(claude.sender, model=model, words_of=marked_words)

    @property
    def exchanges(self) -> dict[str, list[PeerExchange]]:
        """What each endpoint was asked."""
        return {name: speaker.exchanges for name, speaker in self.speakers.items()}
