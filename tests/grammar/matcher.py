"""A small reader and runner of llama.cpp's grammars, written from its `grammars/README.md`.

It keeps to what llama.cpp's own parser refuses: unknown escapes and names, more than 2,000
repetitions (a larger maximum is none at all there), left recursion. A text is read character by
character, over all readings at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import attrs

REPETITIONS_MAX = 2000
ESCAPES = {"t": "\t", "r": "\r", "n": "\n", "\\": "\\", '"': '"', "[": "[", "]": "]", "-": "-"}
NUMBERS = {"x": 2, "u": 4, "U": 8}

Symbol = str | tuple[tuple[int, int], ...]
"""A rule's name, or the set of a terminal."""
Alternative = tuple[Symbol, ...]


@attrs.frozen(eq=False)
class Reading:
    """A point in an alternative, and where to go on after it."""

    alternative: Alternative
    at: int
    after: Reading | None


class Grammar:
    """A grammar that can be run."""

    def __init__(self, text: str) -> None:
        self.rules: dict[str, list[Alternative]] = {}
        self._text, self._at, self._made = text, 0, 0
        self._space(lines=True)
        while self._at < len(text):
            self._rule()
        for alternatives in self.rules.values():
            for alternative in alternatives:
                for symbol in alternative:
                    assert not isinstance(symbol, str) or symbol in self.rules, symbol
        self._nullable: dict[str, bool] = {}
        for name in self.rules:
            self._is_nullable(name, ())

    def accepts(self, text: str) -> bool:
        """Whether the whole text is of the grammar."""
        return self.run(text).may_end

    def begins(self, text: str) -> bool:
        """Whether the text is the beginning of one that is of the grammar."""
        return not self.run(text).dead

    def run(self, text: str) -> Run:
        """The state after a text."""
        state = Run(self)
        for char in text:
            state.read(char)
        return state

    def _is_nullable(self, name: str, within: tuple[str, ...]) -> bool:
        """Whether a rule matches nothing, too. Fails for one that begins with itself."""
        assert name not in within, f"left recursion in {name}"
        if name not in self._nullable:
            inner = (*within, name)
            found = [self._is_empty(alternative, inner) for alternative in self.rules[name]]
            self._nullable[name] = any(found)
        return self._nullable[name]

    def _is_empty(self, alternative: Alternative, within: tuple[str, ...]) -> bool:
        return all(
            isinstance(symbol, str) and self._is_nullable(symbol, within) for symbol in alternative
        )

    def _rule(self) -> None:
        name = self._name()
        self._space()
        self._expect("::=")
        self._space(lines=True)
        assert name not in self.rules, f"{name} is there twice"
        self.rules[name] = []
        self.rules[name] = self._alternatives(name, nested=False)
        if self._at < len(self._text):
            self._expect("\n")
        self._space(lines=True)

    def _alternatives(self, name: str, *, nested: bool) -> list[Alternative]:
        found = [self._sequence(name, nested)]
        while self._text[self._at : self._at + 1] == "|":
            self._at += 1
            self._space(lines=True)
            found.append(self._sequence(name, nested))
        return found

    def _sequence(self, name: str, nested: bool) -> Alternative:
        symbols: list[Symbol] = []
        while (item := self._item(name)) is not None:
            self._space(lines=nested)
            counts = self._counts()
            self._space(lines=nested)
            symbols += item if counts is None else self._repeated(name, item, *counts)
        return tuple(symbols)

    def _item(self, name: str) -> list[Symbol] | None:
        char = self._text[self._at : self._at + 1]
        if char == '"':
            self._at += 1
            found: list[Symbol] = []
            while self._text[self._at] != '"':
                point = self._char()
                found.append(((point, point),))
            self._at += 1
            return found
        if char == "[":
            return [self._set()]
        if char == "(":
            self._at += 1
            self._space(lines=True)
            made = self._make(name, self._alternatives(name, nested=True))
            self._expect(")")
            return [made]
        return [self._name()] if char.isascii() and (char.isalnum() or char == "-") else None

    def _set(self) -> Symbol:
        self._at += 1
        assert self._text[self._at] != "^", "a class is written as what it contains"
        runs: list[tuple[int, int]] = []
        while self._text[self._at] != "]":
            first = last = self._char()
            if self._text[self._at] == "-" and self._text[self._at + 1] != "]":
                self._at += 1
                last = self._char()
            assert first <= last
            runs.append((first, last))
        self._at += 1
        return tuple(runs)

    def _counts(self) -> tuple[int, int | None] | None:
        char = self._text[self._at : self._at + 1]
        if char and char in "*+?":
            self._at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        if char != "{":
            return None
        end = self._text.index("}", self._at)
        least, comma, most = self._text[self._at + 1 : end].partition(",")
        self._at = end + 1
        return int(least), (int(most) if most else None) if comma else int(least)

    def _repeated(
        self, name: str, item: list[Symbol], least: int, most: int | None
    ) -> list[Symbol]:
        assert item, "nothing to repeat"
        assert max(least, most or 0) <= REPETITIONS_MAX
        symbols = item * least
        if most is None:
            loop = self._make(name, [])
            self.rules[loop] = [(*item, loop), ()]
            return [*symbols, loop]
        rest: list[Symbol] = []
        for _ in range(most - least):
            rest = [self._make(name, [(*item, *rest), ()])]
        return [*symbols, *rest]

    def _make(self, name: str, alternatives: list[Alternative]) -> str:
        self._made += 1
        made = f"{name}_{self._made}"
        self.rules[made] = alternatives
        return made

    def _char(self) -> int:
        char = self._text[self._at]
        self._at += 1
        if char != "\\":
            return ord(char)
        kind = self._text[self._at]
        self._at += 1
        if kind in ESCAPES:
            return ord(ESCAPES[kind])
        digits = self._text[self._at : self._at + NUMBERS[kind]]
        self._at += NUMBERS[kind]
        return int(digits, 16)

    def _name(self) -> str:
        start = self._at
        while (char := self._text[self._at : self._at + 1]).isalnum() or char == "-":
            assert char.isascii()
            self._at += 1
        assert self._at > start, self._text[start : start + 40]
        return self._text[start : self._at]

    def _space(self, *, lines: bool = False) -> None:
        while self._text[self._at : self._at + 1] in (" ", "\t") or (
            lines and self._text[self._at : self._at + 1] == "\n"
        ):
            self._at += 1

    def _expect(self, text: str) -> None:
        assert self._text.startswith(text, self._at), self._text[self._at : self._at + 40]
        self._at += len(text)


Key = tuple[int, int]


class Run:
    """A grammar under way: the readings that are open, and whether the text may end here."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self.readings: list[Reading] = []
        self.may_end = False
        self._open([Reading(one, 0, None) for one in grammar.rules["root"]])

    @property
    def dead(self) -> bool:
        return not self.readings and not self.may_end

    def read(self, char: str) -> None:
        """Goes on by one character."""
        point = ord(char)
        self._open(
            [
                Reading(one.alternative, one.at + 1, one.after)
                for one, runs in zip(self.readings, self.sets(), strict=True)
                if any(first <= point <= last for first, last in runs)
            ]
        )

    def sets(self) -> Iterator[tuple[tuple[int, int], ...]]:
        """What may come next, a set a reading."""
        for one in self.readings:
            symbol = one.alternative[one.at]
            assert not isinstance(symbol, str)
            yield symbol

    def _open(self, waiting: list[Reading]) -> None:
        """Follows readings to their next terminals. Equal ones are one, however they came."""
        self.readings, self.may_end = [], False
        seen: set[tuple[Key, ...]] = set()
        while waiting:
            one = waiting.pop()
            if one.at == len(one.alternative):
                if one.after is None:
                    self.may_end = True
                else:
                    waiting.append(one.after)
                continue
            if (key := _key(one)) in seen:
                continue
            seen.add(key)
            symbol = one.alternative[one.at]
            if not isinstance(symbol, str):
                self.readings.append(one)
                continue
            rest = Reading(one.alternative, one.at + 1, one.after)
            after = one.after if rest.at == len(rest.alternative) else rest
            waiting += [Reading(option, 0, after) for option in self._grammar.rules[symbol]]


def _key(reading: Reading) -> tuple[Key, ...]:
    """Where a reading stands, all the way out."""
    steps: list[Key] = []
    one: Reading | None = reading
    while one is not None:
        steps.append((id(one.alternative), one.at))
        one = one.after
    return tuple(steps)


def drawn(grammar: Grammar, random: Random, characters_max: int = 2000) -> str | None:
    """A text of the grammar, drawn by a model that knows nothing and likes to end; None if it has
    not ended in time."""
    state, text = Run(grammar), ""
    while len(text) < characters_max:
        if state.may_end and (not state.readings or random.random() < 0.3):
            return text
        first, last = random.choice(random.choice(list(state.sets())))
        char = chr(random.randint(first, min(last, first + 100)))
        state.read(char)
        text += char
    return None
