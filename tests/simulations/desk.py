"""A simulated Claude Code and a scripted endpoint at one desk, with no product between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import chain, pairwise, repeat
from random import Random
from typing import Any

import attrs
import msgspec
import trio
import trio.testing
from understudy.simulations.world import seam
from understudy.simulations.world.answers import streamed, whole
from understudy.simulations.world.claude import ClaudeCode, Outcome
from understudy.simulations.world.claude_request import Sender
from understudy.simulations.world.inspection import body_complaints
from understudy.simulations.world.network import VirtualNetwork
from understudy.simulations.world.peer import PeerStep, VirtualPeer
from understudy.simulations.world.question import read_question
from understudy.simulations.world.scheduler import make_policy

PORT = 9000
TEXT = "To be, or not to be."
SLACK_SECONDS = 0.1
"""For latencies on the virtual network."""

Script = Sequence[PeerStep]


@attrs.define(eq=False)
class Desk:
    """A client, and the endpoint that it talks to."""

    claude: ClaudeCode
    peer: VirtualPeer

    def answer_with(self, *scripts: Script) -> None:
        """Each request is answered by the next of these, and then well."""
        script = chain(scripts, repeat(None))

        def respond(body: bytes) -> Script:
            bad = next(script)
            return bad or (streamed() if read_question(body).streamed else whole(TEXT))

        self.peer.respond = respond

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The requests' bodies, decoded."""
        return [msgspec.json.decode(exchange.body) for exchange in self.peer.exchanges]


def at_desk(
    scene: Callable[[Desk], Awaitable[None]],
    *,
    model: str = "work/claude-x",
    seed: int = 1,
    complaint: str = "",
) -> None:
    """Plays a scene in virtual time; afterwards nothing may be open, and nobody may complain.

    With `complaint` the client must have complained in these words.
    """

    async def play() -> None:
        network = VirtualNetwork(Random(seed))
        peer = VirtualPeer(network, lambda _body: streamed())
        complaints: list[str] = []

        def check(holds: bool, words: str) -> None:
            complaints.extend([] if holds else [words])

        async with trio.open_nursery() as nursery:
            await nursery.start(peer.serve, "127.0.0.1", PORT)
            sender = Sender(PORT, "token", "story", model)
            claude = ClaudeCode(network, nursery, sender, "story", Random(seed), check, {})
            await scene(Desk(claude, peer))
            claude.quit()
            await trio.sleep(1)
            assert network.open_sockets == 0
            answered = [one for one in claude.answers if one.status == 200]
            complaints.extend(line for one in answered for line in body_complaints(one))
            assert len(complaints) == bool(complaint), complaints
            assert complaint in "".join(complaints)
            nursery.cancel_scope.cancel()

    with seam.scheduled_by(make_policy("walk", seed)):
        trio.run(play, clock=trio.testing.MockClock(autojump_threshold=0))


def gaps_seconds(outcome: Outcome) -> list[float]:
    """From the end of each attempt to the next one."""
    return [later.begun_seconds - one.ended_seconds for one, later in pairwise(outcome.attempts)]


def streams(outcome: Outcome) -> list[bool]:
    return [attempt.streamed for attempt in outcome.attempts]


def is_on_ladder(gaps: Sequence[float]) -> bool:
    """Whether these are 0.5 s, 1 s, 2 s and so on to 32 s, each or up to a quarter more."""
    steps = [min(0.5 * 2**number, 32.0) for number in range(len(gaps))]
    pairs = zip(steps, gaps, strict=True)
    return all(step <= gap <= 1.25 * step + SLACK_SECONDS for step, gap in pairs)


def said(messages: Sequence[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """The roles of messages, and the texts in them; that of a tool use is its name."""
    return [(message["role"], texts_of(message["content"])) for message in messages]


def texts_of(content: str | list[dict[str, str]]) -> list[str]:
    if isinstance(content, str):
        return ["as a string"]
    keys = ("text", "content", "name")
    return [next(block[key] for key in keys if key in block) for block in content]
