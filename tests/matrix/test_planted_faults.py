"""The harness can fail: every fault that is planted here is found.

Streams lose or repeat each of their events in turn; answers say another thing than they should;
requests break each rule of their dialect; and what did not arrive is missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import attrs
import pytest
from anthropic import AnthropicError
from openai import OpenAIError

from .answer import Answer, Failure, Manner, Say, Seen, SeenFailure, Usage
from .cells import DIALECTS, JUDGES, SCRIPTS, Cell, Upstreams, frames_of
from .conftest import Judges
from .judges.judge import Judge
from .question import Json, Question
from .questions import ANSWERED, PLAIN, TOOLS, WITH_IMAGE, WITH_PDF
from .rows import ANSWERS, Row
from .upstreams.rules import Complaints
from .upstreams.script import KEY, Asked, Frames, Heard, Script
from .upstreams.server import Scene, ScriptedUpstream, open_upstream
from .verdict import cut_complaints, expected, failure_complaints, heard_complaints

ROW = next(row for row in ANSWERS if row.name == "thinking-tool")
SHORT = attrs.evolve(ROW, manner=Manner(60), answer=attrs.evolve(ROW.answer))
HARMLESS = (b'"type":"ping"', b'"partial_json":""', b"[DONE]")
"""Events whose loss or repetition changes nothing for anybody."""
REPEATABLE = (b'"content":"","refusal":null', b'"type":"message_delta"')
"""Chat's first delta, which adds nothing; and Anthropic's last counts, which replace the former."""

Change = Callable[[list[bytes], int], list[bytes]]
CHANGES: Mapping[str, Change] = {
    "keep": lambda events, _: events,
    "drop": lambda events, place: events[:place] + events[place + 1 :],
    "repeat": lambda events, place: events[: place + 1] + events[place:],
}


class FaultyScript(Script):
    """Another script, whose streams have lost or repeated an event: the model says which."""

    def __init__(self, script: Script) -> None:
        self._script = script

    def listens_at(self, target: str) -> bool:
        return self._script.listens_at(target)

    def credential(self, headers: Mapping[str, str]) -> str:
        return self._script.credential(headers)

    def hear(self, asked: Asked, body: Json, complaints: Complaints) -> Heard:
        return self._script.hear(asked, body, complaints)

    def frames(self, answer: Answer, heard: Heard, manner: Manner) -> Frames:
        change, place = heard.model.split("-")
        frames = self._script.frames(answer, heard, manner)
        events = CHANGES[change](list(frames.events), int(place))
        return Frames(tuple(events), len(events))

    def whole(self, answer: Answer, heard: Heard) -> Json:
        return self._script.whole(answer, heard)

    def error(self, failure: Failure) -> Json:
        return self._script.error(failure)


def faults(dialect: str) -> Iterator[tuple[str, int]]:
    """The changes of the stream that somebody must notice."""
    for place, event in enumerate(frames_of(dialect, SHORT).events):
        if not any(mark in event for mark in HARMLESS):
            yield "drop", place
            if not any(mark in event for mark in REPEATABLE):
                yield "repeat", place


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_event_is_lost_or_repeated_unseen(dialect: str) -> None:
    planted = [f"{change}-{place}" for change, place in faults(dialect)]
    assert len(planted) >= 10
    scenes = {model: Scene(SHORT.answer, SHORT.manner) for model in ("keep-0", *planted)}
    with ExitStack() as stack:
        script = FaultyScript(SCRIPTS[dialect])
        upstream = stack.enter_context(open_upstream(script, scenes))
        judge = JUDGES[dialect](upstream.url, KEY)
        stack.callback(judge.close)
        cell = Cell(dialect, dialect, SHORT, streamed=True)
        unseen = [model for model in scenes if not is_seen(cell, judge, model, upstream)]
    assert unseen == ["keep-0"]


def is_seen(cell: Cell, judge: Judge, model: str, upstream: ScriptedUpstream) -> bool:
    """Whether the judge complains, or the strict SDK raises what no judge catches."""
    try:
        return cell.complaints(judge, model, upstream) != []
    except (AnthropicError, OpenAIError, AssertionError, RuntimeError, ValueError, IndexError):
        return True


class BrokenScript(FaultyScript):
    """Another script, whose whole answers have something wrong with one member."""

    def whole(self, answer: Answer, heard: Heard) -> Json:
        body = super().whole(answer, heard)
        match self._script.dialect:
            case "anthropic":
                body["content"][0]["type"] = "unheard-of"
            case "openai-chat":
                body["choices"][0]["finish_reason"] = "unheard-of"
            case "openai-responses":
                del body["usage"]["input_tokens_details"]["cached_tokens"]
            case "gemini":
                body["candidates"][0]["content"]["unheardOf"] = 1
            case _:
                body["message"]["role"] = "user"
        return body


@pytest.mark.parametrize("broken", [True, False])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_sdks_are_strict(dialect: str, broken: bool) -> None:
    with ExitStack() as stack:
        script = BrokenScript(SCRIPTS[dialect]) if broken else SCRIPTS[dialect]
        scenes = {"broken": Scene(ROW.answer)}
        upstream = stack.enter_context(open_upstream(script, scenes))
        judge = JUDGES[dialect](upstream.url, KEY)
        stack.callback(judge.close)
        cell = Cell(dialect, dialect, ROW, streamed=False)
        assert is_seen(cell, judge, "broken", upstream) == broken


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "wrong",
    [
        attrs.evolve(ROW, answer=attrs.evolve(ROW.answer, usage=Usage(22, 9))),
        attrs.evolve(ROW, answer=attrs.evolve(ROW.answer, usage=Usage(21, 8))),
        attrs.evolve(ROW, answer=attrs.evolve(ROW.answer, parts=ROW.answer.parts[1:])),
        attrs.evolve(ROW, answer=attrs.evolve(ROW.answer, parts=ROW.answer.parts[:-1])),
        attrs.evolve(ROW, answer=Answer((*ROW.answer.parts, Say(" ")))),
    ],
    ids=["input", "output", "thinking", "call", "text"],
)
def test_an_answer_that_differs_is_seen(
    wrong: Row, dialect: str, streamed: bool, direct_judges: Judges, upstreams: Upstreams
) -> None:
    cell = Cell(dialect, dialect, wrong, streamed)
    assert cell.complaints(direct_judges[dialect], ROW.name, upstreams[dialect])


def test_what_a_cut_must_not_look_like_is_seen() -> None:
    wanted = expected(ROW, "anthropic", "anthropic")
    cut = Seen(failure=SeenFailure("cut"))
    assert cut_complaints(cut, wanted, "anthropic", complete=False) == []
    assert cut_complaints(wanted, wanted, "anthropic", complete=True) == []
    assert cut_complaints(wanted, wanted, "anthropic", complete=False)
    assert cut_complaints(attrs.evolve(wanted, calls=()), wanted, "anthropic", complete=True)
    refused = Seen(failure=SeenFailure("response", 400))
    assert cut_complaints(refused, wanted, "anthropic", complete=False)


@pytest.mark.parametrize(
    "seen",
    [
        Seen(text="Paris."),
        Seen(failure=SeenFailure("response", 500, "too many", 7)),
        Seen(failure=SeenFailure("response", 429, "something else", 7)),
        Seen(failure=SeenFailure("response", 429, "too many", 8)),
        Seen(failure=SeenFailure("response", 429, "too many")),
        Seen(failure=SeenFailure("stream", 0, "too many")),
    ],
    ids=["answer", "status", "words", "wait", "no-wait", "place"],
)
def test_an_error_that_differs_is_seen(seen: Seen) -> None:
    answer = Answer(failure=Failure(429, "too many", 7))
    assert failure_complaints(seen, answer, "anthropic", "openai-chat")


@pytest.mark.parametrize(
    ("question", "heard"),
    [
        (PLAIN, Heard(system=PLAIN.system, max_tokens=PLAIN.max_tokens)),
        (PLAIN, Heard(texts=["What is the capital of France?"], max_tokens=PLAIN.max_tokens)),
        (PLAIN, Heard(system=PLAIN.system, texts=["What is the capital of France?"])),
        (
            attrs.evolve(WITH_IMAGE),
            Heard(system=PLAIN.system, texts=["What is in this image?"], max_tokens=2_048),
        ),
        (
            attrs.evolve(WITH_PDF),
            Heard(system=PLAIN.system, texts=["What does this say?"], max_tokens=2_048),
        ),
        (
            TOOLS,
            Heard(system=PLAIN.system, texts=["What is the capital of France?"], max_tokens=2_048),
        ),
        (ANSWERED, Heard(system=PLAIN.system, max_tokens=2_048)),
    ],
    ids=["text", "system", "max_tokens", "image", "pdf", "tools", "results"],
)
def test_what_did_not_arrive_is_missed(question: Question, heard: Heard) -> None:
    for upstream in DIALECTS:
        assert heard_complaints(question, heard, "anthropic", upstream)
