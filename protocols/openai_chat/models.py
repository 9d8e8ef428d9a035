"""The list of models as `GET /v1/models` gives it to clients of OpenAI.

When a model was made is not known here: `created` must be there and is 0. `context_length` is
OpenRouter's member, which many clients read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..turn import ModelCard


def models_page(cards: Iterable[ModelCard]) -> dict[str, Any]:
    """All models."""
    return {"object": "list", "data": [model_object(card) for card in cards]}


def model_object(card: ModelCard) -> dict[str, Any]:
    """One model, as `GET /v1/models/{id}` gives it too."""
    shown: dict[str, Any] = {
        "id": card.id,
        "object": "model",
        "created": 0,
        "owned_by": card.endpoint,
        "name": card.display_name,
    }
    if card.context_tokens:
        shown["context_length"] = card.context_tokens
    return shown
