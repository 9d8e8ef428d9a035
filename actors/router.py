"""Says where a turn goes. Answers from what is in memory, without awaiting, never on the data path.

The table is one snapshot of the settings. A change replaces it between two questions: a turn that
has its route keeps it, a backend that is no longer wanted drains. How the turns end that it has
routed comes back as notes; what an endpoint lists of its models as another table.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import attrs
import trio

from ..io.ports import Calendar
from ..protocols.actor import ActorError, Message, Note, Ref, Refusal
from ..protocols.advice.contender import Contenders, FindContenders
from ..protocols.advice.contenders import contenders
from ..protocols.engine.control import LoadModel, UnloadModel
from ..protocols.routing.budget import Budgets, counted_tokens, seconds_to_next_day
from ..protocols.routing.cards import id_of, known_places, model_cards
from ..protocols.routing.choice import Candidate, Chooser
from ..protocols.routing.choice import Choice as RoutingChoice
from ..protocols.routing.health import Health
from ..protocols.routing.standing import named_place, standing
from ..protocols.routing.status import describe
from ..protocols.routing.table import EMBEDDED, Listings, RoutingTable, plain_ids
from ..protocols.routing.trust import is_here
from ..protocols.routing.verdict import Verdict
from ..protocols.routing.wish import (
    FindRoute,
    NoteKeysChanged,
    NoteOutcome,
    NothingLeft,
    Route,
    Wish,
)
from ..protocols.safeguards.classifier import WHY, Classifier, FindClassifier
from ..protocols.safeguards.classifier_choice import choose_classifier
from ..protocols.settings_data import EndpointSettings, Settings
from ..protocols.switching.choice import CHOICE_UNKNOWN
from ..protocols.switching.known import FindKnownPlaces, KnownPlaces
from ..protocols.switching.standing import (
    Consider,
    Considered,
    FindNamed,
    FindStandings,
    Standing,
)
from ..protocols.turn import (
    Alternative,
    FindAlternatives,
    FindSpent,
    ListEndpoints,
    ListModels,
    NoteNotice,
    Operation,
    TurnRefused,
)
from .backends import Backends
from .kernel import Actor
from .probes import Probes

STAYS = "what was asked of it goes to no other endpoint by itself: choose another model"
RETRY_SECONDS = 0.5
RETRY_SECONDS_MAX = 8.0
RECALL_SECONDS_MAX = 5.0
"""How long a start waits to hear what was used today before it."""
BUDGET_CONVERSATION = "budget"
"""Under this name the warnings before a wall are noted."""


@attrs.frozen
class ApplySettings(Message[None]):
    """To the router: these settings hold from now on."""

    settings: Settings


@attrs.frozen
class ApplyListings(Message[None]):
    """To the router: this is what endpoints say of their models now."""

    listings: Listings


class Router(Actor):
    """The machine's router. `settings` are those that hold when an incarnation starts.

    It knows of nobody's health then: who was ill before is found out anew. `draw` gives numbers
    from 0 to 1, for pauses that do not fall together.
    """

    def __init__(
        self,
        settings: Settings,
        backends: Backends,
        conversations: Ref,
        calendar: Calendar,
        draw: Callable[[], float],
    ) -> None:
        self._backends = backends
        self._conversations = conversations
        self._calendar = calendar
        self._draw = draw
        self._is_recalling = False
        self._known: KnownPlaces | None = None
        self._chooser = Chooser(
            RoutingTable.of(settings, backends.listings),
            Health(settings.routing, backends.tickets),
            Budgets(),
            backends.load,
            lambda: seconds_to_next_day(calendar.day, calendar.now()),
        )
        self._probes = Probes(self._chooser.health, backends, lambda name: self._table.named(name))

    @property
    def _table(self) -> RoutingTable:
        return self._chooser.table

    async def start(self) -> None:
        """Brings the backends in step with the settings, and recalls what was used today."""
        self._apply(self._table.settings)
        self._chooser.budgets.begin(self._today())
        if self._has_budgets():
            with trio.move_on_after(RECALL_SECONDS_MAX):
                await self._recall_spent()

    def handle(self, message: Message[Any], /) -> Any:
        """Answers every question at once."""
        match message:
            case FindRoute(wish):
                return self._route(wish)
            case FindClassifier():
                return self._classifier(message)
            case FindKnownPlaces():
                return self._known_places()
            case FindStandings(places, home):
                return self._standings(places, home)
            case Consider(wish):
                return self._consider(wish)
            case FindNamed(model):
                return named_place(self._table, model)
            case FindContenders(places):
                return self._contenders(places)
            case FindAlternatives(endpoint, tokens):
                return self._alternatives(endpoint, tokens)
            case ListModels():
                return model_cards(self._table)
            case ListEndpoints():
                self._begin_day()
                counts, now = self._backends.statistics, trio.current_time()
                all_of_them = self._table.endpoints
                return tuple(
                    describe(self._chooser, it, counts(it.name), now) for it in all_of_them
                )
            case LoadModel(endpoint) | UnloadModel(endpoint):
                return self._engine(endpoint).ask(message)
            case ApplySettings(settings):
                self._apply(settings)
                return self._recall_soon()
            case ApplyListings(listings):
                self._backends.listings = listings
                return self._make_table(self._table.settings)
        return super().handle(message)

    def note(self, note: Note, /) -> None:
        """Takes note of how a turn has ended."""
        match note:
            case NoteOutcome():
                self._note_outcome(note)
            case NoteKeysChanged():
                self._chooser.health.forget_keys()

    def _note_outcome(self, note: NoteOutcome) -> None:
        name = note.spot.endpoint
        self._backends.heard(name, note.status)
        self._chooser.health.note(
            note.spot,
            note.ticket,
            note.verdict,
            trio.current_time(),
            status=note.status,
            retry_after_seconds=note.retry_after_seconds,
        )
        if note.verdict is Verdict.DOWN:
            self._probes.look_after(name, self.background)
        endpoint = self._table.named(name)
        if endpoint is None or endpoint.tokens_per_day is None:
            return
        self._begin_day()
        if note.usage is None:
            self._recall_soon()
        else:
            self._chooser.budgets.spend(name, counted_tokens(note.usage))
            self._warn(endpoint)

    def _begin_day(self) -> None:
        """Another day begins with nothing used, or with what the ledger has if it was before."""
        if self._chooser.budgets.begin(self._today()):
            self._recall_soon()

    def _today(self) -> str:
        return self._calendar.day(self._calendar.now())

    def _has_budgets(self) -> bool:
        return any(endpoint.tokens_per_day for endpoint in self._table.endpoints)

    def _warn(self, endpoint: EndpointSettings) -> None:
        words = self._chooser.budgets.warning(endpoint)
        if words:
            self._conversations.post(NoteNotice(BUDGET_CONVERSATION, words))

    def _recall_soon(self) -> None:
        if self._has_budgets() and not self._is_recalling:
            self._is_recalling = True
            self.background.start_soon(self._recall_spent, name="router:spent")

    async def _recall_spent(self) -> None:
        """What the ledger has of today; one that cannot say costs nothing more."""
        day = self._today()
        self._is_recalling = False  # what ends from now on may be missing in the answer
        with suppress(ActorError):
            self._chooser.budgets.recall(day, await self._conversations.ask(FindSpent(day)))
            for endpoint in self._table.endpoints:
                self._warn(endpoint)

    def _apply(self, settings: Settings) -> None:
        before = {each.name: _where(each) for each in self._table.settings.endpoints}
        after = {each.name: _where(each) for each in settings.endpoints}
        for name, where in before.items():
            if after.get(name) != where:
                self._chooser.health.forget(name)
        self._make_table(settings)
        self._chooser.health.rules = settings.routing
        for ref in self._backends.apply((*settings.endpoints, EMBEDDED)):
            self.background.start_soon(self._backends.drain, ref, name=f"drain:{ref.name}")

    def _known_places(self) -> KnownPlaces:
        if self._known is None:
            self._known = known_places(self._table)
        return self._known

    def _standings(self, places: tuple[str, ...], home: str) -> tuple[Standing, ...]:
        self._begin_day()
        now = trio.current_time()
        found = [standing(self._chooser, each, home, now) for each in places]
        return tuple(each for each in found if each is not None)

    def _consider(self, wish: Wish) -> Considered:
        choice = self._choose(wish)
        if not choice.candidates:
            raise NothingLeft
        return Considered(choice.candidates[0].name, choice.why)

    def _contenders(self, places: tuple[str, ...]) -> Contenders:
        self._begin_day()
        own = [each.name for each in self._table.endpoints if each.engine and each != EMBEDDED]
        return Contenders(
            contenders(self._chooser, trio.current_time(), places),
            self._table.settings.recommend,
            self._table.settings.chat,
            {name: self._backends.get(name) for name in own},
        )

    def _make_table(self, settings: Settings) -> None:
        self._chooser.table = RoutingTable.of(settings, self._backends.listings)
        self._known = None
        self._backends.local_models |= self._table.local_models

    def _route(self, wish: Wish) -> Route:
        choice, now = self._choose(wish), trio.current_time()
        if not choice.candidates:
            raise NothingLeft
        best = choice.candidates[0]
        endpoint, model = best.place.endpoint, best.place.model
        counts = wish.operation is not Operation.COUNT_TOKENS
        return Route(
            backend=self._backends.get(endpoint.name),
            endpoint=endpoint.name,
            model=model,
            context_tokens=endpoint.window(model),
            why=choice.why,
            key=best.key,
            is_last=len(choice.candidates) == 1
            and choice.round >= self._table.settings.routing.retries,
            delay_seconds=self._delay_seconds(best, choice.round),
            home=choice.home,
            ticket=self._chooser.health.take(best.spot, now) if counts else 0,
        )

    def _choose(self, wish: Wish) -> RoutingChoice:
        """Who may answer. Raises TurnRefused."""
        if wish.choice in ("", CHOICE_UNKNOWN):  # where the user wants it says more than its id
            self._refuse_gone(wish.model)
        self._begin_day()
        return self._chooser.choose(wish, trio.current_time())

    def _refuse_gone(self, model: str) -> None:
        """An id that has led to a model on this machine goes elsewhere only by a rule of its own.

        Raises TurnRefused.
        """
        if self._backends.local_models.isdisjoint(plain_ids(model)):
            return
        if not self._table.find(model).named and self._table.alias(model) is None:
            words = f"{model} ran on this machine and is not in the settings any more; {STAYS}"
            raise TurnRefused(403, "permission_error", words)

    def _classifier(self, asked: FindClassifier) -> Classifier:
        self._begin_day()
        now = trio.current_time()
        found = choose_classifier(self._chooser, asked.endpoint, asked.home, now)
        if isinstance(found, Classifier):
            return found
        if not asked.asks_now:
            return Classifier()
        endpoint, model = found.place.endpoint, found.place.model
        return Classifier(
            route=Route(
                self._backends.get(endpoint.name),
                endpoint.name,
                model,
                endpoint.window(model),
                WHY,
                key=found.key,
                ticket=self._chooser.health.take(found.spot, now),
            )
        )

    def _engine(self, endpoint: str) -> Ref:
        """The backend of a model on this machine. Raises Refusal."""
        found = self._table.named(endpoint)
        if found is None or found.engine is None:
            raise Refusal(f"{endpoint} is no model that Understudy runs on this machine")
        return self._backends.get(endpoint)

    def _delay_seconds(self, best: Candidate, times: int) -> float:
        """The pause before a place is asked once more: longer each time, and never the same."""
        if not times:
            return 0.0
        pause: float = min(RETRY_SECONDS * 2 ** (times - 1), RETRY_SECONDS_MAX)
        return min(max(pause, best.rest_seconds), RETRY_SECONDS_MAX) * (0.5 + self._draw() / 2)

    def _alternatives(self, endpoint: str, tokens: int) -> tuple[Alternative, ...]:
        """The first model of each other endpoint that has room for so much, or does not say."""
        found = [
            Alternative(id_of(other), remote=not is_here(other, other.models[0]))
            for other in self._table.endpoints
            if other.name != endpoint
            and other.models
            and not 0 < other.window(other.models[0]) <= tokens
        ]
        return tuple(sorted(found, key=lambda each: each.remote))


def _where(endpoint: EndpointSettings) -> tuple[object, ...]:
    """What decides whether an endpoint is still the same one, for what is known of its health."""
    return endpoint.base_url, endpoint.dialects, endpoint.keys, endpoint.engine, endpoint.file
