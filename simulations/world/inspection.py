"""What must hold in every run, looked at once the world has fallen quiet.

Everything that the product took must be given back, each turn that was taken has one line in the
ledger, and each client has seen a legal answer.
"""

from __future__ import annotations

from collections import Counter

from ...protocols.routing import EMBEDDED
from .hosts import TASK as HOST_TASK
from .peer import TASK
from .world import Planned, World, task_names


def inspect(world: World) -> None:
    """Complains of what is left of the turns, and of what clients should not have seen."""
    _inspect_actors(world)
    _inspect_sockets_and_tasks(world)
    _inspect_engines(world)
    _inspect_ledger(world)
    for client in world.clients:
        for answer in client.answers:
            world.complaints += [f"{client.session}: {words}" for words in answer.complaints()]


def _inspect_actors(world: World) -> None:
    for actor in world.life.system.statistics():
        busy = actor.queued or actor.running or actor.draining
        planned = world.planned.get(actor.name, Planned())
        well = (actor.failed, actor.restarts) == (planned.failed, planned.restarts)
        world.check(well and not busy, f"not at rest: {actor}")
    world.check(not world.life.sessions.live, "turns are still shown as live")
    requests = world.life.server.statistics().requests_in_flight
    world.check(requests == 0, f"{requests} requests are in flight")


def _inspect_sockets_and_tasks(world: World) -> None:
    pool = world.life.upstream.statistics()
    world.check(pool.open_connections == pool.idle_connections, f"upstreams are open: {pool}")
    connections = world.network.open_connections - pool.idle_connections
    world.check(connections == 0, f"{connections} connections are open")
    tasks = task_names() - world.tasks
    tasks.subtract({TASK: pool.idle_connections, HOST_TASK: world.engine.running})
    tasks.subtract(process.task for process in world.engine.alive)
    tasks.subtract(f"{endpoint}:engine" for endpoint in _engine_endpoints(world))
    left = sorted(name for name in tasks.elements() if not name.startswith("actor:"))
    world.check(not left, f"tasks are left: {left}")


def _inspect_engines(world: World) -> None:
    running, endpoints = world.engine.running, _engine_endpoints(world)
    world.check(running <= len(endpoints), f"{running} engine processes are running")
    for process in world.engine.alive:
        working = process.slots.working
        world.check(working == 0, f"{working} slots of {process.base_url} are working for nobody")


def _engine_endpoints(world: World) -> list[str]:
    configured = [endpoint.name for endpoint in world.settings.endpoints if endpoint.engine]
    return [*configured, EMBEDDED.name]


def _inspect_ledger(world: World) -> None:
    lines = world.taken.count
    world.check(len(world.ledger) >= lines, f"{lines} turns and {len(world.ledger)} lines")
    for turn, count in Counter(line.turn for line in world.ledger).items():
        world.check(count == 1, f"{turn} has {count} lines")
