"""What a client's settings depend on, gathered once, from values alone."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import attrs

from ...protocols.context_number import ContextNumber, context_number
from ...protocols.routing.cards import default_id, model_cards
from ...protocols.routing.table import EMBEDDED, Place, RoutingTable
from ...protocols.routing.trust import is_trusted
from ...protocols.settings_data import EndpointSettings
from .program import OwnProgram

ANTHROPIC_HOST: Final = "api.anthropic.com"


@attrs.frozen
class Circumstances:
    """Where Understudy is, how it is started, and where its models are."""

    address: str
    table: RoutingTable
    program: OwnProgram
    token_address: str = ""
    """Whose port is looked at before the token is printed; "" for that of the usual settings."""

    @property
    def token_words(self) -> tuple[str, ...]:
        """The command of ours that prints the token for a client."""
        return ("token", "--for", self.token_address) if self.token_address else ("token",)

    @property
    def default(self) -> str:
        """The id of the model where conversations start."""
        return default_id(self.table)

    @property
    def default_name(self) -> str:
        """How that model is shown to people."""
        names = {card.id: card.display_name for card in model_cards(self.table)}
        return names.get(self.default, self.default)

    @property
    def number(self) -> ContextNumber:
        """The one context size of Claude Code, and why."""
        return context_number(self.table)

    @property
    def window_tokens(self) -> int:
        """What the default model holds; 0 if nobody has said."""
        place = self.table.first(self.default)
        return place.endpoint.window(place.model)

    @property
    def model_ids(self) -> frozenset[str]:
        """Every id that only we know: clients keep the one that was picked in their settings."""
        named = {card.id for card in model_cards(self.table)}
        return frozenset(name for name in named if "/" in name)

    @property
    def without_verdicts(self) -> tuple[str, ...]:
        """The endpoints on whose tool uses nobody gives a safety verdict."""
        places = (Place(each, "", "") for each in self._endpoints)
        return tuple(each.endpoint.name for each in places if not gives_verdicts(each, self.table))

    @property
    def has_verdicts(self) -> bool:
        """Whether any endpoint's tool uses are judged."""
        return len(self.without_verdicts) < len(self._endpoints)

    @property
    def _endpoints(self) -> list[EndpointSettings]:
        return [each for each in self.table.endpoints if each != EMBEDDED] or [EMBEDDED]


def gives_verdicts(place: Place, table: RoutingTable) -> bool:
    """Whether auto mode gets its safety verdicts on what is answered there.

    Anthropic's own API gives them; for endpoints of other dialects the classifier of the settings
    does. One must never be made up.
    """
    endpoint = place.endpoint
    if endpoint.base_url is not None and urlsplit(endpoint.base_url).hostname == ANTHROPIC_HOST:
        return True
    named = table.settings.safeguards.classifier
    if named is None or "anthropic" in endpoint.dialects:
        return False
    judge = table.at(named)
    trusted = judge is not None and is_trusted(judge.endpoint, judge.model)
    return trusted or not endpoint.private
