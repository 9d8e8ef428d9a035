"""A worker that embeds: texts in, vectors of length one out, and nothing is answered.

A text's vector is what the model's own pooling makes of it, or the mean of its tokens' vectors
where the file names none. Pooling is per computation, so a text must fit in one batch whole; one
that does not is refused with its count, for a vector of half a text would mislead. Several texts
share a batch. Between two batches the pipe is read, so a long list of texts can be cancelled.
"""

from __future__ import annotations

import math
from array import array
from collections import deque
from collections.abc import Sequence
from typing import Final, NoReturn

import attrs

from ....protocols.engine.messages import CANCELLED, Cancel, Embed, Embedded, Ended, Load, ToWorker
from ..worker.mailbox import SERVER_ERROR, Garbage, Mailbox
from ..worker.model import ABORTED, DECODED
from ..worker.shared_page import SharedPage
from .context import Context
from .weights import Weights

TEXT_TOKENS_MAX: Final = 2048
"""Of one text: so many tokens are computed at once, whatever more a model was trained for."""
TEXTS_PER_BATCH: Final = 16
TEXTS_MAX: Final = 2048
"""Of one request, as in OpenAI's API."""
JOBS_MAX: Final = 64


def _none() -> list[array[float]]:
    return []


@attrs.define
class _Job:
    request: int
    texts: list[array[int]]
    vectors: list[array[float]] = attrs.field(factory=_none)

    @property
    def tokens(self) -> int:
        return sum(map(len, self.texts))


def embedding_context(weights: Weights, load: Load, flag: int) -> Context:
    """The context of a worker that embeds. Raises LoadError."""
    tokens = min(load.context_tokens, weights.trained_tokens or TEXT_TOKENS_MAX, TEXT_TOKENS_MAX)
    return Context(
        weights,
        cells=tokens,
        sequences=TEXTS_PER_BATCH,
        batch_tokens=tokens,
        threads=max(load.threads, 1),
        flag=flag,
        pooling=weights.pooling,
    )


class EmbeddingWorker:
    """Embeds the texts of one parent until it is gone."""

    def __init__(
        self, mailbox: Mailbox, page: SharedPage, weights: Weights, context: Context
    ) -> None:
        self._mailbox, self._page = mailbox, page
        self._vocabulary, self._context = weights.vocabulary, context
        self._length = weights.embedding_length
        self._jobs: deque[_Job] = deque()

    def run(self) -> NoReturn:
        """Works until the parent is gone. Raises ParentGone, FrameNonsense or Garbage."""
        while True:
            blocked = self._page.is_set and not self._page.settle()
            for message in self._mailbox.receive(0.0 if self._jobs and not blocked else None):
                self._take(message)
            if self._jobs and not self._page.is_set:
                self._compute(self._jobs[0])

    def _take(self, message: ToWorker) -> None:
        match message:
            case Embed():
                self._admit(message)
            case Cancel():
                self._page.saw(message.generation)
                self._cancel(message.request)
            case Load():
                raise Garbage("a second Load")
            case _:
                self._mailbox.refuse(message.request, "this model embeds and does not answer")

    def _admit(self, embed: Embed) -> None:
        problem, texts = "", [self._vocabulary.tokens_of_text(text) for text in embed.texts]
        longest = max(map(len, texts), default=0)
        if not 0 < len(texts) <= TEXTS_MAX:
            problem = f"{len(texts)} texts; 1 to {TEXTS_MAX} can be embedded at a time"
        elif longest > self._context.batch_tokens:
            limit = self._context.batch_tokens
            problem = f"a text has {longest} tokens; this model embeds at most {limit} at a time"
        elif not all(texts):
            problem = "a text is empty: it has no tokens to embed"
        elif len(self._jobs) >= JOBS_MAX:
            problem = f"{JOBS_MAX} requests are waiting already"
        if problem:
            self._mailbox.refuse(embed.request, problem)
        else:
            self._jobs.append(_Job(embed.request, texts))

    def _cancel(self, request: int) -> None:
        for job in [job for job in self._jobs if job.request == request]:
            self._jobs.remove(job)
            self._mailbox.send(request, Ended(request, CANCELLED, 0))

    def _compute(self, job: _Job) -> None:
        """One batch of the job's next texts."""
        texts = _fitting(job.texts[len(job.vectors) :], self._context.batch_tokens)
        self._context.forget_all()
        outcome = self._context.decode(
            [token for text in texts for token in text],
            [position for text in texts for position in range(len(text))],
            [at for at, text in enumerate(texts) for _ in text],
            b"\1" * sum(map(len, texts)),
        )
        if outcome == ABORTED:
            return
        if outcome != DECODED:
            self._jobs.remove(job)
            reason = f"llama.cpp cannot compute this (llama_decode: {outcome})"
            self._mailbox.refuse(job.request, reason, SERVER_ERROR)
            return
        for at in range(len(texts)):
            job.vectors.append(normalised(self._context.embedding(at, self._length)))
        if len(job.vectors) == len(job.texts):
            self._jobs.remove(job)
            data = b"".join(vector.tobytes() for vector in job.vectors)
            said = Embedded(job.request, data, len(job.vectors), job.tokens)
            self._mailbox.send(job.request, said)


def normalised(vector: array[float]) -> array[float]:
    """The vector made as long as 1; one without a direction stays as it is."""
    length = math.sqrt(math.fsum(value * value for value in vector))
    return array("f", (value / length for value in vector)) if length else vector


def _fitting(texts: Sequence[array[int]], tokens_max: int) -> list[array[int]]:
    """As many of the first texts as one batch takes."""
    found: list[array[int]] = []
    tokens = 0
    for text in texts[:TEXTS_PER_BATCH]:
        tokens += len(text)
        if tokens > tokens_max:
            break
        found.append(text)
    return found
