"""Reads what is said of models: how long their windows are, and what they can do."""

from __future__ import annotations

from typing import Final, cast

from ..settings_data import (
    ABILITIES,
    CONTEXT_TOKENS_MAX,
    CONTEXT_TOKENS_MIN,
    Ability,
    ModelFacts,
)
from ..settings_problems import shown
from ..settings_table import Table

MODEL_KEYS: Final = ("id", "context_tokens", "abilities")


def read_abilities(table: Table) -> tuple[Ability, ...] | None:
    """Reads `abilities`; an empty array is a model that can nothing of it, None says nothing."""
    if not table.has("abilities"):
        return None
    found: list[str] = []
    for index, word in table.texts("abilities", len(ABILITIES)):
        if word not in ABILITIES or word in found:
            wrong = "stands here twice" if word in found else "is not known"
            words = f"{shown(word)} {wrong}; allowed: {', '.join(ABILITIES)}"
            table.problems.add((*table.path, "abilities", index), words)
        else:
            found.append(word)
    return cast(tuple[Ability, ...], tuple(found))


def read_facts(table: Table) -> ModelFacts:
    """Reads one model of a provider, without its id."""
    table.refuse_unknown(MODEL_KEYS, {})
    tokens = table.integer("context_tokens", CONTEXT_TOKENS_MIN, CONTEXT_TOKENS_MAX)
    return ModelFacts("", tokens, read_abilities(table))
