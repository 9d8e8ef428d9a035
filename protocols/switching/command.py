"""What can be said to Understudy in a conversation, once the matcher has understood it."""

from __future__ import annotations

from typing import Literal

import attrs

Language = Literal["en", "de", "fr", "es", "pt", "zh", "ja"]
Scope = Literal["conversation", "answer"]


@attrs.frozen
class Switch:
    """Another place is to answer: one of `places`, and if there are several it is asked which.

    `work` if the message goes on with work for the model: it is sent on as it is. `anyway` if it
    shall be so though the conversation is too long for it. `picked` if it only answers a question
    of ours: then it holds for what was asked, whatever `scope` says.
    """

    places: tuple[str, ...]
    scope: Scope = "conversation"
    work: bool = False
    anyway: bool = False
    picked: bool = False
    language: Language = "en"


@attrs.frozen
class GoBack:
    """What answered before shall answer again."""

    language: Language = "en"


@attrs.frozen
class AskWhich:
    """Which model is this?"""

    language: Language = "en"


@attrs.frozen
class AskList:
    """Which models are there?"""

    language: Language = "en"


Goal = Literal["", "long", "fast", "cheap", "private", "good"]


@attrs.frozen
class AskAdvice:
    """Which one would be best, for what?"""

    goal: Goal = ""
    language: Language = "en"


@attrs.frozen
class Decline:
    """None of the places that a question of ours has named."""

    language: Language = "en"


Command = Switch | GoBack | AskWhich | AskList | AskAdvice | Decline
