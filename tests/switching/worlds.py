"""The places that the sets of sentences are about, and the sets themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from understudy.io.classifier.weights import load_classifier
from understudy.protocols.switching.classifier import Classifier
from understudy.protocols.switching.command import (
    AskAdvice,
    AskList,
    AskWhich,
    Command,
    GoBack,
    Switch,
)
from understudy.protocols.switching.known import KnownPlace, KnownPlaces
from understudy.protocols.switching.matcher import match, may_be_command

SETS = Path(__file__).parent / "sets"
TAUGHT = sorted((SETS / "taught").glob("*.tsv"))
"""What the classifier has learnt from, besides the older sets: a file for each author."""
LOCAL = "local/qwen3-coder-30b"
OPUS, SONNET = "claude/claude-opus-4-5", "claude/claude-sonnet-4-5"
FLASH, PRO = "gemini/gemini-2.5-flash", "gemini/gemini-2.5-pro"
EMBEDDED = "rehearsal/rehearsal"
_REMOTE = (OPUS, SONNET, "claude/claude-haiku-4-5", FLASH, PRO, "openai/gpt-5.2")
_PLACES = (*_REMOTE, "openai/gpt-5-mini", "groq/kimi-k2")

_SCOPES = {"sc": "conversation", "sa": "answer", "sw": ""}
_QUESTIONS = {"rec": "recommend"}
_NAMED = {
    "opus": OPUS,
    "sonnet": SONNET,
    "haiku": "claude/claude-haiku-4-5",
    "flash": FLASH,
    "pro": PRO,
    "gpt": "openai/gpt-5.2",
    "mini": "openai/gpt-5-mini",
    "kimi": "groq/kimi-k2",
    "local": LOCAL,
}
"""Places as the taught sets name them; `embedded` and `?` stay as they are."""


def known_place(place: str, *, here: bool = False, embedded: bool = False) -> KnownPlace:
    """A place by its id."""
    endpoint, _, model = place.partition("/")
    return KnownPlace(place, endpoint, model, here=here, embedded=embedded)


WORLD = KnownPlaces(
    (
        known_place(LOCAL, here=True),
        *map(known_place, _PLACES),
        known_place(EMBEDDED, here=True, embedded=True),
    ),
    OPUS,
)
INTENTS: dict[type, str] = {
    GoBack: "back",
    AskWhich: "which",
    AskList: "list",
    AskAdvice: "recommend",
    Switch: "switch",
}


def heard(text: str, classifier: Classifier | None = None) -> Command | None:
    """What the desk would hear."""
    learnt = classifier or load_classifier()
    return match(text, WORLD, classifier=learnt) if may_be_command(text) else None


def is_right(case: dict[str, Any], classifier: Classifier | None = None) -> bool:
    """Whether a labelled sentence is understood as its author meant it."""
    found = heard(case["text"], classifier)
    if found is None or INTENTS.get(type(found)) != case["intent"]:
        return False
    if not isinstance(found, Switch):
        return True
    place = case["place"].replace("embedded", EMBEDDED)
    is_place = len(found.places) > 1 if place == "?" else found.places == (place,)
    is_scope = found.scope == (case["scope"] or found.scope)
    return is_place and is_scope and found.work == case["work"]


def cases(path: Path) -> list[dict[str, Any]]:
    """The sentences of a set: a line of JSON each, or of fields between tabs (`taught`)."""
    read = json.loads if path.suffix == ".jsonl" else _fields
    return [read(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _fields(line: str) -> dict[str, Any]:
    """A line of a taught set: `N`, language, text for work; `C`, language, what is meant, the
    place, text for a command, a line break in it written as `\\n`.

    What is meant: `sc`, `sa`, `sw` a switch for the conversation, for one answer, before work (for
    how long its author has not said); `back`, `which`, `list`, `rec`.
    """
    *labels, written = line.split("\t")
    text = written.replace("\\n", "\n")
    if labels[0] == "N":
        return {"text": text, "lang": labels[1]}
    _, language, meant, place = labels
    is_switch = meant in _SCOPES
    return {
        "text": text,
        "lang": language,
        "intent": "switch" if is_switch else _QUESTIONS.get(meant, meant),
        "scope": _SCOPES.get(meant, ""),
        "place": _NAMED.get(place, place) if is_switch else "",
        "work": meant == "sw",
    }
