"""Hears what the classifier is sure of, and leaves to the grammar what it is not.

The grammar (`cues`) hears a text for a reason that can be looked up, but people say the same in
more ways than its tables have; and it may read a wish in work that is made of the very same words.
The weights know what many people have said. So what they are sure of is heard, what they find most
unlikely is for the model whatever the grammar says, and in between the grammar decides.

Which place is meant only a name tells: where a text has none, or several of which none is clearly
the one that is wanted, a wish for a model is not heard this way. Nor is anything behind a colon, a
dash or a line break: that may be what somebody has pasted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final

import attrs

from .classifier import Classifier, Likelihood
from .cues import Cues
from .everyday import (
    ASKS_WHETHER,
    BESIDE_CORRECTION,
    LATER,
    NO_RETURN,
    is_a_thing,
    is_called_by_name,
)
from .features import Wording
from .heard import Heard, Said, without_repeats
from .known import KnownPlaces
from .meaning import Meaning
from .name_words import NUMBERS, POINTS
from .names import Places
from .normal import IDEOGRAPH, words_of
from .parts import COMMAND_CHARACTERS_MAX
from .pattern import ANY_NAME
from .rejected import is_set_aside, without_rejected
from .rejected_words import CORRECTING
from .remarks import clauses
from .tongues import CUES, WESTERN

SURE: Final = 0.3
"""Log-odds from which on a text is heard."""
NAMELESS_COST: Final = 0.5
"""So much surer it has to be where no name of ours says that it is about models like ours."""
WEAK_COST: Final = 1.0
"""So much surer it has to be where the name is an everyday word."""
UNLIKELY: Final = 0.9
"""The likelihood of nothing from which on a text is not, whatever the grammar reads in it."""
UNLIKELY_AMID_REMARKS: Final = 0.7
"""The same for what the grammar reads only where it leaves out some words."""
CALL_LIKELY: Final = -2.0
"""Log-odds of a text that begins with a name and a colon and calls a model."""
BARE_WORDS_MAX: Final = 2
"""Of a clause that is little more than a name."""
CLAUSE_LIKELY: Final = -1.5
"""Log-odds of the clause that tells which of several places a text wants."""
CLAUSE_UNLIKELY: Final = -3.0
"""Log-odds of a clause that only speaks of the place which it names."""
CLEAR: Final = 1.0
"""Log-odds of a text that says what it wants of the place which another clause speaks of."""
CLAUSE_LIKELIER: Final = 1.0
"""By so much more than a clause with another name in it."""
_NAMING: Final[Sequence[Meaning]] = ("conversation", "answer", "this")
"""Wishes for a place."""
WHOLE: Final[Sequence[Sequence[Meaning]]] = (
    _NAMING,
    ("back",),
    ("which",),
    ("list",),
    ("advice",),
)
"""What a whole text may mean; how long a place is wished for comes after that it is."""
_PARTED: Final = re.compile("[:\uff1a;\uff1b\u2012-\u2015\n\r\v\f\x85\u2028\u2029]|\\s--?\\s")
"""What may part a command from what somebody has pasted."""
_KANA: Final = re.compile("[\u3041-\u30ff]")


@attrs.frozen(slots=False)
class Guess:
    """What the weights make of a text."""

    said: Said
    classifier: Classifier
    likely: Likelihood
    clauses: Sequence[Said] = ()
    """Those of the text, where it has several."""

    @classmethod
    def of(cls, said: Said, known: KnownPlaces, classifier: Classifier, work: str = "") -> Guess:
        """A guess at a text that has words, in front of this work."""
        parts = clauses_of(said, known)
        return cls(said, classifier, classifier.likelihood(wording_of(said, parts, work)), parts)

    @property
    def is_unlikely(self) -> bool:
        """Whether the text is for the model, whatever can be read in it."""
        return self.likely.nothing() > UNLIKELY or self._lacks_a_name

    @property
    def is_unlikely_amid_remarks(self) -> bool:
        """Whether it is for the model if a command is only a part of it."""
        return self.likely.nothing() > UNLIKELY_AMID_REMARKS

    @property
    def is_unlikely_call(self) -> bool:
        """Whether it is unlikely that a text with work calls a model for it."""
        return self.likely.odds(_NAMING) < CALL_LIKELY

    def heard(self) -> Heard | None:
        """What the whole text is sure to mean; None where that is not sure."""
        meanings, odds = self._best
        if odds < SURE or self._has_parts:
            return None
        if meanings == _NAMING:
            return self._wanted(odds, max(("conversation", "answer"), key=self._odds))
        if odds < SURE + NAMELESS_COST or (meanings == ("back",) and not self._may_go_back):
            return None
        return Heard(meanings[0], self.said.signs, self.said.names, _language(self.said))

    def heard_before_work(self) -> Heard | None:
        """What the text is sure to mean in front of work."""
        odds = self.likely.odds(_NAMING)
        if odds < SURE or self._has_parts:
            return None
        return self._wanted(odds, max(_NAMING, key=self._odds))

    @property
    def _may_go_back(self) -> bool:
        """Whether nothing says that it is not here, not now, or only asked whether it was done."""
        signs = self.said.signs
        is_now = NO_RETURN.isdisjoint(signs) and signs[0] not in ASKS_WHETHER
        return is_now and not self.said.names

    def _wanted(self, odds: float, meaning: Meaning) -> Heard | None:
        """A wish for a place, if it is clear which one."""
        signs, names = self.said.signs, self.said.names
        signs, names = self._with_one_name() if len(names) > 1 else (signs, names)
        cues = _language(self.said)
        if len(names) != 1 or is_called_by_name(signs, names):
            return None
        if "~" in signs and odds < SURE + WEAK_COST:
            return None
        if len(self.said.names) == 1 and self._is_later_or_left(odds):
            return None
        if len(names[0]) == 1 and is_a_thing(signs, cues.code):
            return None
        if any(one in ANY_NAME and _is_version(two) for one, two in pairwise(signs)):
            return None  # one that is none of ours
        return Heard(meaning, signs, names, cues)

    def _is_later_or_left(self, odds: float) -> bool:
        """Whether the clause with the only name is about another day, sets that name aside, or only
        speaks of it while another clause wants something. What is `odds` on to be a wish may say
        of which place first: "I like how sonnet writes, give it the chat"."""
        said = next((each for each in self.clauses if each.names), self.said)
        if not LATER.isdisjoint(said.signs) or is_set_aside(said.signs):
            return True
        is_spoken_of = len(said.signs) > BARE_WORDS_MAX and self._naming(said) < CLAUSE_UNLIKELY
        return is_spoken_of and odds < CLEAR

    @property
    def _has_parts(self) -> bool:
        """Whether a command in it may be what is worked on: "translate: use opus"."""
        return _PARTED.search(self.said.text.strip()) is not None

    @property
    def _lacks_a_name(self) -> bool:
        """Whether a model is surely wanted, but none that exists."""
        meanings, odds = self._best
        return odds >= SURE and meanings == _NAMING and not self.said.names

    def _naming(self, clause: Said) -> float:
        """The log-odds that a clause by itself wants a place."""
        return self.classifier.likelihood(Wording(clause.signs, clause.text)).odds(_NAMING)

    def _odds(self, meaning: Meaning) -> float:
        return self.likely.odds((meaning,))

    @cached_property
    def _best(self) -> tuple[Sequence[Meaning], float]:
        """What is likeliest, and its log-odds."""
        odds = [self.likely.odds(each) for each in WHOLE]
        best = max(odds)
        return WHOLE[odds.index(best)], best

    def _with_one_name(self) -> tuple[Sequence[str], Sequence[Places]]:
        """The text with the one name that is meant; nothing where that is not clear."""
        said = self.clauses
        back = [at for at, each in enumerate(said) if tuple(each.signs) in CORRECTING]
        after = _named(said[back[-1] :]) if back else []
        if len(after) == 1 and len(after[0].signs) <= BARE_WORDS_MAX:
            before = _named(said[: back[0]])
            is_bare = BESIDE_CORRECTION.union(ANY_NAME).issuperset(after[0].signs)
            return (before[-1].signs, after[0].names) if before and is_bare else ((), ())
        for shorter in (without_repeats, without_rejected):
            signs, names = shorter(self.said.signs, self.said.names)
            if len(names) == 1:
                return signs, names
        return self._in_clause(said)

    def _in_clause(self, said: Sequence[Said]) -> tuple[Sequence[str], Sequence[Places]]:
        """The clause that wants a place, where others only speak of some; nothing if two do."""
        wishes = [(self._naming(each), each) for each in _named(said)]
        wishes.sort(key=lambda each: each[0], reverse=True)
        if not wishes or wishes[0][0] < CLAUSE_LIKELY:
            return (), ()
        if len(wishes) > 1 and wishes[1][0] > wishes[0][0] - CLAUSE_LIKELIER:
            return (), ()
        return wishes[0][1].signs, wishes[0][1].names


def clauses_of(said: Said, known: KnownPlaces) -> list[Said]:
    """The clauses of a text; none if there is but one."""
    return [Said.of(clause, known) for clause in clauses(said.text)]


def wording_of(said: Said, parts: Sequence[Said], work: str) -> Wording:
    """How a text of these clauses is weighed, heard or taught, in front of this work."""
    begins = words_of(work[:COMMAND_CHARACTERS_MAX])
    return Wording(said.signs, said.text, [each.signs for each in parts], begins)


def _is_version(word: str) -> bool:
    """Whether a word behind a name begins a version of it; "one" may be "one more time"."""
    return word.isdigit() or word in POINTS or NUMBERS.get(word, "1") != "1"


def _named(said: Sequence[Said]) -> list[Said]:
    """The clauses with one name in them."""
    return [each for each in said if len(each.names) == 1]


def _language(said: Said) -> Cues:
    """The language that has most of the words."""
    if IDEOGRAPH.search(said.text):
        code = "ja" if _KANA.search(said.text) else "zh"
        return next(each for each in CUES if each.code == code)
    return max(WESTERN, key=lambda each: sum(sign in each.vocabulary for sign in said.signs))
