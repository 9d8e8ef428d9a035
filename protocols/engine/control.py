"""Loading and unloading a model of this machine by a person's word, or a tool's."""

from __future__ import annotations

import attrs

from ..actor import Message


@attrs.frozen
class Loaded:
    """The model is in memory. `pinned` if it makes room for no other one from now on."""

    pinned: bool


@attrs.frozen
class LoadModel(Message[Loaded]):
    """To the router, who hands it to the backend: have this endpoint's model in memory.

    Answered once it is. Raises Refusal, with words: no such endpoint, no room, no model. Leaving
    the call withdraws the wish where nobody else waits for it.
    """

    endpoint: str
    pin: bool = False


@attrs.frozen
class Unloaded:
    """The model goes, or was not there. `answers` so many it computes yet: it goes after them."""

    was_loaded: bool
    answers: int = 0


@attrs.frozen
class UnloadModel(Message[Unloaded]):
    """To the router, who hands it to the backend: give this model's memory back.

    Answered at once. What was pinned by LoadModel is so no more. Raises Refusal.
    """

    endpoint: str
