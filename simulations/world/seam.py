"""Where Trio lets another network and another scheduler take the place of its own.

All that `simulations/` knows of Trio's insides is named in this file. The room's wall forbids
`trio.socket`, because it opens real sockets; its base class and the two functions that put a
network in its place open none, and are taken from where they are defined; so is the error of a name
that cannot be looked up. The run loop has no public seam, and its private names are used here:

- `_r.shuffle(batch)` is called for each batch of runnable tasks, once it is sorted by age, which
  it is if `_ALLOW_DETERMINISTIC_SCHEDULING` is set. Tasks are then taken from the batch's end.
- `GLOBAL_RUN_CONTEXT.runner.runq` holds the tasks of the next batch; what is put there waits.
- `start_thread_soon` is what `trio.to_thread` calls, in `trio/_threads.py`.

`tests/simulations/test_scheduler.py` and `test_escape.py` fail if one of them goes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from random import Random
from typing import Any

import trio
import trio._core._run as run_loop  # pyright: ignore[reportPrivateUsage] no public seam exists
from trio import _highlevel_socket as streams  # pyright: ignore[reportPrivateUsage] see the module
from trio import _socket as sockets  # pyright: ignore[reportPrivateUsage] see the module
from trio import _threads as threads  # pyright: ignore[reportPrivateUsage] see the module

THREADS = threads.__dict__
SOCKETS_FILE = sockets.__file__
SocketListener = streams.SocketListener
SocketType = sockets.SocketType
set_custom_socket_factory = sockets.set_custom_socket_factory
set_custom_hostname_resolver = sockets.set_custom_hostname_resolver
gaierror: type[OSError] = sockets.__dict__["_stdlib_socket"].gaierror


@contextmanager
def scheduled_by(policy: Random) -> Generator[None]:
    """Has `policy.shuffle` order each batch of runnable tasks, and gives Trio its own back."""
    seam = run_loop.__dict__
    names = ("_r", "_ALLOW_DETERMINISTIC_SCHEDULING")
    kept = {name: seam[name] for name in names}
    seam.update(zip(names, (policy, True), strict=True))
    try:
        yield
    finally:
        seam.update(kept)


@contextmanager
def before_threads(look: Callable[[], None]) -> Generator[None]:
    """Calls `look` before Trio starts a thread or wakes a cached one; what it raises stops that."""
    name = "start_thread_soon"
    kept = THREADS[name]

    def start_thread_soon(*arguments: Any, **options: Any) -> None:
        look()
        kept(*arguments, **options)

    THREADS[name] = start_thread_soon
    try:
        yield
    finally:
        THREADS[name] = kept


def hold_back(tasks: Iterable[trio.lowlevel.Task]) -> None:
    """Moves tasks of the batch that is being shuffled to the next one; the batch forgets them."""
    vars(run_loop.GLOBAL_RUN_CONTEXT)["runner"].runq.extend(tasks)
