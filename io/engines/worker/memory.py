"""The scheduler's operations on the memory, carried out: cuts, forks, and state files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatchmethod
from typing import Any

from ....protocols.engine.prefix_store import PrefixStore
from ....protocols.engine.slots import Slots
from ....protocols.engine.step import Cut, Delete, Fork, Operation, Restore, Save
from .model import Context
from .state_files import StateFiles


class Memory:
    """Carries out operations on one context."""

    def __init__(
        self, context: Context, slots: Slots, store: PrefixStore | None, files: StateFiles | None
    ) -> None:
        self._context, self._slots = context, slots
        self._store, self._files = store, files

    @property
    def prefixes(self) -> int:
        """How many prefixes are on disk."""
        return self._store.prefixes if self._store else 0

    @property
    def bytes(self) -> int:
        """How many bytes they take."""
        return self._store.bytes if self._store else 0

    def carry_out(self, operations: Iterable[Operation]) -> None:
        """Does these, in this order."""
        for operation in operations:
            self._do(operation)

    def save_one(self) -> bool:
        """Writes one prefix worth keeping; False if there is none."""
        operations = self._slots.next_save()
        self.carry_out(operations)
        return bool(operations)

    @singledispatchmethod
    def _do(self, operation: Any) -> None:
        raise AssertionError(operation)

    @_do.register
    def _(self, cut: Cut) -> None:
        # Only a memory that can be cut is told to: the calibration has tried it. Clearing always
        # works.
        if not self._context.cut(cut.sequence, cut.position):
            raise AssertionError(f"cannot cut {cut}")

    @_do.register
    def _(self, fork: Fork) -> None:
        self._context.fork(fork.source, fork.target, fork.tokens)

    @_do.register
    def _(self, save: Save) -> None:
        assert self._store is not None
        assert self._files is not None
        written = self._files.save(self._context, save)
        if written:
            self._store.saved(save.key, written)
        else:
            self._store.not_saved(save.key)

    @_do.register
    def _(self, restore: Restore) -> None:
        assert self._files is not None
        if not self._files.restore(self._context, restore):
            self._context.cut(restore.sequence, 0)
            self._slots.not_restored(restore.sequence)

    @_do.register
    def _(self, delete: Delete) -> None:
        assert self._files is not None
        self._files.delete(delete.key)
