"""One answer of a simulated worker, from its question to its last message.

Written down for the judge: what was asked and what was said, as the worker saw it. A question is
told from others by a tag (`[talk #3] of somebody`): the last one in a prompt is the newest.
"""

from __future__ import annotations

import codecs
import re
from array import array
from functools import cached_property

import attrs

from ...protocols.engine.messages import LENGTH, STOP, Ask, Ended, Piece, Started
from .mind import Meant
from .vocabulary import bytes_of, text_of

TAG = re.compile(r"\[\w+ #\d+\](?: of [\w~-]+)?")


def tag_of(text: str) -> str:
    """The tag of the newest question in a text; "" if it has none."""
    found = TAG.findall(text)
    return str(found[-1]) if found else ""


@attrs.define(eq=False)
class Answering:
    """A question, and what has been said to it so far."""

    ask: Ask
    prompt: array[int] = attrs.field(repr=False)
    meant: Meant = attrs.field(repr=False)
    """What a sound memory has the model say."""
    started: Started | None = None
    ended: Ended | None = None
    ended_seconds: float = -1.0
    said: str = ""
    output_tokens: int = 0
    _decoder: codecs.IncrementalDecoder = attrs.field(
        factory=lambda: codecs.getincrementaldecoder("utf-8")("replace"), repr=False
    )

    @cached_property
    def tag(self) -> str:
        """The question's tag."""
        return tag_of(text_of(self.prompt))

    def say(self, token: int) -> Piece | None:
        """Takes a token; what can be told of it: a character that is cut waits for its rest."""
        self.output_tokens += 1
        text = self._decoder.decode(bytes_of([token]))
        if not text:
            return None
        self.said += text
        return Piece(self.ask.request, text, array("i", [token]).tobytes())

    def end(self, reason: str) -> Ended:
        """Its last message. A call is whole only if all was said."""
        whole = reason == STOP or not self.meant.calls
        self.ended = Ended(self.ask.request, reason, self.output_tokens, whole=whole)
        return self.ended

    @property
    def complaint(self) -> str:
        """What is wrong with what was said; "" if nothing is."""
        if not self.meant.text.startswith(self.said):
            return f"a worker said {self.said[:80]!r} where its model meant {self.meant.text!r}"
        if self.ended is not None and self.ended.reason == STOP and self.said != self.meant.text:
            return f"an answer ended as whole after {self.said[-40:]!r}"
        tokens_max = self.ask.answer_tokens_max or self.output_tokens
        if self.output_tokens > tokens_max:
            return f"{self.output_tokens} tokens were said, {tokens_max} asked for"
        early = self.ended is not None and self.ended.reason == LENGTH
        return "an answer ended too soon" if early and self.output_tokens < tokens_max else ""
