"""The endpoint's connection ends at any byte: the client must never take the cut for an end.

That a clean end has its `message_stop`, and that a cut stream was legal so far, is looked at in
every run; here it is seen that the cut is told at all, and that the next answer is whole.
"""

from __future__ import annotations

import attrs

from ..upstream import Wait
from ..world.answers import answer_events, streamed
from ..world.client import AnswerEnding
from ..world.peer import Cut, Ending
from ..world.world import World

RESPONSE_BYTES = 1_608
"""A whole response on the wire, head and framing included."""
SILENCES_SECONDS = (0, 5, 25)
"""Before the endpoint's head; after the longest the head that stands is our own."""


@attrs.frozen
class UpstreamCut:
    """The connection is cut there, after a silence at the beginning."""

    cut: Cut
    silent_seconds: float = 0

    async def __call__(self, world: World) -> None:
        """One turn is cut; the next one is not."""
        world.peer.respond = lambda _body: [Wait(self.silent_seconds), *streamed()]
        world.peer.cut = self.cut
        client = world.client()
        answer = await client.ask("Tell me")
        [exchange] = world.peer.exchanges
        world.check(exchange.ending is Ending.CUT, f"the endpoint saw {exchange.ending}")
        whole = b"event: message_stop" in answer.body  # the cut was in the last chunk's framing
        told = answer.ending is AnswerEnding.CUT or answer.status >= 500 or b"error" in answer.body
        world.check(
            told or whole, f"after {self.cut} the client saw {answer.status}, {answer.ending}"
        )
        world.check(answer.ending is not AnswerEnding.CUT or answer.status == 200, "cut early")
        world.peer.cut = None
        again = await client.ask("Tell me again, please")
        world.check(again.ending is AnswerEnding.COMPLETE, f"then it was {again.ending}")
        if self.silent_seconds == 0:
            world.check(again.body == b"".join(answer_events()), "the bytes have changed")


async def upstream_cut(world: World) -> None:
    """A cut drawn from the seed."""
    cut = Cut(world.random.randrange(RESPONSE_BYTES), reset=world.random.random() < 0.5)
    await UpstreamCut(cut, world.random.choice(SILENCES_SECONDS))(world)
