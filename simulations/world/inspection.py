"""What must hold in every run, looked at once the world has fallen quiet.

At rest: everything that the product took is given back. The ledger: each turn that was taken has
one line, a line of an answered turn counts what the endpoint has reported, and a conversation's
record is the sum of its lines. What clients saw: a legal answer, unchanged, refused in words and
as the endpoint refused it, or cut for a cause. What endpoints saw: no request twice once it was
answered, nothing private, and every Esc, soon.

Written from what was promised, not from how our code keeps it: nothing here asks the product but
for its own counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import attrs

from ...io.engines.worker_line import WorkerLine
from ...protocols.actor import Rank
from ...protocols.anthropic.events import PING
from ...protocols.records import TurnOutcome, TurnRecord
from ...protocols.routing.table import EMBEDDED
from ..dialects.dialects import EARS
from ..dialects.talker import heard_of, without_notice
from ..worker.judge import answers_complaints, heard_complaints
from .attempts import Seen, inspect_attempts, turn_of
from .choice_judge import inspect_choices
from .client import Answer, AnswerEnding
from .hosts import TASK as HOST_TASK
from .legality import refusal_complaints, stream_complaints, whole_complaints
from .offer_judge import inspect_offers
from .peer import TASK, Ending, PeerExchange
from .translations import chain_of, problem_complaints, translation_complaints
from .world import Planned, World, task_names

ESC_SECONDS_MAX = 0.02
"""From Esc to the endpoint: two network latencies, and steps that take no virtual time."""
CAUSES = ("network.", "server ", "engine ", "peer ")
"""Kinds of fault after which an answer may be cut."""
DELAYS = ("network.", "server ", "engine ")
"""Kinds of fault after which an Esc may arrive late, or an answer go on to its end."""
FIRST_ERROR, REPLACED = 400, 409
LINE_TASKS = tuple(f"{WorkerLine.__module__}.WorkerLine.{name}" for name in ("_read", "_write"))
"""The tasks of the parent's side of a worker that lives."""
_START = re.compile(rb"event: message_start\n.*\n\n")
_COMMENT = re.compile(rb"(?m)^:.*\n\n")
"""Comments before an upstream's start go with it, where ours stands in its place."""


def inspect(world: World) -> None:
    """Complains of what does not hold."""
    _inspect_actors(world)
    _inspect_sockets_and_tasks(world)
    _inspect_engines(world)
    _inspect_workers(world)
    _inspect_ledger(world)
    _inspect_conversations(world)
    seen = Seen.of(world)
    inspect_attempts(seen)
    inspect_choices(seen)
    inspect_offers(seen)
    for client in world.clients:
        for answer in client.answers:
            for words in _answer_complaints(seen, answer):
                world.check(False, f"{client.session}: {words}")


def _inspect_actors(world: World) -> None:
    for actor in world.life.system.statistics():
        leases = _processes(world) if actor.rank is Rank.RESOURCES else 0
        busy = actor.queued or actor.running - leases or actor.draining
        planned = world.planned.get(actor.name, Planned())
        well = (actor.failed, actor.restarts) == (planned.failed, planned.restarts)
        world.check(well and not busy, f"not at rest: {actor}")
    world.check(not world.life.sessions.live, "turns are still shown as live")
    requests = world.life.server.statistics().requests_in_flight
    world.check(requests == 0, f"{requests} requests are in flight")


def _processes(world: World) -> int:
    """How many processes of models live or are being loaded, perhaps for somebody who has left:
    each has its lease, and nobody else has one."""
    return world.engine.running + world.engine.loading + world.workers.running


def _inspect_sockets_and_tasks(world: World) -> None:
    pool = world.life.upstream.statistics()
    world.check(pool.open_connections == pool.idle_connections, f"upstreams are open: {pool}")
    connections = world.network.open_connections - pool.idle_connections
    world.check(connections == 0, f"{connections} connections are open")
    tasks = task_names() - world.tasks
    tasks.subtract({TASK: pool.idle_connections, HOST_TASK: world.engine.running})
    tasks.subtract(process.task for process in world.engine.alive)
    tasks.subtract(task for child in world.workers.alive for task in (child.task, *LINE_TASKS))
    for endpoint in _engine_endpoints(world):
        tasks.subtract(f"{endpoint}:{name}" for name in ("engine", "watch", "lease", "leaving"))
    tasks.subtract({"resources": _processes(world)})
    tasks.subtract(f"probe:{each.name}" for each in world.settings.endpoints)
    left = sorted(name for name in tasks.elements() if not name.startswith("actor:"))
    world.check(not left, f"tasks are left: {left}")


def _inspect_engines(world: World) -> None:
    running = _processes(world)
    endpoints = _engine_endpoints(world)
    world.check(running <= len(endpoints), f"{running} engine processes are running")
    for process in world.engine.alive:
        working = process.slots.working
        world.check(working == 0, f"{working} slots of {process.base_url} are working for nobody")


def _inspect_workers(world: World) -> None:
    """Each worker said what its model meant, and each client heard the answer to its question."""
    if not world.workers.starts:
        return
    for words in answers_complaints(world.workers):
        world.check(False, words)
    for client in world.clients:
        for answer in client.answers:
            if answer.status == 200 and _endpoint_of(answer) in _engine_endpoints(world):
                heard = heard_of(answer, EARS[answer.dialect])
                for words in heard_complaints(world.workers.answers, answer.request, heard):
                    world.check(False, f"{client.session}: {words}")


def _endpoint_of(answer: Answer) -> str:
    return answer.model.partition("/")[0]


def _engine_endpoints(world: World) -> list[str]:
    configured = [endpoint.name for endpoint in world.settings.endpoints if endpoint.engine]
    return [*configured, EMBEDDED.name]


def _inspect_ledger(world: World) -> None:
    turns, lines = world.turns.taken, len(world.ledger)
    world.check(lines >= turns, f"{turns} turns and {lines} lines")
    for turn, count in Counter(line.turn for line in world.ledger).items():
        world.check(count == 1, f"{turn} has {count} lines")
    reported = {
        exchange.reported.input_tokens: exchange.reported.output_tokens
        for exchange in world.exchanges
        if exchange.reported is not None
    }
    counted = Counter(line.usage.input_tokens for line in world.ledger if _is_exact(line))
    for line in world.ledger:
        tokens = line.usage.input_tokens
        if _is_exact(line) and tokens in reported:
            world.check(counted[tokens] == 1, f"{tokens} tokens are in {counted[tokens]} lines")
            same = line.usage.output_tokens == reported[tokens]
            world.check(same, f"{line.usage} is not what was reported: {reported[tokens]} tokens")


def _inspect_conversations(world: World) -> None:
    lines: dict[str, list[TurnRecord]] = {}
    for line in world.ledger:
        lines.setdefault(line.conversation, []).append(line)
    records = world.stored.conversations
    missing = sorted(lines.keys() - records.keys())
    world.check(not missing, f"conversations are not remembered: {missing}")
    for name, record in records.items():
        own = lines.get(name, [])
        models = [f"{line.endpoint}/{line.model}" for line in own if line.endpoint]
        turns = sum(line.turn == turn_of(line) for line in own)
        wanted = (turns, models[-1] if models else "")
        kept = (record.turns, record.model)
        world.check(kept == wanted, f"the record of {name} says {kept}, its lines {wanted}")


def _is_exact(line: TurnRecord) -> bool:
    return line.outcome is TurnOutcome.ANSWERED and not line.usage.estimated


def _answer_complaints(seen: Seen, answer: Answer) -> list[str]:
    """What is wrong with what one client saw."""
    world, exchanges = seen.world, seen.exchanges_of(answer)
    exchange = exchanges[-1] if exchanges else None
    complaints = _ending_complaints(world, answer, exchange)
    for each in exchanges:
        complaints += problem_complaints(answer, each)
    if seen.is_ours(answer):
        return complaints + list(heard_of(answer, EARS[answer.dialect]).complaints)
    if is_translated(answer, exchange):
        complaints += translation_complaints(world, answer, exchanges)
        return complaints + _usage_complaints(seen, answer, exchanges)
    if exchange is None or not (exchange.faults or exchange.oddities):
        complaints += body_complaints(answer)
    if exchange is None:
        return complaints
    if answer.status == 200 and not _is_unchanged(answer, exchange):
        complaints.append("the bytes have changed")
    complaints += _refusal_complaints(world, answer, exchange)
    return complaints + _usage_complaints(seen, answer, exchanges)


def is_translated(answer: Answer, exchange: PeerExchange | None) -> bool:
    """Whether what the client has seen is held to its meaning, and not to its bytes."""
    other = exchange is not None and exchange.dialect != "anthropic"
    return other or answer.dialect != "anthropic"


def body_complaints(answer: Answer) -> list[str]:
    """What is wrong with an answer's body, whoever it comes from."""
    whole, body = answer.ending is AnswerEnding.COMPLETE, answer.body
    if answer.status == 200 and answer.streamed:
        return stream_complaints(body, complete=whole)
    if not (answer.status and whole):
        return []
    if answer.status == 200:
        return whole_complaints(body)
    return refusal_complaints(answer.status, body)


def _refusal_complaints(world: World, answer: Answer, exchange: PeerExchange) -> list[str]:
    """Whether an error of the endpoint's is the client's, with the time to wait.

    After our own head it is an event; a redirect is not passed on; a newer copy comes first; and
    what was on its way when the server or the network failed has not arrived.
    """
    whole = exchange.ending is Ending.COMPLETE and answer.ending is AnswerEnding.COMPLETE
    excused = world.chance.has_struck("network.", "server ") or answer.status in (200, REPLACED)
    excused = excused or bool(world.planned)  # the next place's backend may have crashed
    if exchange.status < FIRST_ERROR or not whole or excused:
        return []
    said = (exchange.status, exchange.retry_after)
    told = (answer.status, answer.headers.get(b"retry-after", b""))
    return [] if told == said else [f"the endpoint said {said}, the client was told {told}"]


def _usage_complaints(seen: Seen, answer: Answer, exchanges: Sequence[PeerExchange]) -> list[str]:
    """Whether the line of the client's own turn counts what was reported to it."""
    line = next(iter(seen.lines_of(answer)[::-1]), None)
    chain = chain_of(seen.world, exchanges)
    told = [each.reported for each in chain if each.reported is not None]
    if line is None or not told or len(told) < len(chain) or not _is_exact(line):
        return []
    usage = line.usage
    counted = (usage.input_tokens, usage.output_tokens, usage.cache_read_tokens)
    reported = (
        sum(each.input_tokens for each in told),
        sum(each.output_tokens for each in told),
        sum(each.cached_tokens for each in told),
    )
    return [] if counted == reported else [f"{reported} tokens were reported, {counted} counted"]


def _ending_complaints(world: World, answer: Answer, exchange: PeerExchange | None) -> list[str]:
    if not answer.ended.is_set():
        return ["an answer never ended"]
    excused = world.chance.has_struck(*CAUSES)
    if answer.ending is AnswerEnding.CUT and not excused:
        broken = exchange is not None and exchange.ending is not Ending.COMPLETE
        return [] if broken or world.may_cut else [f"{answer.marker} was cut without a cause"]
    heard = answer.ending is AnswerEnding.LEFT and not answer.is_unheard
    if heard and exchange is not None and not world.chance.has_struck(*DELAYS):
        over_seconds = max(exchange.left_seconds, exchange.complete_seconds)
        late_seconds = over_seconds - answer.left_seconds
        if late_seconds > ESC_SECONDS_MAX:
            return [f"Esc took {late_seconds:.3f} s to reach the endpoint"]
    return []


def _is_unchanged(answer: Answer, exchange: PeerExchange) -> bool:
    """Whether the client's bytes are the endpoint's, but for pings and a start of our own."""
    heard = heard_of(answer, EARS["anthropic"]).text
    if heard != without_notice(heard):  # words of ours are before those of the model
        told = attrs.evolve(answer, received=bytearray(exchange.said))
        return heard_of(told, EARS["anthropic"]).text.startswith(without_notice(heard))
    body, said = answer.body.replace(PING, b""), bytes(exchange.said)
    if answer.streamed and answer.ending is not AnswerEnding.COMPLETE:
        body = b"".join(body.rpartition(b"\n\n")[:2])  # the rest may be half a ping of ours
    if b'"id":"msg_req_' in body[:200]:
        body, said = (_COMMENT.sub(b"", _START.sub(b"", text, count=1)) for text in (body, said))
        body = body.partition(b"event: error")[0]
    return said.startswith(body)
