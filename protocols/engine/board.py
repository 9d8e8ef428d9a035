"""What the engines' processes are doing just now, for whoever looks: numbers and names.

The keeper of each process writes here, and the adapter how far a model has loaded, which knows it
by the model's name alone. Nothing is decided by it.
"""

from __future__ import annotations

from typing import Final

import attrs

from .messages import Ready

LOADING: Final = "loading"
RUNNING: Final = "running"
STOPPED: Final = "stopped"
FAILED: Final = "failed"


@attrs.frozen
class EngineLine:
    """One process: of which endpoint and model, which kind of engine runs it, and its state.

    `loaded` is how far it has loaded, from 0 to 1. What follows is what a worker says of itself.
    `words` say why it has failed.
    """

    name: str
    model: str
    kind: str
    state: str
    loaded: float = 0.0
    build: str = ""
    context_tokens: int = 0
    state_bytes_per_token: int = 0
    restored_prefixes: int = 0
    words: str = ""


@attrs.define(eq=False)
class EngineBoard:
    """One line for each process that was ever started; there are two at most for an endpoint."""

    why: str = ""
    """Why models run in this kind of engine, in words."""
    _lines: dict[str, EngineLine] = attrs.field(factory=dict[str, EngineLine])

    @property
    def lines(self) -> tuple[EngineLine, ...]:
        """The lines, in the order of first starts."""
        return tuple(self._lines.values())

    def loading(self, name: str, model: str, kind: str) -> None:
        """A process begins to load its model."""
        self._lines[name] = EngineLine(name, model, kind, LOADING)

    def progress(self, model: str, fraction: float) -> None:
        """So far has a model been loaded."""
        for name, line in self._lines.items():
            if line.model == model and line.state == LOADING:
                self._lines[name] = attrs.evolve(line, loaded=fraction)

    def running(self, name: str, ready: Ready | None) -> None:
        """A process answers."""
        line = attrs.evolve(self._lines[name], state=RUNNING, loaded=1.0)
        if ready is not None:
            line = attrs.evolve(
                line,
                build=ready.build,
                context_tokens=ready.context_tokens,
                state_bytes_per_token=ready.state_bytes_per_token,
                restored_prefixes=ready.restored_prefixes,
            )
        self._lines[name] = line

    def ended(self, name: str, failure: str = "") -> None:
        """A process is gone, or has never come to answer."""
        state = FAILED if failure else STOPPED
        line = self._lines[name]
        self._lines[name] = EngineLine(name, line.model, line.kind, state, words=failure)
