"""The offer of a better place that nobody has asked for: when there is one, and its words.

Two things call for it: a window that is about to overflow, and a place whose failures have twice in
a row made a conversation fall back or be refused. It is made once in a conversation, in its user's
language, and says what to say to follow it; nothing changes by itself unless the settings say
`follow_offer`.
"""

from __future__ import annotations

from typing import Final, Literal

import attrs

from ..settings_data import ChatSettings
from ..switching.command import Language
from .offer_words import OFFER_WORDS, OfferWords
from .phrases import PHRASES
from .ranking import Advice, Ranked
from .sentences import joined, reason, standing

Why = Literal["full", "fails"]

FAILURES: Final = 2
"""So many turns in a row call for an offer."""


@attrs.frozen
class Offer:
    """A place that is offered. `may_follow` if the conversation may go there by itself; `failing`
    is the endpoint that fails, "" where that is not why."""

    why: Why
    place: str
    words: str
    may_follow: bool = False
    failing: str = ""

    @property
    def notice(self) -> str:
        """The words in front of an answer."""
        return notice(self.words)


def notice(words: str) -> str:
    """Words of ours, told from those of the model."""
    return f"(Understudy: {words})\n\n"


def make_offer(
    advice: Advice, why: Why, failing: str, chat: ChatSettings, language: Language = "en"
) -> Offer | None:
    """The offer, if there is somewhere better to go; `failing` is the endpoint that fails."""
    found = next((each for each in advice.ranked if _helps(advice, each, why, failing)), None)
    if found is None or not chat.offer:
        return None
    words = OFFER_WORDS[language]
    # A conversation that the user has at home is not led out of it by a setting.
    at_home = advice.here is not None and advice.here.trusted
    may_follow = chat.follow_offer and (found.contender.trusted or not at_home)
    sentences = (
        words.fails.format(endpoint=failing) if why == "fails" else _standing(advice, language),
        reason(advice, found, language),
        _how(found.place, chat, words, follow=may_follow),
    )
    failing = failing if why == "fails" else ""
    return Offer(why, found.place, joined(sentences), may_follow, failing)


def followed_words(place: str, chat: ChatSettings, language: Language = "en") -> str:
    """What is told in the answer that comes from the offered place, to which nobody switched."""
    words = OFFER_WORDS[language]
    return joined((words.followed.format(place=place), _returning(chat, words)))


def _helps(advice: Advice, ranked: Ranked, why: Why, failing: str) -> bool:
    """Whether a place has what the present one lacks; an unknown window is no promise."""
    if ranked.place == advice.situation.place and why == "full":
        return False
    if why == "fails":
        return ranked.contender.endpoint != failing
    window = ranked.contender.window_tokens
    return window > 0 and not advice.situation.is_full(window)


def _standing(advice: Advice, language: Language) -> str:
    words = standing(advice, language)
    return f"{words[:1].upper()}{words[1:]}{PHRASES[language].stop}"


def _how(place: str, chat: ChatSettings, words: OfferWords, *, follow: bool) -> str:
    if follow:
        return joined((words.follows, _returning(chat, words)))
    if chat.commands == "off":
        return words.choose.format(place=place)
    return words.say.format(command=_said(words.to_switch.format(place=place), chat))


def _returning(chat: ChatSettings, words: OfferWords) -> str:
    if chat.commands == "off":
        return ""
    return words.returning.format(command=_said(words.to_return, chat))


def _said(command: str, chat: ChatSettings) -> str:
    """The command as it has to be typed."""
    return f"{chat.prefix} {command}" if chat.commands == "prefix" else command
