"""What must hold of a machine's memory and of those who asked, whatever the story.

Nobody is killed for want of memory. A turn is answered, or refused with numbers. An answer is cut
only where the machine was about to swap, which is told by the machine and not by who cut. Pressure
has one model leave, and the next one only after the cool-down. And at the end nobody holds a lease
but for a process that lives.
"""

from __future__ import annotations

from itertools import pairwise

from ...protocols.resources.report import HELD, DescribeMemory, MemoryReport
from ..world.client import Answer, AnswerEnding
from ..world.world import World

CUT_SECONDS = 4.0
"""From a critical state to the news of a cut: a reading, a word, and the network."""
NUMBERS = b"GiB"
FOR_A_LOAD, FOR_IDLENESS = "are left", "which is its limit"
"""What reasons have in them that are no pressure."""
MARKS = {
    FOR_A_LOAD: "a model made room for another",
    "it may finish what it answers": "a model that was answering made room when it was done",
    FOR_IDLENESS: "a model that was idle for long has left",
    "and programs waited": "an idle model left because programs waited for memory",
    "should stay free": "a model left because too little was free",
}
"""What should happen in some run, by words of the reason."""
CUT_WORDS = b"the end of this model frees"


async def judge(world: World) -> None:
    """Complains of what does not hold, once the world has fallen quiet."""
    world.check(not world.memory.kills, f"killed for want of memory: {world.memory.kills}")
    for client in world.clients:
        for answer in client.answers:
            _judge_answer(world, client.session, answer)
    report: MemoryReport = await world.life.resources.ask(DescribeMemory())
    _judge_leases(world, report)
    _judge_evictions(world, report)


def is_whole(answer: Answer) -> bool:
    """Whether somebody was answered."""
    complete = answer.status == 200 and answer.ending is AnswerEnding.COMPLETE
    return complete and b"event: error" not in answer.body


def is_refused(answer: Answer) -> bool:
    """Whether somebody was told that there is no room, with numbers, before or after a head."""
    told = b"overloaded_error" in answer.body and NUMBERS in answer.body
    return answer.ending is AnswerEnding.COMPLETE and told and answer.status in (200, 503)


def _judge_answer(world: World, who: str, answer: Answer) -> None:
    if answer.ending is AnswerEnding.LEFT or is_whole(answer):
        return
    if answer.ending is AnswerEnding.CUT or CUT_WORDS in answer.body:
        since_seconds = answer.ended_seconds - CUT_SECONDS
        critical = world.memory.was_critical(since_seconds, answer.ended_seconds)
        world.sometimes("an answer was cut because the machine was about to swap")
        world.check(critical, f"{who} was cut off although the machine was well")
    elif is_refused(answer):
        world.sometimes("a turn was refused for want of memory")
    else:
        told = (answer.status, answer.ending.value, answer.body[-300:])
        world.check(False, f"{who} was neither answered nor refused with numbers: {told}")


def _judge_leases(world: World, report: MemoryReport) -> None:
    states = sorted(lease.state for lease in report.leases)
    processes = world.engine.running + world.workers.running
    world.check(states == [HELD] * processes, f"{processes} processes have the leases {states}")


def _judge_evictions(world: World, report: MemoryReport) -> None:
    """Whoever had to leave for pressure alone, and when."""
    cool_seconds = world.memory.rules.cool_down_seconds
    evicted = [line for line in report.decisions if line.kind == "evicted"]
    for words, mark in MARKS.items():
        if any(words in line.why for line in evicted):
            world.sometimes(mark)
    times = [
        line.at_seconds
        for line in evicted
        if FOR_A_LOAD not in line.why and FOR_IDLENESS not in line.why
    ]
    for earlier, later in pairwise(times):
        critical = world.memory.was_critical(earlier, later)
        calm = later - earlier >= cool_seconds
        world.check(calm or critical, f"two had to leave within {later - earlier:.1f} s")
