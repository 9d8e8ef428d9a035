"""How simulated models write calls of tools: a voice for each of some families.

Written from the families' templates, and not from our parsers: what a voice says the parser of its
format must read. `format` is the name under which the worker tells it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import attrs
import msgspec


@attrs.frozen
class Call:
    """A call of a tool."""

    name: str
    arguments: Mapping[str, Any]


class Voice(ABC):
    """A family's way to call tools."""

    format: ClassVar[str]
    calls_max: ClassVar[int] = 9
    """How many calls an answer may have."""

    @abstractmethod
    def calls(self, calls: Sequence[Call]) -> str:
        """The text of these calls, which end the answer."""


class HermesVoice(Voice):
    """A JSON object for each call, between tags: Hermes, Qwen 2.5 and 3."""

    format = "hermes"

    def calls(self, calls: Sequence[Call]) -> str:
        """See Voice.calls."""
        return "\n".join(f"<tool_call>\n{self._object(call)}\n</tool_call>" for call in calls)

    def _object(self, call: Call) -> str:
        return json_of({"name": call.name, "arguments": call.arguments})


class CoderVoice(Voice):
    """Tags for the function and each parameter, with values as they are: Qwen's coders."""

    format = "qwen_coder"

    def calls(self, calls: Sequence[Call]) -> str:
        """See Voice.calls."""
        return "\n".join(map(self._call, calls))

    def _call(self, call: Call) -> str:
        parameters = "".join(
            f"<parameter={name}>\n{value}\n</parameter>\n" for name, value in call.arguments.items()
        )
        return f"<tool_call>\n<function={call.name}>\n{parameters}</function>\n</tool_call>"


class MistralVoice(Voice):
    """A mark, and an array of all calls."""

    format = "mistral"

    def calls(self, calls: Sequence[Call]) -> str:
        """See Voice.calls."""
        told = [{"name": call.name, "arguments": call.arguments} for call in calls]
        return f"[TOOL_CALLS] {json_of(told)}"


class LlamaVoice(Voice):
    """A bare JSON object, with `parameters`; one alone."""

    format = "llama"
    calls_max = 1

    def calls(self, calls: Sequence[Call]) -> str:
        """See Voice.calls."""
        return json_of({"name": calls[0].name, "parameters": calls[0].arguments})


VOICES: Final[Mapping[str, Voice]] = {
    voice.format: voice for voice in (HermesVoice(), CoderVoice(), MistralVoice(), LlamaVoice())
}
"""Each by its format's name."""


def json_of(value: Any) -> str:
    """JSON with a space after each comma and colon, as models write it."""
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()
