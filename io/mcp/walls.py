"""What a model may not do with `endpoint_set`, whoever told it to.

A model reads pages, files and the answers of tools, and what stands there may ask it for anything.
So a tool moves a conversation only where the user's own word could have, never takes a private one
off this machine, and never takes one to a remote place that the user has set to a place on this
machine, or that was last answered here with nothing set: that takes their own word in the chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...protocols.records import ConversationRecord
from ...protocols.routing.wish import HOME_UNKNOWN
from ...protocols.switching.choice import Choice
from ...protocols.switching.ground import Ground, obstacle, warnings
from ...protocols.switching.known import KnownPlaces
from ...protocols.switching.standing import Standing

OBSTACLES: Final = {
    "barred": "{conversation} is private, and {place} is neither on this machine nor called "
    "private in the settings",
    "barred_unknown": "it cannot be read just now whether {conversation} is private, so it goes to "
    "no remote place; `understudy doctor` says what is wrong with the disk",
    "spent": "{place} has used up its tokens of today",
}
SET: Final = (
    "the user has set {conversation} to {chosen}, which {where}; only they can take it away from "
    "there, by saying so in the chat: `switch to {place}`"
)
IS_WITH: Final = (
    "{conversation} is with {chosen}, which {where}; only the user can take it away from there, by "
    "saying so in the chat: `switch to {place}`"
)
HERE: Final = "runs on this machine"
PRIVATE: Final = "is called private in the settings"
TOO_LONG: Final = (
    "the conversation has about {tokens} tokens and {place} holds {window}: compact it first, or "
    "its next turn is refused or shortened"
)
RESTS: Final = "{place} rests for {seconds:.0f} s yet: {why}"


def refusal(
    conversation: str, to: Standing, ground: Ground, choice: Choice, now: Sequence[Standing]
) -> str:
    """Why a conversation may not be set to a place, in words; "" if it may.

    `now` are the places that it is at, see `places_now`. One that is called private counts as one
    on this machine: else a tool could go by it, in two steps, where it may not go in one.
    """
    why = obstacle(ground, to, anyway=True)
    if why is not None:
        return OBSTACLES[why].format(conversation=conversation, place=to.place)
    held = next((each for each in now if each.here or each.private), None)
    if held is None or to.here or to.private:
        return ""
    words = SET if held.place in (choice.place, choice.once) else IS_WITH
    where = HERE if held.here else PRIVATE
    return words.format(conversation=conversation, chosen=held.place, where=where, place=to.place)


def places_now(
    choice: Choice, record: ConversationRecord | None, known: KnownPlaces
) -> tuple[str, ...]:
    """What is chosen for a conversation, also for one answer. Where nothing is chosen from now on,
    it is with the place that it was last with; before its first turn, with the default."""
    last = record.model if record is not None and record.model else known.default
    return tuple(filter(None, (choice.place or last, choice.once)))


def remarks(to: Standing, ground: Ground) -> str:
    """What is to be said of a place that is taken; "" if nothing is."""
    found: list[str] = []
    if "is_shortened" in (said := warnings(ground, to)):
        window = to.context_tokens
        found.append(TOO_LONG.format(tokens=ground.tokens, place=to.place, window=window))
    if "rests" in said:
        found.append(RESTS.format(place=to.place, seconds=to.rest_seconds, why=to.why))
    return "; ".join(found)


def ground_of(tokens: int, home: str) -> Ground:
    """What is known of a conversation without a request of it."""
    return Ground(tokens, tokens, is_unread=home == HOME_UNKNOWN)
