"""What a scripted peer says, in words of no dialect: steps of texts and tool calls.

A request's step is found from how many tool results it brings: a step's calls are to be answered
before the next one's turn, so a retry gets the same step again and nothing has to be remembered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import attrs

from .scripted_reply import Json

RESULTS = "{results}"
RESULT_CHARACTERS_MAX = 4000


@attrs.frozen
class Say:
    """A text; RESULTS in it stands for what the tools have said."""

    text: str


@attrs.frozen
class Think:
    """Thinking, which is signed where the dialect signs."""

    text: str


@attrs.frozen
class Call:
    """A call of one tool; a string as input is sent as it is, broken or not."""

    name: str
    input: Json | str

    @property
    def arguments(self) -> str:
        """The input as the text that a dialect streams."""
        return self.input if isinstance(self.input, str) else json.dumps(self.input)


Part = Say | Think | Call
Step = tuple[Part, ...]
Script = Sequence[Step]

THE_TOOLS_SAID = Say(f"The tools said: {RESULTS}")


def tool_loop(*calls: Call, before: str = "I use tools.") -> Script:
    """One step with these calls, and one that repeats what came back."""
    return ((Say(before), *calls), (THE_TOOLS_SAID,))


def as_scenario(call: Call) -> str:
    """The same as `tool_loop`, as a prompt for the scripted upstream of Anthropic's dialect."""
    arguments = json.dumps(call.input, separators=(",", ":")).replace(" ", "\\u0020")
    return f"SCN=call:{call.name}:{arguments}"


def step_for(script: Script, results: Sequence[str]) -> Step:
    """The step whose turn it is after so many results, with their text put in."""
    answered = len(results)
    for step in script:
        calls = sum(isinstance(part, Call) for part in step)
        if answered < calls or not calls or step is script[-1]:
            said = " ".join(results)[:RESULT_CHARACTERS_MAX]
            return tuple(_filled(part, said) for part in step)
        answered -= calls
    raise AssertionError("a script has at least one step")


def _filled(part: Part, said: str) -> Part:
    return Say(part.text.replace(RESULTS, said)) if isinstance(part, Say) else part


def plain_text(content: str | list[Json] | None) -> str:
    """The text of a content in any dialect: a string, or parts with a `text`."""
    if isinstance(content, list):
        return " ".join(str(part.get("text", "")) for part in content)
    return content or ""
