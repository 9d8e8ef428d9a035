"""A point: one place at which one thing is tried. The same point is the same run, in any process.

Its name is one line without spaces, and can be read back: it is what a report prints, and what
brings the run back. `set/scenario/seed/what/number`, such as `kernel/house/3/order/57`: in the set
`kernel`, the scenario `house` under seed 3, its scope `order` cancelled at the 57th step.

Before a set has points it counts its steps or calls in a run in which nothing is tried. That run is
a point, of number 0, if something is wrong in it all the same: otherwise a product that does not
even answer would have few points, or none, and all of them would be well.
"""

from __future__ import annotations

import attrs


class NotAPoint(ValueError):
    """A text is not a point's name; the message says which, and what one looks like."""


@attrs.frozen(order=True)
class Point:
    """See the module. `what` is the scope, the port's call and its error, or the actor."""

    set: str
    scenario: str
    seed: int
    what: str
    number: int

    def __str__(self) -> str:
        return f"{self.set}/{self.scenario}/{self.seed}/{self.what}/{self.number}"

    @classmethod
    def untouched(cls, kind: str, scenario: str, seed: int) -> Point:
        """The run in which nothing is tried."""
        return cls(kind, scenario, seed, "nothing", 0)

    @classmethod
    def parse(cls, name: str) -> Point:
        """Reads a name back. Raises NotAPoint."""
        parts = name.split("/")
        try:
            kind, scenario, seed, what, number = parts
            return cls(kind, scenario, int(seed), what, int(number))
        except ValueError:
            raise NotAPoint(f"{name!r} is no point, such as kernel/house/3/order/57") from None
