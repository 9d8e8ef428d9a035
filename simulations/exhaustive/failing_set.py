"""Two turns, in which one call fails once: of a port, or of a socket below the ports.

In the set `ports` the ports themselves fail; in the set `sockets` what lies below does: each of the
server's own operations, with each error that the system may have for it. The client is answered,
told an error in its dialect, or cut; a disk that fails is not even noticed. Then nothing is left,
and the next turn is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from ..world.endpoint import ECONNREFUSED, ECONNRESET, EHOSTUNREACH, EPIPE, ETIMEDOUT
from ..world.life import PORT
from ..world.network import FIRST_PORT
from ..world.product import Product
from ..world.run import NO_HOOKS, run
from ..world.socket import NO_ADDRESS, Address, VirtualSocket
from ..world.world import World
from . import falling_back
from .hurt import hurt_turns
from .points import Point
from .ports import PORT_FAILURES, failing_hooks
from .strikes import Failure, Strikes

PORTS, SOCKETS = "ports", "sockets"
MODELS: Mapping[str, str] = {
    "relayed": "work/claude-x",
    "local": "local/m",
    falling_back.FALLBACK: falling_back.MODEL,
}
"""Whom the turns are for, by the name of the scenario."""

EMFILE, ECONNABORTED = 24, 103
REFUSED: Failure = ConnectionRefusedError, (ECONNREFUSED, "Connection refused")
RESET: Failure = ConnectionResetError, (ECONNRESET, "Connection reset by peer")
ABORTED: Failure = ConnectionAbortedError, (ECONNABORTED, "Software caused connection abort")
TIMED_OUT: Failure = TimeoutError, (ETIMEDOUT, "Connection timed out")
PIPE: Failure = BrokenPipeError, (EPIPE, "Broken pipe")
NO_ROUTE: Failure = OSError, (EHOSTUNREACH, "No route to host")
TOO_MANY: Failure = OSError, (EMFILE, "Too many open files")
RECEIVED = {"ECONNRESET": RESET, "ETIMEDOUT": TIMED_OUT}
SENT = {"EPIPE": PIPE, **RECEIVED}
SOCKET_FAILURES: Mapping[str, Mapping[str, Failure]] = {
    "client.accept": {"EMFILE": TOO_MANY, "ECONNABORTED": ABORTED},
    "client.recv": RECEIVED,
    "client.send": SENT,
    "upstream.connect": {
        "ECONNREFUSED": REFUSED,
        "EHOSTUNREACH": NO_ROUTE,
        "ETIMEDOUT": TIMED_OUT,
        "EMFILE": TOO_MANY,
    },
    "upstream.recv": RECEIVED,
    "upstream.send": SENT,
}
"""The server's operations towards its clients and its upstreams, and how each may fail."""
FAILURES: Mapping[str, Mapping[str, Mapping[str, Failure]]] = {
    PORTS: PORT_FAILURES,
    SOCKETS: SOCKET_FAILURES,
}


def port_points(product: Product, seeds: Iterable[int]) -> Iterator[Point]:
    """Each call of each port."""
    return _points(PORTS, product, seeds)


def socket_points(product: Product, seeds: Iterable[int]) -> Iterator[Point]:
    """Each operation of each of the server's sockets."""
    return _points(SOCKETS, product, seeds)


def failing_complaints(point: Point, product: Product) -> tuple[str, ...]:
    """Has the point's call fail, and says what is wrong then."""
    if not point.number:
        return _run(point, Strikes(), product)
    call, _, error = point.what.partition(":")
    strikes = Strikes(call, point.number, FAILURES[point.set][call][error])
    complaints = _run(point, strikes, product)
    return complaints if strikes.struck else (*complaints, "the call was never made")


def untouched_runs(
    kind: str, seeds: Iterable[int], runs: Callable[[Point, Strikes], tuple[str, ...]]
) -> Iterator[tuple[Point, Strikes, bool]]:
    """Runs each model once with each seed and nothing amiss, to count what can be struck.

    With each run: its point, the counts, and whether it was found wanting as it is.
    """
    for seed in seeds:
        for name in MODELS:
            strikes = Strikes()
            untouched = Point.untouched(kind, name, seed)
            yield untouched, strikes, bool(runs(untouched, strikes))


def _points(kind: str, product: Product, seeds: Iterable[int]) -> Iterator[Point]:
    runs = partial(_run, product=product)
    for untouched, strikes, wanting in untouched_runs(kind, seeds, runs):
        if wanting:
            yield untouched
        for call, errors in FAILURES[kind].items():
            for error in errors:
                for number in range(1, strikes.counts[call] + 1):
                    what = f"{call}:{error}"
                    yield Point(kind, untouched.scenario, untouched.seed, what, number)


def _run(point: Point, strikes: Strikes, product: Product) -> tuple[str, ...]:
    unnoticed = point.what.startswith("state.")

    async def scenario(world: World) -> None:
        if point.scenario == falling_back.FALLBACK:
            await falling_back.prepare(world)
        if point.set == SOCKETS:
            world.network.before = SocketCalls(strikes)
        await hurt_turns(world, strikes, MODELS[point.scenario], unnoticed=unnoticed)

    hooks = failing_hooks(strikes) if point.set == PORTS else NO_HOOKS
    return run(scenario, point.seed, product, hooks=hooks).complaints


class SocketCalls:
    """Counts the operations of the server's own sockets, as calls."""

    def __init__(self, strikes: Strikes) -> None:
        self._strikes = strikes

    def __call__(self, operation: str, socket: VirtualSocket, there: Address | None) -> None:
        """Counts one. If it is the chosen one its error is raised, and the connection is gone."""
        if socket.name[1] == PORT:
            call = f"client.{operation}"
        elif there is not None and there[1] != PORT and _is_dialling(socket.name):
            call = f"upstream.{operation}"
        else:
            return
        try:
            self._strikes.strike(call)
        except OSError:
            if socket.endpoint is not None:
                socket.endpoint.path.reset()
            raise


def _is_dialling(here: Address) -> bool:
    """Whether the socket connects: others have the port of a server."""
    return here == NO_ADDRESS or here[1] >= FIRST_PORT
