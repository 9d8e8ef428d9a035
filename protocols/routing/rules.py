"""Whether a rule holds for a turn: by its id, by where it would have gone, by what it is like.

The cheap conditions are looked at first: what a turn is like is read from its bytes. A rule whose
`model` has no `*` makes an id of its own, and holds for unknown ids too if it is the default.
"""

from __future__ import annotations

import attrs

from ..settings_data import RuleSettings, Trait
from ..turn import Operation, Turn
from .table import Place, plain_ids
from .traits import has


@attrs.define(eq=False)
class Asked:
    """What a turn asks for, under each name that may be meant; each trait is read at most once."""

    turn: Turn | None
    ids: tuple[str, ...]
    _traits: dict[tuple[Trait, int], bool] = attrs.field(factory=dict[tuple[Trait, int], bool])

    @classmethod
    def of(cls, model: str, turn: Turn | None) -> Asked:
        """What is asked for by this id."""
        return cls(turn, (model, *plain_ids(model)))

    @property
    def is_for_vectors(self) -> bool:
        """Whether embeddings are wanted."""
        return self.turn is not None and self.turn.operation is Operation.EMBEDDINGS

    def is_like(self, rule: RuleSettings) -> bool:
        """Whether the turn has all the traits that a rule asks for."""
        return all(self._has(trait, rule) for trait in rule.when)

    def _has(self, trait: Trait, rule: RuleSettings) -> bool:
        if self.turn is None:
            return False
        key = trait, rule.above_tokens
        if key not in self._traits:
            self._traits[key] = has(trait, self.turn, rule)
        return self._traits[key]


def holds(rule: RuleSettings, asked: Asked, named: Place, default: str) -> bool:
    """Whether a rule holds for a turn, which without rules is `named`; `default` is the default.

    For vectors only a rule that asks for their model by its id does: those of another one are
    of no use.
    """
    if rule.model is None:
        if asked.is_for_vectors:
            return False
    elif not asks_for(rule, asked):
        is_default = not named.named and rule.model == default and not asked.is_for_vectors
        if not is_default:
            return False
    if rule.origin and named.endpoint.name not in rule.origin:
        return False
    return asked.is_like(rule)


def asks_for(rule: RuleSettings, asked: Asked) -> bool:
    """Whether a rule's `model` is an id that was asked for, or a pattern of it."""
    pattern = rule.model
    if pattern is None:
        return False
    if "*" not in pattern:
        return pattern in asked.ids
    return any(fits(each, pattern) for each in asked.ids)


def fits(model: str, pattern: str) -> bool:
    """Whether an id is as a pattern says, where `*` stands for anything.

    Piece by piece from the left, each at its first place: no pattern takes longer than the id has
    characters, whatever a client sends.
    """
    first, *others = pattern.split("*")
    if not others:
        return model == pattern
    last = others.pop()
    end = len(model) - len(last)
    if not model.startswith(first) or not model.endswith(last) or end < len(first):
        return False
    at = len(first)
    for piece in others:
        found = model.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def told(rule: RuleSettings) -> str:
    """A rule in words: its name, and what it asks for."""
    conditions: list[str] = [*rule.when]
    if rule.model is not None:
        conditions.append(f"model {rule.model}")
    if rule.origin:
        conditions.append(f"from {', '.join(rule.origin)}")
    return f"{title(rule)} ({' and '.join(conditions)})"


def title(rule: RuleSettings) -> str:
    """What a rule is called, whatever it asks for."""
    return f"the rule {rule.name}" if rule.name else "a rule"
