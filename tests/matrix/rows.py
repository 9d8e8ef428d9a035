"""The rows: what is asked, what the upstream answers, and how it puts that on the wire."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from .answer import (
    AS_IT_COMES,
    MAX_TOKENS,
    TOOL_USE,
    Answer,
    CallTool,
    Ending,
    Failure,
    Manner,
    Say,
    Think,
    Usage,
)
from .question import Question, Result
from .questions import (
    ANSWERED,
    BRIEF,
    LARGE_IMAGE,
    LONG_NAME,
    PARALLEL,
    PLAIN,
    STOPPING,
    THOUGHTFUL,
    TOOLS,
    WITH_IMAGE,
    WITH_PDF,
)
from .stops import STOPS

BOTH = (True, False)
STREAMED = (True,)
WHOLE = (False,)

UNICODE = 'Ünïcödé "漢字" \\ 🙂👩‍👩‍👧 \u2028\x85한국어\t\x7f\n\U0001f680'
LONG = "The quick brown fox jumps over the lazy dog. " * 700
ERRORS = (400, 401, 403, 404, 413, 429, 500, 503, 529)
RETRY_AFTER_SECONDS = 7
WITH_CALL = Answer((Say("Let me look that up."), CallTool(0, {"city": "Paris", "days": 3})))
PARIS = Answer((Say("Paris."),))
THOUGHT = "They want the weather, and the time as well."
CALLS = tuple(CallTool(place, {"city": f"city {place}", "days": place}) for place in range(5))


@attrs.frozen
class Row:
    """One row. It is played by the `upstreams`, all if that is empty, streamed or not (`modes`).

    With `results` the user goes on: the answer goes back with a result for each of its calls, and
    is answered by `then`. A row that must be `translated` says nothing where answers are relayed.
    """

    name: str
    question: Question = PLAIN
    answer: Answer = PARIS
    manner: Manner = AS_IT_COMES
    upstreams: tuple[str, ...] = ()
    modes: tuple[bool, ...] = BOTH
    results: tuple[Result, ...] = ()
    then: Answer | None = None
    translated: bool = False


ANSWERS = (
    Row("text"),
    Row("text-noisy", manner=Manner(comments=True, line_end="\r\n")),
    Row("text-long", answer=Answer((Say(LONG),)), manner=Manner(80)),
    Row("unicode", answer=Answer((Say(UNICODE),)), manner=Manner(1, bytes=1)),
    Row("unicode-escaped", answer=Answer((Say(UNICODE),)), manner=Manner(2, bytes=5, escaped=True)),
    Row("tool", TOOLS, WITH_CALL, Manner(1)),
    Row("tool-whole", TOOLS, WITH_CALL, Manner(0)),
    Row("tool-empty", TOOLS, Answer((CallTool(1, {}),))),
    Row(
        "tool-unicode",
        TOOLS,
        Answer((CallTool(0, {UNICODE: [1.5, None, {"": {}}]}),)),
        Manner(1, bytes=11, escaped=True),
    ),
    Row("tools-5", PARALLEL, Answer((Say("All five."), *CALLS))),
    Row(
        "tools-5-by-turns",
        PARALLEL,
        Answer(CALLS),
        Manner(interleaved=True),
        upstreams=("openai-chat", "openai-responses"),
    ),
    Row("tool-name-long", LONG_NAME, Answer((CallTool(0, {}),))),
    Row("results", ANSWERED),
    Row("thinking", THOUGHTFUL, Answer((Think("They ask for a capital."), Say("Paris.")))),
    Row(
        "thinking-tool",
        attrs.evolve(TOOLS, thinking=True),
        Answer((Think("Let me see. " * 20), *WITH_CALL.parts)),
    ),
    Row(
        "loop",
        attrs.evolve(TOOLS, thinking=True),
        Answer((Think(THOUGHT), Say("I look."), CallTool(0, {"city": "Paris"}), CallTool(1, {}))),
        results=(Result("sunny"), Result("12:00")),
        then=PARIS,
    ),
    *(
        Row(
            f"loop-{name}",
            attrs.evolve(TOOLS, thinking=True),
            Answer((thought, CallTool(0, {"city": "Paris"}), CallTool(1, {}))),
            upstreams=upstreams,
            results=(Result("sunny"), Result("12:00")),
            then=PARIS,
        )
        for name, thought, upstreams in (
            ("silent", Think(THOUGHT), ()),
            ("hidden", Think(""), ("anthropic", "openai-responses", "gemini")),
            ("redacted", Think("", redacted=True), ("anthropic",)),
        )
    ),
    Row(
        "loop-same-tool",
        TOOLS,
        Answer((CallTool(0, {"city": "Paris"}), CallTool(0, {"city": "Rome"}))),
        results=(Result("sunny"), Result("rainy")),
        then=PARIS,
    ),
    Row("choice-any", attrs.evolve(TOOLS, choice="any"), WITH_CALL),
    Row("choice-tool", attrs.evolve(TOOLS, choice="tool"), WITH_CALL),
    Row("choice-none", attrs.evolve(TOOLS, choice="none")),
    Row("temperature", attrs.evolve(PLAIN, temperature=0.25)),
    Row("tool-large", TOOLS, Answer((CallTool(0, {"city": LONG}),)), Manner(4_000)),
    Row(
        "mixed",
        attrs.evolve(TOOLS, thinking=True),
        Answer((Say("One."), CallTool(1, {}), Think("Hm."), Say("Two."), CallTool(0, {"a": 1}))),
        upstreams=("anthropic", "openai-responses", "gemini"),
    ),
    Row("image", WITH_IMAGE),
    Row("image-large", LARGE_IMAGE),
    Row("pdf", WITH_PDF),
    Row("empty", answer=Answer(usage=Usage(21, 2))),
    Row("usage", answer=Answer((Say("Paris."),), usage=Usage(21, 9, 1_000, 300))),
    Row(
        "refusal",
        answer=Answer(refusal="I cannot help with that."),
        upstreams=("anthropic", "openai-chat", "openai-responses", "gemini"),
    ),
    Row(
        "stop-sequence",
        STOPPING,
        Answer((Say("Par"),), "stop_sequence", "is."),
        upstreams=("anthropic",),
    ),
)
"""Rows that end in an answer."""


STOPPED = {
    TOOL_USE: (TOOLS, WITH_CALL),
    MAX_TOKENS: (BRIEF, Answer((Say("Par"),), usage=Usage(21, BRIEF.max_tokens))),
}
"""What fits a stop, where it is not just any answer. A limit counts as met only when it is met."""


def stop_rows() -> Iterator[Row]:
    """Every word that a dialect has for a stop, with an answer that it fits."""
    for dialect, words in STOPS.items():
        for word in words:
            if word in ("stop_sequence", "function_call"):
                continue  # the one has a row of its own, the other is of calls long gone
            question, answer = STOPPED.get(words[word], (PLAIN, PARIS))
            answer = attrs.evolve(answer, stop=word)
            yield Row(f"stop-{word}", question, answer, upstreams=(dialect,))


def error_rows() -> Iterator[Row]:
    """Error responses, and an error in mid-stream."""
    for status in ERRORS:
        wait = RETRY_AFTER_SECONDS if status == 429 else None
        failure = Failure(status, f"The script says {status}.", wait)
        yield Row(f"error-{status}", answer=Answer(failure=failure))
    page = Answer(failure=Failure(502, "Bad Gateway", page=True))
    yield Row("error-page", answer=page, translated=True)
    failure = Failure(500, "The script fails here.")
    answer = Answer((Say("The capital of France is"),), failure=failure)
    yield Row("error-in-stream", answer=answer, modes=STREAMED)


def cut_rows(events: int) -> Iterator[Row]:
    """The stream ends before its event at each place, cut off or in good order; and a body too."""
    endings: tuple[Ending, ...] = ("cut", "short")
    for ending in endings:
        for place in range(events):
            manner = Manner(12, ending=ending, events=place)
            yield Row(f"{ending}-{place:02}", TOOLS, WITH_CALL, manner, modes=STREAMED)


BODY_CUT = Row("cut-body", TOOLS, WITH_CALL, Manner(ending="cut"), modes=WHOLE)
