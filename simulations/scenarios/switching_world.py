"""The endpoints of the stories about switching, and what their users ask for.

Each answers with its host's name. A prompt that wishes for tools is answered with calls first; a
sub-agent is told by its call what it is to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import count
from typing import Final

import attrs
import trio

from ...protocols.settings_data import EndpointSettings, Settings
from ..dialects.dialects import EARS
from ..dialects.meaning import Meaning, Says
from ..dialects.talker import Talker
from ..world.answers import Call, call_events, paced, streamed
from ..world.claude import ClaudeCode, Outcome, OutcomeKind
from ..world.peer import Ends, Means, PeerStep, VirtualPeer
from ..world.question import read_question
from ..world.scheduler import source
from ..world.world import PEER_PORT, World

OPUS, SONNET = "claude/claude-opus-4-5", "claude/claude-sonnet-4-5"
FLASH, KIMI = "gemini/gemini-2.5-flash", "groq/kimi-k2"
QWEN, VAULT = "local/qwen3-coder-30b", "vault/qwen3-max"
HERE: Final = "127.0.0.1"
PLACES: Final = (OPUS, SONNET, FLASH, KIMI, QWEN, VAULT)
DIALECTS: Final = ("openai-chat", "openai-responses", "anthropic")
"""Of clients that may send no id of a session."""
TOOLS: Final = "Run the tests"
"""A prompt that begins so is answered with calls of tools first."""
PAUSE_SECONDS: Final = 0.02
APART_SECONDS: Final = 0.1
KEPT_SECONDS_MAX: Final = 4.0
LOOKS_SECONDS: Final = 0.000_2


def _endpoint(
    places: Sequence[str], host: str = "", fallback: Sequence[str] = (), *, private: bool = False
) -> EndpointSettings:
    name = places[0].partition("/")[0]
    return EndpointSettings(
        name,
        tuple(place.partition("/")[2] for place in places),
        ("anthropic",),
        f"http://{host or f'{name}.test'}:{PEER_PORT}",
        private=private,
        fallback=tuple(fallback),
    )


SETTINGS: Final = Settings(
    default=OPUS,
    endpoints=(
        _endpoint((OPUS, SONNET)),
        _endpoint((FLASH,), fallback=(KIMI,)),
        _endpoint((KIMI,)),
        _endpoint((QWEN,), HERE, (KIMI, VAULT)),
        _endpoint((VAULT,), fallback=(OPUS,), private=True),
    ),
)


@attrs.define(eq=False)
class Town:
    """The world of these stories: all endpoints are there, and well."""

    world: World
    calls: Sequence[Call] = (("Bash", "run"), ("Bash", "look"))
    """What is called for a prompt that wishes for tools."""
    says: str = ""
    """What all models say; else the name of their host."""

    @classmethod
    async def open(cls, world: World, settings: Settings = SETTINGS) -> Town:
        """Starts the server with these settings, and all endpoints."""
        town = cls(world)
        tell = world.chronicle.teller(f"peer:{HERE}")
        world.peers[HERE] = VirtualPeer(world.network, lambda _body: streamed(), tell=tell)
        await world.start_peer(HERE)
        world.promises.trusted |= {HERE, "vault.test"}
        await world.use_settings(settings)
        await trio.sleep(APART_SECONDS)  # from the settings that held before
        ids = count(1)
        for host, peer in world.peers.items():
            peer.respond = partial(town.answer, host, ids)
        return town

    def answer(self, host: str, ids: count[int], body: bytes) -> Sequence[PeerStep]:
        """What an endpoint says: its name, or calls where the prompt wishes for them."""
        if TOOLS.encode() in body:
            question = read_question(body)
            is_own = "/" not in question.asker
            if question.prompt.startswith(TOOLS) and is_own and not question.rounds:
                return paced(call_events(self.calls, ids), pause_seconds=PAUSE_SECONDS)
        return _told(self.says or host)

    def talker(self, dialect: str, name: str, model: str, *, is_named: bool) -> Talker:
        """A plain client of a dialect, which says whose conversation it is, or does not."""
        world = self.world
        talker = Talker.make(
            world.network,
            world.nursery,
            name,
            model,
            world.chronicle.teller(f"client:{name}"),
            EARS[dialect],
            source(world.chance.seed, f"talker:{name}"),
            world.check,
            world.tools_run,
        )
        talker.is_named = is_named
        world.clients.append(talker)
        return talker

    async def say(self, claude: ClaudeCode, text: str) -> Outcome:
        """A prompt, which is answered. What it must come to the judge knows."""
        outcome = await claude.ask(text)
        answered = outcome.kind is OutcomeKind.ANSWERED
        self.world.check(answered, f"{claude.name}, {text!r}: {outcome}")
        return outcome


async def wait_until_kept(world: World, claude: ClaudeCode) -> None:
    """Waits until what is chosen now has come to the disk: the answer is on its way then."""

    def kept() -> str:
        record = world.stored.conversations.get(claude.session)
        return record.choice if record is not None else ""

    before = kept()
    with trio.move_on_after(KEPT_SECONDS_MAX):
        while kept() == before:  # noqa: ASYNC110 virtual time
            await trio.sleep(LOOKS_SECONDS)


def _told(text: str) -> Sequence[PeerStep]:
    """An answer of one text, which is known to whoever compares what was heard."""
    *before, last = streamed((text,), pause_seconds=PAUSE_SECONDS)
    return [Means(Meaning(0, (Says(text),), 1)), *before, Ends(), last]


def host_of(place: str) -> str:
    """Where a place is."""
    name = place.partition("/")[0]
    return HERE if name == "local" else f"{name}.test"
