"""What can be watched: one frozen event for each change in a call's or an actor's life.

Observers are told synchronously, in order, inside the step that made the change. They must not
raise and must not wait; where nobody watches the kernel builds no event at all.
"""

from __future__ import annotations

from typing import Protocol

import attrs

from ...protocols.actor import Rank


@attrs.frozen
class CallStarted:
    """A callee began to work on a call. `parent` is the call id of the asking actor, or 0."""

    call: int
    parent: int
    actor: str
    rank: Rank
    message: str


@attrs.frozen
class CallEnded:
    """A callee left a call: `ending` is answered, refused, failed or cancelled.

    `error` is what the caller gets instead of a reply; a failed call's error has the crash as its
    cause, so that whoever logs can show where it happened.
    """

    call: int
    actor: str
    ending: str
    error: BaseException | None


@attrs.frozen
class CallDraining:
    """A cancelled caller reached its join bound and left; the callee is still inside."""

    call: int
    actor: str


@attrs.frozen
class CallDrained:
    """A draining callee has left its call at last."""

    call: int
    actor: str


@attrs.frozen
class Restarted:
    """An actor was made anew after `error`, or given up when `given_up` is true."""

    actor: str
    error: Exception
    given_up: bool


Event = CallStarted | CallEnded | CallDraining | CallDrained | Restarted


class Observer(Protocol):
    """Is told of every event of the system it was given to."""

    def observe(self, event: Event, /) -> None:
        """Takes note of one event, at once."""
        ...
