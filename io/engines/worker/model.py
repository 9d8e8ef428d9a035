"""What a worker asks of the library that runs its model: an engine is these classes.

The loop, the scheduler, the prompts, what answers are held to and the files of prefixes are the
same for every library (`worker`, `protocols.engine`). A library brings its vocabulary, a context
that computes batches and holds sequences, and draws that choose tokens from what was computed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs

from ....protocols.engine.messages import Load, Sampling
from ....protocols.engine.step import Costs
from ..chat_template import SpecialTexts

DECODED: Final = 0
NO_CELLS: Final = 1
ABORTED: Final = 2
DEAD_END: Final = -1
"""Chosen when a grammar allows no token at all."""


class LoadError(Exception):
    """The model cannot be run; the message says what, where and what to do."""


class BadGrammar(Exception):
    """The library cannot read this grammar."""


class Vocabulary(ABC):
    """The tokens of a model. `ends` are those with which a grammar may end."""

    size: int
    ends: tuple[int, ...]

    @abstractmethod
    def tokens_of_prompt(self, text: str) -> array[int]:
        """The tokens of a rendered prompt, with the one that begins a text if it must be there."""

    @abstractmethod
    def piece(self, token: int) -> bytes:
        """The text of a token; of a special one, too."""

    @abstractmethod
    def ends_answer(self, token: int) -> bool:
        """Whether the model ends its answer with this token."""


class Context(ABC):
    """Computes batches of at most `batch_tokens` rows and holds `cells` tokens of sequences.

    Invariant: after `decode` has said ABORTED, each sequence holds what was computed before: see
    `length`.
    """

    batch_tokens: int
    cells: int

    @abstractmethod
    def decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[int],
    ) -> int:
        """Computes one batch: DECODED, NO_CELLS, ABORTED, or a negative number for a failure."""

    @abstractmethod
    def obeys_flag(self) -> bool:
        """Whether a set flag stops a computation in the middle. The memory must be empty, and is
        afterwards."""

    @abstractmethod
    def length(self, sequence: int) -> int:
        """How many tokens the memory holds of a sequence."""

    @abstractmethod
    def cut(self, sequence: int, length: int) -> bool:
        """Forgets a sequence from a position on; False if this memory cannot be cut there."""

    @abstractmethod
    def fork(self, source: int, target: int, length: int) -> None:
        """Makes the first tokens of one sequence the start of another, which is empty."""

    @abstractmethod
    def forget_all(self) -> None:
        """Empties the memory."""

    @abstractmethod
    def state_bytes(self, sequence: int) -> int:
        """How large the state of a sequence is."""

    @abstractmethod
    def read_state(self, sequence: int, into: memoryview) -> int:
        """Writes the state of a sequence into a buffer; returns its length, 0 for a failure."""

    @abstractmethod
    def write_state(self, sequence: int, state: memoryview) -> bool:
        """Makes a state that was read the state of a sequence; False if it does not fit."""


class Grammar(ABC):
    """A grammar's state: what has been written so far in it."""

    @abstractmethod
    def allows(self, token: int) -> bool:
        """Whether the answer may go on with this token."""

    @abstractmethod
    def accept(self, token: int) -> None:
        """Goes on with a token, which must be allowed."""

    @abstractmethod
    def close(self) -> None:
        """Frees it."""


class Draw(ABC):
    """How one request's tokens are chosen from the logits of a row of the last batch."""

    @abstractmethod
    def choose(self, row: int) -> int:
        """Chooses, and counts the token as chosen."""

    @abstractmethod
    def propose(self, row: int) -> int:
        """Chooses without counting the token, which `accept` may do."""

    @abstractmethod
    def propose_without(self, row: int, forbidden: Sequence[int]) -> int:
        """Chooses another token than these; DEAD_END if there is none."""

    @abstractmethod
    def propose_under(self, row: int, grammar: Grammar) -> int:
        """Chooses among the tokens that a grammar allows; DEAD_END if it allows none."""

    @abstractmethod
    def accept(self, token: int) -> None:
        """Counts a token as chosen."""

    @abstractmethod
    def logprobs(self, row: int, token: int, alternatives: int) -> dict[str, Any]:
        """How likely the model found a token here, and so many others: one entry of Chat
        Completions' `logprobs.content`."""

    @abstractmethod
    def grammar(self, gbnf: str, prefix: str = "", *, spaced: bool = False) -> Grammar:
        """A grammar that begins, behind a text which has been written already.

        `spaced` allows a little white space between the two. Raises BadGrammar.
        """

    @abstractmethod
    def close(self) -> None:
        """Frees it."""


@attrs.frozen
class Measured:
    """The costs, the first pace, the slowest step, whether sequences can be cut, and whether the
    flag stops a computation in the middle."""

    costs: Costs
    prefill_tokens: int
    step_seconds: float
    cuttable: bool
    abortable: bool


@attrs.frozen
class Loaded:
    """A model that is ready to answer.

    `draw` makes a request's draw from its parameters and a seed. `identity` names what is in the
    model's files, and `build` the library: states of others are not read. What a computation takes
    is read from `clock`. `shares_cells` is False where a fork is a copy.
    """

    load: Load
    vocabulary: Vocabulary
    context: Context
    context_tokens: int
    template: str
    template_with_tools: str
    special: SpecialTexts
    draw: Callable[[Sampling, int], Draw]
    measured: Measured
    identity: str
    build: str
    clock: Callable[[], float]
    shares_cells: bool = True
