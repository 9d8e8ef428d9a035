"""How fast the codecs are, and whether their time is linear: large requests and long answers.

    python bench/dialect_codecs.py [--quick]

A request of 64 MiB, of messages like those of an agent, is read in each served dialect and written
to each endpoint's; an answer of 200,000 pieces of text, in reads of 64 KiB, goes through each
reader and each writer. Both are done at a quarter of the size as well: `x` is how many times as
long the whole took, and 4 is linear. Times are of the CPU. Peak memory is that of a process that
does this one thing; the request or the answer itself is part of it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerStarted,
    TextDelta,
)
from understudy.protocols.conversation.blocks import Text, ToolResult, ToolUse
from understudy.protocols.conversation.request import Conversation, Message
from understudy.protocols.dialect import NEED_DATA, AnswerWriter, Target
from understudy.protocols.dialects import SERVED, UPSTREAM
from understudy.protocols.preparation import prepared

REQUEST_BYTES = 64 * 1024 * 1024
ANSWER_EVENTS = 200_000
READ_BYTES = 64 * 1024
QUARTER = 4
QUICK = 32
"""How many times smaller everything is with --quick."""
MODEL = "m"
MEBIBYTE = 1024 * 1024
ASKED = b'{"model":"m","max_tokens":9,"stream":true,"messages":[],"input":"","contents":[]}'
WORDS = "The keeper counts the stones \u6f22 before winter, and nobody asks why. " * 14


def conversation(size_bytes: int) -> Conversation:
    """A conversation of about this size: questions, calls and results."""
    messages: list[Message] = []
    for number in range(size_bytes // (3 * len(WORDS.encode()))):
        call = f"toolu_{number}"
        messages += (
            Message("user", (Text(WORDS),)),
            Message("assistant", (Text(WORDS), ToolUse(call, "Read", {"path": f"{number}.txt"}))),
            Message("user", (ToolResult(call, (Text(WORDS),)),)),
        )
    return Conversation(tuple(messages), streamed=True)


def writer(served: str) -> AnswerWriter:
    """The writer of a streamed answer."""
    half = SERVED[served]
    return half.writer(half.parse(ASKED, Target(MODEL, streamed=True)), "1")


def answer(dialect: str, events: int) -> bytes:
    """A streamed answer as an endpoint of this dialect sends it."""
    made = writer(dialect)
    pieces = [made.send(AnswerStarted())]
    pieces += [made.send(TextDelta(f"piece {number} ")) for number in range(events)]
    return b"".join([*pieces, made.send(AnswerEnded("end_turn")), made.end()])


def time_request(served: str, upstream: str, size_bytes: int) -> float:
    """Seconds of CPU from a client's body to the endpoint's."""
    body = UPSTREAM[served].request(conversation(size_bytes), MODEL).body
    half, target = SERVED[served], Target(MODEL, streamed=True)
    began = time.process_time()
    shown = prepared(half.conversation(half.parse(body, target)), upstream)
    UPSTREAM[upstream].request(shown, MODEL)
    return time.process_time() - began


def time_answer(upstream: str, served: str, events: int) -> float:
    """Seconds of CPU from an endpoint's stream to the client's."""
    data = answer(upstream, events)
    reader = UPSTREAM[upstream].reader(Conversation((), streamed=True), MODEL, "1")
    made, texts = writer(served), 0
    began = time.process_time()
    for start in range(0, len(data), READ_BYTES):
        reader.receive_data(data[start : start + READ_BYTES])
        while (event := reader.next_event()) is not NEED_DATA:
            texts += isinstance(event, TextDelta)
            made.send(event)
    reader.receive_end()
    while (event := reader.next_event()) is not NEED_DATA:
        made.send(event)
    made.end()
    seconds = time.process_time() - began
    assert texts == events, f"{texts} pieces of {events}"
    return seconds


def alone(measure: Callable[[], float]) -> tuple[float, float]:
    """A measurement in a process of its own: seconds, and the peak of its memory in MiB."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        return pool.apply(_measured, (measure,))


def _measured(measure: Callable[[], float]) -> tuple[float, float]:
    seconds = measure()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return seconds, peak / (MEBIBYTE if sys.platform == "darwin" else 1024)


def request_lines(size_bytes: int) -> Iterator[str]:
    """The table of requests."""
    yield f"{'request of':>16} {'for':>16} {'MiB':>5} {'s':>7} {'x':>5} {'peak MiB':>9}"
    for served in UPSTREAM:
        for upstream in UPSTREAM:
            seconds, peak = alone(partial(time_request, served, upstream, size_bytes))
            quarter, _ = alone(partial(time_request, served, upstream, size_bytes // QUARTER))
            yield (
                f"{served:>16} {upstream:>16} {size_bytes // MEBIBYTE:>5} {seconds:>7.2f}"
                f" {seconds / quarter:>5.1f} {peak:>9.0f}"
            )


def answer_lines(events: int) -> Iterator[str]:
    """The table of answers."""
    yield f"{'answer of':>16} {'for':>16} {'events/s':>9} {'us':>6} {'x':>5} {'peak MiB':>9}"
    for upstream in UPSTREAM:
        for served in UPSTREAM:
            seconds, peak = alone(partial(time_answer, upstream, served, events))
            quarter, _ = alone(partial(time_answer, upstream, served, events // QUARTER))
            yield (
                f"{upstream:>16} {served:>16} {events / seconds:>9,.0f}"
                f" {1e6 * seconds / events:>6.1f} {seconds / quarter:>5.1f} {peak:>9.0f}"
            )


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="small sizes, for a smoke run")
    shrunk = QUICK if parser.parse_args().quick else 1
    for line in request_lines(REQUEST_BYTES // shrunk):
        print(line, flush=True)
    print()
    for line in answer_lines(ANSWER_EVENTS // shrunk):
        print(line, flush=True)


if __name__ == "__main__":
    main()
