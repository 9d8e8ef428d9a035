"""The computing side of a simulated worker: its memory, its disk, and the time that things take.

A computation stops soon after the page's flag is set. Of a batch that was stopped nothing is in the
memory, or its first rows: micro-batches that were done stay.
"""

from __future__ import annotations

from random import Random

import attrs
import trio

from ...protocols.engine.step import Cut, Delete, Fork, Operation, Restore, Save, Step
from .disk import Disk, DiskError
from .flag_page import FlagPage
from .life import WorkerLife
from .memory import Memory, NoCells
from .mind import Mind

KEPT_CHANCE = 0.3
"""How often a batch that was stopped has left rows in the memory."""


@attrs.define(eq=False)
class Machine:
    """See the module. `hangs_seconds` is the moment from which on no step ends."""

    memory: Memory
    mind: Mind
    disk: Disk
    life: WorkerLife
    page: FlagPage
    random: Random
    hangs_seconds: float
    computed_tokens: int = 0

    async def operate(self, operation: Operation) -> int:
        """Does one operation; the bytes of the file that it wrote. Raises DiskError."""
        match operation:
            case Cut():
                self.memory.cut(operation.sequence, operation.position)
            case Fork():
                self.memory.fork(operation.source, operation.target, operation.tokens)
            case Delete():
                self.disk.delete(operation.key)
            case Save():
                await trio.sleep(self.life.disk_seconds)
                return self._save(operation)
            case Restore():
                await trio.sleep(self.life.disk_seconds)
                self._restore(operation)
        return 0

    async def compute(self, step: Step) -> bool:
        """Computes the batch; false if it was stopped."""
        stopped = await self._wait(self.life.step_seconds + self.life.row_seconds * step.rows)
        done = step.rows
        if stopped:
            keeps = self.random.random() < KEPT_CHANCE
            done = self.random.randrange(step.rows) if keeps else 0
        columns = zip(step.sequences, step.positions, step.tokens, strict=True)
        for _, (sequence, position, token) in zip(range(done), columns, strict=False):
            self.memory.put(sequence, position, token)
        self.computed_tokens += done
        return not stopped

    def held(self, step: Step) -> dict[int, int]:
        """How many tokens the memory holds of each sequence in the batch."""
        return {sequence: len(self.memory.cells(sequence)) for sequence in step.sequences}

    def next_token(self, sequence: int) -> int:
        """What the model says next in a sequence."""
        return self.mind.next_token(self.memory.cells(sequence))

    async def _wait(self, seconds: float) -> bool:
        """Takes so long, or less if the flag is set meanwhile: then it was stopped."""
        with trio.move_on_after(seconds):
            if self.life.ignores_abort:
                await trio.sleep_forever()
            await self.page.wait_set()
            await trio.sleep(self.life.stop_seconds)
            return True
        if trio.current_time() >= self.hangs_seconds:
            await trio.sleep_forever()
        return False

    def _save(self, operation: Save) -> int:
        state = self.memory.state(operation.sequence)
        return self.disk.write(operation.key, operation.tokens, state)

    def _restore(self, operation: Restore) -> None:
        state = self.disk.load(operation.key, operation.tokens)
        try:
            self.memory.restore(operation.sequence, state)
        except NoCells:
            raise DiskError("the state does not fit into the memory") from None
