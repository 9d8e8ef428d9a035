"""The simulated model: what it says is computed from what its memory holds, and from nothing else.

An answer begins with a canary: the digest of its conversation, as the cells hold it. What follows
is drawn from the same digest: a talk, a call of a tool or several, as the last question wishes
(`[tool #3]`). A memory whose cells do not hang together from the question on has the model babble.
So text that is as `answer_to` has it comes from the right memory, whole and in order, and any other
does not: `answer_to` knows the prompt alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import attrs

from .memory import Cell, next_digest, seen_after
from .vocabulary import ASSISTANT, END, TOOLS, USER, last_index, text_of, tokens_of
from .voices import Call, Voice

CANARY = re.compile(r"Canary ([0-9a-f]{16})")
WISH = re.compile(r"\[(\w+) #\d+\]")
WORDS = {"": (3, 12), "talk": (3, 12), "long": (60, 120), "brief": (1, 2)}
"""How many words an answer to each wish has."""
CALLS = {"tool": 1, "tools": 2}
TOOL = "Bash"
"""The tool that it calls, if it is offered; else the first one."""
BABBLE = " glub"
SYLLABLES = ("ka", "lo", "mé", "ru", "sti", "vø", "na", "ш", "漢", "peri", "zu", "ñe", "to", "🙂")
_NAME = re.compile(r"(?m)^(\w+): ")


@attrs.frozen
class Meant:
    """An answer: its text, and the calls that the text is if it is none to be read.

    `told` is for each of them the text after which it is whole, and no sooner.
    """

    text: str
    calls: tuple[Call, ...] = ()
    told: tuple[str, ...] = ()


@attrs.define(eq=False)
class Mind:
    """See the module. `root` is what this model computes from; `voice` how it calls tools."""

    root: int
    voice: Voice
    _plans: dict[int, list[int]] = attrs.field(factory=dict[int, list[int]])

    def next_token(self, cells: Sequence[Cell]) -> int:
        """The token after these; END when all is said."""
        begun = next(
            (at for at in range(len(cells) - 1, -1, -1) if cells[at].token == ASSISTANT), -1
        )
        if begun < 0 or not _hangs_together(cells, begun):
            return tokens_of(BABBLE)[0]
        said = len(cells) - begun - 1
        plan = self._plan(cells, begun)
        return plan[said] if said < len(plan) else END

    def answer_to(self, prompt: Sequence[int]) -> Meant:
        """What a sound memory has it say after this prompt."""
        seen = self.root
        for position, token in enumerate(prompt):
            seen = seen_after(seen, next_digest(seen, position, token))
        return self._meant(seen, prompt)

    def _plan(self, cells: Sequence[Cell], begun: int) -> list[int]:
        seen = cells[begun].seen
        if seen not in self._plans:
            prompt = [cell.token for cell in cells[: begun + 1]]
            self._plans[seen] = tokens_of(self._meant(seen, prompt).text)
        return self._plans[seen]

    def _meant(self, digest: int, prompt: Sequence[int]) -> Meant:
        canary, wish, names = f"Canary {digest:016x}", _wish(prompt), _tool_names(prompt)
        if wish in CALLS and names:
            name = TOOL if TOOL in names else names[0]
            count = min(CALLS[wish], self.voice.calls_max)
            commands = [f"{canary} at {number}" for number in range(count)]
            calls = tuple(Call(name, {"command": each}) for each in commands)
            told = tuple(self.voice.calls(calls[: number + 1]) for number in range(count))
            return Meant(told[-1], calls, told)
        return Meant(canary + "".join(f" {word}" for word in _words(digest, wish)) + ".")


def _hangs_together(cells: Sequence[Cell], begun: int) -> bool:
    seen = cells[begun].seen
    for position in range(begun + 1, len(cells)):
        digest = next_digest(seen, position, cells[position].token)
        seen = seen_after(seen, digest)
        if seen != cells[position].seen:
            return False
    return True


def _wish(prompt: Sequence[int]) -> str:
    """What the last message wishes, if it is the user's: results of tools wish nothing."""
    before = prompt[:-1]
    begun = max((last_index(before, mark), mark) for mark in (USER, ASSISTANT))
    asked = text_of(before[begun[0] + 1 :]) if begun[1] == USER else ""
    found = WISH.findall(asked)
    return str(found[-1]) if found else ""


def _tool_names(prompt: Sequence[int]) -> list[str]:
    if TOOLS not in prompt:
        return []
    shown = prompt[prompt.index(TOOLS) + 1 :]
    return _NAME.findall(text_of(shown[: shown.index(END)]))


def _words(digest: int, wish: str) -> Iterable[str]:
    least, most = WORDS.get(wish, WORDS[""])
    for number in range(least + digest % (most - least + 1)):
        drawn = next_digest(digest, number, 0) >> 8
        parts = (drawn >> 8 * part for part in range(1, 2 + drawn % 3))
        yield "".join(SYLLABLES[part % len(SYLLABLES)] for part in parts)
