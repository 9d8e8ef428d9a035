"""The reader of an answer in which thinking and calls are marked: what all families share.

It is in one of three states: in a run of text, in a run of thinking, or in a section that is held
back until it is known to be calls. Which marks count depends on the state: those of thinking, and
those that count at the start, only where nothing has been said since the last mark; in thinking,
only what closes it. A family gives a `Shape` and its sections.

Thinking that is closed without having been opened has been told as text by then, which cannot be
taken back: the mark is dropped and another block begins. It counts once; later ones are text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final

import attrs

from ..conversation.answer import (
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from .calls import Call, Section, Verdict
from .format import AnswerParser, Expectation, Said
from .marks import Found, Marks
from .runs import Run, skip_white_space
from .thinking import Tags, opened_by

SECTION_CHARACTERS_MAX: Final = 4 * 1024 * 1024
"""Of one section; a longer one is told as text."""

PIECE_CHARACTERS_MAX: Final = 64 * 1024
"""Of a text that is read at once: it may be copied for every section in it."""

Sections = Mapping[str, Callable[[Expectation], Section]]
"""What makes the section of each opening mark."""

_NO_SECTIONS: Final[Sections] = {}


@attrs.frozen
class Shape:
    """How a family marks its answers.

    `openings` count wherever text may be, `starts` where nothing has been said since a mark; the
    text of the latter is the section's own from its mark on. `dropped` are marks that mean nothing
    by themselves; `wrappers` stand around text and mean nothing, either. `calls_end_thinking`: an
    opening mark counts in thinking too, and a call ends it; so does a dropped one. `structural`
    sections hold text as well, so that they count for a question without tools, too.
    """

    tags: tuple[Tags, ...] = ()
    openings: Sections = _NO_SECTIONS
    starts: Sections = _NO_SECTIONS
    dropped: tuple[str, ...] = ()
    wrappers: tuple[Tags, ...] = ()
    calls_end_thinking: bool = False
    structural: bool = False

    @cached_property
    def without_calls(self) -> Shape:
        """The shape of an answer to a question without tools: what looks like a call is text."""
        if self.structural:
            return self
        return attrs.evolve(self, openings=_NO_SECTIONS, starts=_NO_SECTIONS)

    @cached_property
    def anywhere(self) -> Marks:
        """What counts in text."""
        return Marks(*self.openings, *self.dropped)

    @cached_property
    def unopened(self) -> Marks:
        """What counts in text while there has been no thinking."""
        return Marks(*self.anywhere.marks, *dict.fromkeys(each.close for each in self.tags))

    @cached_property
    def beginning(self) -> Marks:
        """What counts where nothing has been said since a mark."""
        opens = dict.fromkeys(each.open for each in (*self.tags, *self.wrappers))
        return Marks(*self.unopened.marks, *opens, *self.starts)

    @cached_property
    def thinking(self) -> Mapping[str, Marks]:
        """What counts in thinking, by the mark that closes it."""
        calls = (*self.openings, *self.dropped) if self.calls_end_thinking else ()
        return {each.close: Marks(each.close, *calls) for each in self.tags}

    @cached_property
    def wrapped(self) -> Mapping[str, Marks]:
        """What counts in text that is wrapped, by the mark that opens it."""
        return {each.open: Marks(each.close, *self.anywhere.marks) for each in self.wrappers}


class MarkReader(AnswerParser):
    """Reads one answer of a family that marks it as `shape` says."""

    def __init__(self, shape: Shape, expectation: Expectation) -> None:
        shape = shape if expectation.tools else shape.without_calls
        self._shape = shape
        self._expectation = expectation
        self._told: list[Said] = []
        self._rest = ""
        """What has not been taken yet: between pieces, what may be the beginning of a mark."""
        self._position = 0
        self._run = Run(TextDelta, after_mark=False)
        self._close = ""
        """What closes the thinking that is open."""
        self._text_marks = shape.unopened
        self._section: Section | None = None
        self._opening = ""
        self._held: list[str] = []
        self._held_characters = 0
        self._first_close_ends = False
        self._calls = 0
        if opened := opened_by(expectation.prompt_tail, shape.tags):
            self._think(opened)

    def receive_text(self, text: str) -> list[Said]:
        """Takes the next characters and tells what is known by now."""
        for start in range(0, len(text), PIECE_CHARACTERS_MAX):
            self._rest += text[start : start + PIECE_CHARACTERS_MAX]
            self._read()
        return self._take_told()

    def receive_end(self, *, whole: bool) -> list[Said]:
        """The answer is over: tells what was held back. `whole` is false for one that was cut."""
        while self._section is not None:
            self._end(self._section, whole=whole)
        self._told += self._run.receive_text(self._rest)
        self._told += self._run.receive_end()
        self._rest = ""
        return self._take_told()

    def _take_told(self) -> list[Said]:
        told, self._told = self._told, []
        return told

    def _read(self) -> None:
        """Takes all but what may be the beginning of a mark."""
        while self._position < len(self._rest):
            found = self._search()
            if found is None:
                self._take_text(len(self._rest))
            elif found.start > self._position:
                self._take_text(found.start)
            elif found.mark:
                self._take_mark(found)
            else:
                break
        self._rest, self._position = self._rest[self._position :], 0

    def _search(self) -> Found | None:
        if self._section is not None:
            return self._section.marks.search(self._rest, self._position)
        if self._close:
            return self._shape.thinking[self._close].search(self._rest, self._position)
        if not self._run.begun:
            start = skip_white_space(self._rest, self._position)
            if found := self._shape.beginning.match(self._rest, start):
                return found
        return self._text_marks.search(self._rest, self._position)

    def _take_text(self, end: int) -> None:
        text = self._rest[self._position : end]
        if self._section is None:
            self._position = end
            self._told += self._run.receive_text(text)
        else:
            text = text[: SECTION_CHARACTERS_MAX + 1 - self._held_characters]
            taken = self._section.receive_text(text)
            self._position += taken
            self._hold(self._section, text[:taken])

    def _take_mark(self, found: Found) -> None:
        self._position = found.end
        shape, mark = self._shape, found.mark
        if self._section is not None:
            self._section.receive_mark(mark)
            self._hold(self._section, mark)
        elif make := shape.openings.get(mark):
            self._open(mark, make)
        elif make := shape.starts.get(mark):
            self._position = found.start
            self._open("", make)
        elif opened := next((each for each in shape.tags if each.open == mark), None):
            self._think(opened)
        else:
            self._cross(Run(TextDelta, after_mark=True))
            self._close = ""
            if mark in shape.wrapped:
                self._text_marks = shape.wrapped[mark]
            elif mark not in shape.dropped:
                self._text_marks = shape.anywhere

    def _cross(self, run: Run) -> None:
        """A mark divides two blocks of the answer."""
        if self._run.begun:
            self._told.append(BlockEnded())
        self._run = run

    def _think(self, tags: Tags) -> None:
        self._cross(Run(ThinkingDelta, after_mark=True))
        self._close, self._text_marks = tags.close, self._shape.anywhere

    def _open(self, opening: str, make: Callable[[Expectation], Section]) -> None:
        self._section, self._opening = make(self._expectation), opening
        self._section.first_close_ends = self._first_close_ends

    def _hold(self, section: Section, text: str) -> None:
        self._held.append(text)
        self._held_characters += len(text)
        if section.verdict is Verdict.OVER:
            self._leave(section, section.calls("".join(self._held)))
        elif section.verdict is Verdict.AGAIN:
            self._read_again()
        elif section.verdict is Verdict.REFUSED or self._held_characters > SECTION_CHARACTERS_MAX:
            self._leave(section, ())

    def _end(self, section: Section, *, whole: bool) -> None:
        """The answer has ended within a section, and perhaps within a mark that closes it."""
        if whole:
            section.receive_end()
        read_again = whole and section.verdict is Verdict.OPEN and section.first_close_seen
        calls = section.calls("".join(self._held)) if section.verdict is Verdict.OVER else ()
        self._held.append(self._rest)
        self._rest = ""
        if read_again:
            self._read_again()
        else:
            self._leave(section, calls)

    def _read_again(self) -> None:
        """Reads what is held as before, but for where its sections end."""
        behind = self._rest[self._position :]
        self._rest, self._position = self._opening + self._forget_section(), 0
        self._first_close_ends = True
        self._read()
        self._first_close_ends = False
        self._rest += behind

    def _forget_section(self) -> str:
        held, self._held = "".join(self._held), []
        self._section, self._held_characters = None, 0
        return held

    def _leave(self, section: Section, calls: Sequence[Call]) -> None:
        """The section is over: it was these calls, or else it is told as what it stands in."""
        held = self._forget_section()
        if calls:
            self._run, self._close = Run(TextDelta, after_mark=True), ""
        else:
            self._told += self._run.receive_text(section.as_text(self._opening, held))
            self._run.begin()
        for call in calls:
            made = "_".join(("call", self._expectation.answer, str(self._calls), call.id))
            started = ToolUseStarted(made.removesuffix("_"), call.name)
            self._told += (started, ToolInputDelta(call.arguments), BlockEnded())
            self._calls += 1
