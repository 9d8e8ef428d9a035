"""One language: the tables that say what is said in it, and what a text of it means.

Words that add nothing (`please`, `now`) are taken out of texts and of patterns alike, so that a
pattern need not say where they may stand. A text is looked at only if every word of it is a word
of the language's tables: this closed vocabulary is what keeps work from being taken for a command,
and what makes the look cheap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, Literal

import attrs

from .command import Goal, Language
from .normal import plain, words_of
from .pattern import ANY_NAME, Choice, PatternWriter, Reading, places_of, words_in

Meaning = Literal["conversation", "answer", "this", "use", "back", "which", "list", "advice"]
"""Of a sentence. `use` and `this` ("use X", "use X for this") mean the conversation alone, and one
answer where work follows; before work, `answer` and `this` are clear even with a weak name."""
MEANINGS: Final[tuple[Meaning, ...]] = (
    "conversation",
    "answer",
    "this",
    "use",
    "back",
    "which",
    "list",
    "advice",
)
_SWITCHING: Final = ("conversation", "this", "use")
WORDS_MIN: Final = 2
"""Of a sentence: one word alone may mean anything."""
OUR_GOALS: Final = ("long", "private")
"""What is asked of models rather than of anything else."""
NOUN_WORDS_MAX: Final = 4
"""Of an article and a noun before a name."""


@attrs.frozen
class Tongue:
    """What can be said in one language, as tables.

    `fillers` add nothing; where `polite` ones stand by a name alone, it is asked for, and
    `assents` say yes where nothing else is said. `parts` are named parts of patterns: of these,
    `before`, `after`, `always` and `once` may stand around a sentence (but for the words in
    `never`), `articles` and `nouns` around a name, and `anyway` says that it shall be so in spite
    of all. Without one of the beginnings of words in `needs` (that of a model or that of the
    meaning) no question is one to us. `goals` are the beginnings of words that tell what advice is
    asked for. `picks`, `yes` and `no` answer a question of ours: the first of `picks` is the last
    of what was offered, then come the first, the second and so on.
    """

    code: Language
    fillers: str
    polite: str
    parts: Mapping[str, str]
    sentences: Mapping[Meaning, str]
    needs: Mapping[str, str]
    goals: Mapping[Goal, str]
    picks: Sequence[str]
    yes: str
    no: str
    assents: str
    is_spaced: bool = True
    never: str = ""


@attrs.frozen
class Sentence:
    """A text that is a sentence: `words` are what it has come to, with a sign for the name."""

    meaning: Meaning
    words: Sequence[str]
    is_anyway: bool

    @property
    def is_weak(self) -> bool:
        """Whether its name is an everyday word."""
        return "~" in self.words


@attrs.frozen
class Grammar:
    """One language; its patterns are read when a text first comes near them."""

    tongue: Tongue

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the language, and the signs of names."""
        tongue = self.tongue
        texts = (tongue.fillers, tongue.yes, tongue.no, *tongue.picks)
        texts = (*texts, *tongue.parts.values(), *tongue.sentences.values())
        return frozenset(ANY_NAME).union(*map(words_of, texts))

    def said(self, signs: Sequence[str]) -> list[str]:
        """The text without what adds nothing; [] if it has a word that this language has not."""
        if not self.vocabulary.issuperset(signs):
            return []
        return self._with_bare_name(self._writer.without_fillers(signs))

    def sentence(self, said: Sequence[str], signs: Sequence[str] = ()) -> Sentence | None:
        """What a text means; None if it is no sentence of this language. `signs` are all of it."""
        if list(said) == ["@"]:
            return Sentence("conversation", said, False) if self._is_polite(signs) else None
        words = self._without_anyway(said)
        reading = Reading(words)
        starts = self._before.ends_of_all(reading, self._before.ends(reading, 0))
        for meaning, pattern in self._sentences:
            ends = pattern.ends_of_all(reading, starts)
            whole = self._after.ends_of_all(reading, ends) if ends else 0
            if whole >> len(words) & 1 and self._is_about_us(meaning, words):
                return Sentence(meaning, words, len(words) < len(said))
        return self._amid(words, len(words) < len(said))

    def _amid(self, words: Sequence[str], is_anyway: bool) -> Sentence | None:
        """A sentence with nothing but words around it that may stand around one, in any order."""
        reading = Reading(words)
        is_unsure = not self.tongue.is_spaced or "~" in words or "=" in words
        for meaning, pattern in () if is_unsure else self._sentences:
            for start in range(len(words)):
                for end in places_of(pattern.ends(reading, start)):
                    outside = [*words[:start], *words[end:]]
                    if self._around.issuperset(outside) and self._is_about_us(
                        meaning, words[start:end]
                    ):
                        is_once = meaning in _SWITCHING and self._is_once(reading)
                        return Sentence("answer" if is_once else meaning, words, is_anyway)
        return None

    def _is_once(self, reading: Reading) -> bool:
        once = self._writer.part("once")
        return any(once.ends(reading, at) for at in range(len(reading.words)))

    def goal(self, words: Sequence[str]) -> Goal:
        """What advice is asked for, in a sentence that asks for one."""
        for goal, said in self.tongue.goals.items():
            if self._has(said, words):
                return goal
        return ""

    def _is_polite(self, signs: Sequence[str]) -> bool:
        gap = " " if self.tongue.is_spaced else ""
        text = gap + gap.join(signs) + gap
        polite = (gap.join(words_of(word)) for word in self.tongue.polite.split())
        return any(gap + word + gap in text for word in polite)

    def _is_about_us(self, meaning: Meaning, words: Sequence[str]) -> bool:
        """Whether a question has a word without which it could be about anything."""
        if meaning not in self.tongue.needs:
            return len(words) >= WORDS_MIN
        names_models = self._has(self.tongue.needs["models"], words)
        asks = self._has(self.tongue.needs[meaning], words)
        if meaning == "advice":
            goal = self.goal(words)
            is_ours = goal in OUR_GOALS or self._has(self.tongue.needs["advise"], words)
            return asks and (names_models or (is_ours and bool(goal)))
        has_name = not set(words).isdisjoint(ANY_NAME)
        return len(words) >= WORDS_MIN and (names_models or asks or has_name)

    def _has(self, beginnings: str, words: Sequence[str]) -> bool:
        """Whether a word begins with one of these; in other scripts, whether one is there."""
        gap = " " if self.tongue.is_spaced else ""
        text = gap + gap.join(words)
        return any(gap + plain(each) in text for each in beginnings.split())

    def warm(self) -> None:
        """Reads all patterns, which otherwise the first text near the language does."""
        _ = self._sentences, self._around, self._before, self._after, self._named, self._nouns
        _ = self._anyway, self._name, self._picks, self._yes, self._no

    def pick(self, said: Sequence[str], offers: int) -> int | None:
        """Which of so many places a text chooses by its number; None if it chooses none so."""
        for number, pattern in enumerate(self._picks[: offers + 1]):
            if self._holds(pattern, said):
                return number - 1 if number else offers - 1
        return None

    def is_name(self, said: Sequence[str]) -> bool:
        """Whether a text is nothing but a name."""
        return self._holds(self._name, said)

    def agrees(self, said: Sequence[str], signs: Sequence[str]) -> bool:
        """Whether a text says yes to the one place that was offered."""
        if not said:
            return not set(self.tongue.assents.split()).isdisjoint(signs)
        return self._holds(self._yes, said) or not self._without_anyway(said)

    def declines(self, said: Sequence[str]) -> bool:
        """Whether a text wants none of what was offered."""
        return self._holds(self._no, said)

    def _holds(self, pattern: Choice, said: Sequence[str]) -> bool:
        reading = Reading(said)
        ends = pattern.ends_of_all(reading, self._before.ends(reading, 0))
        return bool(self._after.ends_of_all(reading, ends) >> len(said) & 1)

    def _with_bare_name(self, words: list[str]) -> list[str]:
        """The words without articles and nouns beside the name: a noun makes it a strong one."""
        place = next((at for at, word in enumerate(words) if word in ANY_NAME), -1)
        if place < 0:
            return words
        reading = Reading(words)
        start = next(
            at
            for at in range(max(0, place - NOUN_WORDS_MAX), place + 1)
            if self._named.ends(reading, at) >> place & 1
        )
        end = self._nouns.ends(reading, place + 1).bit_length() - 1
        is_sure = end > place + 1 or any(
            self._nouns.ends(reading, at) >> place & 1 for at in range(start, place)
        )
        return [*words[:start], "@" if is_sure else words[place], *words[end:]]

    def says_anyway(self, words: Sequence[str]) -> bool:
        """Whether it shall be so in spite of all."""
        return len(self._without_anyway(words)) < len(words)

    def _without_anyway(self, words: Sequence[str]) -> Sequence[str]:
        reading = Reading(words)
        for place in range(len(words)):
            end = self._anyway.ends(reading, place).bit_length() - 1
            if end > place:
                return [*words[:place], *words[end:]]
        return words

    @cached_property
    def _writer(self) -> PatternWriter:
        return PatternWriter(self.tongue.parts, self.tongue.fillers.split())

    @cached_property
    def _sentences(self) -> Sequence[tuple[Meaning, Choice]]:
        said = self.tongue.sentences
        return [(meaning, self._writer.pattern(said[meaning])) for meaning in MEANINGS]

    @cached_property
    def _around(self) -> frozenset[str]:
        parts = ("before", "after", "always", "once")
        words = frozenset[str]().union(*(words_in(self._writer.part(part)) for part in parts))
        return words - set(self.tongue.never.split()) if self.tongue.never else frozenset()

    @cached_property
    def _before(self) -> Choice:
        return self._writer.pattern("[<before>]")

    @cached_property
    def _after(self) -> Choice:
        return self._writer.pattern("[<after>]")

    @cached_property
    def _named(self) -> Choice:
        return self._writer.pattern("[<articles>][<articles>][<nouns>]")

    @cached_property
    def _nouns(self) -> Choice:
        return self._writer.pattern("[<nouns>]")

    @cached_property
    def _anyway(self) -> Choice:
        return self._writer.part("anyway")

    @cached_property
    def _name(self) -> Choice:
        return self._writer.pattern("@")

    @cached_property
    def _picks(self) -> Sequence[Choice]:
        return [self._writer.pattern(pick) for pick in self.tongue.picks]

    @cached_property
    def _yes(self) -> Choice:
        return self._writer.pattern(self.tongue.yes)

    @cached_property
    def _no(self) -> Choice:
        return self._writer.pattern(self.tongue.no)
