"""Our models as Ollama lists them: `/api/tags`, `/api/show`, `/api/ps`, `/api/version`.

In Ollama every name has a tag, and some clients add `:latest` to one that has none before they look
it up in the list. So names are listed with a tag, and `found_card` reads them with and without.
Dates and sizes are not known here: the epoch, which clients parse as a date, and 0.
Source: docs/api.md and api/types.go of Ollama.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

from ..turn import ModelCard
from .answer_writer import EPOCH

RUNNING: Final = b"Ollama is running"
"""What `GET /` says: clients ask it whether there is an Ollama."""
VERSION: Final = "0.33.0"
"""The version of Ollama whose API this is; clients refuse to talk to one that is too old."""
TAG: Final = ":latest"
NEVER: Final = "9999-12-31T23:59:59Z"
"""When a model leaves the memory, for one that stays."""
CAPABILITIES: Final = ("completion", "tools")
"""What every model of ours can do; clients offer no tools to one that does not say so."""
_ARCHITECTURE: Final = "understudy"


def tags_body(cards: Iterable[ModelCard]) -> dict[str, Any]:
    """Every model that a client may name."""
    return {
        "models": [
            {
                **_named(card),
                "modified_at": EPOCH,
                "size": 0,
                "capabilities": CAPABILITIES,
            }
            for card in cards
        ]
    }


def running_body(cards: Iterable[ModelCard]) -> dict[str, Any]:
    """The models that are in memory."""
    return {
        "models": [
            {
                **_named(card),
                "size": 0,
                "size_vram": 0,
                "expires_at": NEVER,
                "context_length": card.context_tokens,
            }
            for card in cards
        ]
    }


def show_body(card: ModelCard, capabilities: Iterable[str] = CAPABILITIES) -> dict[str, Any]:
    """One model."""
    info: dict[str, Any] = {
        "general.architecture": _ARCHITECTURE,
        "general.basename": card.display_name,
    }
    if card.context_tokens:
        info[f"{_ARCHITECTURE}.context_length"] = card.context_tokens
    return {
        "modelfile": "",
        "parameters": "",
        "template": "",
        "details": _details(card),
        "model_info": info,
        "capabilities": list(capabilities),
        "modified_at": EPOCH,
    }


def version_body() -> dict[str, Any]:
    """The version."""
    return {"version": VERSION}


def found_card(name: str, cards: Iterable[ModelCard]) -> ModelCard | None:
    """The model that a client means by this name; None if it is none of these."""
    by_id = {card.id: card for card in cards}
    return by_id.get(name) or by_id.get(name.removesuffix(TAG))


def listed_name(model: str) -> str:
    """A model's id as a name of Ollama's, with a tag."""
    return model if ":" in model else model + TAG


def _named(card: ModelCard) -> dict[str, Any]:
    name = listed_name(card.id)
    digest = hashlib.sha256(card.id.encode()).hexdigest()
    return {"name": name, "model": name, "digest": digest, "details": _details(card)}


def _details(card: ModelCard) -> dict[str, Any]:
    details: dict[str, Any] = {
        "parent_model": "",
        "format": "",
        "family": _ARCHITECTURE,
        "families": [_ARCHITECTURE],
        "parameter_size": "",
        "quantization_level": "",
    }
    if card.context_tokens:
        details["context_length"] = card.context_tokens
    return details
