"""What must hold of a turn that was tried at several places, and of what each place has seen.

A client's turn is answered once, at places that the user's settings allow for it and at no other.
The next place is asked at once. No request is sent again once an answer has begun. Private text
reaches trusted hosts alone, and a key its own host alone. The ledger has a line for each attempt,
with a reason, and the client is told who has answered. What is allowed the `promises` say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import attrs

from ...protocols.records import TurnOutcome, TurnRecord, attempt_id
from ...protocols.settings_data import Settings
from .choices import says_command
from .client import Answer, AnswerEnding
from .life import TOKEN
from .marker import model_of
from .peer import Ending, PeerExchange
from .promises import Asked, endpoint_of, host_of, places
from .world import PRIVATE_TEXT, World

NEXT_SECONDS_MAX = 0.05
"""From a refusal to the next place's being asked."""
PAUSE_SECONDS_MAX = 8.1
"""The same where a further round over all places begins."""
MENDED_ELSEWHERE = {401, 402, 403, 404, 405, 408, 409, 410, 421, 425, 429, *range(500, 600)}
"""Refusals after which another place may answer: the request itself was not wrong."""
REPLACED = 409
ROUTE_HEADER = b"x-understudy-route"
KEY_HEADERS = {b"x-api-key": "", b"x-goog-api-key": "", b"authorization": "Bearer "}
"""Where a key may stand, and what stands before it."""
TROUBLE = ("server ", "settings ", "state.")
"""Kinds of fault after which a turn may end before each place was asked."""


@attrs.frozen
class Seen:
    """What was written down of a run, by the client's attempt and by the turn."""

    world: World
    exchanges: dict[str, list[PeerExchange]]
    lines: dict[str, list[TurnRecord]]

    @classmethod
    def of(cls, world: World) -> Seen:
        """Everything up to now."""
        lines: dict[str, list[TurnRecord]] = {}
        for line in world.ledger:
            lines.setdefault(turn_of(line), []).append(line)
        return cls(world, world.exchanges_by_marker, lines)

    def lines_of(self, answer: Answer) -> list[TurnRecord]:
        """The lines of an answer's turn, one for each attempt; none if nobody knows its id."""
        return self.lines.get(answer.headers.get(b"request-id", b"").decode(), [])

    def exchanges_of(self, answer: Answer) -> list[PeerExchange]:
        """What the endpoint was asked that was the turn's last; none if it heard nothing."""
        asked = self.exchanges.get(answer.marker, [])
        lines = self.lines_of(answer)
        if not asked or (lines and asked[-1].host not in self._hosts(lines[-1].endpoint)):
            return []
        last = [each.host == asked[-1].host for each in asked]
        begin = len(last) - last[::-1].index(False) if False in last else 0
        return asked[begin:]

    def is_ours(self, answer: Answer) -> bool:
        """Whether Understudy has answered itself, without a model: no endpoint heard of it."""
        lines = self.lines_of(answer)
        asked = self.exchanges.get(answer.marker) or (lines and lines[-1].endpoint)
        return answer.status == 200 and not asked and not answer.headers.get(ROUTE_HEADER)

    def _hosts(self, endpoint: str) -> set[str]:
        return self.world.promises.hosts(endpoint)


def turn_of(line: TurnRecord) -> str:
    """The id of the turn that a line is an attempt of."""
    return line.turn.partition("~")[0]


def inspect_attempts(seen: Seen) -> None:
    """Complains of what does not hold."""
    world = seen.world
    for host, peer in world.peers.items():
        for exchange in peer.exchanges:
            for words in _sight_complaints(world, host, exchange):
                world.check(False, f"{host}: {words}")
    for marker, exchanges in seen.exchanges.items():
        for words in _again_complaints(world, exchanges if marker else []):
            world.check(False, f"{marker} {words}")
    if world.planned:
        return  # whose line was lost, and who was asked twice, is the crash's doing
    for turn, lines in seen.lines.items():
        for words in _line_complaints(world, lines):
            world.check(False, f"{turn}: {words}")
    for client in world.clients:
        chooses = any(says_command(answer.prompt) for answer in client.answers)
        for answer in client.answers:  # where they are chosen, `choice_judge` knows the places
            misplaced = () if chooses else _place_complaints(seen, answer)
            for words in (*misplaced, *_route_complaints(seen, answer)):
                world.check(False, f"{answer.marker}: {words}")


def _sight_complaints(world: World, host: str, exchange: PeerExchange) -> Iterator[str]:
    """What an endpoint should not have seen, or not have been left with."""
    if host not in world.promises.trusted and PRIVATE_TEXT.encode() in exchange.body:
        yield f"a private turn reached an endpoint: {exchange.marker}"
    if exchange.ending is Ending.OPEN:
        yield f"{exchange.marker} is still open"
    own, sent = world.promises.keys.get(host, set()), _keys_in(exchange)
    if sent - own:
        whose = "the client's token" if TOKEN in sent else "a foreign key"
        yield f"{whose} reached this endpoint: {exchange.marker}"
    if own and not sent and exchange.body:  # a probe asks nobody for a key
        yield f"it was asked without its key: {exchange.marker}"


def _keys_in(exchange: PeerExchange) -> set[str]:
    found = ((KEY_HEADERS.get(name), value.decode()) for name, value in exchange.headers)
    return {value.removeprefix(before) for before, value in found if before is not None}


def _again_complaints(world: World, exchanges: Sequence[PeerExchange]) -> Iterator[str]:
    """Whether a request was sent again although it was answered, or was wrong itself."""
    for earlier, _later in pairwise(exchanges):
        # What a reset has destroyed on its way nobody here has seen, and what a backend had not
        # passed on when it was crashed neither.
        if world.planned or earlier.is_continued or world.chance.has_struck("network."):
            continue
        if earlier.has_begun:
            yield "was sent again after an answer had begun"
        elif earlier.status >= 400 and earlier.status not in MENDED_ELSEWHERE:
            yield f"was sent again after status {earlier.status}"


def _line_complaints(world: World, lines: Sequence[TurnRecord]) -> Iterator[str]:
    """What is wrong with the attempts of one turn, as the ledger has them."""
    if sum(line.outcome is TurnOutcome.ANSWERED for line in lines) > 1:
        yield "it was answered twice"
    for line in lines:
        if line.outcome in (TurnOutcome.ANSWERED, TurnOutcome.BROKEN) and not line.why:
            yield f"the line of {line.turn} has no reason"
    asked = Counter[str]()
    for earlier, later in pairwise(lines):
        asked[f"{earlier.endpoint}/{earlier.model}"] += 1
        if earlier.outcome is TurnOutcome.CANCELLED:
            yield "it was asked again after Esc"
        again = asked[f"{later.endpoint}/{later.model}"] > 0
        waited = later.began_at - earlier.began_at - earlier.total_seconds
        if world.chance.has_struck("state.is slow"):
            continue  # that the next place is private is on the disk before it is asked
        if waited > (PAUSE_SECONDS_MAX if again else NEXT_SECONDS_MAX) and later.endpoint:
            yield f"it waited {waited:.3f} s for the next place"


def _place_complaints(seen: Seen, answer: Answer) -> Iterator[str]:
    """Whether the turn was at places that its user allows, and at each before it was refused."""
    world, exchanges = seen.world, seen.exchanges.get(answer.marker, [])
    if not exchanges or answer.dialect != "anthropic":
        return
    held = world.promises.between(answer.begun_seconds, exchanges[-1].asked_seconds)
    asked = Asked(answer.model, "/" in answer.marker, len(answer.request))
    orders = [places(settings, asked) for settings in held]
    allowed = {
        (host_of(endpoint), place.partition("/")[2])
        for settings, order in zip(held, orders, strict=True)
        for place in order
        if (endpoint := endpoint_of(settings, place)) is not None
    }
    homes = _homes(seen, answer)
    for exchange in exchanges:
        model = model_of(exchange.body)
        at = {place for place in (allowed | homes) if place[0] == exchange.host}
        if not any(model in ("", name) for _, name in at):  # some say it in the path alone
            yield f"{exchange.host} was asked for {answer.model}, which no setting allows"
    if not world.chance.has_struck("network."):  # a reset may destroy an answer on its way
        yield from _count_complaints(held, orders, exchanges)
    if len(held) == 1 and not homes:
        yield from _left_out_complaints(seen, answer, held[0], orders[0])


def _homes(seen: Seen, answer: Answer) -> set[tuple[str, str]]:
    """The private places that the answer's conversation was ever at: it may stay there."""
    session = answer.marker.partition("#")[0].partition("/")[0].partition("~")[0]
    promises = seen.world.promises
    found: set[tuple[str, str]] = set()
    for marker, exchanges in seen.exchanges.items():
        if marker.partition("#")[0].partition("/")[0].partition("~")[0] == session:
            at_home = (each for each in exchanges if each.host in promises.trusted)
            found |= {(each.host, model_of(each.body)) for each in at_home}
    return found


def _count_complaints(
    held: Sequence[Settings], orders: Sequence[Sequence[str]], exchanges: Sequence[PeerExchange]
) -> Iterator[str]:
    """Each place is asked once for each of its keys, and again only in a further round.

    A connection that was idle too long is no question: nothing was sent on it.
    """
    if len(held) != 1:
        return
    settings = held[0]
    rounds = 1 + settings.routing.retries
    counts = Counter(each.host for each in exchanges if each.sent_bytes and not each.is_continued)
    for host, count in counts.items():
        keys = sum(
            len(endpoint.keys)
            for place in orders[0]
            if (endpoint := endpoint_of(settings, place)) is not None and host_of(endpoint) == host
        )
        if count > max(1, keys) * rounds + 1 * any(each.is_continued for each in exchanges):
            yield f"{host} was asked {count} times"


def _left_out_complaints(
    seen: Seen, answer: Answer, settings: Settings, order: Sequence[str]
) -> Iterator[str]:
    """Whether a turn was refused although a place that might have answered was not asked."""
    lines, world = seen.lines_of(answer), seen.world
    refused = answer.status in MENDED_ELSEWHERE and answer.ending is AnswerEnding.COMPLETE
    excused = world.may_cut or world.planned or world.chance.has_struck(*TROUBLE)
    if not (refused and lines and lines[-1].endpoint) or excused or answer.status == REPLACED:
        return
    asked = {f"{line.endpoint}/{line.model}" for line in lines}
    for place in order:
        endpoint = endpoint_of(settings, place)
        limited = endpoint is None or endpoint.tokens_per_day or endpoint.context_tokens
        if place not in asked and not limited:
            yield f"it was refused with {answer.status}, and {place} was not asked"


def _route_complaints(seen: Seen, answer: Answer) -> Iterator[str]:
    """Whether the client was told who has answered."""
    told = answer.headers.get(ROUTE_HEADER, b"").decode()
    if answer.status == 200 and not told and not seen.is_ours(answer):
        yield "the client was not told who has answered"
    lines = seen.lines_of(answer)
    if not told or not lines:
        return
    last = lines[-1]
    if last.turn != attempt_id(turn_of(last), _attempt_in(told)):
        if not seen.world.turns.crashes:
            yield f"the client was told {told!r}, and the last line is {last.turn}"
        return
    if told.partition(";")[0] != f"{last.endpoint}/{last.model}":
        yield f"the client was told {told!r}, and {last.endpoint}/{last.model} has answered"
    exchanges = seen.exchanges.get(answer.marker, [])
    hosts = seen.world.promises.hosts(last.endpoint)
    if exchanges and hosts != {""} and exchanges[-1].host not in hosts:
        yield f"the ledger names {last.endpoint}, and {exchanges[-1].host} has answered"


def _attempt_in(told: str) -> int:
    """The number of the attempt in a route's words; 1 where they do not say."""
    found = re.match(r"[^;]*; attempt (\d+);", told)
    return int(found[1]) if found else 1
