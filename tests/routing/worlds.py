"""Small worlds in which a turn is to find its place: drawn, driven to an end, and judged.

The judge knows trust and ownership in words of its own, so that a fault of the chooser's cannot
hide behind itself. It says what is wrong; a test of the properties wants it to say nothing, and a
test with a planted bug wants it to speak.
"""

from __future__ import annotations

from collections import Counter

import attrs
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from understudy.protocols.anthropic.request import parse_request
from understudy.protocols.routing.budget import Budgets
from understudy.protocols.routing.choice import Candidate, Choice, Chooser
from understudy.protocols.routing.health import Health, Spot
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.routing.verdict import Verdict, is_of_whole
from understudy.protocols.routing.wish import HOME_UNKNOWN, Tried, Wish
from understudy.protocols.settings_data import (
    EndpointSettings,
    KeyReference,
    RoutingSettings,
    RuleSettings,
    Settings,
    Spread,
    Trait,
)
from understudy.protocols.turn import Operation, Turn, TurnRefused

few_examples = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
many_examples = settings(few_examples, max_examples=250)
hunt = settings(few_examples, max_examples=1_000, phases=[Phase.generate])
"""For a planted bug: the first world that shows it will do."""
NAMES = ("a", "b", "c", "d")
PLACES = tuple(f"{name}/m" for name in NAMES)
WHENS: tuple[tuple[Trait, ...], ...] = ((), ("background",), ("sub-agent",))
SPREADS: tuple[Spread, ...] = ("order", "affinity")
LIMIT = 100
STATUSES = (401, 403, 404, 429, 503, 529)
ATTEMPTS_MAX = 40


def endpoint(
    name: str, *, here: bool = False, private: bool = False, keys: int = 1, **more: object
) -> EndpointSettings:
    """A peer with the model `m`, remote unless said."""
    url = "http://127.0.0.1:9" if here else f"https://{name}.example"
    references = [KeyReference("env", f"KEY_{number}") for number in range(keys)]
    return EndpointSettings(
        name,
        ("m",),
        ("anthropic",),
        url,
        key=references[0],
        spare_keys=tuple(references[1:]),
        private=private,
        **more,  # type: ignore[arg-type]  # what a test says of it by name
    )


def turn(
    model: str = "a/m",
    *,
    agent: str = "",
    operation: Operation = Operation.MESSAGES,
    content: str = '"x"',
    more: str = "",
) -> Turn:
    """A turn with a body that says so."""
    messages = f'[{{"role":"user","content":{content}}}]'
    body = f'{{"model":"{model}","max_tokens":9,"messages":{messages}{more}}}'
    return Turn("t", "c", True, agent, operation, parse_request(body.encode()))


@attrs.frozen
class World:
    """Settings, a wish, and what has happened before."""

    settings: Settings
    wish: Wish
    failures: tuple[tuple[Spot, Verdict], ...] = ()
    spent: frozenset[str] = frozenset()
    statuses: tuple[int, ...] = (503,)
    pauses: tuple[float, ...] = (1.0,)

    def chooser(self) -> Chooser:
        """The router's mind in this world."""
        health = Health(self.settings.routing)
        for spot, verdict in self.failures:
            health.note(spot, health.take(spot, 0.0), verdict, 0.0)
        budgets = Budgets()
        for name in sorted(self.spent):
            budgets.spend(name, LIMIT)
        return Chooser(RoutingTable.of(self.settings), health, budgets)


@attrs.define
class Course:
    """What became of a turn whose every place fails: each choice, and whom it sent the turn to."""

    choices: list[Choice] = attrs.field(factory=list[Choice])
    refusal: TurnRefused | None = None
    complaints: list[str] = attrs.field(factory=list[str])

    @property
    def asked(self) -> list[Candidate]:
        """Those that were asked, in order."""
        return [choice.candidates[0] for choice in self.choices if choice.candidates]


def drive(world: World) -> Course:
    """Lets the turn fail at every place, until nothing is left or it is refused."""
    chooser, course, wish, now = world.chooser(), Course(), world.wish, 0.0
    for number in range(ATTEMPTS_MAX):
        try:
            choice = chooser.choose(wish, now)
        except TurnRefused as refusal:
            course.refusal = refusal
            return course
        course.choices.append(choice)
        if not choice.candidates:
            return course
        best = choice.candidates[0]
        rests = [chooser.health.rest_seconds(each.spot, now) for each in choice.candidates]
        if rests != sorted(rests):
            course.complaints.append(f"{best.name} rests and is asked before what is well")
        status = world.statuses[number % len(world.statuses)]
        ticket = chooser.health.take(best.spot, now)
        verdict = Verdict.DOWN if status >= 500 else Verdict.BUSY
        chooser.health.note(best.spot, ticket, verdict, now)
        failed = Tried(best.spot, best.place.model, is_of_whole(status), status)
        wish = attrs.evolve(wish, tried=(*wish.tried, failed))
        now += world.pauses[number % len(world.pauses)]
    course.complaints.append("it does not end")
    return course


def complaints(world: World) -> list[str]:
    """All that is wrong with the course of a turn."""
    course = drive(world)
    return [
        *course.complaints,
        *_about_privacy(world, course),
        *_about_budgets(world, course),
        *_about_tries(world, course),
    ]


def _about_privacy(world: World, course: Course) -> list[str]:
    """No remote place sees private words, unless one rule names all whose they are."""
    known = {each.name: each for each in world.settings.endpoints}
    owners = _owners(world)
    if not owners:
        return []
    freed = {
        place for rule in world.settings.rules if owners <= set(rule.origin) for place in rule.to
    }
    found = {each.name for choice in course.choices for each in choice.candidates}
    return [
        f"{name} is remote, and the words are private to {owners}"
        for name in found - freed
        if (its := known.get(name[0])) and not its.private and "127.0.0.1" not in str(its.base_url)
    ]


def _owners(world: World) -> set[str]:
    home = world.wish.home or ""
    owners = {home.partition("/")[0]} if home else set[str]()
    origin = RoutingTable.of(world.settings).find(world.wish.model).endpoint
    unknown = not RoutingTable.of(world.settings).find(world.wish.model).named
    stays = unknown and home and home in PLACES
    return owners | ({origin.name} if origin.private and not stays else set())


def _about_budgets(world: World, course: Course) -> list[str]:
    return [
        f"{each.name} has no tokens left"
        for each in course.asked
        if each.place.endpoint.name in world.spent
        and each.place.endpoint.tokens_per_day is not None
    ]


def _about_tries(world: World, course: Course) -> list[str]:
    """Each place as often as allowed, and all of them before the end; vectors at one alone."""
    if course.refusal is not None or not course.choices:
        return []
    found: list[str] = []
    times = 1 + world.settings.routing.retries
    counts = Counter((each.spot, each.place.model) for each in course.asked)
    found += [f"{spot} was asked {count} times" for spot, count in counts.items() if count > times]
    tried = [
        Tried(each.spot, each.place.model, is_of_whole(status))
        for each, status in zip(course.asked, _statuses(world, len(course.asked)), strict=True)
    ]
    for each in course.choices[0].candidates:
        if sum(one.covers(each.spot, each.place.model) for one in tried) < times:
            found.append(f"{each.name} with key {each.key} was given up too early")
    places = {each.name for each in course.asked}
    if world.wish.operation is Operation.EMBEDDINGS and len(places) > 1:
        found.append(f"vectors are wanted of {places}")
    return found


def _statuses(world: World, count: int) -> list[int]:
    return [world.statuses[number % len(world.statuses)] for number in range(count)]


def _subsets(values: tuple[str, ...], size_max: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=size_max).map(tuple)


@st.composite
def rules(draw: st.DrawFn) -> RuleSettings:
    """A rule with at least one condition."""
    model = draw(st.sampled_from([None, "a/m", "fast", "*", "claude-*"]))
    origin = draw(_subsets(NAMES, 2))
    when = draw(st.sampled_from(WHENS))
    if model is None and not origin and not when:
        when = ("sub-agent",)
    to = draw(st.lists(st.sampled_from((*PLACES, "gone/m")), unique=True, min_size=1, max_size=3))
    spread = draw(st.sampled_from(SPREADS))
    return RuleSettings(tuple(to), "", when, model, origin, spread=spread)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world with up to four endpoints."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    endpoints = tuple(
        endpoint(
            name,
            here=draw(st.booleans()),
            private=draw(st.booleans()),
            keys=draw(st.integers(1, 3)),
            fallback=draw(_subsets(PLACES, 3)),
            tokens_per_day=draw(st.sampled_from([None, LIMIT])),
        )
        for name in names
    )
    of_rules = tuple(draw(st.lists(rules(), max_size=3)))
    aliases = [rule.alias for rule in of_rules if rule.alias]
    default = draw(st.sampled_from([None, *PLACES, *aliases]))
    routing = RoutingSettings(retries=draw(st.integers(0, 2)))
    model = draw(st.sampled_from([*PLACES, "unknown", "fast", "claude-haiku-5"]))
    operation = draw(st.sampled_from([*[Operation.MESSAGES] * 4, Operation.EMBEDDINGS]))
    asked = turn(model, agent=draw(st.sampled_from(["", "s"])), operation=operation)
    home = draw(st.sampled_from(["", "", *PLACES, HOME_UNKNOWN]))
    spots = st.builds(Spot, st.sampled_from(names), st.integers(0, 2))
    failures = st.tuples(spots, st.sampled_from([Verdict.KEY, Verdict.BUSY, Verdict.DOWN]))
    return World(
        Settings(default, endpoints=endpoints, rules=of_rules, routing=routing),
        Wish(model, asked, home),
        tuple(draw(st.lists(failures, max_size=6))),
        frozenset(draw(_subsets(names, 2))),
        tuple(draw(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=3))),
        tuple(draw(st.lists(st.sampled_from([0.0, 1.0, 20.0]), min_size=1, max_size=2))),
    )
