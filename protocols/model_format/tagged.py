"""Calls whose arguments stand between tags, each as itself and not as JSON.

    <tool_call>NAME<arg_key>city</arg_key><arg_value>Rome</arg_value></tool_call>        GLM
    <minimax:tool_call><invoke name="NAME"><parameter name="city">Rome</parameter></invoke>...

A section is a chain of values with words between them that name the tool and the argument. Within a
value nothing counts but its closing tag, so that a value may talk of the other tags. What a value
means is said by the tool's schema (`typed`), or by its tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from .calls import Call, Section, Verdict
from .format import Expectation
from .marks import Marks
from .typed import TypedArguments

BETWEEN_CHARACTERS_MAX: Final = 1024
"""Of what stands between two values; what is longer is no call."""


@attrs.frozen
class Tagging:
    """How a family tags its calls.

    `between` matches all that may stand before, between and after values; `tool` finds the tools
    in it, as its group `name`. The argument's name is found by `key_before` at the end of what
    stands before a value, or by `key_inside` where the value begins, as the group `key`; the group
    `text` matches if the tag says that the value is text. Between `quotes`, which may stand in a
    value, no tag counts; they are not a part of a value that is all between them, which is text.
    """

    close: str
    value_open: str
    value_close: str
    between: re.Pattern[str]
    tool: re.Pattern[str]
    key_before: re.Pattern[str] | None = None
    key_inside: re.Pattern[str] | None = None
    quotes: tuple[str, str] | None = None


@attrs.define
class _Call:
    """A call in the making: what is given, and which of it is text."""

    name: str
    given: dict[str, str] = attrs.Factory(dict[str, str])
    texts: set[str] = attrs.Factory(set[str])


class Tagged(Section):
    """One section of calls whose arguments are tagged."""

    def __init__(self, tagging: Tagging, expectation: Expectation) -> None:
        super().__init__()
        tags = (tagging.close, tagging.value_open, tagging.value_close)
        self.marks = Marks(*tags, *(tagging.quotes or ()))
        self._tagging = tagging
        self._tools = expectation.tools
        self._in_value = False
        self._in_quotes = False
        self._between_characters = 0
        self._close = ""

    def receive_text(self, text: str) -> int:
        """Takes the next characters; tells how many are its own."""
        if self._in_value:
            return len(text)
        taken = min(len(text), BETWEEN_CHARACTERS_MAX + 1 - self._between_characters)
        self._between_characters += taken
        if self._between_characters > BETWEEN_CHARACTERS_MAX:
            self.verdict = Verdict.REFUSED
        return taken

    def receive_mark(self, mark: str) -> None:
        """Takes a tag. Within a value only the one counts that closes it."""
        tagging = self._tagging
        if mark == tagging.close and (self.first_close_ends or not self._in_value):
            self._close, self.verdict = mark, Verdict.OVER
        elif not self._in_value:
            self._in_value = mark == tagging.value_open
        else:
            self.first_close_seen |= mark == tagging.close
            self._take_in_value(mark)

    def _take_in_value(self, mark: str) -> None:
        quotes = self._tagging.quotes
        if quotes and mark in quotes:
            self._in_quotes = mark == quotes[0]
        elif mark == self._tagging.value_close and not self._in_quotes:
            self._in_value = False
            self._between_characters = 0

    def receive_end(self) -> None:
        """A section whose values are closed lacks no more than its closing tag."""
        if not self._in_value:
            self.verdict = Verdict.OVER

    def calls(self, text: str) -> Sequence[Call]:
        """The calls in the section's text; none if there is anything else in it."""
        calls: list[_Call] = []
        for between, value in self._parts(text.removesuffix(self._close)):
            if not self._tagging.between.fullmatch(between):
                return []
            calls += [_Call(tool["name"]) for tool in self._tagging.tool.finditer(between)]
            if value is not None and not (calls and self._give(calls[-1], between, value)):
                return []
        return [
            Call(call.name, TypedArguments(self._tools, call.name).written(call.given, call.texts))
            for call in calls
        ]

    def _parts(self, text: str) -> Iterator[tuple[str, str | None]]:
        """Each value with what stands before it; at last what stands behind all, and None."""
        opening, closing = self._tagging.value_open, self._tagging.value_close
        position = 0
        while (opened := text.find(opening, position)) >= 0:
            first = opened + len(opening)
            closed = self._end_of_value(text, first)
            last = closed if closed >= 0 else len(text)
            yield text[position:opened], text[first:last]
            position = min(last + len(closing), len(text))
        yield text[position:], None

    def _end_of_value(self, text: str, start: int) -> int:
        """Where the tag is that closes the value which begins at `start`; -1 for nowhere."""
        while True:
            closed = text.find(self._tagging.value_close, start)
            if not self._tagging.quotes:
                return closed
            opening, closing = self._tagging.quotes
            opened = text.find(opening, start)
            if opened < 0 or 0 <= closed < opened:
                return closed
            end = text.find(closing, opened + len(opening))
            if end < 0:
                return end
            start = end + len(closing)

    def _give(self, call: _Call, between: str, value: str) -> bool:
        """Adds an argument to a call; False if it has no name."""
        before, inside = self._tagging.key_before, self._tagging.key_inside
        key = before.search(between) if before else inside.match(value) if inside else None
        if key is None:
            return False
        value, is_text = self._unquoted(value if before else value[key.end() :])
        call.given[key["key"]] = value
        if is_text or key["text"]:
            call.texts.add(key["key"])
        return True

    def _unquoted(self, value: str) -> tuple[str, bool]:
        """The value without the quotes that it may stand in, and whether it did."""
        opening, closing = self._tagging.quotes or ("", "")
        bare = value.strip()
        if opening and bare.startswith(opening) and bare.endswith(closing):
            return bare[len(opening) : -len(closing)], True
        return value, False
