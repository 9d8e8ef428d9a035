"""Two turns to which something is done, what their client may be told of it, and a third turn."""

from __future__ import annotations

import msgspec
import trio

from ...protocols.anthropic.events import ERROR_KINDS
from ..world.answers import answer_events, streamed
from ..world.client import Answer, AnswerEnding, Client
from ..world.inspection import inspect
from ..world.world import World
from .strikes import Strikes

TEXTS = ("To", " be")
NEXT_TEXTS = ("Yes",)
QUESTIONS = ("Hamlet?", "And then?")
"""The second turn uses what the first one left behind: connections, records, sessions."""


class ErrorWords(msgspec.Struct):
    """What an error says in the dialect."""

    type: str
    message: str


class ErrorBody(msgspec.Struct):
    """The body of an error in the dialect."""

    error: ErrorWords


TOLD_SECONDS = 120.0
"""Whatever fails, nobody waits for longer to hear of it."""


async def hurt_turns(world: World, strikes: Strikes, model: str, *, unnoticed: bool) -> None:
    """Asks while something strikes; afterwards nothing may be left, and all goes well again.

    `unnoticed` says that the client may not notice it.
    """
    world.may_cut = True
    world.peer.respond = lambda _body: streamed(TEXTS)
    client = world.client(model=model)
    strikes.begin()
    for question in QUESTIONS:
        began_seconds = trio.current_time()
        answer = await client.ask(question)
        took_seconds = trio.current_time() - began_seconds
        world.check(took_seconds < TOLD_SECONDS, f"it took {took_seconds:.0f} s to be told")
        check_told(world, answer)
        whole = answer.status == 200 and answer.ending is AnswerEnding.COMPLETE
        world.check(whole or not unnoticed, f"the client was told: {answer.status}")
    await world.fall_quiet()
    strikes.end()
    inspect(world)
    await ask_again(world, client)


def press_esc_now(answer: Answer) -> None:
    """Presses Esc, and the server has its RST at once.

    With a latency it could only arrive at a moment at which everyone waits for the network, and
    never between two steps of the same moment.
    """
    answer.press_esc()
    if answer.socket is not None and answer.socket.endpoint is not None:
        answer.socket.endpoint.path.reset()


def check_told(world: World, answer: Answer) -> None:
    """Complains of an error that a client of the dialect would not understand."""
    if answer.ending is AnswerEnding.COMPLETE and answer.status != 200:
        known = _is_error(answer.body)
        world.check(known, f"status {answer.status} says {answer.body[:200]!r}")


async def ask_again(world: World, client: Client) -> None:
    """The next turn, which must be answered as if nothing had been."""
    world.peer.respond = lambda _body: streamed(NEXT_TEXTS, pause_seconds=0)
    again = await client.ask("Once more?")
    whole = again.status == 200 and again.ending is AnswerEnding.COMPLETE
    words = f"the next turn: status {again.status}, {again.ending}"
    world.check(whole, words)
    if client.model.startswith("work/"):
        world.check(
            bytes(again.body) == b"".join(answer_events(NEXT_TEXTS)), f"{words}, other bytes"
        )


def _is_error(body: bytes) -> bool:
    try:
        told = msgspec.json.decode(body, type=ErrorBody).error
    except msgspec.MsgspecError:
        return False
    return told.type in ERROR_KINDS.values() and bool(told.message)
