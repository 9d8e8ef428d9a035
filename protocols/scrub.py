"""Finds secrets in bytes, and covers them: whole, in pieces, and in the forms that carry them.

A secret is looked for as it is, in base64 (at each of the three alignments, in both alphabets) and
in hex; all of it also escaped as in JSON or percent-encoded, once or more, wholly or in places:
escapes are read as the characters that they stand for. A piece counts from PIECE_CHARACTERS on,
since providers quote the beginning or the end of a key that they refuse. It does not count where it
is one whole word of a secret that a person made up ("upstream" of "key-of-the-upstream"): such
words are in our own messages.

What is covered keeps its length, so that a content-length stays true and a stream need not wait.

How: any run of PIECE_CHARACTERS holds, at each place divisible by STRIDE, the beginning of GRAM
characters of it; only those are looked up, in a set of all such grams of all forms.
"""

from __future__ import annotations

import base64
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

import attrs

PIECE_CHARACTERS: Final = 8
"""Of a secret, which nobody may see in a row. A secret that is shorter is not looked for: it can be
guessed, and may be a word ("ollama") of any message."""
FORM_BYTES_MAX: Final = 128 * 1024
"""Of all forms of all secrets; beyond it the oldest secrets are looked for no more."""
COVER: Final = b"*"

_STRIDE: Final = 4
_GRAM: Final = PIECE_CHARACTERS - _STRIDE + 1
_BASE64_PIECE: Final = 10
"""Characters that eight of a secret fill wholly, at any alignment."""
_ESCAPE: Final = re.compile(
    rb"%(?:25)*([0-7][0-9A-Fa-f])|\\+u00([0-7][0-9A-Fa-f])|\\+([\"/])|\\+[bfnrt]|\\(?:\\)+"
)
_WORD: Final = re.compile(rb"[A-Za-z][a-z]*|[A-Z]+")
_NO_CHARACTER: Final = b"\0"
"""What a line break or the like is read as: nothing that a secret may hold."""


@attrs.frozen
class FoundSecret:
    """A place where a secret, or a piece of it, stands. `form` says how it is written."""

    name: str
    form: str
    start: int
    end: int


@attrs.frozen
class _Form:
    name: str
    kind: str
    text: bytes
    piece: int


@attrs.define(eq=False)
class Secrets:
    """The secrets that are looked for. Adding one twice does nothing."""

    _forms: dict[bytes, tuple[_Form, ...]] = attrs.field(factory=dict[bytes, tuple[_Form, ...]])
    _grams: set[bytes] = attrs.field(factory=set[bytes])

    def __bool__(self) -> bool:
        return bool(self._grams)

    def add(self, value: str, name: str = "a key") -> None:
        """Looks for this one, too, from now on."""
        key = value.encode("utf-8", "surrogatepass")
        if len(key) < PIECE_CHARACTERS or key in self._forms:
            return
        self._forms[key] = tuple(_forms(key, name))
        while len(self._forms) > 1 and self.size > FORM_BYTES_MAX:
            del self._forms[next(iter(self._forms))]
        self._grams = {gram for form in self._all_forms() for gram in _grams(form.text)}

    def find(self, data: bytes) -> list[FoundSecret]:
        """Every place where a secret or a piece of one stands, in order; none overlap."""
        if not self._grams:
            return []
        text, places = _unescaped(data)
        found: list[FoundSecret] = []
        covered = 0
        for start in range(0, len(text) - _GRAM + 1, _STRIDE):
            if start >= covered and text[start : start + _GRAM] in self._grams:
                run = self._run(text, start, covered)
                if run is not None:
                    covered = run.end
                    place = places.of(run.start), places.of(run.end)
                    found.append(attrs.evolve(run, start=place[0], end=place[1]))
        return found

    def cover(self, data: bytes) -> bytes:
        """The data with every secret and every piece of one made unreadable; as long as before."""
        found = self.find(data)
        if not found:
            return data
        covered = bytearray(data)
        for run in found:
            covered[run.start : run.end] = COVER * (run.end - run.start)
        return bytes(covered)

    def cover_text(self, text: str) -> str:
        """The same for text."""
        data = text.encode("utf-8", "surrogatepass")
        covered = self.cover(data)
        return text if covered is data else covered.decode("utf-8", "surrogatepass")

    def cover_headers(
        self, headers: tuple[tuple[bytes, bytes], ...]
    ) -> tuple[tuple[bytes, bytes], ...]:
        """The same for the values of headers."""
        if not self.find(b"\n".join(value for _, value in headers)):
            return headers
        return tuple((name, self.cover(value)) for name, value in headers)

    def _run(self, text: bytes, place: int, least: int) -> FoundSecret | None:
        """The longest piece around a gram; None if it is too short to tell anything."""
        gram = text[place : place + _GRAM]
        best: FoundSecret | None = None
        for form in self._all_forms():
            for at in _occurrences(form.text, gram):
                start, end = _extended(text, place, form.text, at, least)
                if end - start < form.piece or _is_word(text, start, end, form, at - place):
                    continue
                if best is None or end - start > best.end - best.start:
                    best = FoundSecret(form.name, form.kind, start, end)
        return best

    def _all_forms(self) -> Iterator[_Form]:
        return (form for forms in self._forms.values() for form in forms)

    @property
    def size(self) -> int:
        """The bytes of all forms."""
        return sum(len(form.text) for form in self._all_forms())


def find_secrets(data: bytes, secrets: Iterable[tuple[str, str]]) -> list[FoundSecret]:
    """Every place where one of the secrets (name, value) stands in the data, in any form."""
    looked_for = Secrets()
    for name, value in secrets:
        looked_for.add(value, name)
    return looked_for.find(data)


def _forms(key: bytes, name: str) -> Iterator[_Form]:
    yield _Form(name, "plain", _unescaped(key)[0], PIECE_CHARACTERS)
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + key)
        # A character at either end that is not the secret's alone is left out.
        text = encoded[(shift * 8 + 5) // 6 : (shift + len(key)) * 8 // 6]
        yield _Form(name, "base64", text, _BASE64_PIECE)
        other = text.translate(bytes.maketrans(b"+/", b"-_"))
        if other != text:
            yield _Form(name, "base64", other, _BASE64_PIECE)
    yield _Form(name, "hex", key.hex().encode(), 2 * PIECE_CHARACTERS)
    yield _Form(name, "hex", key.hex().upper().encode(), 2 * PIECE_CHARACTERS)


def _grams(text: bytes) -> Iterator[bytes]:
    return (text[place : place + _GRAM] for place in range(len(text) - _GRAM + 1))


def _occurrences(text: bytes, gram: bytes) -> Iterator[int]:
    at = text.find(gram)
    while at >= 0:
        yield at
        at = text.find(gram, at + 1)


def _extended(text: bytes, place: int, form: bytes, at: int, least: int) -> tuple[int, int]:
    """How far the text and the form agree around a gram at `place` of one, `at` of the other."""
    start, end = place, place + _GRAM
    shift = at - place
    while start > max(least, -shift) and text[start - 1] == form[start + shift - 1]:
        start -= 1
    while end < min(len(text), len(form) - shift) and text[end] == form[end + shift]:
        end += 1
    return start, end


def _is_word(text: bytes, start: int, end: int, form: _Form, shift: int) -> bool:
    """Whether a piece is but a word, in the text and in the secret, of one that has more."""
    if form.kind != "plain" or end - start == len(form.text):
        return False
    word = _word_around(text, start, end)
    return bool(word) and word == _word_around(form.text, start + shift, end + shift)


def _word_around(text: bytes, start: int, end: int) -> bytes:
    """The word that a piece is of, in small letters; b"" where it is not of one."""
    begin = start
    while begin and text[begin - 1 : begin].isalnum():
        begin -= 1
    stop = end
    while text[stop : stop + 1].isalnum():
        stop += 1
    return text[begin:stop].lower() if _WORD.fullmatch(text, begin, stop) else b""


@attrs.frozen
class _Places:
    """From a place in unescaped text to the one in the text as it was."""

    _ends: list[int] = attrs.field(factory=list[int])
    _shifts: list[int] = attrs.field(factory=lambda: [0])

    def of(self, place: int) -> int:
        return place + self._shifts[bisect_right(self._ends, place)]


def _unescaped(data: bytes) -> tuple[bytes, _Places]:
    """The text with each escape read as one character, and where that stands in the data."""
    if b"%" not in data and b"\\" not in data:
        return data, _Places()
    pieces: list[bytes] = []
    ends: list[int] = []
    shifts: list[int] = []
    last = 0
    length = 0
    for escape in _ESCAPE.finditer(data):
        pieces += data[last : escape.start()], _meant(escape)
        length += escape.start() - last + 1
        last = escape.end()
        ends.append(length)
        shifts.append(len(escape[0]) - 1)
    pieces.append(data[last:])
    return b"".join(pieces), _Places(ends, [0, *accumulate(shifts)])


def _meant(escape: re.Match[bytes]) -> bytes:
    digits = escape[1] or escape[2]
    if digits:
        return bytes.fromhex(digits.decode())
    return escape[3] or (b"\\" if escape[0].endswith(b"\\") else _NO_CHARACTER)
