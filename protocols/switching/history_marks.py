"""Which conversation a history is: told by its newest valid mark, else by what was said in it.

Some clients leave our mark out. For them it is remembered what was chosen after which words: the
longest history that led to a choice, and that a request begins with, names its conversation. Two
conversations that have led to the same choice with the same words share that name until one of them
says more, and neither can move the other: what is chosen there once is never changed, for the next
command makes a longer history. Where the same words have led to two choices nothing is told by
them. Only what has been answered is looked at: a command that is sent again begins anew.

A mark is known, too, where its history has lost its beginning (`history_tail`), as long as the
server remembers what stood before it.

What is remembered is bounded, and read again from the disk when a server starts; marks and names
last as long as the token. Shared by serving, which asks, and the sessions, which tell; nobody waits
here for anything.
"""

from __future__ import annotations

import base64
import hashlib
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from ..request import ServedRequest
from .choice import NO_CHOICE, Choice
from .history import NOTHING_SAID, Said, history_of, linked, mark_in, normal, words_of
from .history_tail import is_tail_of, read_tail, written_tail
from .mark import KEY_BYTES, SIGN, name_in, name_of, nonce_in, nonce_of, with_mark, written_mark

PREFIXES_MAX: Final = 10_000
"""Of histories that are remembered, the one used last kept longest."""
TAILS_MAX: Final = 10_000
"""Of marks of which it is remembered what stood before them, and as much of it as
`history_tail` says; the newest."""
FIRST_MESSAGE: Final = "first-message:"
"""How the name begins of all conversations together that begin alike and have chosen nothing."""
BEGUN: Final = "begun:"
"""How the name begins of those that have chosen the same after the same words."""
NAME_BYTES: Final = 10

_BEGUN: Final = b"begun"


@attrs.define(eq=False)
class HistoryMarks:
    """See the module. `draw_nonce` gives NONCE_BYTES that nobody can guess."""

    _key: bytes = attrs.field(repr=False)
    _draw_nonce: Callable[[], bytes]
    prefixes_max: int = PREFIXES_MAX
    _choices: OrderedDict[bytes, Choice] = attrs.field(
        factory=OrderedDict[bytes, Choice], repr=False
    )
    """What was chosen after which history; NO_CHOICE where that were two. By the bytes of its name:
    a long history asks for hundreds, with each request."""
    _tails: OrderedDict[str, bytes] = attrs.field(factory=OrderedDict[str, bytes], repr=False)
    """What stood before a mark, by the mark."""
    _read: tuple[weakref.ref[ServedRequest], tuple[Said, ...]] | None = None
    """The history that was read last: a command's is asked for three times."""

    def __attrs_post_init__(self) -> None:
        assert len(self._key) == KEY_BYTES, "the key has its length"

    @property
    def remembered(self) -> int:
        """How many histories are remembered."""
        return len(self._choices)

    def find(self, request: ServedRequest) -> str:
        """The name of the conversation that a request goes on with; "" if nothing tells."""
        if not self._choices and SIGN not in request.body:
            return ""
        history = self._history(request)
        return self._marked(history) or self._cut(request, history) or self._begun(history)

    def new_name(self) -> str:
        """The name of a conversation that a mark will tell."""
        return name_of(self._draw_nonce())

    def remember(self, request: ServedRequest, choice: Choice) -> tuple[str, Choice]:
        """What was chosen with the user's last words in a request.

        Returns the name that they tell, and what is to be kept under it.
        """
        history = [said for said in self._history(request) if said.role == "user"]
        begun = self._begun_by(_last(history).digest)
        known = self._choices.get(begun, choice)
        same = attrs.evolve(known, told=choice.told) == choice
        self._remember(begun, choice if same else NO_CHOICE)
        return _name_of(begun), self._choices[begun]

    def recall(self, name: str, choice: Choice) -> None:
        """What was kept under a name; those used longest ago first."""
        if begun := _begun_in(name):
            self._remember(begun, choice)

    def _remember(self, begun: bytes, choice: Choice) -> None:
        self._choices[begun] = choice
        self._choices.move_to_end(begun)
        while len(self._choices) > self.prefixes_max:
            self._choices.popitem(last=False)

    def signed(self, request: ServedRequest, conversation: str, reply: str) -> str:
        """A reply of ours to a request, with the mark of a conversation that marks tell."""
        nonce = nonce_in(conversation)
        if not nonce:
            return reply
        before = _last(self._history(request)).marked
        unsigned = linked(before, "assistant", normal(reply))
        return with_mark(reply, written_mark(self._key, nonce, unsigned))

    def tail(self, request: ServedRequest, signed: str) -> str:
        """What stands before a reply that was signed: remembered, and returned to be kept with what
        is chosen by it."""
        tail = written_tail(self._key, signed, words_of(request))
        self.recall_tail(tail)
        return tail

    def recall_tail(self, tail: str) -> None:
        """What was kept of a mark's history; those that are oldest first."""
        mark, digests = read_tail(tail)
        self._tails[mark] = digests
        self._tails.move_to_end(mark)
        while len(self._tails) > TAILS_MAX:
            self._tails.popitem(last=False)

    def _history(self, request: ServedRequest) -> tuple[Said, ...]:
        if self._read is None or self._read[0]() is not request:
            self._read = weakref.ref(request), history_of(request)
        return self._read[1]

    def _marked(self, history: tuple[Said, ...]) -> str:
        nonces = (nonce_of(self._key, said) for said in reversed(history))
        return next((name_of(nonce) for nonce in nonces if nonce), "")

    def _cut(self, request: ServedRequest, history: tuple[Said, ...]) -> str:
        """The conversation of the newest mark in a history whose beginning is missing."""
        if self._tails.keys().isdisjoint(said.mark for said in history):
            return ""
        words = words_of(request)
        for end in range(len(words) - 1, 0, -1):
            role, reply = words[end]
            mark = mark_in(reply) if role == "assistant" else ""
            tail = self._tails.get(mark, b"")
            if tail and is_tail_of(self._key, tail, reply, words[:end]):
                return name_in(mark)
        return ""

    def _begun(self, history: tuple[Said, ...]) -> str:
        answered = False
        for said in reversed(history):
            begun = self._begun_by(said.digest) if answered and said.role == "user" else b""
            if begun in self._choices:
                self._choices.move_to_end(begun)
                return "" if self._choices[begun] == NO_CHOICE else _name_of(begun)
            answered = answered or said.role == "assistant"
        return ""

    def _begun_by(self, digest: bytes) -> bytes:
        hashed = hashlib.blake2b(digest, digest_size=NAME_BYTES, key=self._key, person=_BEGUN)
        return hashed.digest()


def is_shared(conversation: str) -> bool:
    """Whether a name may stand for several conversations: nothing is changed under it."""
    return conversation.startswith((FIRST_MESSAGE, BEGUN))


def _name_of(begun: bytes) -> str:
    return BEGUN + base64.b32encode(begun).decode().lower()


def _begun_in(name: str) -> bytes:
    """The bytes of a name; b"" where it is none of ours, as a client's own may be."""
    try:
        begun = base64.b32decode(name.removeprefix(BEGUN).upper())
    except ValueError:
        return b""
    return begun if len(begun) == NAME_BYTES and name == _name_of(begun) else b""


def _last(history: Sequence[Said]) -> Said:
    return history[-1] if history else Said("", "", NOTHING_SAID, NOTHING_SAID, NOTHING_SAID)
