"""The places that the sets of sentences are about, and the sets themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
LOCAL = "local/qwen3-coder-30b"
OPUS, SONNET = "claude/claude-opus-4-5", "claude/claude-sonnet-4-5"
FLASH, PRO = "gemini/gemini-2.5-flash", "gemini/gemini-2.5-pro"
EMBEDDED = "rehearsal/rehearsal"
_REMOTE = (OPUS, SONNET, "claude/claude-haiku-4-5", FLASH, PRO, "openai/gpt-5.2")
_PLACES = (*_REMOTE, "openai/gpt-5-mini", "groq/kimi-k2")


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


def heard(text: str) -> Command | None:
    """What the desk would hear."""
    return match(text, WORLD) if may_be_command(text) else None


def is_right(case: dict[str, Any]) -> bool:
    """Whether a labelled sentence is understood as its author meant it."""
    found = heard(case["text"])
    if found is None or INTENTS.get(type(found)) != case["intent"]:
        return False
    if not isinstance(found, Switch):
        return True
    place = case["place"].replace("embedded", EMBEDDED)
    is_place = len(found.places) > 1 if place == "?" else found.places == (place,)
    return is_place and (found.scope, found.work) == (case["scope"], case["work"])


def cases(path: Path) -> list[dict[str, Any]]:
    """The sentences of a set."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
