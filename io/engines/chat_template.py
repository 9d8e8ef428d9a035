"""A model's chat template: a `Chat` in, the prompt out.

When a model is loaded, its template is compiled and tried (`template_probe`), so that each chat is
given to it in a form which it takes (`template_fit`), in its family's own way of writing history
(`ModelFormat.history`). A model without a template gets ChatML's, which more models know than any
other. A model may bring a second template, for requests with tools; it is used for those.

A chat that ends with a message of the assistant is continued: the prompt ends with its words, where
the template puts them, so that what stands before them (shut thinking, a channel) is there too.
Source of the variables that every template gets: transformers' apply_chat_template, and
`date_string` and `datetime` from llama.cpp's common/chat.cpp.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from ...protocols.engine.messages import Chat, ToolShape
from ...protocols.engine.template_fit import Messages, Traits, fitted, shown
from ...protocols.engine.template_probe import probed
from ...protocols.engine.thinking_variables import ThinkingVariables
from ...protocols.engine.wishes import THINKS
from ...protocols.model_format.format import ModelFormat
from .template_sandbox import PROMPT_BYTES_MAX, Clock, SandboxedTemplate, TemplateRefused

CHATML: Final = """\
{%- for message in messages if message.role in ['system', 'user', 'assistant'] -%}
    {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{- '<|im_start|>assistant\\n' -}}
{%- endif -%}
"""
"""The template of a model that brings none, with the three roles that all of them know."""
FUNCTIONS: Final = "functions"
"""The tools as JSON, which some older templates (Firefunction) read."""
_CONTINUED: Final[Mapping[str, Any]] = {THINKS: False}
"""An answer that is continued has done its thinking."""


@attrs.frozen
class SpecialTexts:
    """The texts of a vocabulary's tokens for the beginning and the end of a text.

    `adds_bos` and `adds_eos` if tokenising adds them: then a prompt must not have them as well.
    """

    bos: str = ""
    eos: str = ""
    adds_bos: bool = False
    adds_eos: bool = False


@attrs.frozen
class _Program:
    """A compiled template with what is known of it."""

    template: SandboxedTemplate
    traits: Traits
    thinking: ThinkingVariables


@attrs.frozen
class ChatTemplate:
    """The template of a loaded model."""

    form: ModelFormat
    _special: SpecialTexts
    _clock: Clock
    _plain: _Program
    _with_tools: _Program

    @classmethod
    def load(
        cls,
        source: str,
        form: ModelFormat,
        clock: Clock,
        special: SpecialTexts = SpecialTexts(),
        source_with_tools: str = "",
        bytes_max: int = PROMPT_BYTES_MAX,
    ) -> ChatTemplate:
        """Compiles and tries a template; "" is ChatML. Raises TemplateRefused if it is broken."""

        def program(text: str) -> _Program:
            compiled = SandboxedTemplate.compiled(text, clock, bytes_max)
            return _tried(compiled, form, _constants(special, clock))

        plain = program(source or source_with_tools or CHATML)
        with_tools = program(source_with_tools) if source and source_with_tools else plain
        return cls(form, special, clock, plain, with_tools)

    def traits(self, *, with_tools: bool) -> Traits:
        """What the template takes."""
        return (self._with_tools if with_tools else self._plain).traits

    def variables(self, chat: Chat) -> dict[str, Any]:
        """What the template is told beside the messages and tools."""
        program = self._with_tools if chat.tools else self._plain
        return program.thinking.values(chat.variables)

    def render(self, chat: Chat) -> str:
        """The prompt. Raises TemplateRefused."""
        if chat.prompt:
            return chat.prompt
        words = _continued(chat.messages)
        if not words:
            return self._text(chat, chat.messages)
        text = self._text(chat, chat.messages, ends=True)
        place = text.rfind(words.strip())
        if place >= 0:
            return text[:place] + words.lstrip()
        return self._text(chat, chat.messages[:-1]) + words

    def _text(self, chat: Chat, messages: Messages, *, ends: bool = False) -> str:
        """The template's text, with the opening of an answer unless it ends with these messages."""
        program = self._with_tools if chat.tools else self._plain
        messages = self.form.history(messages)
        variables = _constants(self._special, self._clock)
        variables |= program.thinking.values({**chat.variables, **(_CONTINUED if ends else {})})
        variables["add_generation_prompt"] = not ends
        try:
            return self._rendered(program, program.traits, messages, chat.tools, variables)
        except TemplateRefused as refused:
            if refused.deliberate or not chat.tools or not program.traits.tools:
                raise
        # It cannot show one of these tools, of whose schemas it expects more than they have.
        traits = attrs.evolve(program.traits, tools=False)
        return self._rendered(program, traits, messages, chat.tools, variables)

    def _rendered(
        self,
        program: _Program,
        traits: Traits,
        messages: Messages,
        tools: Sequence[ToolShape],
        variables: dict[str, Any],
    ) -> str:
        fit = fitted(messages, tools, traits, self.form)
        given = _given(program.template, fit, shown(tools, traits) if traits.tools else [])
        return self._without_special(program.template.render({**variables, **given}))

    def _without_special(self, text: str) -> str:
        """Without the tokens that tokenising adds."""
        special = self._special
        if special.adds_bos:
            text = text.removeprefix(special.bos)
        return text.removesuffix(special.eos) if special.adds_eos else text


def _tried(template: SandboxedTemplate, form: ModelFormat, constants: dict[str, Any]) -> _Program:
    """The template with what trying it tells."""

    def attempt(
        messages: Messages, tools: list[dict[str, Any]], variables: Mapping[str, Any]
    ) -> str | None:
        try:
            return template.render({**constants, **variables, **_given(template, messages, tools)})
        except TemplateRefused:
            return None

    traits = probed(attempt, form)
    question = fitted([{"role": "user", "content": "Hello"}], (), traits, form)
    thinking = ThinkingVariables.of(
        template.source, template.variables, lambda variables: attempt(question, [], variables)
    )
    return _Program(template, traits, thinking)


def _continued(messages: Messages) -> str:
    """The words that the answer is to continue; "" if it begins anew."""
    last = messages[-1] if messages else {}
    if last.get("role") != "assistant" or last.get("tool_calls"):
        return ""
    words = str(last.get("content") or "")
    return words if words.strip() else ""


def _constants(special: SpecialTexts, clock: Clock) -> dict[str, Any]:
    now = clock()
    return {
        "bos_token": special.bos,
        "eos_token": special.eos,
        "date_string": now.strftime("%d %b %Y"),
        "datetime": now.strftime("%b %d %Y"),
        "documents": None,
        "add_generation_prompt": True,
    }


def _given(
    template: SandboxedTemplate, messages: Messages, tools: list[dict[str, Any]]
) -> dict[str, Any]:
    given: dict[str, Any] = {"messages": messages}
    if tools:
        given["tools"] = tools
    if FUNCTIONS in template.variables:
        given[FUNCTIONS] = json.dumps(tools, ensure_ascii=False, indent=4) if tools else ""
    return given
