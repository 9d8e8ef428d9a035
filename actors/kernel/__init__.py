"""The actor kernel on Trio: calls that carry their own cancel scope across mailboxes.

General layout: `call` is one question in flight, `ref` the address that makes calls, `stream` the
two ends of an answer in many parts, `actor` what an actor is, `cell` its place in the system with
supervision, `incarnation` one of its lives, `system` spawning and ordered shutdown, `observer` what
tests and pages watch.

The law of Esc, as this kernel keeps it: each call has a scope; a caller that is cancelled cancels
the scopes of its calls and then joins them. Depth d is hit in d + 1 ticks and joined in 2d + 2,
whatever the load (bench/kernel.py counts them). The join has a bound, after which the caller leaves
and the laggard is counted as draining: one stuck callee never holds Esc.
"""

from .actor import Actor
from .observer import CallDrained, CallDraining, CallEnded, CallStarted, Observer, Restarted
from .system import ActorSystem, open_system

__all__ = [
    "Actor",
    "ActorSystem",
    "CallDrained",
    "CallDraining",
    "CallEnded",
    "CallStarted",
    "Observer",
    "Restarted",
    "open_system",
]
