"""How likely a text means something to us, by weights learnt from sentences of many people.

The grammar (`cues`) knows what it has been told; people say the same in more ways than anybody
lists. A linear classifier adds up what each of a text's features (`features`) has weighed in the
sentences that it was taught, for each of the meanings: a table of rows of small integers. Of the
names of places that exist it sees a sign alone, so it holds where models are called otherwise, too.

Pure: the weights are handed in. `io/classifier` reads them; `make classifier` makes them.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from functools import cached_property
from operator import itemgetter
from typing import Final

import attrs

from .features import Wording, features, rows_of
from .meaning import Meaning
from .pattern import ANY_NAME

MEANINGS: Final[tuple[Meaning, ...]] = (
    *("conversation", "answer", "this", "back", "which", "list", "advice"),
)
"""What a text may mean, in the order of a row's weights: how much more than nothing. `this` is said
in front of work."""
WIDTH: Final = len(MEANINGS)
STRANGE_COST: Final = 0.75
"""What each word that no command has had takes from a meaning's log-odds, up to so many."""
STRANGE_MAX: Final = 3
WEIGHT_MAX: Final = 100.0


@attrs.frozen(slots=False)
class Likelihood:
    """How much each of `MEANINGS` outweighs that nothing is meant, as logarithms of odds."""

    weights: Sequence[float]
    strange: int = 0
    """So many words have not been met in a command."""

    @cached_property
    def _shares(self) -> dict[Meaning, float]:
        """How much likelier than nothing each meaning is, within what a number holds."""
        within = (max(-WEIGHT_MAX, min(each, WEIGHT_MAX)) for each in self.weights)
        return dict(zip(MEANINGS, map(math.exp, within), strict=True))

    def nothing(self) -> float:
        """The share of all likelihood that nothing is meant to us: from 0 to 1."""
        return 1 / (1 + sum(self._shares.values()))

    def odds(self, meanings: Sequence[Meaning]) -> float:
        """The log-odds that one of these is meant, less what strange words cost."""
        meant = sum(self._shares[each] for each in meanings)
        others = sum(share for each, share in self._shares.items() if each not in meanings)
        return math.log(meant / (1 + others)) - STRANGE_COST * min(self.strange, STRANGE_MAX)


@attrs.frozen
class Classifier:
    """The weights: for each of `MEANINGS` one of each row, times `scale`; the words it has met."""

    weights: Sequence[array[int]] = attrs.field(repr=False)
    scale: float = 1.0
    bias: Sequence[float] = (0.0,) * WIDTH
    words: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    spoken: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    """Those of `words`, and of rarer ones, that stand in commands."""

    def likelihood(self, wording: Wording) -> Likelihood:
        """How likely a text means what."""
        found = itemgetter(*rows_of(features(wording, self.words)))
        sums = [sum(found(each)) for each in self.weights]
        strange = sum(sign not in self.spoken and sign not in ANY_NAME for sign in wording.signs)
        return Likelihood(
            [bias + self.scale * each for bias, each in zip(self.bias, sums, strict=True)], strange
        )
