"""One answer in the making: from chosen tokens to pieces of text.

Text goes out in whole characters, with stop sequences held back; the tokens that made it go with
it, and their probabilities if they were asked for. Special tokens show as their text, for parsers
need the marks; only the token that ends an answer is never text. Every token that was chosen counts
as output but that one.
"""

from __future__ import annotations

import codecs
from array import array
from typing import Any

import attrs

from ....protocols.engine.messages import STOP, STOP_SEQUENCE, Ask, Ended, Piece
from ....protocols.engine.stop_text import StopText
from .constraint import Constraint
from .model import DEAD_END, Draw, Vocabulary
from .prompts import Prompt
from .rules import Rules

_decoder = codecs.getincrementaldecoder("utf-8")


class DeadEnd(Exception):
    """The grammar allows no token of this vocabulary."""


@attrs.frozen
class Said:
    """What a token has added: a piece to be sent, and the reason for which the answer is over."""

    piece: Piece | None = None
    reason: str = ""


@attrs.frozen
class Kept:
    """What stays of an answer whose end is sampled again: its first tokens, and the text that was
    told of the token after these."""

    tokens: array[int]
    prefix: str


class Answer:
    """The state of one `Ask` between its admission and its end."""

    def __init__(
        self,
        ask: Ask,
        prompt: Prompt,
        draw: Draw,
        constraint: Constraint | None,
        rules: Rules | None,
        seed: int,
        vocabulary: Vocabulary,
    ) -> None:
        self.ask, self.prompt, self.rules, self.seed = ask, prompt, rules, seed
        self.output_tokens = 0
        self.has_started = self.is_second = False
        self.started_seconds = self.first_seconds = 0.0
        self.read_seconds = 0.0
        self._draw, self._constraint = draw, constraint
        self._vocabulary = vocabulary
        self._text = _decoder("replace")
        self._stop = StopText(ask.stop_sequences)
        self._stop_sequence = ""
        self._check = rules.check if rules else None
        self._written = array("i")
        self._borders: list[int] = []
        self._told_again_characters = self._characters = 0
        self._tokens = array("i")
        self._logprobs: list[dict[str, Any]] | None = None
        if ask.sampling.logprobs is not None:
            self._logprobs = []

    def choose(self, row: int) -> int:
        """Chooses the next token from a row of the batch. Raises DeadEnd."""
        if self._constraint is None:
            token = self._draw.choose(row)
        else:
            token = self._constraint.choose(self._draw, row)
            if token == DEAD_END:
                raise DeadEnd
        if self._logprobs is not None and not self._vocabulary.ends_answer(token):
            count = self.ask.sampling.logprobs or 0
            self._logprobs.append(self._draw.logprobs(row, token, count))
        return token

    def said(self, token: int) -> Said:
        """Takes a chosen token."""
        if self._vocabulary.ends_answer(token):
            return Said(None, STOP)
        self.output_tokens += 1
        self._tokens.append(token)
        text = self._text.decode(self._vocabulary.piece(token))
        if self._check is not None:
            text = self._noted(token, text)
        released = self._stop.receive_text(text)
        if released.stop:
            self._stop_sequence = released.stop
        told = released.text
        if self._check is not None:
            told = self._check.receive_text(told)
        piece = self._piece(told) if told else None
        return Said(piece, STOP_SEQUENCE if released.stop else "")

    def rest(self, *, whole: bool) -> tuple[Piece | None, tuple[str, ...]]:
        """What was held back, at the end, and what is wrong with it."""
        text = ""
        problems: tuple[str, ...] = ()
        if not self._stop_sequence:
            released = self._stop.receive_text(self._text.decode(b"", final=True))
            text = released.text + self._stop.receive_end()
        if self._check is not None:
            text = self._check.receive_text(text)
            verdict = self._check.receive_end(whole=whole)
            text, problems = text + verdict.text, verdict.problems
        return self._piece(text) if text or self._tokens else None, problems

    def is_whole(self, reason: str) -> bool:
        """Whether the grammar, if one has begun, allows the answer to end here."""
        constraint = self._constraint
        return constraint is None or reason == STOP or constraint.is_complete

    def kept(self) -> Kept:
        """What stays if the end of the answer is thrown away: what has been told of it."""
        assert self._check is not None
        told = self._check.told
        count, border = 0, 0
        for place, characters in enumerate(self._borders):
            if 0 <= characters <= len(told):
                count, border = place + 1, characters
        return Kept(self._written[:count], told[border:])

    def start_again(self, kept: Kept, draw: Draw, constraint: Constraint) -> None:
        """Goes on behind what is kept, with a new draw and a grammar that begins there."""
        assert self._check is not None
        self.close()
        self._draw, self._constraint = draw, constraint
        self.is_second = True
        self._check.start_again()
        count = len(kept.tokens)
        self.output_tokens, self._written = count, self._written[:count]
        self._borders = self._borders[:count]
        self._told_again_characters = len(kept.prefix)
        self._characters = len(self._check.told) - len(kept.prefix)
        self._text, self._stop = _decoder("replace"), StopText(self.ask.stop_sequences)
        self._stop_sequence = ""
        self._tokens = array("i")
        if self._logprobs is not None:
            self._logprobs = []

    def ended(self, reason: str, now_seconds: float, *, whole: bool) -> Ended:
        """The last message."""
        first = self.first_seconds or now_seconds
        return Ended(
            self.ask.request,
            reason,
            self.output_tokens,
            self._stop_sequence,
            whole,
            first - self.started_seconds if self.has_started else 0.0,
            now_seconds - first,
        )

    def close(self) -> None:
        """Frees the draw and the grammar."""
        self._draw.close()
        if self._constraint is not None:
            self._constraint.close()

    def _noted(self, token: int, text: str) -> str:
        """Notes where a token ends; returns its text less what has been told before."""
        self._written.append(token)
        self._characters += len(text)
        is_border = not self._text.getstate()[0]
        self._borders.append(self._characters if is_border else -1)
        skipped = min(self._told_again_characters, len(text))
        self._told_again_characters -= skipped
        return text[skipped:]

    def _piece(self, text: str) -> Piece:
        tokens, self._tokens = self._tokens.tobytes(), array("i")
        entries = self._logprobs
        if entries is not None:
            self._logprobs = []
        return Piece(self.ask.request, text, tokens, entries)
