"""The tokens of the simulated model: each is up to three bytes of a word, and says so itself.

A token's id holds its bytes, so that no table has to outlive a process, and a character may be cut
by the border of two tokens, as in real vocabularies. Marks of the template are tokens of their own.
A text is first cut into words: so the tokens of a text are those of its beginning and those of its
rest, wherever it is cut between two words, and what a model has said is read back as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

TOKEN_BYTES_MAX: Final = 3
SYSTEM, USER, ASSISTANT, TOOL, TOOLS, END = range(1, 7)
"""The marks, by their ids: the beginnings of a message of each kind, and the end of any."""
MARKS: Final = {
    SYSTEM: "<|system|>",
    USER: "<|user|>",
    ASSISTANT: "<|assistant|>",
    TOOL: "<|tool|>",
    TOOLS: "<|tools|>",
    END: "<|end|>",
}
_LENGTH_SHIFT = 24
_WORD = re.compile(r" ?\w+|\s|[^\w\s]+")


def tokens_of(text: str) -> list[int]:
    """The tokens of a text in which no mark is meant as one."""
    tokens: list[int] = []
    for word in _WORD.findall(text):
        data = word.encode()
        for start in range(0, len(data), TOKEN_BYTES_MAX):
            part = data[start : start + TOKEN_BYTES_MAX]
            tokens.append(len(part) << _LENGTH_SHIFT | int.from_bytes(part, "little"))
    return tokens


def bytes_of(tokens: Iterable[int]) -> bytes:
    """The bytes that the tokens stand for; a mark is its name."""
    return b"".join(map(_bytes_of, tokens))


def text_of(tokens: Iterable[int]) -> str:
    """The text of the tokens, for a reader who does not mind a character that is cut."""
    return bytes_of(tokens).decode("utf-8", "replace")


def last_index(tokens: Sequence[int], mark: int) -> int:
    """Where this mark stands last; -1 if it does not."""
    return next((at for at in range(len(tokens) - 1, -1, -1) if tokens[at] == mark), -1)


def _bytes_of(token: int) -> bytes:
    if token in MARKS:
        return MARKS[token].encode()
    length = token >> _LENGTH_SHIFT
    return (token & (1 << _LENGTH_SHIFT) - 1).to_bytes(TOKEN_BYTES_MAX, "little")[:length]
