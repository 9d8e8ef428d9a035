"""Who judges the tool uses of an answer: what a session asks the router, and what it is told."""

from __future__ import annotations

from typing import Final

import attrs

from ..actor import Message
from ..routing.wish import Route

CLASSIFIER_CONVERSATION: Final = "safeguards"
"""Under this name the questions to classifiers stand in the ledger: they are nobody's talk."""
WHY: Final = "classifier"
"""Of those lines: what led the question there."""


@attrs.frozen
class Classifier:
    """Who judges. `relays` where the endpoint is asked as the client asked, and answers itself.

    Else there is a classifier unless `why_none` says, in words for the user, why not; its `route`
    is given to whoever asks it now.
    """

    relays: bool = False
    why_none: str = ""
    route: Route | None = None


@attrs.frozen
class FindClassifier(Message[Classifier]):
    """To the router: who judges the tool uses of an answer of this endpoint? Answered at once.

    `home` is the private model that the conversation is with, "" if it is not private. Whoever has
    a question for it `asks_now`: the route has a ticket, and its outcome is to be noted.
    """

    endpoint: str
    home: str
    asks_now: bool = False
