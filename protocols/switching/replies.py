"""Our replies to what a user says to us: short, plain text, in the language that was spoken.

Each says what holds now, and what to say to undo or to choose. What routing and health have to say
(`why`) stays in their own words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from ..advice.phrases import PHRASES
from ..window_words import in_kilos, kilo_of, window_in_kilos
from .choice import OFFERS_MAX
from .command import Language
from .ground import Ground, Obstacle, warnings
from .replies_eastern import CHINESE, JAPANESE
from .replies_western import ENGLISH, FRENCH, GERMAN, PORTUGUESE, SPANISH
from .replies_words import Words
from .standing import Standing

LIST_LINES_MAX: Final = 30
"""Of a list of places, with its first and last lines."""
LISTED_MAX: Final = LIST_LINES_MAX - 3
LARGER_MAX: Final = 2
"""So many larger places are named where one is too small."""
WORDS: Final[Mapping[Language, Words]] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "pt": PORTUGUESE,
    "zh": CHINESE,
    "ja": JAPANESE,
}


@attrs.frozen
class Speaker:
    """Speaks one language."""

    words: Words
    language: Language = "en"

    @classmethod
    def of(cls, language: Language) -> Speaker:
        """The one for a language."""
        return cls(WORDS[language], language)

    def switched(self, to: Standing, ground: Ground, before: str) -> str:
        """Another place answers from now on."""
        words = self.words
        head = words.switched if before != to.name else words.switched_already
        pieces = [head.format(place=to.name, facts=self._facts(to))]
        if before not in ("", to.name):
            pieces.append(words.replaces.format(before=before))
        return self._with_warnings(pieces, to, ground, undo=before != to.name)

    def switched_once(
        self, to: Standing, ground: Ground, before: str, *, lost_work: bool = False
    ) -> str:
        """Another place gives one answer; `lost_work` if what it is to answer has to come anew."""
        words = self.words
        facts = self._facts(to)
        pieces = [words.switched_once.format(place=to.name, facts=facts, before=before or "—")]
        if lost_work:
            pieces.append(words.ask_again)
        return self._with_warnings(pieces, to, ground, undo=True)

    def returned(self, to: Standing, ground: Ground, *, dropped: str = "") -> str:
        """An earlier place answers again, or `dropped` gives no answer after all."""
        head = self.words.dropped_once if dropped else self.words.returned
        said = head.format(place=to.name, once=dropped, facts=self._facts(to))
        return self._joined([said, *self._warnings(to, ground)])

    def refused(
        self, to: Standing, ground: Ground, why: Obstacle, larger: Sequence[str] = ()
    ) -> str:
        """Nothing was changed, and why."""
        words = self.words
        places = ", ".join(larger[:LARGER_MAX])
        tokens, window = self._compared(ground.tokens, to.context_tokens)
        if tokens == window:  # the numbers are what it is about
            tokens, window = str(ground.tokens), str(to.context_tokens)
        said = {
            "barred": words.barred,
            "barred_unknown": words.barred_unknown,
            "spent": words.spent,
            "too_long": words.too_long,
        }[why].format(
            place=to.name,
            tokens=tokens,
            window=window,
            larger=words.larger.format(places=places) if places else "",
        )
        return self._joined([words.unchanged, said])

    def gone(self, place: str) -> str:
        """What was meant is not there now."""
        return self._joined([self.words.unchanged, self.words.gone.format(place=place)])

    def nobody(self, why: str) -> str:
        """Nobody would answer."""
        return self.words.nobody.format(why=why)

    def unchanged(self, why: str) -> str:
        """Nothing was changed, since nobody would answer then."""
        return self._joined([self.words.unchanged, self.nobody(why)])

    def nothing_to_undo(self) -> str:
        """There is nothing to go back to."""
        return self.words.nothing_to_undo

    def unread(self) -> str:
        """What was chosen cannot be read."""
        return self.words.unread

    def declined(self) -> str:
        """None of the offers was wanted."""
        return self.words.declined

    def unsaved(self, reply: str) -> str:
        """A reply, where what it says will not outlive the server."""
        return self._joined([reply, self.words.is_unsaved])

    def which(
        self, now: Standing, ground: Ground, *, is_chosen: bool, why: str, once: str = ""
    ) -> str:
        """Who answers this conversation, why, and how full the window is."""
        words = self.words
        pieces = [words.answers.format(place=now.name, facts=self._facts(now))]
        pieces.append(words.was_chosen if is_chosen else words.was_led.format(why=why))
        if once:
            pieces.append(words.next_answer.format(place=once))
        window = now.context_tokens
        if window:
            tokens, size = self._compared(ground.tokens, window)
            pieces.append(words.holds.format(tokens=tokens, window=size))
        if now.rest_seconds > 0:
            pieces.append(words.rests.format(why=now.why))
        if is_chosen:
            pieces.append(words.undo)
        return self._joined(pieces)

    def listed(
        self, standings: Sequence[Standing], count: int, *, chosen: str, default: str
    ) -> str:
        """The places, one a line, and how to choose; `count` is of all there are."""
        words = self.words
        shown = standings[:LISTED_MAX]
        lines = [words.listed]
        for each in shown:
            marks = [
                words.chosen if each.place == chosen else "",
                words.default if default in (each.place, each.name) else "",
                words.resting.format(why=each.why) if each.rest_seconds > 0 else "",
            ]
            facts = ", ".join([self._facts(each), *filter(None, marks)])
            lines.append(f"- {each.name}: {facts}")
        if count > len(shown):
            lines.append(words.listed_more.format(count=count - len(shown)))
        others = [each.name for each in shown if each.place not in (chosen, default)]
        if others:
            lines.append(words.switch.format(place=others[0]))
        return "\n".join(lines)

    def asked(self, offers: Sequence[Standing], count: int) -> str:
        """Which of several is meant; `count` is of all that could be."""
        words, shown = self.words, offers[:OFFERS_MAX]
        lines = [words.asked]
        for number, each in enumerate(shown, 1):
            lines.append(f"{number}. {each.name} ({self._facts(each)})")
        if count > len(shown):
            lines.append(words.asked_more.format(count=count - len(shown)))
        return "\n".join([*lines, words.asked_end])

    def _facts(self, standing: Standing) -> str:
        words, window = self.words, standing.context_tokens
        where = words.here if standing.here else words.remote
        told = words.window.format(window=window_in_kilos(window, self._decimal))
        size = told if window else words.window_unknown
        return ", ".join([where, size, *([words.private] if standing.private else [])])

    @property
    def _decimal(self) -> str:
        return PHRASES[self.language].decimal

    def _compared(self, tokens: int, window_tokens: int) -> tuple[str, str]:
        """Two lengths in the same kilo."""
        told = in_kilos(tokens, kilo_of(window_tokens), self._decimal)
        return told, window_in_kilos(window_tokens, self._decimal)

    def _with_warnings(self, pieces: list[str], to: Standing, ground: Ground, *, undo: bool) -> str:
        stays = [self.words.stays_private] if to.private else []
        ends = [self.words.undo] if undo else []
        return self._joined([*pieces, *stays, *self._warnings(to, ground), *ends])

    def _warnings(self, to: Standing, ground: Ground) -> list[str]:
        words = self.words
        said = {
            "rests": words.rests.format(why=to.why),
            "lacks_vision": words.lacks_vision,
            "lacks_tools": words.lacks_tools,
            "is_shortened": words.is_shortened,
        }
        return [said[each] for each in warnings(ground, to)]

    def _joined(self, pieces: Sequence[str]) -> str:
        """Sentences in a row: those of Chinese and Japanese have no space between them."""
        return " ".join(pieces).replace("。 ", "。")
