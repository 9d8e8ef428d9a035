"""What a chat template takes, found out by rendering small conversations with it.

Each question is a conversation with words that occur nowhere else. The template takes a thing if it
does not refuse it and the words are in its text; no template is read, for they are programs. Asked
once when a model is loaded: some twenty renderings of a few lines each. The questions are those of
llama.cpp's common/jinja/caps.cpp, and a few more of the same kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from ..model_format.format import ModelFormat
from .messages import ToolShape
from .template_fit import THINKING, Messages, Traits, fitted, shown
from .thinking_variables import KEEPING

Render = Callable[[Messages, list[dict[str, Any]], Mapping[str, Any]], str | None]
"""The template's text for messages, tools and variables; None if it refuses."""

_THINKING: Final = (THINKING, "thinking", "reasoning", "thought", "content")
_ASKED: Final = "Zwetschge"
_SYSTEM: Final = "Heidelbeere"
_ANSWER: Final = "Preiselbeere"
_AGAIN: Final = "Mirabelle"
_RESULT: Final = "Stachelbeere"
_OTHER_RESULT: Final = "Brombeere"
_VALUE: Final = "Holunder"
_OTHER_VALUE: Final = "Sanddorn"
_WORDS: Final = "Vogelbeere"
_ARGUMENT: Final = "fruit"
_DESCRIPTION: Final = "Quittenbrot"
_NAME: Final = "pick"
_SHORT_ID: Final = "call00001"
_OTHER_SHORT_ID: Final = "call00002"
_FREE_ID: Final = "toolu_01_any-id"

_TOOLS: Final = (
    ToolShape(
        _NAME,
        _DESCRIPTION,
        {
            "type": "object",
            "properties": {
                _ARGUMENT: {"type": "string", "description": "which one"},
                "odd": {"items": {}},
            },
            "required": [_ARGUMENT],
        },
    ),
)


def probed(render: Render, form: ModelFormat) -> Traits:
    """What a template takes. What it refuses in every form is left as it is: it will be refused
    again, in the template's own words, when it is asked for."""
    probe = _Probe(render, form)
    probe.try_without("plain_content", [_user(_ASKED)], (_ASKED,))
    probe.try_without("system", [_said("system", _SYSTEM), _user(_ASKED)], (_SYSTEM, _ASKED))
    probe.find_tools()
    probe.find_calls()
    probe.find_thinking()
    return probe.traits


@attrs.define
class _Probe:
    _render: Render
    _form: ModelFormat
    traits: Traits = attrs.field(factory=Traits)

    def try_without(self, trait: str, messages: Messages, words: tuple[str, ...]) -> None:
        """Notes that the template does not take a thing, if it works without it alone."""
        if self._shows(self.traits, messages, words):
            return
        change: dict[str, Any] = {trait: False}
        without = attrs.evolve(self.traits, **change)
        if self._shows(without, messages, words):
            self.traits = without

    def find_tools(self) -> None:
        """Whether tools are shown."""
        messages = [_said("system", _SYSTEM), _user(_ASKED)]
        words = (_NAME, _DESCRIPTION)
        self.try_without("bare_properties", messages, words)
        if not self._shows(self.traits, messages, words):
            self.traits = attrs.evolve(self.traits, tools=False)

    def find_calls(self) -> None:
        """How calls are shown, and what may stand with them."""
        ways = ((objects, empty) for empty in (True, False) for objects in (True, False))
        for objects, empty in ways:
            traits = attrs.evolve(self.traits, argument_objects=objects, empty_content=empty)
            if self._shows_call(traits):
                self.traits = traits
                break
        else:
            self.traits = attrs.evolve(self.traits, calls=False)
        one = [_user(_ASKED), _calls((_FREE_ID, _VALUE)), _result(_FREE_ID, _RESULT)]
        self.try_without("free_ids", [*one, *_GOING_ON], (_VALUE, _ANSWER))
        self.try_without("results", [*one, *_GOING_ON], (_VALUE, _RESULT, _ANSWER))
        self._find_words(one)
        two = [
            _user(_ASKED),
            _calls((_SHORT_ID, _VALUE), (_OTHER_SHORT_ID, _OTHER_VALUE)),
            _result(_SHORT_ID, _RESULT),
            _result(_OTHER_SHORT_ID, _OTHER_RESULT),
        ]
        both = (_VALUE, _OTHER_VALUE, _RESULT, _OTHER_RESULT)
        self.try_without("parallel_calls", [*two, *_GOING_ON], both)
        question = [*one, _user(_AGAIN)]
        self.try_without("question_after_results", question, (_RESULT, _AGAIN))

    def _find_words(self, one: Messages) -> None:
        """Whether words may stand beside a call, and how else."""
        spoken = [{**each, "content": _WORDS} if "tool_calls" in each else each for each in one]
        told = self._form.told_call(_NAME, {_ARGUMENT: _VALUE})
        if self._shows(self.traits, [*one, *_GOING_ON], (told, _RESULT)):
            self.traits = attrs.evolve(self.traits, calls_as_told=True)
        words = (_WORDS, _VALUE, _RESULT, _ANSWER)
        self.try_without("words_with_calls", [*spoken, *_GOING_ON], words)

    def find_thinking(self) -> None:
        """In which member thinking is shown: in the turn that goes on, with and without a call."""
        calling = [_user(_ASKED), _calls((_SHORT_ID, _VALUE)), _result(_SHORT_ID, _RESULT)]
        saying = [_user(_ASKED), _said("assistant", _ANSWER), _user(_AGAIN)]
        variables = {"enable_thinking": True, "thinking": True, **KEEPING}
        for member in _THINKING:
            traits = attrs.evolve(self.traits, thinking=member)
            for messages in (calling, saying):
                thinking = {**messages[1], THINKING: _WORDS}
                text = self._text(traits, [messages[0], thinking, messages[2]], variables)
                if text is not None and _WORDS in text and not _is_quoted(text, _WORDS):
                    self.traits = traits
                    return

    def _shows_call(self, traits: Traits) -> bool:
        """Whether a call is shown, and neither as Python writes it nor as JSON within JSON."""
        called = [_user(_ASKED), _calls((_SHORT_ID, _VALUE)), _result(_SHORT_ID, _RESULT)]
        text = self._text(traits, [*called, *_GOING_ON])
        if text is None or not _has(text, (_VALUE, _ANSWER)):
            return False
        return f"'{_ARGUMENT}': '{_VALUE}'" not in text and f'\\"{_VALUE}\\"' not in text

    def _shows(self, traits: Traits, messages: Messages, words: tuple[str, ...]) -> bool:
        text = self._text(traits, messages)
        return text is not None and _has(text, words)

    def _text(
        self, traits: Traits, messages: Messages, variables: Mapping[str, Any] | None = None
    ) -> str | None:
        tools = _TOOLS if traits.tools else ()
        messages = fitted(self._form.history(messages), tools, traits, self._form)
        return self._render(messages, shown(tools, traits), variables or {})


def _has(text: str, words: tuple[str, ...]) -> bool:
    return all(word in text for word in words)


def _is_quoted(text: str, word: str) -> bool:
    """Whether a list was written as Python or JSON writes it, which is not to show what it has."""
    return f"'{word}'" in text or f'"{word}"' in text


def _said(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": content}


def _user(content: str) -> dict[str, Any]:
    return _said("user", content)


def _calls(*calls: tuple[str, str]) -> dict[str, Any]:
    shaped = [
        {
            "id": call,
            "type": "function",
            "function": {"name": _NAME, "arguments": {_ARGUMENT: value}},
        }
        for call, value in calls
    ]
    return {**_said("assistant", ""), "tool_calls": shaped}


def _result(call: str, content: str) -> dict[str, Any]:
    return {**_said("tool", content), "tool_call_id": call, "name": _NAME}


_GOING_ON: Final = (_said("assistant", _ANSWER), _user(_AGAIN))
