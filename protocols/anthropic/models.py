"""The list of models as `GET /v1/models` gives it.

Source: the Models API reference; the newest official SDK in strict mode requires `lifecycle`.
The release date of a model is not known here, and the reference allows the epoch for that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..turn import ModelCard

EPOCH = "1970-01-01T00:00:00Z"


def models_page(cards: Iterable[ModelCard]) -> dict[str, Any]:
    """All models on one page."""
    models = [model_object(card) for card in cards]
    return {
        "data": models,
        "first_id": models[0]["id"] if models else None,
        "last_id": models[-1]["id"] if models else None,
        "has_more": False,
    }


def model_object(card: ModelCard) -> dict[str, Any]:
    """One model."""
    return {
        "type": "model",
        "id": card.id,
        "display_name": card.display_name,
        "created_at": EPOCH,
        "lifecycle": "active",
        "max_input_tokens": card.context_tokens or None,
    }
