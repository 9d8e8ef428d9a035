"""What it costs to hear whether a message is a command, beside a search over the same text.

    python bench/matcher.py

There are 200 places. The texts are the development set of the tests: commands, and work that looks
like one. Each line is a percentile over all texts of the quickest of several calls, in microseconds
and as a multiple of the floor; the last one reads the typed message of a history of 142 kB.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import attrs
from understudy.io.classifier.weights import load_classifier
from understudy.protocols.anthropic.request import parse_request
from understudy.protocols.request import ServedRequest
from understudy.protocols.switching.known import KnownPlace, KnownPlaces
from understudy.protocols.switching.matcher import match, may_be_command
from understudy.protocols.switching.typed import Typed, typed

ROUNDS = 15
PLACES = 200
BODY_BYTES = 142_000
TEXTS = Path(__file__).parents[1] / "tests" / "switching" / "sets" / "development.jsonl"
MODELS = ("claude-opus-4-5", "gemini-2.5-flash", "gpt-5.2", "qwen3-coder-30b", "kimi-k2")


def world() -> KnownPlaces:
    """Many places, of families that the texts name."""
    names = [(f"end-{number}", MODELS[number % len(MODELS)]) for number in range(PLACES)]
    places = (KnownPlace(f"{endpoint}/{model}", endpoint, model) for endpoint, model in names)
    return KnownPlaces(tuple(places), "end-0/claude-opus-4-5")


def microseconds(run: Callable[[], object]) -> float:
    """The quickest call, which was disturbed least."""
    return min(_seconds(run) for _ in range(ROUNDS)) * 1e6


def _seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def report(name: str, times: Sequence[float], floor: float) -> None:
    """Prints the median and the 99th percentile."""
    ordered = sorted(times)
    median, worst = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    print(
        f"{name:34} median {median:8.1f} us, p99 {worst:8.1f} us"
        f" ({median / floor:6.1f} x and {worst / floor:6.1f} x the floor)"
    )


def history() -> bytes:
    """A long history of tools, and a typed message."""
    result = {"type": "tool_result", "tool_use_id": "t", "content": "def area(shape):\n" * 110}
    use: dict[str, Any] = {"type": "tool_use", "id": "t", "name": "n", "input": {}}
    pair: list[dict[str, Any]] = [
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
    ]
    said: dict[str, Any] = {"role": "user", "content": "hi"}
    messages = [*pair * (BODY_BYTES // len(json.dumps(pair))), said]
    return json.dumps({"model": "m", "max_tokens": 9, "messages": messages}).encode()


def typed_anew(request: ServedRequest) -> Typed:
    """The typed message of a request that nobody has looked into."""
    return typed(attrs.evolve(request))


def main() -> None:
    """Prints a line for each step."""
    known, taught = world(), load_classifier()
    texts = [json.loads(line)["text"] for line in TEXTS.read_text("utf-8").splitlines()]
    for text in texts:
        match(text, known, (), taught)
    word = re.compile(r"switch|use|list|which|back", re.IGNORECASE)
    floors = sorted(microseconds(partial(word.search, text)) for text in texts)
    floor = floors[len(floors) // 2]
    report("floor: one search for a few words", floors, floor)
    looks = [microseconds(partial(may_be_command, text)) for text in texts]
    report("may_be_command", looks, floor)
    report(
        "match", [microseconds(partial(match, text, known, (), taught)) for text in texts], floor
    )
    request = parse_request(history())
    report("typed, of 142 kB", [microseconds(partial(typed_anew, request))], floor)


if __name__ == "__main__":
    main()
