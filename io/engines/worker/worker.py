"""The worker's loop: messages in, one step of the scheduler at a time, messages out.

Between two steps the loop takes what the parent has sent and never waits for it; with nothing to do
it waits without using the processor. What is computed next, and where, the scheduler decides
(`protocols.engine.slots`); the loop carries it out. While the abort flag is set nothing is
computed: the loop reads until it knows for whom it was set.

No request can end the loop. What it says may be nonsense: then it is refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import singledispatchmethod
from typing import Any, Final, NoReturn

from ....protocols.engine.messages import (
    CANCELLED,
    STOP,
    STOP_SEQUENCE,
    Ask,
    Cancel,
    Count,
    Counted,
    Embed,
    Load,
    Reading,
    Render,
    Rendered,
    Save,
    Saved,
    Started,
)
from ....protocols.engine.slots import DoesNotFit, Slots
from ....protocols.engine.step import Step
from .answer import Answer, DeadEnd
from .asking import Asking, BadAsk
from .mailbox import OVERLOADED, SERVER_ERROR, Garbage, Mailbox
from .memory import Memory
from .model import ABORTED, DECODED, Context
from .pace import Pace
from .prompts import BadChat, Prompts
from .shared_page import SharedPage

ANSWERS_MAX: Final = 256
"""Requests that are queued or answered; more are refused."""
UNSENT_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of one answer that nobody reads; then it is ended."""
READING_SECONDS: Final = 0.25
"""Between two `Reading`s of a request."""
SAVE_AFTER_SECONDS: Final = 0.5
"""So long there has been nothing to do before prefixes are written to disk."""
FAILURES_MAX: Final = 3
"""So many batches in a row that the library cannot compute, and their requests are given up."""


class Worker:
    """Answers the requests of one parent until it is gone."""

    def __init__(
        self,
        mailbox: Mailbox,
        page: SharedPage,
        context: Context,
        slots: Slots,
        memory: Memory,
        pace: Pace,
        prompts: Prompts,
        asking: Asking,
        clock: Callable[[], float],
        *,
        abortable: bool,
    ) -> None:
        """A computation's seconds are read from the clock; `abortable` if the flag stops one in
        the middle."""
        self._mailbox, self._page = mailbox, page
        self._context, self._slots, self._memory = context, slots, memory
        self._pace, self._prompts, self._asking = pace, prompts, asking
        self._answers: dict[int, Answer] = {}
        self._abortable = abortable
        self._clock = clock
        self._failures = 0

    def run(self) -> NoReturn:
        """Works until the parent is gone. Raises ParentGone, FrameNonsense or Garbage."""
        while True:
            self._take_messages(0.0)
            if self._page.is_set and not self._page.settle():
                self._take_messages(None)
                continue
            step = self._slots.next_step(self._prefill_tokens())
            if step is not None:
                self._do(step)
            elif not self._take_messages(SAVE_AFTER_SECONDS) and not self._memory.save_one():
                self._take_messages(None)

    def _prefill_tokens(self) -> int:
        """How much of prompts is read next: more if nobody who writes waits for it."""
        is_awaited = any(answer.output_tokens for answer in self._answers.values())
        if is_awaited or not self._abortable:
            return self._pace.prefill_tokens
        return self._pace.alone_tokens

    def _take_messages(self, wait_seconds: float | None) -> bool:
        messages = self._mailbox.receive(wait_seconds)
        for message in messages:
            self._take(message)
        return bool(messages)

    @singledispatchmethod
    def _take(self, message: Any) -> None:
        raise Garbage(f"a {type(message).__name__} is not for now")

    @_take.register
    def _(self, ask: Ask) -> None:
        if len(self._answers) >= ANSWERS_MAX:
            waiting = f"{ANSWERS_MAX} requests are waiting already"
            self._mailbox.refuse(ask.request, waiting, OVERLOADED)
            return
        if ask.request in self._answers:
            self._mailbox.refuse(ask.request, f"there is a request {ask.request} already")
            return
        try:
            answer = self._asking.answer(ask)
        except (BadChat, BadAsk) as error:
            self._mailbox.refuse(ask.request, str(error))
            return
        try:
            self._slots.admit(ask.request, answer.prompt.tokens, ask.answer_tokens_max)
        except DoesNotFit as error:
            answer.close()
            self._mailbox.refuse(ask.request, str(error))
            return
        self._answers[ask.request] = answer

    @_take.register
    def _(self, count: Count) -> None:
        try:
            tokens = len(self._prompts.prompt(count.chat).tokens)
        except BadChat as error:
            self._mailbox.refuse(count.request, str(error))
            return
        self._mailbox.send(count.request, Counted(count.request, tokens))

    @_take.register
    def _(self, render: Render) -> None:
        try:
            prompt = self._prompts.prompt(render.chat)
        except BadChat as error:
            self._mailbox.refuse(render.request, str(error))
            return
        said = Rendered(render.request, prompt.text, prompt.tokens.tobytes())
        self._mailbox.send(render.request, said)

    @_take.register
    def _(self, embed: Embed) -> None:
        self._mailbox.refuse(embed.request, "this model answers; load it once more for embeddings")

    @_take.register
    def _(self, save: Save) -> None:
        while self._memory.save_one():
            pass
        store = self._memory
        self._mailbox.send(save.request, Saved(save.request, store.prefixes, store.bytes))

    @_take.register
    def _(self, cancel: Cancel) -> None:
        self._page.saw(cancel.generation)
        self._slots.cancel(cancel.request)
        if cancel.request in self._answers:
            self._end(cancel.request, CANCELLED, whole=False)

    @_take.register
    def _(self, load: Load) -> None:
        raise Garbage(f"a second Load, of {load.file}")

    def _do(self, step: Step) -> None:
        for ending in step.endings:
            self._finish(ending.request, ending.reason)
        self._memory.carry_out(step.operations)
        for start in step.starts:
            self._start(start.request, start.input_tokens, start.kept_tokens, start.restored_tokens)
        if not step.rows:
            self._slots.decoded(step)
            return
        outcome = self._compute(step)
        if outcome == DECODED:
            self._failures = 0
            self._slots.decoded(step)
            for sample in step.samples:
                self._sample(sample.request, sample.row)
            self._tell_reading()
        else:
            self._slots.aborted(step, self._held(step))
            if outcome != ABORTED:
                self._failed(outcome)

    def _compute(self, step: Step) -> int:
        # Backends that do not look at the flag must not begin either.
        if self._page.is_set:
            return ABORTED
        begun = self._clock()
        outcome = self._context.decode(step.tokens, step.positions, step.sequences, step.wanted)
        if outcome == DECODED:
            self._pace.measured(step.rows, self._clock() - begun)
        return outcome

    def _held(self, step: Step) -> Mapping[int, int]:
        return {each: self._context.length(each) for each in set(step.sequences)}

    def _failed(self, outcome: int) -> None:
        """The library cannot compute this batch. That may pass; if not, its requests are lost."""
        self._failures += 1
        if self._failures < FAILURES_MAX:
            return
        self._failures = 0
        for request in [each for each in self._answers if self._answers[each].has_started]:
            self._give_up(request, f"the library cannot compute this (its answer: {outcome})")

    def _start(self, request: int, input_tokens: int, kept: int, restored: int) -> None:
        answer = self._answers[request]
        if answer.has_started:
            return
        answer.has_started = True
        answer.started_seconds = answer.read_seconds = time.monotonic()
        form, tail = self._asking.form.name, answer.prompt.tail
        self._mailbox.send(request, Started(request, form, input_tokens, kept, restored, tail))

    def _sample(self, request: int, row: int) -> None:
        answer = self._answers[request]
        if not answer.output_tokens:
            answer.first_seconds = time.monotonic()
        try:
            token = answer.choose(row)
        except DeadEnd:
            self._give_up(request, "the grammar leaves this model no way to go on")
            return
        said = answer.said(token)
        if said.piece is not None:
            self._mailbox.send(request, said.piece)
        reason: str | None = said.reason
        if reason in (STOP, STOP_SEQUENCE):
            self._slots.finish(request)
        else:
            reason = self._slots.chose(request, token)
        if reason:
            self._finish(request, reason)
        elif self._mailbox.unsent_bytes(request) > UNSENT_BYTES_MAX:
            self._give_up(request, f"{UNSENT_BYTES_MAX} bytes of the answer have not been read")

    def _tell_reading(self) -> None:
        now = time.monotonic()
        for request, answer in self._answers.items():
            is_reading = answer.has_started and not answer.output_tokens
            if is_reading and now - answer.read_seconds >= READING_SECONDS:
                answer.read_seconds = now
                done = self._slots.read_tokens(request)
                self._mailbox.send(request, Reading(request, done))

    def _finish(self, request: int, reason: str) -> None:
        """The answer is over, unless what was withheld of it is wrong for the first time."""
        answer = self._answers[request]
        whole = answer.is_whole(reason)
        rest, problems = answer.rest(whole=whole)
        if not problems:
            if rest is not None:
                self._mailbox.send(request, rest)
            self._end(request, reason, whole=whole)
        elif answer.is_second:
            self._give_up(request, f"the model cannot keep to a schema: {'; '.join(problems)}")
        else:
            self._again(request)

    def _again(self, request: int) -> None:
        answer = self._answers[request]
        kept = self._asking.again(answer)
        tokens_max = answer.ask.answer_tokens_max
        if tokens_max:
            tokens_max = max(1, tokens_max - len(kept.tokens))
        try:
            self._slots.admit(request, answer.prompt.tokens + kept.tokens, tokens_max)
        except DoesNotFit as error:
            self._give_up(request, f"no room is left to repair a call: {error}")

    def _end(self, request: int, reason: str, *, whole: bool = True) -> None:
        answer = self._answers.pop(request)
        self._mailbox.send(request, answer.ended(reason, time.monotonic(), whole=whole))
        answer.close()

    def _give_up(self, request: int, message: str) -> None:
        self._slots.cancel(request)
        self._answers.pop(request).close()
        self._mailbox.refuse(request, message, SERVER_ERROR)
