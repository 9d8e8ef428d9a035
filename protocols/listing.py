"""The models that clients may name, as each dialect lists them.

Anthropic's and OpenAI's clients ask at the same path, and both leave alone what they do not know:
there each entry says it in both ways, and nobody need guess who asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .anthropic import models as anthropic
from .gemini import served as gemini
from .ollama import models as ollama
from .openai_chat import models as openai
from .turn import ModelCard


def models_page(dialect: str, cards: Iterable[ModelCard]) -> dict[str, Any]:
    """All models on one page."""
    shown = tuple(cards)
    if dialect == "gemini":
        return gemini.models_page(shown)
    if dialect == "ollama":
        return ollama.tags_body(shown)
    page = {**openai.models_page(shown), **anthropic.models_page(shown)}
    return {**page, "data": [model_page(dialect, card) for card in shown]}


def model_page(dialect: str, card: ModelCard) -> dict[str, Any]:
    """One model."""
    if dialect == "gemini":
        return gemini.model_card(card)
    if dialect == "ollama":
        return ollama.show_body(card)
    return {**openai.model_object(card), **anthropic.model_object(card)}


def found_card(name: str, cards: Iterable[ModelCard]) -> ModelCard | None:
    """The model that a client means by this name, in whatever dialect; None if it is none.

    Like a turn, it may name a model by the endpoint's own id, where only one endpoint has it.
    """
    shown = tuple(cards)
    name = name.removeprefix("models/")
    found = ollama.found_card(name, shown)
    if found is not None:
        return found
    bare = name.removesuffix(ollama.TAG)
    named = [card for card in shown if card.id == f"{card.endpoint}/{bare}"]
    return named[0] if len(named) == 1 else None
