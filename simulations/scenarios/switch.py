"""One conversation of a Claude Code whose user changes the model again and again.

The models are behind endpoints of every dialect, and the change may come while tools run, so that
one model's calls are answered to another. Thinking goes back to the model that thought it, and to
nobody else; what an endpoint finds in its requests is looked at in every run.
"""

from __future__ import annotations

import trio

from ..dialects.house import ENDPOINTS, House, model_of
from ..dialects.meaning import Thinks
from ..world.claude import ClaudeCode, OutcomeKind
from ..world.world import World

TURNS = 8
SIGNING = ("claude", "responses", "gemini")
"""Endpoints that give a signature with their thinking, and are to have it back."""


async def switch_in_mid_conversation(world: World) -> None:
    """A prompt for each model that the user tries."""
    house = await House.open(world)
    claude = house.claude("moving", world.random.choice([*ENDPOINTS]))
    for number in range(TURNS):
        wish = world.random.choice(("talk", "tool", "tools"))
        prompt = claude.start(f"[{wish} #{number}]")
        while not (prompt.running or prompt.ended.is_set()):  # noqa: ASYNC110 virtual time
            await trio.sleep(0.05)
        if world.random.random() < 0.5:
            move(house, claude)
        outcome = await prompt.wait()
        world.check(outcome.kind is OutcomeKind.ANSWERED, f"it ended as {outcome}")
        move(house, claude)
    claude.quit()
    await world.fall_quiet()
    for endpoint in SIGNING:
        check_own_thinking(house, endpoint)
    models = {line.endpoint for line in world.ledger}
    world.check(len(models) > 1, f"the conversation was with {models} alone")


def move(house: House, claude: ClaudeCode) -> None:
    """The user chooses another model than the one at hand."""
    others = [name for name in ENDPOINTS if model_of(name) != claude.sender.model]
    house.move(claude, house.world.random.choice(others))


def check_own_thinking(house: House, endpoint: str) -> None:
    """All that a model has thought comes back to it, for as long as the conversation lasts."""
    signatures: list[str] = []
    for exchange in house.speakers[endpoint].exchanges:
        for signature in signatures:
            kept = signature.encode() in exchange.body
            house.world.check(kept, f"{endpoint} has not got {signature} back")
        parts = exchange.meaning.parts if exchange.meaning is not None else ()
        signatures += [part.signature for part in parts if isinstance(part, Thinks)]
