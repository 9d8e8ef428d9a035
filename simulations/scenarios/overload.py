"""More turns than a model on this machine can take: some wait, the rest are told when to come."""

from __future__ import annotations

import trio

from ...actors.backend.engine import RETRY_AFTER_SECONDS, WAITING_TURNS_MAX
from ..engine import Life
from ..world.claude import OutcomeKind
from ..world.client import AnswerEnding
from ..world.world import World

MODEL = "local/m"
SLOTS, TOO_MANY = 2, 7


async def overload(world: World) -> None:
    """Everyone is answered, is told 429 and when to come again, or has left."""
    world.engine.lives = [Life(prefill_seconds=2)]
    taken = SLOTS + WAITING_TURNS_MAX
    clients = [world.client(f"session-{number}", model=MODEL) for number in range(taken + TOO_MANY)]
    answers = [client.start("All at once") for client in clients]
    await trio.sleep(world.random.uniform(0.1, 20))
    impatient = world.random.sample(range(len(answers)), 5)
    for number in impatient:
        answers[number].press_esc()
    for answer in answers:
        await answer.ended.wait()
    told = [(answer.status, answer.ending) for answer in answers]
    refused = [answer for answer in answers if answer.status == 429]
    world.check(len(refused) <= TOO_MANY, f"{len(refused)} were refused")
    for answer in refused:
        retry = answer.headers.get(b"retry-after")
        world.check(retry == b"%d" % RETRY_AFTER_SECONDS, f"they were told to come after {retry!r}")
    whole = told.count((200, AnswerEnding.COMPLETE))
    world.check(whole >= taken - len(impatient), f"{whole} of {taken} were answered")
    accounted = whole + len(refused) + sum(end is AnswerEnding.LEFT for _, end in told)
    world.check(accounted == len(answers), f"the others saw {told}")
    world.check(world.engine.starts == 1, f"the engine was started {world.engine.starts} times")


async def patience(world: World) -> None:
    """The same with clients that come again when they are told: all are answered in the end."""
    world.engine.lives = [Life(prefill_seconds=1)]
    clients = [world.claude(f"session-{number}", model=MODEL) for number in range(SLOTS + 20)]
    prompts = [client.start("All at once") for client in clients]
    for prompt, client in zip(prompts, clients, strict=True):
        outcome = await prompt.wait()
        world.check(outcome.kind is OutcomeKind.ANSWERED, f"{client.session} was {outcome.kind}")
        client.quit()
