"""Where Trio lets another network and another scheduler take the place of its own.

All that `simulations/` knows of Trio's insides is named in this file. The room's wall forbids
`trio.socket`, because it opens real sockets; its base class and the two functions that put a
network in its place open none, and are taken from where they are defined; so is the error of a name
that cannot be looked up. The run loop has no public seam: it shuffles each batch of runnable tasks
by `_r.shuffle(batch)`, sorted before if `_ALLOW_DETERMINISTIC_SCHEDULING` is set.
`tests/simulations` fails if either name goes.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from random import Random

import trio._core._run as run_loop  # pyright: ignore[reportPrivateUsage] no public seam exists
from trio import _highlevel_socket as streams  # pyright: ignore[reportPrivateUsage] see the module
from trio import _socket as sockets  # pyright: ignore[reportPrivateUsage] see the module

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
