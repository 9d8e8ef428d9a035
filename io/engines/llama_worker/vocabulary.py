"""A model's vocabulary: text to tokens, tokens to bytes, and the marks that have a token each.

A prompt that a template has made carries marks as text, so they are read as the special tokens
that they name. Most templates write the token that begins a text themselves; others leave it to
the tokeniser. Here it is put in front if the vocabulary asks for it and it is not there yet: twice
would cost quality, never would cost more.
"""

from __future__ import annotations

import ctypes
from array import array
from typing import Any, Final

from ..worker import model
from .library import llama

PIECE_BYTES: Final = 256
"""Room for the text of a token at first; a longer one is asked for again."""


class Vocabulary(model.Vocabulary):
    """The tokens of a model."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.size: int = llama.llama_vocab_n_tokens(handle)
        self._pieces: dict[int, bytes] = {}
        self._ending: dict[int, bool] = {}
        self._first: int = llama.llama_vocab_bos(handle)
        self.adds_bos: bool = llama.llama_vocab_get_add_bos(handle) and self._first >= 0
        eos, eot = llama.llama_vocab_eos(handle), llama.llama_vocab_eot(handle)
        self.ends = tuple(sorted({token for token in (eos, eot) if token >= 0}))

    def tokens_of_prompt(self, text: str) -> array[int]:
        """The tokens of a rendered prompt, with the one that begins a text if it must be there."""
        found = self._tokenised(text, add_special=False)
        if self.adds_bos and (not found or found[0] != self._first):
            found.insert(0, self._first)
        return found

    def tokens_of_text(self, text: str) -> array[int]:
        """The tokens of a text to be embedded, with all that its model wants around it."""
        return self._tokenised(text, add_special=True, marks=False)

    def piece(self, token: int) -> bytes:
        """The text of a token; of a special one, too."""
        found = self._pieces.get(token)
        if found is None:
            found = self._pieces[token] = self._read_piece(token)
        return found

    def ends_answer(self, token: int) -> bool:
        """Whether the model ends its answer with this token."""
        found = self._ending.get(token)
        if found is None:
            found = self._ending[token] = bool(llama.llama_vocab_is_eog(self.handle, token))
        return found

    def name(self, token: int) -> str:
        """A special token's text for a template; "" for -1, which stands for none."""
        return self.piece(token).decode("utf-8", "replace") if token >= 0 else ""

    @property
    def bos(self) -> str:
        """The text of the token that begins a text."""
        return self.name(self._first)

    @property
    def eos(self) -> str:
        """The text of the token that ends a text."""
        return self.name(llama.llama_vocab_eos(self.handle))

    def _tokenised(self, text: str, *, add_special: bool, marks: bool = True) -> array[int]:
        data = text.encode("utf-8", "replace")
        room = len(data) + 16
        while True:
            tokens = (llama.llama_token * room)()
            count = llama.llama_tokenize(
                self.handle, data, len(data), tokens, room, add_special, marks
            )
            if count >= 0:
                return array("i", memoryview(tokens).cast("B")[: 4 * count].tobytes())
            assert -count > room, count
            room = -count

    def _read_piece(self, token: int) -> bytes:
        room = PIECE_BYTES
        while True:
            buffer = ctypes.create_string_buffer(room)
            count = llama.llama_token_to_piece(self.handle, token, buffer, room, 0, True)
            if count >= 0:
                return buffer.raw[:count]
            room = -count
