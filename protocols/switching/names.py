"""What users call the places: names, pieces of names, makers, what a speech recogniser hears.

A place is known by the words of its endpoint and of its model. Any of them may be said, in any
order, so long as one of them is a name by itself and all of them belong to the place: "flash",
"gemini 2.5 flash", "google's flash". Numbers are versions: those that are said must begin one, so
that "gpt 5" may be gpt-5.2, and "gpt 2" is not. What fits several places names all of them.

A name that is an everyday word of programming ("flash", "local", "mini", or whatever an endpoint
is called) is weak: the grammar hears it in fewer sentences. All of it is worked out once, when the
places change: for each word the set of its places, as the bits of an integer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from .name_words import (
    AFTER_TIERS,
    BEFORE_TIERS,
    CONTRACTED,
    FAMILIES,
    GENERATIONS,
    JOINTS,
    MAKERS,
    MODIFIERS,
    NUMBERS,
    PARTICLES,
    PHRASES,
    POINTS,
    POSSESSIVE,
    SPOKEN,
    TIERS,
)
from .normal import IDEOGRAPH, words_of

if TYPE_CHECKING:
    from .known import KnownPlace

SPAN_WORDS_MAX: Final = 12
"""Of one name."""
TO_THE: Final = "pro"
"""Is "to the" before a name in Brazil: "manda pro gemini" names no pro model."""
_VOWELS: Final = "aeiou"
_SIGNS: Final = (("weak", "~"), ("default", "="))
"""Of the phrases that have one of their own."""
Places = tuple[str, ...]
_Words = tuple[str, ...]
_T = TypeVar("_T")


@attrs.frozen
class _Span:
    """Some words of a text that name places: `bits` has one bit for each."""

    bits: int
    sign: str
    words: int


@attrs.frozen
class Names:
    """All that may be said for the places of one moment."""

    _places: tuple[str, ...]
    _bits: Mapping[str, int] = attrs.field(repr=False)
    _exact: Mapping[_Words, int] = attrs.field(repr=False)
    _special: Mapping[str, Sequence[tuple[_Words, int]]] = attrs.field(repr=False)
    _spoken: Mapping[str, Sequence[tuple[_Words, str]]] = attrs.field(repr=False)
    _versions: tuple[frozenset[_Words], ...] = attrs.field(repr=False)
    _spellings: Mapping[str, str] = attrs.field(repr=False)

    @classmethod
    def of(cls, places: Sequence[KnownPlace], default: str) -> Names:
        """The names of these places."""
        words = [words_of(each.place) for each in places]
        bits = _with_makers(_bits_of(words))
        exact = _exact_names(places)
        versions = tuple(frozenset(_version_starts(each)) for each in words)
        return cls(
            tuple(each.place for each in places),
            bits,
            exact,
            _by_first_word(_special_phrases(places, default, exact)),
            _by_first_word(_spoken_phrases(bits)),
            versions,
            _misspellings(bits),
        )

    def find(self, words: Sequence[str]) -> tuple[list[str], list[Places]]:
        """The words with a sign for each name, and for each the places that it fits, in order.

        The sign is "@", "~" for a weak name, and "=" for the default.
        """
        found = self._joined(list(self._spans(list(self._written(words)))))
        signs = [each if isinstance(each, str) else each.sign for each in found]
        spans = [each for each in found if isinstance(each, _Span)]
        return signs, [self._places_of(each.bits) for each in spans]

    def _places_of(self, bits: int) -> tuple[str, ...]:
        return tuple(place for at, place in enumerate(self._places) if bits >> at & 1)

    def _written(self, words: Sequence[str]) -> Iterator[str]:
        """The words, with those of a family in place of what is heard for it."""
        place = 0
        while place < len(words):
            phrase, family = _first_of(self._spoken, words, place) or ((), words[place])
            yield family
            place += len(phrase) or 1

    def _spans(self, words: Sequence[str]) -> Iterator[str | _Span]:
        place = 0
        while place < len(words):
            span = self._phrase(words, place) or self._name(words, place)
            yield words[place] if span is None else span
            place += 1 if span is None else span.words

    def _phrase(self, words: Sequence[str], start: int) -> _Span | None:
        """The longest fixed phrase that begins here, unless a longer name does."""
        found = _first_of(self._special, words, start)
        if found is None:
            return None
        phrase, bits = found
        name = self._name(words, start)
        if name is not None and name.words >= len(phrase):
            return name
        sign = next((sign for kind, sign in _SIGNS if phrase in PHRASES[kind]), "@")
        return _Span(bits, sign, len(phrase))

    def _name(self, words: Sequence[str], start: int) -> _Span | None:
        """The longest name that begins here."""
        if self._is_to_the(words, start):
            return None
        found = None
        said: list[str] = []
        bits = -1
        for place in range(start, min(len(words), start + SPAN_WORDS_MAX)):
            word = self._heard(words[place], said)
            if word == "":
                continue
            if word not in self._bits:
                break
            said.append(word)
            bits &= self._bits[word]
            fitting = self._fitting(tuple(said), bits)
            if fitting:
                found = _Span(fitting, "~" if _is_weak(said) else "@", place + 1 - start)
        return found or self._tier(words, start) or self._version(words, start)

    def _is_to_the(self, words: Sequence[str], start: int) -> bool:
        """Whether "pro" says "to the", and is no part of the name that follows."""
        if words[start] != TO_THE or not self._is_named(words[start + 1 :]):
            return False
        ends = range(start + 2, min(len(words), start + SPAN_WORDS_MAX) + 1)
        is_exact = any(tuple(words[start:end]) in self._exact for end in ends)
        return not is_exact and (start == 0 or words[start - 1] not in BEFORE_TIERS)

    def _tier(self, words: Sequence[str], start: int) -> _Span | None:
        """A word like "pro", where it stands as a name does: "switch to pro", "google's pro"."""
        bits = self._bits.get(words[start], 0) if words[start] in TIERS else 0
        if not bits:
            return None
        before, after = [*words[:start], ""][start - 1], [*words, ""][start + 1]
        is_wanted = not before or before in BEFORE_TIERS or IDEOGRAPH.match(before)
        is_last = not after or after in AFTER_TIERS or IDEOGRAPH.match(after)
        is_name = (is_wanted and is_last) or self._is_owned(words, start, start + 1, JOINTS)
        return _Span(bits, "~", 1) if is_name else None

    def _version(self, words: Sequence[str], start: int) -> _Span | None:
        """A version with a point in it beside who makes it: "the 5.2 from openai"."""
        said = tuple(words[start : start + 2])
        if len(said) < 2 or not all(map(str.isdigit, said)):
            return None
        bits = sum(1 << at for at, each in enumerate(self._versions) if said in each)
        is_name = bits and self._is_owned(words, start, start + 2, POSSESSIVE)
        return _Span(bits, "~", 2) if is_name else None

    def _is_owned(self, words: Sequence[str], start: int, end: int, joints: frozenset[str]) -> bool:
        """Whether a name stands beside these words that says whose they are."""
        is_of = start > 1 and words[start - 1] in joints and self._is_named(words[start - 2 :])
        is_from = end < len(words) and words[end] in JOINTS - CONTRACTED
        return is_of or (is_from and self._is_named(words[end + 1 :]))

    def _is_named(self, words: Sequence[str]) -> bool:
        """Whether a name begins with the next word."""
        return bool(words) and words[0] in self._bits and _is_head(words[0])

    def _heard(self, word: str, before: Sequence[str]) -> str:
        """The word as it stands in names; "" for what may stand within one."""
        if word in self._bits:
            return word
        if before and (word in PARTICLES or (word in POINTS and before[-1].isdigit())):
            return ""
        if before and NUMBERS.get(word, "") in self._bits:
            return NUMBERS[word]
        return self._spellings.get(word, word)

    def _fitting(self, said: _Words, bits: int) -> int:
        """The places which words in a row name; 0 if they are no name."""
        if said in self._exact:
            return self._exact[said]
        is_name = any(map(_is_head, said)) or _is_version(said) or said[:2] in GENERATIONS
        if not bits or not is_name:
            return 0
        for version in _versions_of(said):
            for at in range(len(self._versions)):
                if bits >> at & 1 and version not in self._versions[at]:
                    bits &= ~(1 << at)
        return bits

    def _joined(self, found: list[str | _Span]) -> list[str | _Span]:
        """Names that stand together and name one thing, as one: "kimi on groq", "local qwen"."""
        joined: list[str | _Span] = []
        for each in found:
            if isinstance(each, _Span):
                has_joint = len(joined) > 1 and joined[-1] in JOINTS
                before = joined[-2 if has_joint else -1] if joined else ""
                if isinstance(before, _Span) and before.bits & each.bits:
                    del joined[-2 if has_joint else -1 :]
                    joined.append(_Span(before.bits & each.bits, "@", words=0))
                    continue
            joined.append(each)
        return joined


def _is_head(word: str) -> bool:
    """Whether a word can be a name by itself."""
    return len(word) > 1 and not word.isdigit() and word not in MODIFIERS


def _is_version(said: Sequence[str]) -> bool:
    """Whether words are a number with a point in it, and more of a name: "2.5 pro"."""
    return len(said) > 2 and said[0].isdigit() and said[1].isdigit() and not said[-1].isdigit()


def _is_weak(said: Sequence[str]) -> bool:
    return tuple(said) in GENERATIONS or not (
        any(word in FAMILIES or word.isdigit() for word in said) or sum(map(_is_head, said)) > 1
    )


def _bits_of(names: Iterable[Sequence[str]]) -> dict[str, int]:
    bits: dict[str, int] = {}
    for at, words in enumerate(names):
        for word in words:
            bits[word] = bits.get(word, 0) | 1 << at
    return bits


def _with_makers(bits: dict[str, int]) -> dict[str, int]:
    """Who makes a family of models is a name for it."""
    for maker, families in MAKERS.items():
        of_maker = 0
        for family in families:
            of_maker |= bits.get(family, 0)
        if of_maker:
            bits[maker] = bits.get(maker, 0) | of_maker
    return bits


def _exact_names(places: Sequence[KnownPlace]) -> dict[_Words, int]:
    """Whole names. A word of the grammar is none alone, though an endpoint were called so."""
    exact: dict[_Words, int] = {}
    for at, each in enumerate(places):
        for name in {each.place, each.endpoint, each.model}:
            words = tuple(words_of(name))
            if len(words) > 1 or any(map(_is_head, words)):
                exact[words] = exact.get(words, 0) | 1 << at
    return exact


def _versions_of(words: Iterable[str]) -> Iterator[_Words]:
    """The runs of numbers."""
    for is_number, run in groupby(words, str.isdigit):
        if is_number:
            yield tuple(run)


def _version_starts(words: Iterable[str]) -> Iterator[_Words]:
    for version in _versions_of(words):
        for end in range(1, len(version) + 1):
            yield version[:end]


def _by_first_word(phrases: Mapping[_Words, _T]) -> dict[str, list[tuple[_Words, _T]]]:
    """Phrases by their first word, the longest first."""
    found: dict[str, list[tuple[_Words, _T]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        found.setdefault(phrase[0], []).append((phrase, phrases[phrase]))
    return found


def _first_of(
    phrases: Mapping[str, Sequence[tuple[_Words, _T]]], words: Sequence[str], start: int
) -> tuple[_Words, _T] | None:
    """The longest phrase that begins at a place."""
    for phrase, meaning in phrases.get(words[start], ()):
        if tuple(words[start : start + len(phrase)]) == phrase:
            return phrase, meaning
    return None


def _spoken_phrases(bits: Mapping[str, int]) -> dict[_Words, str]:
    """What is heard or written for a family in other scripts, where there is such a family."""
    return {
        phrase: family
        for family, phrases in SPOKEN.items()
        if family in bits
        for phrase in phrases
        if phrase[0] not in bits or len(phrase) > 1
    }


def _special_phrases(
    places: Sequence[KnownPlace], default: str, exact: Mapping[_Words, int]
) -> dict[_Words, int]:
    """What is said for the model on this machine, for the embedded one, and for the default."""
    here = sum(1 << at for at, each in enumerate(places) if each.here and not each.embedded)
    embedded = sum(1 << at for at, each in enumerate(places) if each.embedded)
    usual = sum(1 << at for at, each in enumerate(places) if each.place == default)
    local = exact.get(("local",), 0) or here or embedded
    meant = (("local", local), ("weak", local), ("embedded", embedded), ("default", usual))
    return {phrase: bits for kind, bits in meant if bits for phrase in PHRASES[kind]}


def _misspellings(bits: Mapping[str, int]) -> dict[str, str]:
    """Well-known families with one slip of the finger that makes no other word likely."""
    found: dict[str, str] = {}
    for family in sorted(FAMILIES & bits.keys()):
        for wrong in slips(family):
            if wrong not in bits:
                found[wrong] = family
    return found


def slips(word: str) -> Iterator[str]:
    """The word with one slip of the finger."""
    for at, letter in enumerate(word):
        yield word[: at + 1] + word[at:]
        if at + 1 < len(word):
            yield word[:at] + word[at + 1] + letter + word[at + 2 :]
        if len(word) > 4 and at:
            yield word[:at] + word[at + 1 :]
        if letter in _VOWELS and len(word) > 4:
            yield from (word[:at] + vowel + word[at + 1 :] for vowel in _VOWELS)
