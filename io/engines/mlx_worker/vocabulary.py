"""A model folder's vocabulary: text to tokens, tokens to bytes, and the tokens that end an answer.

The tokenizer is the folder's `tokenizer.json`, run by the `tokenizers` library: nothing of
transformers runs, and no code of the folder's. Marks that a template writes are read as the special
tokens that they name. What ends an answer is what the folder's files name, and those of its tokens
that end one in every family.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec

from ..worker import model
from ..worker.model import LoadError
from .library import numpy, tokenizers
from .pieces import decoder_of

TOKENIZER: Final = "tokenizer.json"
ENDINGS: Final = (
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<end_of_turn>", "<turn|>",
    "<|endoftext|>", "<|end_of_text|>", "<|return|>", "<|call|>", "<|END_OF_TURN_TOKEN|>",
    "<\uff5cend\u2581of\u2581sentence\uff5c>", "</s>",
)  # fmt: skip
"""Texts of tokens that end an answer, whoever's they are."""
HARMONY: Final = "<|return|>"
"""Ends an answer of several messages."""
NO_BYTE: Final = 256
"""Stands for the first byte of a token without text."""


class _Added(msgspec.Struct):
    id: int
    content: str


class _File(msgspec.Struct):
    """What is read of a tokenizer's file beside what its library reads."""

    decoder: Any = None
    added_tokens: list[_Added] = []


class Vocabulary(model.Vocabulary):
    """The tokens of a model; `known` of them have a text, the others of `size` are padding."""

    def __init__(self, folder: Path, size: int, ends: Iterable[int], eos: str, bos: str) -> None:
        path = folder / TOKENIZER
        try:
            file = msgspec.json.decode(path.read_bytes(), type=_File)
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(path))
        except FileNotFoundError as error:
            raise LoadError(
                f"model folder {folder}: it has no {TOKENIZER}; other forms of tokenizers are not"
                " read. Fetch the model from a repository that has one"
            ) from error
        except (OSError, msgspec.MsgspecError, ValueError) as error:
            raise LoadError(f"model folder {folder}: {TOKENIZER} cannot be read: {error}") from None
        self._decode = decoder_of(file.decoder)
        self._added = {each.id: each.content for each in file.added_tokens}
        self._pieces: dict[int, bytes] = {}
        ids = self._tokenizer.get_vocab(True).values()
        self.known = min(size, 1 + max(ids, default=-1))
        self.size = size
        self.bos, self.eos = bos, eos
        first = self._tokenizer.encode("", add_special_tokens=True).ids
        self._first = self._tokenizer.token_to_id(bos) if bos else None
        self.adds_bos = self._first is not None and first[:1] == [self._first]
        named = (self._tokenizer.token_to_id(text) for text in (eos, *self._endings()))
        found = {token for token in (*ends, *named) if token is not None and 0 <= token < size}
        self.ends = tuple(sorted(found))
        self._ending = frozenset(found)
        self._first_bytes: Any = None

    def tokens_of_prompt(self, text: str) -> array[int]:
        """See Vocabulary.tokens_of_prompt."""
        safe = text.encode("utf-8", "replace").decode()
        found = array("i", self._tokenizer.encode(safe, add_special_tokens=False).ids)
        if self.adds_bos and (not found or found[0] != self._first):
            found.insert(0, self._first or 0)
        return found

    def piece(self, token: int) -> bytes:
        """See Vocabulary.piece."""
        found = self._pieces.get(token)
        if found is None:
            found = self._pieces[token] = self._read_piece(token)
        return found

    def ends_answer(self, token: int) -> bool:
        """See Vocabulary.ends_answer."""
        return token in self._ending

    def first_bytes(self) -> Any:
        """The first byte of each known token's text, NO_BYTE where it has none; as an array."""
        if self._first_bytes is None:
            pieces = (self.piece(token) for token in range(self.known))
            firsts = [piece[0] if piece else NO_BYTE for piece in pieces]
            self._first_bytes = numpy.array(firsts, dtype=numpy.int16)
        return self._first_bytes

    def _read_piece(self, token: int) -> bytes:
        if token in self._added:
            return self._added[token].encode("utf-8", "replace")
        text = self._tokenizer.id_to_token(token)
        return b"" if text is None else self._decode(text)

    def _endings(self) -> tuple[str, ...]:
        """Of the usual ones those that are marks of this vocabulary and no ordinary text."""
        added = set(self._added.values())
        if HARMONY in added:
            added.discard("<|end|>")  # there it ends a message, and more may follow
        return tuple(text for text in ENDINGS if text in added)
