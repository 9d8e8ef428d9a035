"""From an `Ask` to an `Answer`: its prompt, its draw, and the rules that it is held to."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

import msgspec

from ....protocols.engine.messages import Ask, Sampling
from ....protocols.engine.stop_text import STOP_CHARACTERS_MAX, STOP_SEQUENCES_MAX
from ....protocols.model_format.format import ModelFormat
from .answer import Answer, Kept
from .constraint import Constraint
from .model import BadGrammar, Draw, Vocabulary
from .prompts import Prompts
from .rules import BadRules, RuleBook, Rules
from .sampling_limits import complaint

SEED_BYTES: Final = 4
SECOND_TEMPERATURE: Final = 0.7
"""At least, when what was sampled first was wrong: the likeliest would be the same again."""
NONSENSE = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
"""What comes of schemas that are none, somewhere in the code that makes a grammar of them."""


class BadAsk(Exception):
    """This cannot be asked; the message says why."""


class Asking:
    """Makes answers for one model. `form` is its format."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        prompts: Prompts,
        form: ModelFormat,
        draw: Callable[[Sampling, int], Draw],
    ) -> None:
        self.form = form
        self._vocabulary = vocabulary
        self._prompts = prompts
        self._book = RuleBook(form)
        self._draw = draw

    def answer(self, ask: Ask) -> Answer:
        """The beginning of an answer. Raises BadChat or BadAsk."""
        problem = complaint(ask.sampling, self._vocabulary.size) or _stop_complaint(ask)
        if problem:
            raise BadAsk(problem)
        prompt = self._prompts.prompt(ask.chat)
        rules = self._rules(ask, prompt.tail)
        seed = ask.sampling.seed
        if seed is None:
            seed = int.from_bytes(os.urandom(SEED_BYTES), "little")
        draw = self._draw(ask.sampling, seed)
        constraint = None if rules is None else self._constraint(rules, draw)
        return Answer(ask, prompt, draw, constraint, rules, seed, self._vocabulary)

    def again(self, answer: Answer) -> Kept:
        """Lets an answer whose end was judged wrong be sampled once more from there."""
        sampling = answer.ask.sampling
        temperature = sampling.temperature
        if temperature is not None and temperature < SECOND_TEMPERATURE:
            sampling = msgspec.structs.replace(sampling, temperature=SECOND_TEMPERATURE)
        kept = answer.kept()
        rules = answer.rules
        assert rules is not None
        draw = self._draw(sampling, answer.seed + 1)
        constraint = Constraint(self._vocabulary, draw, rules.gbnf, None, kept.prefix)
        answer.start_again(kept, draw, constraint)
        return kept

    def _rules(self, ask: Ask, tail: str) -> Rules | None:
        try:
            return self._book.rules(ask, tail)
        except BadRules as error:
            raise BadAsk(str(error)) from error
        except NONSENSE as error:
            raise BadAsk(f"these tools, or this schema of the output: {error!r}") from error

    def _constraint(self, rules: Rules, draw: Draw) -> Constraint:
        try:
            return Constraint(self._vocabulary, draw, rules.gbnf, rules.opening)
        except BadGrammar as error:
            draw.close()
            raise BadAsk(f"the grammar of what was demanded: {error}") from error


def _stop_complaint(ask: Ask) -> str:
    if len(ask.stop_sequences) > STOP_SEQUENCES_MAX:
        return f"{len(ask.stop_sequences)} stop sequences: at most {STOP_SEQUENCES_MAX}"
    if any(len(each) > STOP_CHARACTERS_MAX for each in ask.stop_sequences):
        return f"a stop sequence has more than {STOP_CHARACTERS_MAX} characters"
    return ""
