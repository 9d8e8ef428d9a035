"""From a chat to the tokens of its prompt; the last prompts are remembered.

A client counts a conversation and then asks it, and a parent may do so for it: the second costs no
rendering and no tokenising. What is remembered is bounded by number and by size, and a prompt that
is too large for any window is refused before it is tokenised.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

import attrs
import msgspec

from ....protocols.engine.messages import Chat
from .model import Vocabulary

PROMPTS_MAX: Final = 16
PROMPT_CHARACTERS_KEPT_MAX: Final = 16 * 1024 * 1024
"""Of all remembered prompts together."""
PROMPT_CHARACTERS_MAX: Final = 32 * 1024 * 1024
TAIL_CHARACTERS: Final = 256
"""How much of the end of a prompt a parser is told."""

_encode = msgspec.msgpack.Encoder(order="sorted").encode


class BadChat(Exception):
    """This chat cannot be shown to the model; the message says why."""


@attrs.frozen
class Prompt:
    """A rendered prompt. `tokens` is not to be changed."""

    text: str
    tokens: array[int]

    @property
    def tail(self) -> str:
        """The end of it."""
        return self.text[-TAIL_CHARACTERS:]


class Prompts:
    """Makes prompts, with `render` for chats that have messages. Raises BadChat."""

    def __init__(self, vocabulary: Vocabulary, render: Callable[[Chat], str]) -> None:
        self._vocabulary = vocabulary
        self._render = render
        self._kept: OrderedDict[bytes, Prompt] = OrderedDict()
        self._characters = 0

    def prompt(self, chat: Chat) -> Prompt:
        """The prompt of this chat."""
        key = blake2b(_encode(chat), digest_size=16).digest()
        found = self._kept.get(key)
        if found is None:
            found = self._made(chat)
            self._remember(key, found)
        self._kept.move_to_end(key)
        return found

    def _made(self, chat: Chat) -> Prompt:
        text = chat.prompt if not chat.messages else self._render(chat)
        if len(text) > PROMPT_CHARACTERS_MAX:
            raise BadChat(
                f"the prompt has {len(text)} characters; at most {PROMPT_CHARACTERS_MAX} are read"
            )
        tokens = self._vocabulary.tokens_of_prompt(text)
        if not tokens:
            raise BadChat("the prompt is empty: there is nothing to be continued")
        return Prompt(text, tokens)

    def _remember(self, key: bytes, prompt: Prompt) -> None:
        self._kept[key] = prompt
        self._characters += len(prompt.text)
        while len(self._kept) > 1 and (
            len(self._kept) > PROMPTS_MAX or self._characters > PROMPT_CHARACTERS_KEPT_MAX
        ):
            _, dropped = self._kept.popitem(last=False)
            self._characters -= len(dropped.text)
