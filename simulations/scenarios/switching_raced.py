"""A model's tool and its user choose in the same moment: the user's word counts, whoever is first.

The tool is the product's own, `endpoint_set`, without the SDK around it. It looks how things stand,
dawdles, and writes; meanwhile the user types a command, or the model's other call does the same. A
call that says its id may come long after the model has asked for it. One that says none is under
way before the command is typed. What a tool has changed "for this answer" ends with that answer,
also if it comes late.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, Final

import attrs
import trio

from ...io.mcp.desk import Mine, ToolRefused
from ...io.mcp.switch import ANSWER, Switcher
from ...protocols.actor import Ref
from ..world.choices import ToolMove
from ..world.claude import ClaudeCode
from ..world.world import World
from .switching_world import FLASH, KIMI, OPUS, SONNET, TOOLS, Town

STEPS: Final = 5
DAWDLE_SECONDS_MAX: Final = 0.02
"""Before each question of a tool's; a command takes a few milliseconds."""
LATE_SECONDS_MAX: Final = 0.1
COMMAND_CHANCE: Final = 0.7
CONVERSATION: Final = "conversation"
PLACES: Final = (FLASH, KIMI, OPUS, SONNET)
NAMES: Final = ("gemini", "groq", "claude-opus-4-5", "claude-sonnet-4-5")


async def switching_raced(world: World) -> None:
    """Several times: the model asks for calls, they race each other and a command, work follows."""
    town = await Town.open(world)
    claude = world.claude("one", model=OPUS)
    for number in range(STEPS):
        before = set(claude.tools_run)
        await town.say(claude, f"{TOOLS} #{number}")
        asked = sorted(set(claude.tools_run) - before)
        calls = [_Call.drawn(town, claude, asked) for _ in range(world.random.randint(1, 2))]
        async with trio.open_nursery() as nursery:
            for call in calls:
                nursery.start_soon(call.carry_out)
            if world.random.random() < COMMAND_CHANCE:
                await _command(town, claude, calls)
        await town.say(claude, f"question {number}")
        await town.say(claude, world.random.choice(("go back", "which model is this?")))
    claude.quit()


async def _command(town: Town, claude: ClaudeCode, calls: Sequence[_Call]) -> None:
    """The user chooses while the calls are carried out, or before they are."""
    random = town.world.random
    for call in calls:
        if not call.tool_use:
            await call.has_looked.wait()
    await trio.sleep(random.uniform(0, 2 * DAWDLE_SECONDS_MAX))
    name = random.choice(NAMES)
    await town.say(claude, random.choice((f"switch to {name}", f"only this answer with {name}")))


@attrs.define(eq=False)
class _Call:
    """One call of the tool, by the id that the model gave it; "" if its client says none."""

    town: Town
    claude: ClaudeCode
    tool_use: str
    scope: str
    has_looked: trio.Event = attrs.field(factory=trio.Event)

    @classmethod
    def drawn(cls, town: Town, claude: ClaudeCode, asked: Sequence[str]) -> _Call:
        """One of those that the model has asked for; without an id nothing tells whose answer."""
        tool_use = town.world.random.choice((*asked, ""))
        scopes = (ANSWER, CONVERSATION) if tool_use else (CONVERSATION,)
        return cls(town, claude, tool_use, town.world.random.choice(scopes))

    async def carry_out(self) -> None:
        """Sets the conversation somewhere, unless it is refused."""
        world = self.town.world
        asked_seconds = trio.current_time()
        board, place = world.life.board, world.random.choice(PLACES)
        if self.tool_use:
            await trio.sleep(world.random.uniform(0, LATE_SECONDS_MAX))
        router: Any = _Dawdling(board.router, world.random)
        conversations: Any = _Dawdling(board.conversations, world.random, self.has_looked)
        mine = Mine(self.claude.session, self.tool_use)
        try:
            await Switcher(router, conversations).switch(mine, place, self.scope)
        except ToolRefused:
            return
        if self.scope != ANSWER:
            move = ToolMove(asked_seconds, trio.current_time(), place)
            world.tool_moves.setdefault(self.claude.name, []).append(move)


@attrs.define(eq=False)
class _Dawdling:
    """An actor as somebody sees it who takes their time between two questions."""

    ref: Ref
    random: Random
    has_looked: trio.Event = attrs.field(factory=trio.Event)

    async def ask(self, message: Any) -> Any:
        """Asks it; the first question is asked at once."""
        if self.has_looked.is_set():
            await trio.sleep(self.random.uniform(0, DAWDLE_SECONDS_MAX))
        answer = await self.ref.ask(message)
        self.has_looked.set()
        return answer
