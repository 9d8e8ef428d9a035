"""The offer of a better place that nobody has asked for: when there is one, and its words.

Two things call for it: a window that is about to overflow, and a place whose failures have twice in
a row made a conversation fall back or be refused. It is made once in a conversation, and says what
to say to follow it; nothing changes by itself unless the settings say `follow_offer`.
"""

from __future__ import annotations

from typing import Final, Literal

import attrs

from ..routing.traits import is_aside
from ..settings_data import ChatSettings
from ..turn import Operation, Turn
from .ranking import Advice, Ranked
from .sentences import reason, standing

Why = Literal["full", "fails"]

FAILURES: Final = 2
"""So many turns in a row call for an offer."""
STRUCTURED: Final = ("output_config", "response_format", "format", "text", "generationConfig")
"""Members that may ask for an answer in a form of its own: a word of ours would break it."""
COMPACTING: Final = b"Your task is to create a detailed summary of"
"""In the last message of a compaction: its answer becomes the next conversation's beginning."""
LAST_BYTES: Final = 32_768
"""Of the history, in which that is looked for."""
_FORMS: Final = (b'"json_schema"', b'"json_object"', b'"responseSchema"', b'"responseMimeType"')


@attrs.frozen
class Offer:
    """A place that is offered. `may_follow` if the conversation may go there by itself."""

    why: Why
    place: str
    words: str
    may_follow: bool = False

    @property
    def notice(self) -> str:
        """The words in front of an answer."""
        return notice(self.words)


def notice(words: str) -> str:
    """Words of ours, told from those of the model."""
    return f"(Understudy: {words})\n\n"


def is_heard(turn: Turn) -> bool:
    """Whether the answer to a turn is read by the user, and not by a program of the client's."""
    request = turn.request
    if turn.operation is not Operation.MESSAGES or turn.agent or is_aside(turn):
        return False
    if COMPACTING in request.json.raw(request.question_keys[0])[-LAST_BYTES:]:
        return False
    asked = b" ".join(request.json.raw(key) for key in STRUCTURED)
    return not (request.json.raw("output_format") or any(form in asked for form in _FORMS))


def make_offer(advice: Advice, why: Why, failing: str, chat: ChatSettings) -> Offer | None:
    """The offer, if there is somewhere better to go; `failing` is the endpoint that fails."""
    found = next((each for each in advice.ranked if _helps(advice, each, why, failing)), None)
    if found is None or not chat.offer:
        return None
    beginning = _begin(advice, why, failing)
    # A conversation that the user has at home is not led out of it by a setting.
    at_home = advice.here is not None and advice.here.trusted
    may_follow = chat.follow_offer and (found.contender.trusted or not at_home)
    words = f"{beginning} {reason(advice, found)} {_how(found.place, chat, follow=may_follow)}"
    return Offer(why, found.place, words, may_follow)


def followed_words(place: str, chat: ChatSettings) -> str:
    """What is told in the answer that comes from the offered place, to which nobody switched."""
    back = "" if chat.commands == "off" else f" Say `{_said('go back', chat)}` to return."
    return f"{place} answers from now on, as `follow_offer` in the settings says.{back}"


def _helps(advice: Advice, ranked: Ranked, why: Why, failing: str) -> bool:
    """Whether a place has what the present one lacks; an unknown window is no promise."""
    if ranked.place == advice.situation.place and why == "full":
        return False
    if why == "fails":
        return ranked.contender.endpoint != failing
    window = ranked.contender.window_tokens
    return window > 0 and not advice.situation.is_full(window)


def _begin(advice: Advice, why: Why, failing: str) -> str:
    if why == "fails":
        return f"{failing} has failed here twice in a row."
    words = standing(advice)
    return f"{words[:1].upper()}{words[1:]}."


def _how(place: str, chat: ChatSettings, *, follow: bool) -> str:
    if follow:
        back = "" if chat.commands == "off" else f"; say `{_said('go back', chat)}` to return"
        return f"The next turn goes there, as `follow_offer` in the settings says{back}."
    if chat.commands == "off":
        return f"Choose `{place}` as the model to go on there."
    return f"Say `{_said(f'switch to {place}', chat)}` to go on there."


def _said(command: str, chat: ChatSettings) -> str:
    """The command as it has to be typed."""
    return f"{chat.prefix} {command}" if chat.commands == "prefix" else command
