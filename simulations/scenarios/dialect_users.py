"""A user in the storm of dialects: a plain client, one that searches, or a Claude Code.

What they ask for is drawn as well: a talk, a tool, several at once, or a search.
"""

from __future__ import annotations

import trio

from ..dialects.dialects import EARS
from ..dialects.house import ENDPOINTS, House
from ..dialects.speaker import SEARCHES
from ..dialects.talker import Talker
from ..world.claude import ClaudeCode, OutcomeKind
from ..world.world import World
from .users import PROMPTS_MAX, patience_seconds

WISHES = ("talk", "tool", "tools", *SEARCHES)
SEARCHES_CHANCE = 0.2


def make_user(house: House, number: int) -> Talker | ClaudeCode:
    """Somebody with any client, and a model at any endpoint."""
    random = house.world.random
    dialect, endpoint = random.choice([*EARS]), random.choice([*ENDPOINTS])
    if random.random() < SEARCHES_CHANCE:
        return house.searcher(endpoint)
    if dialect == "anthropic":
        return house.claude(f"claude-{number}", endpoint)
    return house.talker(dialect, endpoint, streamed=random.random() < 0.7)


async def storm(world: World, user: Talker | ClaudeCode) -> None:
    """A user's prompts, whatever comes of them; Esc when patience ends."""
    for number in range(world.random.randint(1, PROMPTS_MAX)):
        await trio.sleep(world.random.uniform(0, 5))
        prompt = f"[{world.random.choice(WISHES)} #{number}]"
        with trio.move_on_after(patience_seconds(world)):
            await (user.talk(prompt) if isinstance(user, Talker) else ask_claude(user, prompt))


async def ask_claude(claude: ClaudeCode, text: str) -> None:
    """A prompt of a client that tries again by itself."""
    prompt = claude.start(text)
    try:
        await prompt.wait()
    finally:
        prompt.press_esc()


async def calm(world: World, user: Talker | ClaudeCode) -> None:
    """A user's last prompt, which is answered."""
    if isinstance(user, Talker):
        answer = await user.talk("[tools #9]")
        told = (answer.status, answer.ending, answer.body[:200])
        world.check(answer.heard.whole, f"after the storm {user.session} saw {told}")
        return
    outcome = await user.ask("[tools #9]")
    answered = outcome.kind is OutcomeKind.ANSWERED
    world.check(answered, f"after the storm {user.session} saw {outcome}")
    user.quit()
