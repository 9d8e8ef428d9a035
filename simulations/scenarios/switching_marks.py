"""Marks of ours in histories that they do not belong to: copied, forged, and said by a model.

A client that names no conversation is known by the mark in a reply of ours. It leads the history
that it was made for, and no other, whoever has put it there.
"""

from __future__ import annotations

import re

import msgspec

from ..dialects.ear import Prompt
from ..dialects.meaning import Heard
from ..dialects.talker import Talker
from ..world.world import World
from .switching_world import DIALECTS, FLASH, KIMI, OPUS, Town, host_of

FORGED_LETTERS = b"forged234"


async def switching_marks(world: World) -> None:
    """Two whose clients name no conversation: the mark of one comes into the other's history."""
    town = await Town.open(world)
    dialect = world.random.choice(DIALECTS)
    one, other = (town.talker(dialect, name, OPUS, is_named=False) for name in ("one", "other"))
    for talker in (one, other):
        await talker.talk("Hello")
    reply = (await one.talk("switch to groq")).heard
    if not reply.whole:  # its user has pressed Esc: nothing is there to be copied
        return
    await other.talk("Tell a joke")
    if world.random.random() < 0.5:
        await other.talk(f"switch to {FLASH}")
    for take in world.random.sample(TAKEN, len(TAKEN)):
        await take(town, other, reply)
        await other.talk("Explain the parser")
    last = (await one.talk("Explain the parser")).heard
    told = last.text == host_of(KIMI) or not last.whole
    world.check(told, f"{one.name} has chosen {KIMI}, and is told {last.text!r}")


async def _shown(_town: Town, talker: Talker, reply: Heard) -> None:
    """The user shows the reply to the model."""
    await talker.talk(f"Somebody was told this:\n\n{reply.text}")


async def _copied(_town: Town, talker: Talker, reply: Heard) -> None:
    """The reply stands in the history as if it had been said there."""
    talker.turns += [Prompt("What have others said?"), reply]


async def _forged(_town: Town, talker: Talker, reply: Heard) -> None:
    """So does one with another mark of the same form."""
    told = msgspec.json.encode(reply.echo)
    forged = re.sub(rb"(understudy:)([a-z2-7]{9})", rb"\1" + FORGED_LETTERS, told)
    talker.turns += [Prompt("What else?"), Heard(reply.text, echo=msgspec.json.decode(forged))]


async def _repeated(town: Town, talker: Talker, reply: Heard) -> None:
    """The model ends its answer so."""
    town.says = reply.text
    await talker.talk("Write the last line")
    town.says = ""


TAKEN = (_shown, _copied, _forged, _repeated)
