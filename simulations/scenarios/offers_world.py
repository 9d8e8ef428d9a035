"""The endpoints of the stories about offers: small ones that fill up, large ones, failing ones.

Each answers with its host's name, and reports so many tokens for what it was asked that one long
prompt nearly fills a small window. A prompt that wishes for tools is answered by the call of a
sub-agent first, whose own tool finds as much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from typing import Final

import attrs
import trio

from ...protocols.anthropic import events
from ...protocols.settings_data import ChatSettings, EndpointSettings, RecommendSettings, Settings
from ..dialects.meaning import Meaning, Says
from ..upstream import Step
from ..world.answers import answer_events, call_events, paced, refused, streamed
from ..world.claude import ClaudeCode, Outcome, OutcomeKind
from ..world.offer_judge import offers_in
from ..world.peer import Ends, Means, PeerStep, Reports, VirtualPeer
from ..world.question import read_question
from ..world.world import PEER_PORT, World

SMALL, LARGE, SPARE = "small/m", "large/m", "spare/m"
KEPT, VAULT = "kept/m", "vault/m"
"""Places that the user has called private: a small one, and one that is larger."""
HERE, LOCAL = "127.0.0.1", "local/m"
SMALL_TOKENS, VAULT_TOKENS, LARGE_TOKENS = 66_000, 120_000, 1_000_000
"""A small window is larger than those that are put on a diet."""
TOKEN_BYTES: Final = 2.2
LONG: Final = "Read this: " + "word " * 24_500
"""Fills a small window to more than 85 %."""
TOOLS: Final = "Run the tests"
FOUND: Final = "a line of the log " * 6_800
"""What a sub-agent's tool has found: as much as fills a small window."""
AGENT_CALLS: Final = (("Bash", "look"), ("Bash", "look again"))
PAUSE_SECONDS, APART_SECONDS = 0.02, 0.1


def _endpoint(
    place: str, tokens: int, *, private: bool = False, host: str = "", fallback: Sequence[str] = ()
) -> EndpointSettings:
    name, _, model = place.partition("/")
    url = f"http://{host or f'{name}.test'}:{PEER_PORT}"
    return EndpointSettings(
        name,
        (model,),
        ("anthropic",),
        url,
        context_tokens=tokens,
        private=private,
        fallback=tuple(fallback),
    )


ENDPOINTS: Final = (
    _endpoint(SMALL, SMALL_TOKENS, fallback=(SPARE,)),
    _endpoint(SPARE, SMALL_TOKENS),
    _endpoint(LARGE, LARGE_TOKENS),
    _endpoint(KEPT, SMALL_TOKENS, private=True),
    _endpoint(VAULT, VAULT_TOKENS, private=True),
    _endpoint(LOCAL, SMALL_TOKENS, host=HERE),
)
SETTINGS: Final = Settings(
    default=SMALL,
    endpoints=ENDPOINTS,
    # What is far and large is wished for: only a wall keeps a private conversation from it.
    recommend=RecommendSettings(privacy=0, context=10),
)
FOLLOWED: Final = attrs.evolve(SETTINGS, chat=ChatSettings(follow_offer=True))


@attrs.define(eq=False)
class Street:
    """The world of these stories. Those `down` refuse whatever they are asked."""

    world: World
    down: set[str] = attrs.field(factory=set[str])
    _told: set[int] = attrs.field(factory=set[int])

    @classmethod
    async def open(cls, world: World, settings: Settings = SETTINGS) -> Street:
        """Starts the server with these settings, and all endpoints."""
        street = cls(world)
        tell = world.chronicle.teller(f"peer:{HERE}")
        world.peers[HERE] = VirtualPeer(world.network, lambda _body: streamed(), tell=tell)
        await world.start_peer(HERE)
        world.promises.trusted |= {HERE, "kept.test", "vault.test"}
        await world.use_settings(settings)
        await trio.sleep(APART_SECONDS)
        ids = count(1)
        for host, peer in world.peers.items():
            peer.respond = partial(street.answer, host, ids)
        return street

    def answer(self, host: str, ids: Iterator[int], body: bytes) -> Sequence[PeerStep]:
        """What an endpoint says."""
        if host in self.down:
            return refused(500)
        question = read_question(body)
        calls = AGENT_CALLS if "/" in question.asker else (("Agent", TOOLS),)
        wants_tools = question.prompt.startswith(TOOLS) and question.rounds < len(calls)
        called = calls[question.rounds % len(calls)]
        pieces = call_events([called], ids) if wants_tools else answer_events((host,))
        meaning = [] if wants_tools else [Means(Meaning(0, (Says(host),), 1))]
        tokens = self._unlike_any(int(len(body) / TOKEN_BYTES))
        pieces[0] = events.message_start("msg_peer", "m", tokens)
        *before, last = paced(pieces, pause_seconds=PAUSE_SECONDS)
        output = len(pieces) - 2 if wants_tools else 1
        ending: list[Step | Reports | Ends] = [Ends(), last, Reports(tokens, output)]
        return [*meaning, *before, *ending]

    def _unlike_any(self, tokens: int) -> int:
        """A number of tokens that no other answer reports."""
        while tokens in self._told:
            tokens += 1
        self._told.add(tokens)
        return tokens

    def claude(self, session: str, model: str) -> ClaudeCode:
        """A Claude Code whose tools find a lot."""
        claude = self.world.claude(session, model=model)
        claude.tool_says = lambda command: FOUND if command == "look" else "nothing"
        return claude

    async def say(self, claude: ClaudeCode, text: str) -> Outcome:
        """A prompt, which is answered."""
        outcome = await claude.ask(text)
        answered = outcome.kind is OutcomeKind.ANSWERED
        self.world.check(answered, f"{claude.name}, {text[:20]!r}: {outcome}")
        return outcome

    def check_offers(self, claude: ClaudeCode, *places: str) -> None:
        """What a conversation was offered up to now."""
        made = [offer.place for answer in claude.answers for offer in offers_in(answer)]
        self.world.check(made == [*places], f"{claude.name} was offered {made}, not {places}")
