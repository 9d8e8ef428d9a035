"""Calls of tools by models of several formats, cut anywhere by the limit of the answer's length.

A call that is whole is told as a call, and run; one that was cut is text, and no tool use. Clients
of every dialect ask, streamed or not; what they hear is looked at by the inspection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs
import h11
import msgspec
import trio

from ...protocols.json_values import object_of
from ...protocols.model_format.formats import FORMATS
from ..dialects.dialects import EARS
from ..dialects.ear import Json
from ..dialects.talker import Talker
from ..worker.model import SimulatedModel
from ..worker.voices import VOICES
from ..world.client import AnswerEnding
from ..world.life import PORT, TOKEN
from ..world.scheduler import source
from ..world.world import World
from .worker import MODEL

FILE = "model.gguf"
"""The local model's, in the settings of every world."""
WISHES = ("tool", "tools", "talk", "tools")
CUT_CHANCE = 0.5
CUT_TOKENS = (1, 60)
NO_LIMIT = 1_000
LIMITS: Final[Mapping[str, tuple[str, ...]]] = {
    "anthropic": ("max_tokens",),
    "openai-chat": ("max_tokens",),
    "openai-responses": ("max_output_tokens",),
    "gemini": ("generationConfig", "maxOutputTokens"),
    "ollama": ("options", "num_predict"),
}
"""Where a request of each dialect says how long its answer may be."""


async def worker_tools(world: World) -> None:
    """A model of some format, and a client of each dialect."""
    format_name = world.random.choice(formats())
    world.workers.models[FILE] = SimulatedModel(FILE, format=format_name)
    world.sometimes(f"calls in the format {format_name}")
    await world.use_workers()
    async with trio.open_nursery() as nursery:
        for dialect in EARS:
            nursery.start_soon(talk, world, make_talker(world, dialect))


def formats() -> list[str]:
    """The formats of which there is a voice and a parser."""
    return [name for name in VOICES if name in FORMATS]


async def talk(world: World, talker: LimitedTalker) -> None:
    """A client's prompts, one after the other, each with another limit."""
    for number, wish in enumerate(WISHES):
        cut = world.random.random() < CUT_CHANCE
        talker.tokens_max = world.random.randint(*CUT_TOKENS) if cut else NO_LIMIT
        answer = await talker.talk(f"[{wish} #{number}] of {talker.session}")
        whole = answer.status == 200 and answer.ending is AnswerEnding.COMPLETE
        words = f"{talker.session}, {wish}: status {answer.status}, {answer.ending}"
        world.check(whole and not answer.heard.complaints, f"{words}, {answer.heard.complaints}")


@attrs.define(eq=False)
class LimitedTalker(Talker):
    """A client that says how long an answer may be."""

    tokens_max: int = NO_LIMIT

    def _request(self, text: str, marker: str) -> tuple[h11.Request, bytes]:
        request, body = super()._request(text, marker)
        asked: Json = msgspec.json.decode(body)
        *above, last = LIMITS[self.ear.dialect]
        place = asked
        for name in above:
            place[name] = place = object_of(place.get(name))
        place[last] = self.tokens_max
        body = msgspec.json.encode(asked)
        headers = [pair for pair in request.headers if pair[0] != b"content-length"]
        headers.append((b"content-length", b"%d" % len(body)))
        return h11.Request(method="POST", target=request.target, headers=headers), body


def make_talker(world: World, dialect: str) -> LimitedTalker:
    """A client of a dialect, for the model on this machine."""
    name = f"{dialect}-{len(world.clients)}"
    talker = LimitedTalker(
        world.network,
        world.nursery,
        PORT,
        TOKEN,
        name,
        MODEL,
        name,
        world.chronicle.teller(f"client:{name}"),
        ear=EARS[dialect],
        random=source(world.chance.seed, f"talker:{name}"),
        check=world.check,
        tools_run=world.tools_run,
    )
    talker.streamed = world.random.random() < 0.6
    world.clients.append(talker)
    return talker
