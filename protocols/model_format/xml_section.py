"""Calls written in tags: `<function=f><parameter=a>...</parameter></function>`.

Values stand there as they are, nothing is escaped. So a value ends at a closing tag after which
comes what may come after a value: another parameter, or the end of the function. Any other closing
tag is part of the value; a value that ends with what looks like the end of a function cannot be
told from the end of it. A call in which a closing tag is missing is read again with all tags
counting, when the answer is over.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from ..conversation.arguments import unparsed, written_input
from .calls import Call, Section, Verdict
from .format import Expectation
from .marks import Marks
from .runs import skip_white_space
from .typed import TypedArguments

FUNCTION: Final = "<function="
PARAMETER: Final = "<parameter="
PARAMETER_END: Final = "</parameter>"
FUNCTION_END: Final = "</function>"
NAME_CHARACTERS_MAX: Final = 256
"""Of a tool or a parameter; what goes on longer without `>` is no call."""

_CLOSE: Final = "close"
_NAME_END = re.compile(r"[<>\n]")


class _Place(enum.Enum):
    """Where in a call the section stands."""

    BEFORE = enum.auto()
    NAME = enum.auto()
    FUNCTION = enum.auto()
    KEY = enum.auto()
    VALUE = enum.auto()
    AFTER_VALUE = enum.auto()
    AFTER_FUNCTION = enum.auto()


class XmlSection(Section):
    """Calls up to the closing mark `close`. With `named`, the section begins with a tool's name,
    for a model that has left out the mark around it: then only a tool that there is counts."""

    def __init__(
        self, close: str, expectation: Expectation, *, own_lines: bool, named: bool = False
    ) -> None:
        super().__init__()
        self._close = close
        self.marks = Marks(FUNCTION, PARAMETER, PARAMETER_END, FUNCTION_END, close)
        self._tools = expectation.tools
        self._own_lines = own_lines
        self._only_known = named
        self._place = _Place.NAME if named else _Place.BEFORE
        self._calls: list[Call] = []
        self._name = ""
        self._key = ""
        self._word = ""
        """The name or key so far."""
        self._value: list[str] = []
        self._gap: list[str] = []
        """The closing tag of a value and what has come since: the value goes on if it was none."""
        self._arguments: dict[str, str] = {}
        self._stray: list[str] = []
        """What stands in a function and in no parameter."""

    def receive_text(self, text: str) -> int:
        """Takes the next characters; tells how many are its own."""
        start = 0
        while start < len(text) and self.verdict is Verdict.OPEN:
            start = self._take(text, start)
        return start

    def _take(self, text: str, start: int) -> int:
        match self._place:
            case _Place.NAME | _Place.KEY:
                return self._take_word(text, start)
            case _Place.VALUE:
                self._value.append(text[start:])
                return len(text)
            case _:
                return self._take_between(text, start)

    def _take_word(self, text: str, start: int) -> int:
        """Takes a name up to its `>`, or up to what no name has: there may be a mark behind."""
        last = start + NAME_CHARACTERS_MAX + 1 - len(self._word)
        found = _NAME_END.search(text, start, last)
        end = found.start() if found else min(len(text), last)
        self._word += text[start:end]
        if found and found.group() == ">":
            self._begin(self._word.strip())
            self._word = ""
            return found.end()
        if found or len(self._word) > NAME_CHARACTERS_MAX:
            self.verdict = Verdict.REFUSED
        return end

    def _begin(self, word: str) -> None:
        if self._place is _Place.KEY:
            self._key, self._place = word, _Place.VALUE
            return
        self._name, self._place = word, _Place.FUNCTION
        if not word or (self._only_known and all(tool.name != word for tool in self._tools)):
            self.verdict = Verdict.REFUSED

    def _take_between(self, text: str, start: int) -> int:
        """White space, and what should not be there."""
        if self._stray and self._place is _Place.FUNCTION:
            self._stray.append(text[start:])
            return len(text)
        end = skip_white_space(text, start)
        if self._place is _Place.AFTER_VALUE:
            self._gap.append(text[start:end])
        if end == len(text):
            return end
        match self._place:
            case _Place.BEFORE:
                self.verdict = Verdict.REFUSED
            case _Place.AFTER_FUNCTION:
                self.verdict = Verdict.OVER
            case _Place.AFTER_VALUE:
                self._resume_value()
            case _:
                self._stray.append(text[end:])
                return len(text)
        return end

    def receive_mark(self, mark: str) -> None:
        """Takes a mark: one that has no meaning where it stands is text."""
        place = self._place
        if place is _Place.VALUE and mark in (FUNCTION_END, self._close):
            self.first_close_seen = True
        if place is _Place.VALUE and mark != FUNCTION and self.first_close_ends:
            place = _Place.AFTER_VALUE
        if meaning := self._MEANINGS.get((place, _CLOSE if mark == self._close else mark)):
            meaning(self, mark)
        else:
            self._take_as_text(mark)

    def receive_end(self) -> None:
        """A function that has ended lacks no more than the mark around it."""
        if self._place is _Place.AFTER_FUNCTION:
            self.verdict = Verdict.OVER

    def calls(self, text: str) -> Sequence[Call]:
        """The calls that have been followed."""
        return self._calls

    def _take_as_text(self, mark: str) -> None:
        match self._place:
            case _Place.VALUE:
                self._value.append(mark)
            case _Place.AFTER_VALUE:
                self._resume_value()
                self._value.append(mark)
            case _Place.FUNCTION:
                self._stray.append(mark)
            case _Place.AFTER_FUNCTION:
                pass
            case _:
                self.verdict = Verdict.REFUSED

    def _resume_value(self) -> None:
        self._value += self._gap
        self._gap, self._place = [], _Place.VALUE

    def _begin_function(self, mark: str) -> None:
        del mark
        self._place = _Place.NAME

    def _begin_parameter(self, mark: str) -> None:
        del mark
        self._end_value()
        self._place = _Place.KEY

    def _close_value(self, mark: str) -> None:
        self._value += self._gap
        self._gap, self._place = [mark], _Place.AFTER_VALUE

    def _end_value(self) -> None:
        if self._key:
            value = "".join(self._value)
            if self._own_lines and value.startswith("\n"):
                value = value[1:].removesuffix("\n")
            self._arguments[self._key] = value
        self._key, self._value, self._gap = "", [], []

    def _end_function(self, mark: str) -> None:
        del mark
        self._end_value()
        if self._stray:
            written = written_input(unparsed("".join(self._stray)))
        else:
            written = TypedArguments(self._tools, self._name).written(self._arguments)
        self._calls.append(Call(self._name, written))
        self._arguments, self._stray, self._place = {}, [], _Place.AFTER_FUNCTION

    def _end(self, mark: str) -> None:
        if self._place not in (_Place.BEFORE, _Place.AFTER_FUNCTION):
            self._end_function(mark)
        self.verdict = Verdict.OVER

    _MEANINGS: ClassVar[dict[tuple[_Place, str], Callable[[XmlSection, str], None]]] = {
        (_Place.BEFORE, FUNCTION): _begin_function,
        (_Place.BEFORE, _CLOSE): _end,
        (_Place.FUNCTION, PARAMETER): _begin_parameter,
        (_Place.FUNCTION, FUNCTION_END): _end_function,
        (_Place.FUNCTION, _CLOSE): _end,
        (_Place.VALUE, PARAMETER_END): _close_value,
        (_Place.AFTER_VALUE, PARAMETER): _begin_parameter,
        (_Place.AFTER_VALUE, PARAMETER_END): _close_value,
        (_Place.AFTER_VALUE, FUNCTION_END): _end_function,
        (_Place.AFTER_VALUE, _CLOSE): _end,
        (_Place.AFTER_FUNCTION, FUNCTION): _begin_function,
        (_Place.AFTER_FUNCTION, _CLOSE): _end,
    }
    """What a mark means at a place; the closing mark of the family stands as _CLOSE."""
