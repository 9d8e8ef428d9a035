"""Bugs of the worker's side and of the line to it: slots, memory, files, frames and the watch."""

# A bug is planted inside of what it breaks.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import trio
from understudy.io.engines.worker_call import Call
from understudy.io.engines.worker_line import WorkerLine
from understudy.protocols.engine.page import Page, generation_of
from understudy.protocols.engine.prefix_store import PrefixStore, SavedPrefix, store_identity
from understudy.protocols.engine.sequences import Sequences
from understudy.protocols.engine.slot import NOWHERE
from understudy.protocols.engine.slots import Slots
from understudy.protocols.engine.state_header import HEADER_BYTES, BadState
from understudy.protocols.engine.step import TOKEN_BYTES, Fork
from understudy.protocols.model_format.format import Said
from understudy.protocols.model_format.reader import MarkReader
from understudy.simulations.worker.disk import STATE_BYTES_PER_TOKEN

from .bug import Bug

WORKER = "understudy.simulations.worker"
"""Where the real parts are put together with the simulated ones."""


def cancel_keeps_the_slot(patch: pytest.MonkeyPatch) -> None:
    """Esc drops a request that waits, and lets one that has a slot go on."""
    whole = Slots.cancel

    def cancel(self: Slots, request: int) -> None:
        slot = self._known.get(request)
        if slot is not None and slot.sequence == NOWHERE:
            whole(self, request)

    patch.setattr(Slots, "cancel", cancel)


def flag_stays_set(patch: pytest.MonkeyPatch) -> None:
    """The worker has seen who is meant, goes on, and does not clear the flag."""

    def settle(page: Page, seen: int) -> bool:
        return generation_of(page) == seen

    patch.setattr(f"{WORKER}.worker.settle", settle)


def fork_shares_what_is_written(patch: pytest.MonkeyPatch) -> None:
    """Two answers get one sequence, whose cells both of them write."""

    def fork(_self: Sequences, source: int, _tokens: int) -> int:
        return source

    patch.setattr(Sequences, "fork", fork)


def fork_of_the_wrong_sequence(patch: pytest.MonkeyPatch) -> None:
    """A prompt goes on from another conversation's beginning of the same length."""
    whole = Sequences.fork

    def fork(self: Sequences, source: int, tokens: int) -> int:
        target = whole(self, source, tokens)
        others = [
            other
            for other in self.kept
            if other not in (source, target) and self.cells.length(other) >= tokens
        ]
        if others:
            self.operations[-1] = Fork(others[0], target, tokens)
        return target

    patch.setattr(Sequences, "fork", fork)


def restored_prefix_one_token_too_long(patch: pytest.MonkeyPatch) -> None:
    """Of a file the first token that differs is taken, too."""
    whole = PrefixStore.best

    def best(
        self: PrefixStore, prompt: bytes, kept_tokens: int, tokens_max: int, *, whole_only: bool
    ) -> tuple[int, SavedPrefix] | None:
        found = whole(self, prompt, kept_tokens, tokens_max, whole=whole_only)
        if found is None:
            return None
        usable, saved = found
        return min(usable + 1, len(saved.tokens) // TOKEN_BYTES), saved

    def best_of(self: PrefixStore, *arguments: Any, whole: bool) -> tuple[int, SavedPrefix] | None:
        return best(self, *arguments, whole_only=whole)

    patch.setattr(PrefixStore, "best", best_of)


def spill_key_without_the_template(patch: pytest.MonkeyPatch) -> None:
    """Files are named after the model and its tokens, whatever its template is."""

    def identity(file_identity: str, _template: str, build: str) -> str:
        return store_identity(file_identity, "", build)

    patch.setattr(f"{WORKER}.model.store_identity", identity)


def files_are_not_verified(patch: pytest.MonkeyPatch) -> None:
    """A file's checksum is not looked at."""

    def take(data: memoryview, _key: str, tokens: bytes) -> memoryview:
        state_bytes = len(tokens) // TOKEN_BYTES * STATE_BYTES_PER_TOKEN
        if len(data) != HEADER_BYTES + len(tokens) + state_bytes:
            raise BadState("it is cut")
        return data[HEADER_BYTES + len(tokens) :]

    patch.setattr(f"{WORKER}.disk.verify_state", take)


def frames_go_to_who_asked_last(patch: pytest.MonkeyPatch) -> None:
    """What a worker says is given to the newest request, whichever it is about."""

    def call(self: WorkerLine, _request: int) -> Call:
        return self._calls[max(self._calls)]

    patch.setattr(WorkerLine, "_call", call)


def numbers_are_given_again(patch: pytest.MonkeyPatch) -> None:
    """A request that was left is forgotten at once, and the next one gets its number."""
    whole = WorkerLine.ask

    def ask(self: WorkerLine, payload: bytes) -> Call:
        self._requests = next(number for number in range(1_000) if number + 1 not in self._calls)
        return whole(self, payload)

    async def leave(self: WorkerLine, call: Call) -> None:
        await trio.lowlevel.cancel_shielded_checkpoint()
        call.left = True
        self._cancel(call)
        self._calls.pop(call.request, None)

    patch.setattr(WorkerLine, "ask", ask)
    patch.setattr(WorkerLine, "leave", leave)


def cut_calls_are_told(patch: pytest.MonkeyPatch) -> None:
    """Whoever reads the answer takes it for whole, although its length was cut."""
    receive_end: Callable[..., list[Said]] = MarkReader.receive_end

    def take_for_whole(self: MarkReader, *, whole: bool) -> list[Said]:
        return receive_end(self, whole=whole or True)

    patch.setattr(MarkReader, "receive_end", take_for_whole)


def nobody_watches_who_was_left(patch: pytest.MonkeyPatch) -> None:
    """A worker that does not stop is waited for."""

    async def watch(_self: WorkerLine, call: Call) -> None:
        await call.ended.wait()

    patch.setattr(WorkerLine, "_watch", watch)


BUGS = (
    Bug(
        "A model on this machine computes on for nobody",
        cancel_keeps_the_slot,
        "was computed for nobody",
        "few-conversations",
        2,
    ),
    Bug(
        "After one Esc nobody is answered any more",
        flag_stays_set,
        "steps were stopped in a row",
        "few-conversations",
        2,
    ),
    Bug(
        "Two conversations get in each other's way, and both are lost",
        fork_shares_what_is_written,
        "a batch that cannot be computed",
        "few-conversations",
        1,
    ),
    Bug(
        "A model answers what somebody else was talking about",
        fork_of_the_wrong_sequence,
        "where its model meant",
        "worker-returns",
        1,
    ),
    Bug(
        "A model that was away misreads the first word of what is new",
        restored_prefix_one_token_too_long,
        "where its model meant",
        "worker-crash-forgets-nothing",
        1,
    ),
    Bug(
        "After a change of its template a model talks nonsense",
        spill_key_without_the_template,
        "where its model meant",
        "worker-template",
        1,
    ),
    Bug(
        "A bad block of the disk changes what a model says",
        files_are_not_verified,
        "where its model meant",
        "worker-bad-files",
        2,
    ),
    Bug(
        "Somebody reads another's words",
        frames_go_to_who_asked_last,
        "was heard",
        "few-conversations",
        1,
    ),
    Bug(
        "After an Esc all other answers are lost as well",
        numbers_are_given_again,
        "workers were started",
        "few-conversations",
        2,
    ),
    Bug(
        "A tool is run with half of its input",
        cut_calls_are_told,
        "was heard",
        "worker-tools",
        3,
    ),
    Bug(
        "A worker that hangs keeps the machine busy after Esc",
        nobody_watches_who_was_left,
        "lives on after Esc",
        "worker-hangs",
        4,
    ),
)
