"""Understands a command by the words in it, where no pattern has foreseen their order.

A text is heard only if it falls apart, word by word, into phrases of one language's closed table:
verbs of changing, names for a model, words of courtesy and of time, and no others. What negates,
what tells of the past, what gives reasons or conditions is not in the tables, and neither is
anything that is worked on: one such word, and the text is for the model. Which kinds of phrases are
there says what is meant; their order does not matter. Chinese and Japanese are read the same way,
by the longest phrase that stands next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, Literal

import attrs

from .normal import words_of

Kind = Literal[
    "change", "switch", "wish", "from", "polite", "once", "back", "gone", "which", "who", "model",
    "models", "is", "state", "self", "speaks", "list", "besides", "also", "some", "ours", "best",
    "either", "task", "glue",
]  # fmt: skip
"""Of a phrase. `change` are verbs of changing from one to another: with them, a noun or a time an
everyday word may be a name. `switch` put a model in charge, `wish` and `polite` ask for it, `from`
says from when on. `is` and `speaks` say that it answers: the latter of nothing but models, `self`
of the user where a name follows ("am I offline"), `state` where none does. `gone` is the model that
was here before. `besides` leaves some out of a list, `some` is one of several models, and `ours`
says that it is one of those that are here. `task` is what advice is asked for."""
Heard = Literal["conversation", "answer", "use", "back", "which", "list", "advice"]
_SIGNS: Final = ("@", "~")
WAYS_MAX: Final = 24
"""Of reading the beginning of a text."""
WORDS_MIN: Final = 2
"""Of a command: a word alone may mean anything."""
PHRASES_MIN: Final = 2
"""Of a command, a name counting as one, where a language's long phrases do not say enough."""


@attrs.frozen
class Cues:
    """The tables of one language: phrases by their kind, parted by `|`."""

    phrases: Mapping[Kind, str]
    phrases_min: int = PHRASES_MIN
    whole: Mapping[str, Heard] = attrs.field(factory=dict[str, Heard])
    """Short texts that mean something only as a whole."""

    def heard(self, signs: Sequence[str]) -> Heard | None:
        """What a text means, a sign standing for each name in it; None if it is not for us."""
        if len(signs) < WORDS_MIN:
            return None
        if " ".join(signs) in self.whole:
            return self.whole[" ".join(signs)]
        names = sum(sign in _SIGNS for sign in signs)
        for kinds in self._readings(signs, self.phrases_min - names):
            if names == 1:
                meaning = _with_name(kinds, is_weak="~" in signs)
            else:
                meaning = _with_names(kinds) if names else _without_name(kinds)
            if meaning is not None:
                return meaning
        return None

    def has(self, kinds: Sequence[Kind], signs: Sequence[str]) -> bool:
        """Whether a phrase of one of these kinds stands in a text."""
        return any(
            _stands(phrase, signs, place) and not set(kinds).isdisjoint(self._kinds[phrase])
            for place, sign in enumerate(signs)
            for phrase in self._by_first.get(sign, ())
        )

    def _readings(self, signs: Sequence[str], phrases_min: int) -> Sequence[frozenset[Kind]]:
        """The kinds of phrases that a text falls apart into, the fewest phrases first."""
        ways: list[dict[frozenset[Kind], int]] = [{} for _ in range(len(signs) + 1)]
        ways[0][frozenset()] = 0
        for place, sign in enumerate(signs):
            if sign in _SIGNS:
                ways[place + 1].update(ways[place])
                continue
            for phrase in self._by_first.get(sign, ()):
                if _stands(phrase, signs, place):
                    _extend(ways[place + len(phrase)], ways[place], self._kinds[phrase])
        ended = ways[-1].items()
        fewest = sorted(ended, key=lambda way: way[1])
        return [kinds for kinds, phrases in fewest if phrases >= phrases_min]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the language."""
        return frozenset(word for phrase in self._kinds for word in phrase)

    @cached_property
    def _kinds(self) -> dict[tuple[str, ...], tuple[Kind, ...]]:
        found: dict[tuple[str, ...], tuple[Kind, ...]] = {}
        for kind, texts in self.phrases.items():
            for text in texts.split("|"):
                words = tuple(words_of(text))
                assert words, f"an empty phrase among those of {kind}"
                found[words] = (*found.get(words, ()), kind)
        return found

    @cached_property
    def _by_first(self) -> dict[str, list[tuple[str, ...]]]:
        found: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted(self._kinds, key=len, reverse=True):
            found.setdefault(phrase[0], []).append(phrase)
        return found


def _extend(
    later: dict[frozenset[Kind], int],
    earlier: Mapping[frozenset[Kind], int],
    kinds: Sequence[Kind],
) -> None:
    """Adds a phrase to each way to read what stands before it; keeps the shortest of each."""
    for before, phrases in earlier.items():
        way = before.union(kinds)
        if way in later:
            later[way] = min(later[way], phrases + 1)
        elif len(later) < WAYS_MAX:
            later[way] = phrases + 1


def _stands(phrase: tuple[str, ...], signs: Sequence[str], place: int) -> bool:
    return tuple(signs[place : place + len(phrase)]) == phrase


def _with_name(kinds: frozenset[Kind], *, is_weak: bool) -> Heard | None:
    """A sentence with one name wants it, or asks whether it is the one that answers."""
    asked = {"self", "speaks"} if is_weak else {"self", "speaks", "is"}
    if kinds & asked and not kinds & (_WANTS | {"which", "once"}):
        return "which" if not kinds & {"list", "best", "models", "back", "task"} else None
    if "besides" in kinds:
        return _besides(kinds)
    strange = {"which", "who", "list", "best", "models", "task", "back", "gone", "either", "also"}
    if kinds & (strange - {"models"} if "some" in kinds else strange):
        return None
    clear: set[Kind] = {"change", "model", "from", "once"}
    is_asked_for = "polite" in kinds and "switch" not in kinds
    if not (kinds & clear or is_asked_for if is_weak else kinds - {"model", "glue"}):
        return None
    if "once" in kinds and "from" not in kinds:
        return "answer"
    return "conversation" if kinds & {"change", "from"} else "use"


def _with_names(kinds: frozenset[Kind]) -> Heard | None:
    """One of several names: which of them it is, or which of them is better."""
    if "besides" in kinds:
        return _besides(kinds)
    if "either" not in kinds or kinds & {"list", "also"}:
        return None
    if kinds & {"is", "speaks"} and not kinds & (_WANTS | {"task"}):
        return "which"
    return "advice" if kinds & {"best", "task"} else None


def _besides(kinds: frozenset[Kind]) -> Heard | None:
    """What there is but for those that are named."""
    is_asked = kinds & {"list", "models"} and not kinds & {"task", "back", "gone", "change"}
    return "list" if is_asked and kinds & {"list", "which", "who"} else None


def _without_name(kinds: frozenset[Kind]) -> Heard | None:
    """A sentence without a name is for us only if it speaks of models, or of who speaks."""
    asks = kinds & {"which", "who"}
    if "also" in kinds:
        return None
    if "gone" in kinds and not kinds & {"task", "list", "best"}:
        return "back" if kinds & _WANTS and not asks else None
    if "back" in kinds and "task" not in kinds:
        return "back" if kinds & {"change"} and not asks else None
    if "best" in kinds and kinds & {"model", "models"}:
        return "advice" if asks or kinds & {"task", "polite", "list", "wish"} else None
    if "best" in kinds and "ours" in kinds and asks:
        return "advice"
    if "task" in kinds:
        return None
    if "models" in kinds:
        return "list" if kinds & {"list", "which", "polite", "wish"} else None
    if "speaks" in kinds and asks:
        return "which"
    return "which" if asks and "model" in kinds and kinds & {"is", "state"} else None


_WANTS: Final = frozenset[Kind]({"change", "switch", "wish", "from", "polite"})
