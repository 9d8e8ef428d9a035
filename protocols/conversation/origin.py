"""Whose thinking it is: a mark in front of each signature that we hand to a client.

Thinking belongs to the model that wrote it. An API refuses a block which another has signed, and
one that is sent as text instead reads like words of the user. So a signature that comes from
another dialect than the client's is marked with its dialect and model; the client gives the block
back as it got it, and here it is read who may have it. A signature without a mark is Anthropic's
own, and an empty one is nobody's.
"""

from __future__ import annotations

import attrs

MARK = "understudy:"


@attrs.frozen
class Origin:
    """Where thinking came from: a dialect and a model there; `payload` is what the API gave."""

    dialect: str
    model: str
    payload: str


def signed(dialect: str, model: str, payload: str) -> str:
    """The signature to show to a client. A model's name may hold any character but a blank."""
    if dialect == "anthropic":
        return payload
    return f"{MARK}{dialect} {model} {payload}"


def origin_of(signature: str) -> Origin | None:
    """Reads a signature; None if it is empty or malformed, and so nobody's."""
    if not signature:
        return None
    if not signature.startswith(MARK):
        return Origin("anthropic", "", signature)
    parts = signature.removeprefix(MARK).split(" ", 2)
    return Origin(*parts) if len(parts) == 3 else None


def own_payload(signature: str, dialect: str, model: str) -> str | None:
    """What the API of this dialect and model gave, if it was theirs; else None.

    Anthropic's models read one another's thinking: there only the dialect counts.
    """
    origin = origin_of(signature)
    if origin is None or origin.dialect != dialect:
        return None
    return origin.payload if dialect == "anthropic" or origin.model == model else None
