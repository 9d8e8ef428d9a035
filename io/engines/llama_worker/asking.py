"""From an `Ask` to an `Answer`: its prompt, its sampler, and the rules that it is held to."""

from __future__ import annotations

import os
from typing import Final

import msgspec

from ....protocols.engine.messages import Ask
from ....protocols.engine.stop_text import STOP_CHARACTERS_MAX, STOP_SEQUENCES_MAX
from ....protocols.model_format.format import ModelFormat
from .answer import Answer, Kept
from .constraint import BadGrammar, Constraint
from .prompts import Prompts
from .rules import BadRules, RuleBook, Rules
from .sampler import Candidates, Sampler, complaint, defaults_of
from .weights import Weights

SEED_BYTES: Final = 4
SECOND_TEMPERATURE: Final = 0.7
"""At least, when what was sampled first was wrong: the likeliest would be the same again."""
NONSENSE = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
"""What comes of schemas that are none, somewhere in the code that makes a grammar of them."""


class BadAsk(Exception):
    """This cannot be asked; the message says why."""


class Asking:
    """Makes answers for one model. `form` is its format, `ends` are the tokens that end a text."""

    def __init__(self, weights: Weights, prompts: Prompts, form: ModelFormat) -> None:
        self.form = form
        self.ends = weights.vocabulary.ends
        self._vocabulary = weights.vocabulary
        self._prompts = prompts
        self._book = RuleBook(form)
        self._defaults = defaults_of(weights)
        self._candidates = Candidates(weights.vocabulary.size)

    def answer(self, ask: Ask) -> Answer:
        """The beginning of an answer. Raises BadChat or BadAsk."""
        problem = complaint(ask.sampling, self._vocabulary.size) or _stop_complaint(ask)
        if problem:
            raise BadAsk(problem)
        prompt = self._prompts.prompt(ask.chat)
        rules = self._rules(ask, prompt.tail)
        constraint = None
        if rules is not None:
            try:
                constraint = self._constraint(rules)
            except BadGrammar as error:
                raise BadAsk(f"the grammar of what was demanded: {error}") from error
        seed = ask.sampling.seed
        if seed is None:
            seed = int.from_bytes(os.urandom(SEED_BYTES), "little")
        sampler = Sampler(ask.sampling, self._defaults, self._vocabulary, seed)
        vocabulary, candidates = self._vocabulary, self._candidates
        return Answer(ask, prompt, sampler, constraint, rules, seed, vocabulary, candidates)

    def again(self, answer: Answer) -> Kept:
        """Lets an answer whose end was judged wrong be sampled once more from there."""
        sampling = answer.ask.sampling
        temperature = sampling.temperature
        if temperature is not None and temperature < SECOND_TEMPERATURE:
            sampling = msgspec.structs.replace(sampling, temperature=SECOND_TEMPERATURE)
        kept = answer.kept()
        rules = answer.rules
        assert rules is not None
        constraint = Constraint(
            self._vocabulary, self._candidates, rules.gbnf, None, kept.prefix.encode()
        )
        sampler = Sampler(sampling, self._defaults, self._vocabulary, answer.seed + 1)
        answer.start_again(kept, sampler, constraint)
        return kept

    def _rules(self, ask: Ask, tail: str) -> Rules | None:
        try:
            return self._book.rules(ask, tail)
        except BadRules as error:
            raise BadAsk(str(error)) from error
        except NONSENSE as error:
            raise BadAsk(f"these tools, or this schema of the output: {error!r}") from error

    def _constraint(self, rules: Rules) -> Constraint:
        return Constraint(self._vocabulary, self._candidates, rules.gbnf, rules.opening)


def _stop_complaint(ask: Ask) -> str:
    if len(ask.stop_sequences) > STOP_SEQUENCES_MAX:
        return f"{len(ask.stop_sequences)} stop sequences: at most {STOP_SEQUENCES_MAX}"
    if any(len(each) > STOP_CHARACTERS_MAX for each in ask.stop_sequences):
        return f"a stop sequence has more than {STOP_CHARACTERS_MAX} characters"
    return ""
