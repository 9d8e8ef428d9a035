"""Whether a better place was offered when it was right, and never otherwise.

An offer is known by its words alone, which are English here: nobody in these stories writes
anything else. It is made once in a conversation, in an answer or a refusal that its user reads; its
numbers are those that the endpoints have reported; it names a place that may see the conversation,
and that is better where the present one is not. Whether anybody goes there without the user's word
is the `choice_judge`'s, which follows where the turns go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import attrs

from ...protocols.records import TurnOutcome
from ...protocols.settings_addresses import is_loopback
from ...protocols.settings_data import EndpointSettings, Settings
from ..dialects.dialects import EARS
from ..dialects.ear import object_in
from ..dialects.talker import heard_of
from .attempts import ROUTE_HEADER, Seen
from .claude import ClaudeCode
from .client import Answer, Client
from .promises import endpoint_of, host_of

OFFER: Final = re.compile(
    r"(?:You are at (?P<tokens>[\d.,]+)(?P<unit>[KM]?) of this model's \S+"
    r"|(?<!\S)(?P<failing>\S{1,200}) has failed here twice in a row)"
    r"\. (?P<place>[^\s:]+)(?: holds |: )"
)
FOLLOWS: Final = "The next turn goes there"
"""So an offer ends that the settings let be followed."""
ROUNDED: Final = 0.06
"""A number of tokens is told rounded, by so much of it at most."""
FULL: Final = 0.85
"""Of a window: from there on, or two turns before it is full, it is about to overflow."""
TURNS_AHEAD: Final = 2
UNITS: Final = {"": 1, "K": 1_000, "M": 1_000_000}
MADE: Final = "a better place was offered"
"""What should happen in some run."""
Talk = Client | ClaudeCode


@attrs.frozen
class Offered:
    """One offer, as a user has read it. `failing` is "" if the window is about to overflow, of
    which so many `tokens` were told to be filled."""

    answer: Answer
    place: str
    failing: str = ""
    tokens: float = 0.0
    follows: bool = False


def inspect_offers(seen: Seen) -> None:
    """Complains of what does not hold."""
    talks: dict[str, list[Talk]] = {}
    for talk in seen.world.clients:
        talks.setdefault(talk.session, []).append(talk)
    for session, own in talks.items():
        answers = sorted(
            (answer for talk in own for answer in talk.answers),
            key=lambda answer: answer.begun_seconds,
        )
        for words in _complaints(seen, answers):
            seen.world.check(False, f"{session}: {words}")


def offers_in(answer: Answer) -> Sequence[Offered]:
    """The offers that an answer, or a refusal, has for its user."""
    said = _said(answer)
    return [
        Offered(
            answer,
            found["place"],
            found["failing"] or "",
            float((found["tokens"] or "0").replace(",", "")) * UNITS[found["unit"] or ""],
            FOLLOWS in said,
        )
        for found in OFFER.finditer(said)
    ]


def _said(answer: Answer) -> str:
    ear = EARS[answer.dialect]
    if answer.status == 200:
        return heard_of(answer, ear).text
    return ear.refusal(answer.status, object_in(answer.body) or {})


def _complaints(seen: Seen, answers: Sequence[Answer]) -> Iterator[str]:
    world, made = seen.world, 0
    for index, answer in enumerate(answers):
        offers = offers_in(answer)
        made += len(offers)
        for offer in offers:
            world.sometimes(MADE)
            if "/" in answer.marker:
                yield f"{offer.place} was offered in a sub-agent's answer"
            yield from _offer_complaints(seen, offer, answers[: index + 1])
    # What a crash has not let be written may be offered anew.
    is_kept = not (world.turns.crashes or world.chance.has_struck("state."))
    if made > 1 and is_kept:
        yield f"a place was offered {made} times"


def _offer_complaints(seen: Seen, offer: Offered, answers: Sequence[Answer]) -> Iterator[str]:
    """What is wrong with one offer; `answers` are those of its conversation, it the last one."""
    held = seen.world.promises.between(offer.answer.begun_seconds, offer.answer.ended_seconds)
    endpoints = [endpoint_of(settings, offer.place) for settings in held]
    found = next((each for each in endpoints if each is not None), None)
    if found is None:
        yield f"{offer.place} was offered, and is not there"
    elif _is_private(seen, answers) and not _is_trusted(found):
        yield f"{offer.place} was offered to a private conversation, and may not see it"
    elif offer.failing:
        yield from _failing_complaints(seen, offer, answers)
    else:
        yield from _full_complaints(seen, offer, answers, held)


def _is_private(seen: Seen, answers: Sequence[Answer]) -> bool:
    """Whether a private endpoint has seen the conversation before."""
    private = {host for host in seen.world.promises.trusted if not is_loopback(host)}
    asked = (each for answer in answers for each in seen.exchanges.get(answer.marker, []))
    return any(exchange.host in private for exchange in asked)


def _is_trusted(endpoint: EndpointSettings) -> bool:
    return endpoint.private or not endpoint.base_url or is_loopback(host_of(endpoint))


def _failing_complaints(seen: Seen, offer: Offered, answers: Sequence[Answer]) -> Iterator[str]:
    if offer.place.partition("/")[0] == offer.failing:
        yield f"{offer.place} was offered in its own place"
    lines = [line for answer in answers for line in seen.lines_of(answer)]
    failed = [line for line in lines if line.outcome is not TurnOutcome.ANSWERED]
    if not any(line.endpoint == offer.failing for line in failed) and not seen.world.turns.crashes:
        yield f"{offer.failing} was said to fail, and has not"


def _full_complaints(
    seen: Seen, offer: Offered, answers: Sequence[Answer], held: Sequence[Settings]
) -> Iterator[str]:
    """Whether what the endpoints have reported is what was told, and calls for an offer."""
    lengths = _lengths(seen, answers[:-1])
    told = offer.answer.headers.get(ROUTE_HEADER, b"").decode().partition(";")[0]
    if not lengths or len(held) != 1 or not told:
        return  # it was estimated, or changed under way
    if not any(abs(each - offer.tokens) <= ROUNDED * each for each in lengths):
        yield f"{offer.tokens:.0f} tokens were told, and {lengths} were reported"
    window, larger = _window(held[0], told), _window(held[0], offer.place)
    steps = [later - earlier for earlier, later in pairwise(lengths)]
    ahead = max(lengths) + TURNS_AHEAD * max([0, *steps])
    if not (max(lengths) >= FULL * window or ahead >= window):
        yield f"{offer.place} was offered, and {lengths} tokens are nothing to {window}"
    if larger and larger <= max(window, lengths[-1]):
        yield f"{offer.place} was offered, which holds {larger} tokens"


def _window(settings: Settings, place: str) -> int:
    endpoint = endpoint_of(settings, place)
    return endpoint.window(place.partition("/")[2]) if endpoint is not None else 0


def _lengths(seen: Seen, answers: Sequence[Answer]) -> list[int]:
    """What the turns of the conversation itself have reported, the oldest first."""
    own = (answer for answer in answers if "/" not in answer.marker)
    asked = (each for answer in own for each in seen.exchanges.get(answer.marker, [])[-1:])
    reported = (each.reported for each in asked if each.has_ended or each.complete_seconds >= 0)
    return [each.input_tokens + each.output_tokens for each in reported if each is not None]
