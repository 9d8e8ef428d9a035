"""The models page in the shape that the newest SDK's strict model reads, checked by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from understudy.protocols.anthropic.models import models_page
from understudy.protocols.turn import ModelCard

CARDS = (
    ModelCard("work/claude-x", "claude-x at work", "work", 200_000),
    ModelCard("anthropic/work/claude-x", "claude-x at work", "work", 200_000),
    ModelCard("rehearsal/rehearsal", "rehearsal", "rehearsal", 0),
)


def page(*cards: ModelCard) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(models_page(cards)))
    return found


def test_every_model_has_what_the_strict_model_requires() -> None:
    models = page(*CARDS)["data"]
    assert [model["id"] for model in models] == [card.id for card in CARDS]
    for model in models:
        assert model["type"] == "model"
        assert model["display_name"]
        assert model["lifecycle"] in {"active", "deprecated", "retired"}
        assert datetime.fromisoformat(model["created_at"]).utcoffset() is not None


def test_a_window_is_told_where_it_is_known() -> None:
    windows = [model["max_input_tokens"] for model in page(*CARDS)["data"]]
    assert windows == [200_000, 200_000, None]


def test_all_are_on_one_page() -> None:
    found = page(*CARDS)
    assert (found["first_id"], found["last_id"]) == (CARDS[0].id, CARDS[-1].id)
    assert found["has_more"] is False
    assert page() == {"data": [], "first_id": None, "last_id": None, "has_more": False}
