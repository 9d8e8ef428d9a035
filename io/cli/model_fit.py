"""Which models fit this machine's memory, with how large a window: now, and if nothing else ran.

The needs are what the engine itself says before it loads, and the room is what the resource-watcher
would give: so what is said here to fit is what will be let in. Windows are tried from a short list
of usual ones; a window in between is asked for with `--context`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from ...protocols.models.local_model import MLX, LocalModel
from ...protocols.resources.need import MemoryNeed
from ...protocols.resources.report import MemoryReport
from ...protocols.resources.rules import MemoryRules
from ...protocols.settings_memory import rules_of
from ..token import TokenError
from .errors import CannotRun
from .machine_memory import read_machine, report_of
from .memory import look
from .model_shelf import Shelf

WINDOWS: Final = (4_096, 8_192, 16_384, 32_768, 65_536, 131_072, 262_144)


@attrs.frozen
class Room:
    """What models may have: `now` with what else runs here, `most` if nothing else did."""

    rules: MemoryRules
    report: MemoryReport

    @property
    def now_bytes(self) -> int:
        """What all models together may have at this moment."""
        return self.report.budget_bytes

    @property
    def most_bytes(self) -> int:
        """What they could have at best."""
        total = self.report.reading.total_bytes
        most = total - self.rules.floor_bytes(total)
        return most if self.rules.budget_bytes is None else min(most, self.rules.budget_bytes)

    def admits(self, need: MemoryNeed, room_bytes: int) -> bool:
        """Tells whether a load of this need would be let into so much room."""
        total = need.total_bytes
        return total + self.rules.margin_bytes(total) <= room_bytes


@attrs.frozen
class Fit:
    """A model's needs by window, smallest first; none of a model that cannot be run."""

    model: LocalModel
    needs: tuple[MemoryNeed, ...]
    room: Room

    @property
    def now_tokens(self) -> int:
        """The largest window that fits now; 0 if none does."""
        return self._largest(self.room.now_bytes)

    @property
    def most_tokens(self) -> int:
        """The largest window that fits this machine; 0 if none does."""
        return self._largest(self.room.most_bytes)

    def _largest(self, room_bytes: int) -> int:
        fitting = (each for each in self.needs if self.room.admits(each, room_bytes))
        return max((each.context_tokens for each in fitting), default=0)


def room_of(shelf: Shelf) -> Room:
    """The room as the running server knows it, or as the machine is where it cannot be asked."""
    try:
        report = look(shelf.folders, shelf.settings).report
    except (CannotRun, TokenError):
        report = report_of(read_machine(), shelf.settings)
    return Room(rules_of(shelf.settings.memory), report)


def fits_of(shelf: Shelf, models: Sequence[LocalModel], windows: Sequence[int]) -> list[Fit]:
    """How each of these models fits with each of these windows, as far as it was trained for it."""
    import trio  # an engine's own code says what it needs, and is asynchronous

    room = room_of(shelf)
    needs = trio.run(_needs, shelf, models, windows)
    return [Fit(model, each, room) for model, each in zip(models, needs, strict=True)]


def windows_for(model: LocalModel, windows: Sequence[int] = WINDOWS) -> list[int]:
    """The windows of these that a model was trained for; of several, also its whole one."""
    trained = model.facts.context_tokens or max(windows)
    whole = {min(trained, max(windows))} if len(windows) > 1 else set[int]()
    return sorted(whole | {window for window in windows if window <= trained})


async def _needs(
    shelf: Shelf, models: Sequence[LocalModel], windows: Sequence[int]
) -> list[tuple[MemoryNeed, ...]]:
    from ..engines.engine_choice import choose_engine
    from ..engines.mlx_direct import open_mlx
    from ..ports import EngineError, EngineSpec

    folder = shelf.folders.prefixes_dir
    llama = (await choose_engine(shelf.settings.engines, folder, _tell_nobody)).engine
    mlx = open_mlx(folder, _tell_nobody)
    found: list[tuple[MemoryNeed, ...]] = []
    for model in models:
        needs: list[MemoryNeed] = []
        engine = mlx if model.facts.format == MLX else llama
        for window in windows_for(model, windows) if not model.problem else ():
            spec = EngineSpec(model.id, model.path, window, slots=engine.slots)
            try:
                needs.append(attrs.evolve(await engine.need(spec), context_tokens=window))
            except EngineError:
                break
        found.append(tuple(needs))
    return found


def _tell_nobody(_name: str, _fraction: float) -> None:
    """Nothing is loaded here."""
