"""A classifier's verdicts: read from its answer without trust, and told as the client reads them.

The answer counts only if it ended by itself and its last words are one JSON object with exactly one
verdict for each tool use that was asked about. Anything else is no verdict at all, for none of
them: half an answer is a sign that the question was not understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs
import msgspec

from ..json_values import objects_of, text_of
from .wanted import DANGEROUS_TOOL_USE

OBJECTS_MAX: Final = 200
"""So many braces are tried for the beginning of the last object."""
EXPLANATION_CHARACTERS_MAX: Final = 600
ENDED: Final = ("end_turn", "stop_sequence")
FENCE: Final = "```"


class NoVerdict(ValueError):
    """There is no verdict; the message says why, in words for the user."""


@attrs.frozen
class Verdict:
    """What a classifier says of one tool use."""

    tool_use: str
    flagged: bool
    explanation: str


class _Said(msgspec.Struct, forbid_unknown_fields=True):
    """One verdict as it is written."""

    id: str
    flagged: bool
    explanation: str = ""


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    """All of them."""

    verdicts: list[_Said]


def read_verdicts(body: bytes, tool_uses: Sequence[str]) -> tuple[Verdict, ...]:
    """The verdicts in a whole answer of the Anthropic dialect. Raises NoVerdict."""
    try:
        message = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise NoVerdict("its answer cannot be read") from None
    reason = text_of(message.get("stop_reason"))
    if reason not in ENDED:
        raise NoVerdict(f"its answer has not ended by itself ({reason or 'no reason'})")
    texts = [text_of(block.get("text")) for block in objects_of(message.get("content"))]
    said = _last_object("".join(texts)).verdicts
    if sorted(each.id for each in said) != sorted(tool_uses):
        raise NoVerdict("its answer does not have one verdict for each tool use")
    if any(each.flagged and not each.explanation.strip() for each in said):
        raise NoVerdict("its answer flags a tool use and does not say why")
    return tuple(
        Verdict(each.id, each.flagged, each.explanation.strip()[:EXPLANATION_CHARACTERS_MAX])
        for each in said
    )


def results(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """The member `safeguard_results`; without any tool use its table is empty."""
    told = {verdict.tool_use: _told(verdict) for verdict in verdicts}
    status = {"type": "available", "tool_uses": told}
    return [{"type": DANGEROUS_TOOL_USE, "status": status}]


def _told(verdict: Verdict) -> dict[str, str]:
    if not verdict.flagged:
        return {"type": "evaluated", "outcome": "not_flagged"}
    return {"type": "evaluated", "outcome": "flagged", "explanation": verdict.explanation}


def _last_object(text: str) -> _Answer:
    """The object that the text ends with; what comes before it, quotations too, counts nothing."""
    text = text.strip().removesuffix(FENCE).rstrip()
    place = text.find("{")
    for _ in range(OBJECTS_MAX):
        if place < 0 or not text.endswith("}"):
            break
        try:
            msgspec.json.decode(text[place:])
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            place = text.find("{", place + 1)
            continue
        return _read(text[place:])
    raise NoVerdict("its answer does not end with the JSON that was asked for")


def _read(text: str) -> _Answer:
    try:
        return msgspec.json.decode(text, type=_Answer)
    except msgspec.ValidationError as error:
        raise NoVerdict(f"its answer is not as it was asked for: {error}") from None
