"""What was found: a server, its models, and what a user should know before using them.

`context_tokens` is the window that holds now, `trained_tokens` what the model was made for. The two
differ often, and a request that is longer than the former is cut or refused by the server. None
stands for what a server does not say; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from typing import Final

import attrs

from ..settings_data import Ability, ModelFacts
from .inquiry import Answers, Question

ROOM_TOKENS: Final = 32_768
"""A coding client's first request, with its tools, has more than half of this."""
NAMES_MAX: Final = 3
"""So many models are named in one warning."""


@attrs.frozen
class FoundModel:
    """One model. `set_tokens` is the window that its own file asks for, `digest` names the file.

    A `remote` one is computed elsewhere, whatever the address says; one that `embeds` makes vectors
    and answers nothing.
    """

    id: str
    context_tokens: int | None = None
    trained_tokens: int | None = None
    abilities: tuple[Ability, ...] | None = None
    is_loaded: bool | None = None
    is_remote: bool = False
    embeds: bool = False
    set_tokens: int | None = None
    digest: str = ""

    @property
    def facts(self) -> ModelFacts:
        """What the router is told of it."""
        return ModelFacts(self.id, self.context_tokens, self.abilities, self.is_remote)


@attrs.frozen
class FoundServer:
    """One server. `kind` is a key of the table of kinds; `version` is "" where it does not say."""

    kind: str
    base_url: str
    version: str = ""
    models: tuple[FoundModel, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[ModelFacts, ...]:
        """Its models for the router: those that answer come before those that make vectors."""
        return tuple(each.facts for each in sorted(self.models, key=lambda each: each.embeds))


Inquiry = Generator[tuple[Question, ...], Answers, FoundServer]
"""See inquiry.py. May raise NotFound at any of its steps."""


def warnings_of(models: Sequence[FoundModel], larger: str, unknown: str = "") -> tuple[str, ...]:
    """What is worth a warning. `larger` says how to get a larger window.

    `unknown` is said of models whose window nobody knows, if it is not "".
    """
    answering = [each for each in models if not each.embeds]
    small = [each for each in answering if 0 < (each.context_tokens or 0) < ROOM_TOKENS]
    hidden = [each for each in answering if each.context_tokens is None and not each.is_remote]
    toolless = [each for each in answering if each.abilities and "tools" not in each.abilities]
    toolless += [each for each in answering if each.abilities == ()]
    remote = [each for each in answering if each.is_remote]
    told: list[str] = []
    if not answering:
        told.append("it has no model that answers")
    for tokens in sorted({each.context_tokens or 0 for each in small}):
        who = _names(each for each in small if each.context_tokens == tokens)
        told.append(
            f"the window of {who} is {tokens:,} tokens, a coding client needs more: {larger}"
        )
    if hidden and unknown:
        told.append(f"the window of {_names(hidden)} is not known: {unknown}")
    if toolless:
        told.append(f"not made for tools: {_names(toolless)}")
    if remote:
        told.append(f"computed elsewhere, not on this machine: {_names(remote)}")
    return tuple(told)


def _names(models: Iterable[FoundModel]) -> str:
    ids = [each.id for each in models]
    more = f" and {len(ids) - NAMES_MAX} more" if len(ids) > NAMES_MAX else ""
    return ", ".join(ids[:NAMES_MAX]) + more
