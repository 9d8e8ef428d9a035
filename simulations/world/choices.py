"""What the users of these stories say to Understudy, and where their turns may go from then on.

Told from their words alone, few and plain, without a look at our matcher or at what is kept: a name
is that of an endpoint or of its model, as the settings of the moment have it. Where it cannot be
known whether a command has arrived, both is believed until a turn tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal
from urllib.parse import urlsplit

import attrs

from ...protocols.settings_addresses import is_loopback
from ...protocols.settings_data import EndpointSettings, Settings
from .promises import endpoint_of

Kind = Literal["work", "switch", "once", "back", "which", "list", "question"]
_SAYINGS: Final[Mapping[Kind, str]] = {
    "switch": r"switch to (?P<name>.+)",
    "once": r"only this answer with (?P<name>[^:]+)|use (?P<other>[^:]+) for this: (?P<work>.+)",
    "back": r"go back",
    "which": r"which model is this\?",
    "list": r"list models",
}
PHRASES: Final[Mapping[Kind, Sequence[str]]] = {
    "switch": (
        "honestly I'd be happier if NAME did the talking from here on",
        "my train leaves the station any minute, have NAME do the rest of it",
        "opus costs me a fortune, let NAME carry on from here",
        "this is going nowhere, so could you kindly put me through to NAME instead?",
    ),
    "once": (
        "I'd love to hear what NAME makes of it, but just for the next answer",
        "let NAME handle only my next message, after that it's your turn again",
    ),
    "back": (
        "okay, experiment over, restore the model that was answering before",
        "I regret that switch, could the former model please take over again",
    ),
    "which": (
        "sorry to ask again, but whom do I have the pleasure with, which model?",
        "I've lost track, which model has been answering me lately?",
    ),
    "list": (
        "what do you have for me in terms of models?",
        "I'm new here, what models could I be talking to instead?",
    ),
}
"""The same in the words of people who have read no manual; NAME is a name."""
SOUNDS_LIKE: Final = (
    "my boss says NAME is what everybody uses these days, is that so?",
    "don't move the app to NAME before the release, finish the parser first",
    "which model does this invoice form belong to, and who calls it right now?",
    "the previous model of that printer was better, put its driver back",
    "show the user which models are left in the shop, newest first",
    "yesterday I switched to NAME and it broke the build, why?",
)
"""Work that sounds like it."""
_FORMS: Final[Sequence[tuple[Kind, str]]] = (
    *_SAYINGS.items(),
    *(
        (kind, re.escape(phrase).replace("NAME", "(?P<name>.+)"))
        for kind, phrases in PHRASES.items()
        for phrase in phrases
    ),
)


@attrs.frozen
class Meant:
    """What a message is. `place` is the one that it names, `offers` are several that it may mean;
    `works` if the message goes on to the model as well."""

    kind: Kind = "work"
    place: str = ""
    offers: tuple[str, ...] = ()
    once: bool = False
    works: bool = True


@attrs.frozen
class ToolMove:
    """A place that a model's tool has set its conversation to, and when the model has asked for it
    at the latest."""

    asked_seconds: float
    done_seconds: float
    place: str


@attrs.frozen
class Belief:
    """What a user may have chosen for a conversation; "" is where the settings lead."""

    place: str = ""
    before: tuple[str, ...] = ()
    once: str = ""
    offers: tuple[str, ...] = ()
    offers_once: bool = False
    led: str = ""
    """Where the next prompt goes by itself, as was announced, if it is work."""

    @property
    def wanted(self) -> str:
        """Where the next prompt goes."""
        return self.once or self.place

    def after(self, meant: Meant) -> Belief:
        """What is believed once this has been said, and heard."""
        said = attrs.evolve(self, led="")
        return _AFTER.get(meant.kind, _unchanged)(said, meant)

    def followed(self) -> Belief:
        """What is believed once it has gone where it was to go by itself."""
        return Belief(self.led, (*self.before, self.place)) if self.led else self

    def answered(self) -> Belief:
        """What is believed once the model has answered a prompt."""
        return attrs.evolve(self, once="", offers=())


def _unchanged(belief: Belief, _meant: Meant) -> Belief:
    return attrs.evolve(belief, offers=())


def _switched(belief: Belief, meant: Meant) -> Belief:
    if meant.place == belief.place:
        return attrs.evolve(belief, once="", offers=())
    return Belief(meant.place, (*belief.before, belief.place))


def _switched_once(belief: Belief, meant: Meant) -> Belief:
    return attrs.evolve(belief, once=meant.place, offers=())


def _gone_back(belief: Belief, _meant: Meant) -> Belief:
    if belief.once or not belief.before:
        return attrs.evolve(belief, once="", offers=())
    return Belief(belief.before[-1], belief.before[:-1])


def _questioned(belief: Belief, meant: Meant) -> Belief:
    return attrs.evolve(belief, offers=meant.offers, offers_once=meant.once)


_AFTER: Final[Mapping[Kind, Callable[[Belief, Meant], Belief]]] = {
    "switch": _switched,
    "once": _switched_once,
    "back": _gone_back,
    "question": _questioned,
}


def says_command(text: str) -> bool:
    """Whether a message has the form of a command, whatever names there are."""
    return any(re.fullmatch(form, text, re.DOTALL) for _, form in _FORMS)


def meaning(text: str, settings: Settings, belief: Belief) -> Meant:
    """What a user means by a message, after what they were asked and with these settings."""
    chosen = [place for place in belief.offers if _is_name(text, place)]
    if len(chosen) == 1:
        return Meant("once" if belief.offers_once else "switch", chosen[0], works=False)
    for kind, form in _FORMS:
        if found := re.fullmatch(form, text, re.DOTALL):
            said = found.groupdict()
            name = said.get("name") or said.get("other") or ""
            return _named(kind, name, settings, works=bool(said.get("work")))
    return Meant()


def _named(kind: Kind, name: str, settings: Settings, *, works: bool) -> Meant:
    if not name:
        return Meant(kind, works=works)
    places = tuple(place for place in places_of(settings) if _is_name(name, place))
    if len(places) == 1:
        return Meant(kind, places[0], works=works)
    return Meant("question", "", places, kind == "once", works=False) if places else Meant()


def _is_name(name: str, place: str) -> bool:
    """Whether a place may be meant: by its whole name, its endpoint's, or its model's."""
    endpoint, _, model = place.partition("/")
    return name in (place, endpoint, model)


def places_of(settings: Settings) -> Iterator[str]:
    """Every place that there is."""
    for endpoint in settings.endpoints:
        yield from (f"{endpoint.name}/{model}" for model in endpoint.models)


def order(place: str, settings: Settings) -> tuple[str, ...]:
    """Who may answer where a place is chosen, it first; nobody if it is gone.

    What was set to a place that is private, or on this machine, falls back to no other kind.
    """
    endpoint = endpoint_of(settings, place)
    if endpoint is None or place not in places_of(settings):
        return ()
    others = [(each, endpoint_of(settings, each)) for each in endpoint.fallback]
    stays = _is_trusted(endpoint)
    return (place, *(name for name, each in others if each and (not stays or _is_trusted(each))))


def _is_trusted(endpoint: EndpointSettings) -> bool:
    host = urlsplit(endpoint.base_url or "").hostname or ""
    return endpoint.private or not endpoint.base_url or is_loopback(host)
