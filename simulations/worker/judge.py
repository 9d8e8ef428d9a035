"""Whether clients heard what the simulated models meant, and nobody heard another's answer.

A worker's answer is held to what its model means by its prompt alone (`Answering.complaint`); what
a client heard is held to an answer to its own question, which is told from others by its tag.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ..dialects.meaning import Heard
from .answering import Answering, tag_of
from .workers import SimulatedWorkers

EDGES = " \n"
"""What a model's format may take from the ends of a text."""


def answers_complaints(workers: SimulatedWorkers) -> Iterator[str]:
    """What is wrong with what workers said."""
    for answer in workers.answers:
        if answer.complaint:
            yield answer.complaint
    for child in workers.children:
        yield from child.worker.complaints
    for child in workers.alive:
        if child.worker.working:
            yield f"{child.worker.working} answers of {child.task} are working for nobody"
    for process in workers.processes:
        in_flight = process.in_flight
        if in_flight:
            yield f"{in_flight} requests to a worker are in flight"
    if workers.disk.file_bytes > workers.state_bytes:
        yield f"prefixes take {workers.disk.file_bytes} bytes, allowed are {workers.state_bytes}"


def heard_complaints(answers: Iterable[Answering], request: bytes, heard: Heard) -> list[str]:
    """What is wrong with what a client heard in answer to its request."""
    asked = tag_of(request.decode())
    own = [answer for answer in answers if answer.tag == asked]
    if any(_is_heard(answer, heard) for answer in own):
        return []
    said = [answer.said for answer in own]
    calls = [(call.name, call.arguments) for call in heard.calls]
    whole = "all of" if heard.whole else "of"
    if not (heard.text or calls or heard.whole):
        return []
    return [f"to {asked!r} {heard.text!r}, {calls} was heard, {whole} {said}"]


def _is_heard(answer: Answering, heard: Heard) -> bool:
    """Whether this is what was heard, or began to be."""
    meant = answer.meant
    whole = (count for count, told in enumerate(meant.told, 1) if answer.said.startswith(told))
    count = max(whole, default=0)
    calls = [(call.name, dict(call.arguments)) for call in meant.calls[:count]]
    rest = answer.said.removeprefix(meant.told[count - 1]) if count else answer.said
    told = [(call.name, msgspec.json.decode(call.arguments)) for call in heard.calls]
    text, rest = heard.text.strip(EDGES), rest.strip(EDGES)
    if heard.whole:
        return told == calls and text == rest
    return told == calls[: len(told)] and rest.startswith(text)
