"""Understands a command by the kinds of phrases in it, whatever their order.

A text is heard only if it falls apart, word by word, into phrases of one language's closed table:
verbs of changing, names for a model, words of courtesy and of time, and no others. What negates,
what tells of the past, what gives reasons or conditions is not in the tables, and neither is
anything that is worked on: one such word, and the text is for the model. A phrase is a short
pattern (see `pattern`) of one kind; several kinds may claim the same words, and each claim is a way
to read them. Which kinds are there says what is meant; their order does not matter. Chinese and
Japanese are read the same way, character by character.

A text that is not made of phrases is read once more, word by word: each of the single words of a
second table is a phrase too. So it is heard however it is put, but what is loosely read may be a
statement ("opus is good now") or a question ("can opus do this"): `barred` has how those are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, Literal

import attrs

from .command import Language
from .meaning import MATTERS, Kind, Meaning, meant
from .normal import WORDS_MAX, words_of
from .pattern import ANY_NAME, PART, Choice, PatternWriter, Reading, places_of

WAYS_MAX: Final = 48
"""Of reading the beginning of a text."""
WORDS_MIN: Final = 2
"""Of a command: a word alone may mean anything."""
Bar = Literal["first", "start", "within", "ever", "whole"]
"""Where a text shows that it is not for us: `first` that it is a question, and so asks for no
change; `start` by how it begins, and `within` anywhere, that it is a statement, a negation or about
a program, if it is loosely read; `ever`, however it is read, and `whole` so if it is all of it."""
_AT_START: Final[Sequence[Bar]] = ("first", "start")
_Kinds = frozenset[Kind]
_GLUE: Final = _Kinds(["glue"])
_OPEN: Final = _Kinds(["open"])
_ByFirst = Mapping[str, Sequence[tuple[Kind, Choice]]]
"""The patterns that can begin with a word."""


@attrs.frozen
class Cues:
    """The tables of one language: patterns of phrases by their kind, and parts of patterns."""

    code: Language
    parts: Mapping[str, str]
    phrases: Mapping[Kind, str]
    words: Mapping[Kind, str] = attrs.field(factory=dict[Kind, str])
    """Single words by their kind, of which a text may be made in any order."""
    barred: Mapping[Bar, str] = attrs.field(factory=dict[Bar, str])
    """What is not for us, though all of its words are in the tables."""
    spellings: Mapping[str, str] = attrs.field(factory=dict[str, str])
    """The word that is read for one which is written otherwise."""

    def heard(self, signs: Sequence[str]) -> Meaning | None:
        """What a text means, a sign standing for each name in it; None if it is not for us."""
        if len(signs) < WORDS_MIN or not self.vocabulary.issuperset(signs):
            return None
        signs = self.spelled(signs)
        if self.is_work(signs):
            return None
        named = [sign for sign in signs if sign in ANY_NAME]
        return self._closely(signs, named) or self._loosely(signs, named)

    def is_work(self, signs: Sequence[str]) -> bool:
        """Whether something in a text shows that it is not for us, however it is read."""
        signs = self.spelled(signs)
        return self._is_barred("ever", signs) or self._is_barred_whole(signs)

    def _closely(self, signs: Sequence[str], named: Sequence[str]) -> Meaning | None:
        """What a text of phrases means."""
        for readings in _readings(signs, self._by_first):
            meaning = meant(readings, named)
            if meaning is not None:
                return meaning
        return None

    def _loosely(self, signs: Sequence[str], named: Sequence[str]) -> Meaning | None:
        """What a text of phrases and single words means."""
        if not self.words or self._is_barred("start", signs) or self._is_barred("within", signs):
            return None
        spans = _spans(signs, self._by_any_first)
        around = _OPEN if self._is_barred("first", signs) else _Kinds()
        for matter in MATTERS:
            for bag in _bags(spans, matter.kinds):
                meaning = matter.meant(bag | around, named)
                if meaning is not None:
                    return meaning
        return None

    def _is_barred(self, bar: Bar, signs: Sequence[str]) -> bool:
        pattern = self._bars.get(bar)
        reading = Reading(signs)
        places = range(1 if bar in _AT_START else len(signs))
        return pattern is not None and any(pattern.ends(reading, place) for place in places)

    def _is_barred_whole(self, signs: Sequence[str]) -> bool:
        pattern = self._bars.get("whole")
        return pattern is not None and bool(pattern.ends(Reading(signs), 0) >> len(signs) & 1)

    def has(self, kinds: Sequence[Kind], signs: Sequence[str]) -> bool:
        """Whether a phrase of one of these kinds stands in a text."""
        signs = self.spelled(signs)
        reading = Reading(signs)
        return any(
            kind in kinds and pattern.ends(reading, place) >> place + 1
            for place, sign in enumerate(signs)
            for kind, pattern in self._by_first.get(sign, ())
        )

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the language, and the signs of names."""
        tables = (self.parts, self.phrases, self.words)
        texts = (text for table in tables for text in table.values())
        known = frozenset(ANY_NAME).union(*(words_of(PART.sub(" ", text)) for text in texts))
        return known.union(each for each, word in self.spellings.items() if word in known)

    def spelled(self, signs: Sequence[str]) -> Sequence[str]:
        """The text as it is read."""
        return [self.spellings.get(sign, sign) for sign in signs] if self.spellings else signs

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words of which a text for us has one: all but those that say what work is about."""
        about = words_of(PART.sub(" ", self.words.get("task", "")))
        others = (text for kind, text in self.words.items() if kind != "task")
        texts = (*self.parts.values(), *self.phrases.values(), *others)
        told = frozenset[str]().union(*(words_of(PART.sub(" ", text)) for text in texts))
        return self.vocabulary.difference(set(about) - told)

    @cached_property
    def _writer(self) -> PatternWriter:
        return PatternWriter(self.parts)

    @cached_property
    def _by_first(self) -> _ByFirst:
        return self._sorted(self.phrases)

    @cached_property
    def _by_any_first(self) -> _ByFirst:
        found = dict(self._by_first)
        for word, claims in self._sorted(self.words).items():
            found[word] = [*found.get(word, ()), *claims]
        return found

    @cached_property
    def _bars(self) -> Mapping[Bar, Choice]:
        return {bar: self._writer.pattern(text) for bar, text in self.barred.items()}

    def _sorted(self, table: Mapping[Kind, str]) -> _ByFirst:
        found: dict[str, list[tuple[Kind, Choice]]] = {}
        for kind, text in table.items():
            pattern = self._writer.pattern(text)
            for word in pattern.by_word:
                found.setdefault(word, []).append((kind, pattern))
        return found


def _readings(signs: Sequence[str], by_first: _ByFirst) -> Iterator[Sequence[_Kinds]]:
    """The kinds of phrases that a text falls apart into: ways of the fewest phrases first."""
    reading = Reading(signs)
    ways: list[dict[_Kinds, int]] = [{} for _ in range(len(signs) + 1)]
    ways[0][_Kinds()] = 0
    for place, sign in enumerate(signs):
        if not ways[place]:
            continue
        if sign in ANY_NAME:
            _extend(ways[place + 1], ways[place], None)
        for kind, pattern in by_first.get(sign, ()):
            for end in places_of(pattern.ends(reading, place)):
                if end > place:
                    _extend(ways[end], ways[place], None if kind == "glue" else kind)
    for count in sorted(set(ways[-1].values())):
        yield [kinds for kinds, phrases in ways[-1].items() if phrases == count]


def _spans(signs: Sequence[str], by_first: _ByFirst) -> Sequence[Mapping[int, _Kinds]]:
    """For each place the ends of the phrases that begin there, with all kinds that claim them."""
    reading = Reading(signs)
    spans: list[dict[int, _Kinds]] = []
    reached = 1
    for place, sign in enumerate(signs):
        if not reached >> place & 1:
            spans.append({})
            continue
        found: dict[int, _Kinds] = {place + 1: _GLUE} if sign in ANY_NAME else {}
        reached |= (sign in ANY_NAME) << place + 1
        for kind, pattern in by_first.get(sign, ()):
            for end in places_of(pattern.ends(reading, place)):
                if end > place:
                    found[end] = _Kinds([*found.get(end, ()), kind])
                    reached |= 1 << end
        spans.append(found)
    return spans


def _bags(spans: Sequence[Mapping[int, _Kinds]], read: _Kinds) -> Sequence[_Kinds]:
    """What kinds of those that are read a text falls apart into: the fewest phrases first."""
    ways: list[dict[_Kinds, int]] = [{} for _ in range(len(spans) + 1)]
    ways[0][_Kinds()] = 0
    for place, found in enumerate(spans):
        for end, claims in found.items():
            kinds = claims & read
            if not kinds:
                continue
            later = ways[end]
            for before, phrases in ways[place].items():
                way = before | kinds
                if phrases + 1 < later.get(way, len(later) < WAYS_MAX and WORDS_MAX + 1):
                    later[way] = phrases + 1
    return sorted(ways[-1], key=ways[-1].__getitem__)


def _extend(later: dict[_Kinds, int], earlier: Mapping[_Kinds, int], kind: Kind | None) -> None:
    """Adds a phrase to each way to read what stands before it; keeps the shortest of each."""
    for before, phrases in earlier.items():
        way = before if kind is None else before.union(_Kinds((kind,)))
        if way in later:
            later[way] = min(later[way], phrases + 1)
        elif len(later) < WAYS_MAX:
            later[way] = phrases + 1
