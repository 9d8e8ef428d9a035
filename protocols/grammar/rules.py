"""The rules of one grammar: named, shared, counted.

Rules are built from the leaves up: a body names only rules that are there already, so that nesting
is bounded and llama.cpp's check for left recursion, which follows every path, stays short. The one
exception is an automaton, whose states name each other; its loops are at the ends of alternatives,
where llama.cpp's stacks do not grow. Two rules with the same body are one.

llama.cpp refuses more than 2,000 repetitions, takes a *maximum* above that for none at all, and
makes a rule of each optional repetition. So long counts are written in two levels: blocks of about
the square root of the count, then single items. An item counted so must not match nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

import attrs

HINT_CHARACTERS: Final = 24
"""Names of rules are cut to this length: they only help a reader."""
PLAIN_REPETITIONS_MAX: Final = 64
"""Up to here a repetition is written as it is; above, in two levels."""
REPETITIONS_MAX: Final = 1_000_000
"""Counts above this are not held: no context window is that long."""
NOTHING: Final = '""'
"""The body that matches the empty text."""


@attrs.frozen
class State:
    """A state of an automaton: which bodies lead to which state, and whether it may end."""

    moves: tuple[tuple[str, int], ...]
    ends: bool


class Rules:
    """The rules of a grammar but its root."""

    def __init__(self) -> None:
        self._bodies: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._automata: dict[tuple[State, ...], str] = {}
        self._stems: dict[str, int] = {}

    @property
    def count(self) -> int:
        """How many rules there are."""
        return len(self._bodies)

    def add(self, hint: str, body: str) -> str:
        """The name of a rule with this body."""
        if body not in self._names:
            name = self._reserve(hint)
            self._bodies[name] = body
            self._names[body] = name
        return self._names[body]

    def any_of(self, hint: str, bodies: Sequence[str]) -> str:
        """A rule that is one of these bodies; the name itself if there is only one name."""
        different = list(dict.fromkeys(bodies))
        if len(different) == 1 and different[0] in self._bodies:
            return different[0]
        return self.add(hint, " | ".join(different))

    def automaton(self, hint: str, states: Sequence[State]) -> str:
        """The rule of the first state. Every state must lead to one that may end."""
        key = tuple(states)
        if key in self._automata:
            return self._automata[key]
        names = [self._reserve(hint) for _ in states]
        self._automata[key] = names[0]
        for name, state in zip(names, states, strict=True):
            moves = [f"{body} {names[to]}" for body, to in state.moves]
            self._bodies[name] = " | ".join([*moves, *([NOTHING] if state.ends else [])])
        return names[0]

    def times(self, item: str, least: int, most: int | None, hint: str = "some") -> str:
        """A body of `least` to `most` of a rule, None for without end."""
        least, most = min(least, REPETITIONS_MAX), _bounded(most)
        if most is None:
            return f"{self._exactly(item, least, hint)} {item}*" if least else f"{item}*"
        if most <= PLAIN_REPETITIONS_MAX:
            return f"{item}{{{least},{most}}}" if most else NOTHING
        counted = [self._exactly(item, least, hint)] if least else []
        more = [self._up_to(item, most - least, hint)] if most > least else []
        return " ".join(counted + more)

    def text(self, root_body: str) -> str:
        """The whole grammar, whose `root` has this body."""
        lines = [f"{name} ::= {body}\n" for name, body in self._bodies.items()]
        return "".join([f"root ::= {root_body}\n", *lines])

    def _exactly(self, item: str, count: int, hint: str) -> str:
        if count <= PLAIN_REPETITIONS_MAX:
            return f"{item}{{{count}}}"
        size = math.isqrt(count)
        block, rest = self._block(item, size, hint), count % size
        return f"{block}{{{count // size}}}" + (f" {item}{{{rest}}}" if rest else "")

    def _up_to(self, item: str, count: int, hint: str) -> str:
        """At most so many. Read from left to right, only two or three readings are open at a time:
        whether one more block is whole, and whether it is the last."""
        if count <= PLAIN_REPETITIONS_MAX:
            return f"{item}{{0,{count}}}"
        size = math.isqrt(count)
        block, blocks, rest = self._block(item, size, hint), (count + 1) // size, (count + 1) % size
        usual = f"{block}{{0,{blocks - 1}}} {item}{{0,{size - 1}}}"
        longest = f" | {block}{{{blocks}}} {item}{{0,{rest - 1}}}" if rest else ""
        return self.add(f"{hint}-to-{count}", usual + longest)

    def _block(self, item: str, size: int, hint: str) -> str:
        return self.add(f"{hint}-{size}", f"{item}{{{size}}}")

    def _reserve(self, hint: str) -> str:
        stem = re.sub(r"[^a-zA-Z0-9]+", "-", hint)[:HINT_CHARACTERS].strip("-") or "rule"
        name = stem
        while name in self._bodies or name == "root":
            self._stems[stem] = self._stems.get(stem, 1) + 1
            name = f"{stem}-{self._stems[stem]}"
        self._bodies[name] = ""
        return name


def _bounded(most: int | None) -> int | None:
    return None if most is None or most > REPETITIONS_MAX else most
