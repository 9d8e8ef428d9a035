"""The models that clients may name, as each dialect lists them.

Anthropic's and OpenAI's clients ask at the same path, and both leave alone what they do not know:
there each entry says it in both ways, and nobody need guess who asks. What stands there behind
`anthropic/` is for Claude Code's picker alone, which also shows a `description`, of up to 100
characters; the other dialects' clients get each model once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from .anthropic import models as anthropic
from .gemini import served as gemini
from .ollama import models as ollama
from .openai_chat import models as openai
from .routing.table import ALIAS_PREFIX
from .turn import ModelCard

DESCRIPTION_CHARACTERS_MAX: Final = 100


def models_page(dialect: str, cards: Iterable[ModelCard]) -> dict[str, Any]:
    """All models on one page."""
    shown = tuple(cards)
    if dialect == "gemini":
        return gemini.models_page(_once(shown))
    if dialect == "ollama":
        return ollama.tags_body(_once(shown))
    page = {**openai.models_page(shown), **anthropic.models_page(shown)}
    return {**page, "data": [model_page(dialect, card) for card in shown]}


def model_page(dialect: str, card: ModelCard) -> dict[str, Any]:
    """One model."""
    if dialect == "gemini":
        return gemini.model_card(card)
    if dialect == "ollama":
        return ollama.show_body(card)
    words = {"description": _description(card)}
    return {**openai.model_object(card), **anthropic.model_object(card), **words}


def found_card(name: str, cards: Iterable[ModelCard]) -> ModelCard | None:
    """The model that a client means by this name, in whatever dialect; None if it is none.

    Like a turn, it may name a model by the endpoint's own id, where only one endpoint has it.
    """
    shown = tuple(cards)
    name = name.removeprefix("models/")
    for written in (name, name.removeprefix(ALIAS_PREFIX)):
        found = ollama.found_card(written, shown)
        if found is not None:
            return found
    bare = name.removesuffix(ollama.TAG)
    named = [card for card in shown if card.id == f"{card.endpoint}/{bare}"]
    return named[0] if len(named) == 1 else None


def _once(cards: Iterable[ModelCard]) -> list[ModelCard]:
    """Each model under its own id alone."""
    found = tuple(cards)
    twins = {f"{ALIAS_PREFIX}{card.id}" for card in found}
    return [card for card in found if card.id not in twins]


def _description(card: ModelCard) -> str:
    """What there is to say beside the name: where it leads, and how much it holds."""
    place = card.leads_to or card.id.removeprefix(ALIAS_PREFIX)
    leads = f"a rule: {place} first" if card.leads_to else place
    if not card.context_tokens:
        return leads[:DESCRIPTION_CHARACTERS_MAX]
    holds = f", {card.context_tokens:,} tokens"
    return leads[: DESCRIPTION_CHARACTERS_MAX - len(holds)] + holds
