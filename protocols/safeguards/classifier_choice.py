"""Where the classifier is: the one that the user has named, and no other in its place.

No rule leads its question elsewhere and no fallback answers it: a verdict is the word of the model
that the user trusts with it. What a private conversation says is shown to a trusted place alone,
whatever a rule lets its turns do. A classifier that rests is not asked: the client would wait, and
its user can decide at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..routing.choice import Candidate, Chooser
from ..routing.health import Spot
from ..routing.table import Place
from ..routing.trust import is_trusted
from .classifier import Classifier

WHAT_TO_SET: Final = (
    "Claude Code wants a safety verdict on each tool use, which {endpoint} cannot give. Name a "
    'model that may judge them, below [safeguards]: classifier = "<endpoint>/<model>"; or leave '
    "auto mode with Shift+Tab. Until then no verdict is sent, and Claude Code asks you itself."
)
NO_VERDICT: Final = "No safety verdict is sent, and Claude Code asks you itself: {why}."


def choose_classifier(
    chooser: Chooser, endpoint: str, home: str, now: float
) -> Candidate | Classifier:
    """Who judges the tool uses of this endpoint's answers, or why nobody does."""
    table = chooser.table
    answering = table.named(endpoint)
    if answering is not None and "anthropic" in answering.dialects:
        return Classifier(relays=True)
    named = table.settings.safeguards.classifier
    if named is None:
        return Classifier(why_none=WHAT_TO_SET.format(endpoint=endpoint))
    rule = table.aliases.get(named)
    places: Sequence[Place] = table.all_at((named,) if rule is None else rule.to)
    private = bool(home) or (answering is not None and answering.private)
    allowed = [each for each in places if not private or is_trusted(each.endpoint, each.model)]
    paid = [each for each in allowed if not chooser.budgets.is_spent(each.endpoint)]
    well = [each for each in _with_keys(chooser, paid, now) if each.rest_seconds <= 0]
    if well:
        return well[0]
    whys = (
        (places, f"{named}, which is to judge them, is not there just now"),
        (
            allowed,
            f"this is private, and {named}, which is to judge, is remote. Name a classifier "
            "on this machine, or one whose endpoint is private",
        ),
        (paid, f"{named} has used up its tokens of today"),
    )
    why = next((words for left, words in whys if not left), f"{named} has failed, and rests")
    return Classifier(why_none=NO_VERDICT.format(why=why))


def _with_keys(chooser: Chooser, places: Sequence[Place], now: float) -> list[Candidate]:
    return [
        Candidate(place, key, chooser.health.rest_seconds(Spot(place.endpoint.name, key), now))
        for place in places
        for key in range(len(place.endpoint.keys))
    ]
