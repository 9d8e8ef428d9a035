"""How a request gets its slot: with what it finds remembered, and room for what it does not.

It takes over a kept sequence that is a beginning of its prompt (the conversation goes on), forks a
longer one or one that is in use, or restores one from disk when that is faster than reading. The
last token of a prompt is always computed, as its logits are wanted. A request that another one is
reading the beginning for waits for that instead of reading it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

import attrs

from .prefix_store import PrefixStore, SavedPrefix
from .sequences import Sequences
from .slot import Slot
from .step import FORK_TOKENS_MIN, TOKEN_BYTES, Limits, Restore

SHARED_PREFIXES_MAX: Final = 16
"""Of beginnings that conversations share and that may be written; the oldest is dropped."""


class DoesNotFit(ValueError):
    """The prompt leaves no room for one token of an answer; the message says what the limit is."""


class Verdict(Enum):
    """What has become of a request at the door."""

    ADMITTED = auto()
    WAITS = auto()
    NO_ROOM = auto()


@attrs.frozen
class _Source:
    """The sequence (None: none) whose first tokens are of use; `promised` is who reads more."""

    sequence: int | None = None
    tokens: int = 0
    promised: Slot | None = None
    promised_tokens: int = 0


class Admission:
    """Gives slots to requests. `shared` are beginnings that two conversations had in common."""

    def __init__(self, limits: Limits, memory: Sequences, store: PrefixStore | None) -> None:
        self._limits = limits
        self._memory = memory
        self._store = store
        self.shared: dict[bytes, None] = {}

    def reserved_for(self, prompt_tokens: int, answer_tokens_max: int) -> int:
        """How many tokens are to have room for certain. Raises DoesNotFit."""
        room = min(self._limits.context_tokens, self._limits.cells) - prompt_tokens
        if not prompt_tokens or room < 1:
            limit = prompt_tokens + room - 1
            if not prompt_tokens:
                raise DoesNotFit("the prompt is empty")
            # Clients read the two numbers of just these words, and compact.
            raise DoesNotFit(f"prompt is too long: {prompt_tokens} tokens > {limit} maximum")
        return prompt_tokens + min(room, self._limits.reserve_tokens, answer_tokens_max or room)

    def admit(self, slot: Slot, active: list[Slot]) -> Verdict:
        """Gives the request a sequence and its cells, if there is room beside the active ones."""
        source = self._source(slot, active)
        if source.promised is not None:
            slot.waits_for, slot.waits_until = source.promised, source.promised_tokens
            return Verdict.WAITS
        slot.waits_for = None
        saved = self._saved(slot, source, active)
        if saved:
            source = _Source()
        if not self._has_room(slot.reserved_tokens, source, active):
            return Verdict.NO_ROOM
        if source.sequence is None:
            slot.sequence = self._memory.take()
        else:
            slot.sequence = self._sequence_from(source.sequence, source.tokens, slot, active)
        slot.held, slot.is_new = source.tokens, not saved
        self._memory.prefixes.put(slot.sequence, slot.prompt)
        active.append(slot)
        self._make_room(active)
        if saved:  # Only now: its cells are free when what gives way has gone.
            slot.usable, slot.restoring = saved[0], saved[1].tokens
            restore = Restore(slot.sequence, saved[1].key, saved[1].tokens)
            self._memory.operations.append(restore)
        return Verdict.ADMITTED

    def _saved(
        self, slot: Slot, source: _Source, active: list[Slot]
    ) -> tuple[int, SavedPrefix] | None:
        """A file that is better than the source, if there is room for all of it.

        It may hold more than the request needs, an old answer above all: that is cut off once it
        has been read, but has to have room until then.
        """
        saved = self._store and self._store.best(
            slot.prompt,
            source.tokens,
            self._limits.context_tokens,
            whole=not self._limits.cuttable,
        )
        if not saved:
            return None
        needed = max(slot.reserved_tokens, len(saved[1].tokens) // TOKEN_BYTES)
        if not self._has_room(needed, _Source(), active):
            return None
        slot.reserved_tokens = needed
        return saved

    def _source(self, slot: Slot, active: Sequence[Slot]) -> _Source:
        """The best beginning in memory, or a better one that is being read now."""
        readers = {other.sequence: other for other in active}
        best, promised = (0, False, -1), (0, -1)
        for common, sequence in self._memory.prefixes.matches(slot.prompt, FORK_TOKENS_MIN):
            usable_max = min(common, slot.prompt_tokens - 1)
            reader = readers.get(sequence)
            length = self._memory.cells.length(sequence)
            usable = min(usable_max, length)
            if not self._limits.cuttable and length > usable:
                usable = 0
            best = max(best, (usable, reader is None and length == usable, -sequence))
            if reader is not None and self._limits.cuttable:
                promised = max(promised, (usable_max, -sequence))
        tokens = best[0] if best[0] >= FORK_TOKENS_MIN else 0
        if promised[0] - tokens >= FORK_TOKENS_MIN:
            return _Source(promised=readers[-promised[1]], promised_tokens=promised[0])
        return _Source(-best[2], tokens) if tokens else _Source()

    def _has_room(self, tokens: int, source: _Source, active: Sequence[Slot]) -> bool:
        """Whether so many tokens have room when every kept sequence gives way but the source.

        Where a fork is a copy, a kept source can still be taken over; one in use cannot.
        """
        used = [other.sequence for other in active]
        taken = self._memory.cells.used_by(used, source.sequence or 0, source.tokens)
        promised = sum(other.outstanding for other in active)
        is_copied = not self._limits.shares and source.sequence in used
        spared = 0 if is_copied else source.tokens
        return taken + promised + tokens - spared <= self._limits.cells

    def _has_room_beside(self, source: int, slot: Slot, active: Sequence[Slot]) -> bool:
        """Whether a fork of a kept source has room beside all of the source."""
        if self._limits.shares:
            return True
        used = [source, *(other.sequence for other in active)]
        promised = sum(other.outstanding for other in active)
        taken = self._memory.cells.used_by(used)
        return taken + promised + slot.reserved_tokens <= self._limits.cells

    def _sequence_from(self, source: int, tokens: int, slot: Slot, active: Sequence[Slot]) -> int:
        tail = self._memory.cells.length(source) - tokens
        if source in self._memory.kept:
            is_stub = tail < FORK_TOKENS_MIN
            can_fork = self._memory.can_take(source) and self._has_room_beside(source, slot, active)
            if is_stub or not can_fork:
                self._memory.take_over(source, tokens)
                return source
        if tail >= FORK_TOKENS_MIN and slot.prompt_tokens - tokens >= FORK_TOKENS_MIN:
            self._note_shared(slot.prompt[: tokens * TOKEN_BYTES])
        return self._memory.fork(source, tokens)

    def _note_shared(self, tokens: bytes) -> None:
        self.shared.pop(tokens, None)
        self.shared[tokens] = None
        if len(self.shared) > SHARED_PREFIXES_MAX:
            del self.shared[next(iter(self.shared))]

    def _make_room(self, active: Sequence[Slot]) -> None:
        cells = self._memory.cells
        promised = sum(slot.outstanding for slot in active)
        while promised > cells.free and self._memory.evict_for_cells():
            pass
