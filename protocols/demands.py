"""What a request demands of its answer that words cannot be: JSON, a call, several answers, a gap.

Such a request is a program's, or the answer is read by one: words of ours would break it, and a
text that looks like a command is what it works on ("classify this: go back"). So nothing in it is
said to Understudy, nothing is offered in its answer, and it goes where its conversation goes.

The members are those of Anthropic's, OpenAI's, Google's and Ollama's API references, and those that
vLLM, llama.cpp and SGLang add; they say `auto`, `text`, 1 and the like where nothing is demanded.
One that makes no sense demands nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from .gemini.members import member, whole
from .json_values import object_of, strings_of, text_of
from .request import BadRequest, ServedRequest

_FREE_CHOICES: Final = ("", "auto", "none")
_FREE_TYPES: Final = ("", "text", "text/plain")
_LOGPROBS: Final = "message.output_text.logprobs"
_GEMINI_SHAPES: Final = ("responseSchema", "responseJsonSchema", "responseLogprobs")


def is_demanding(request: ServedRequest) -> bool:
    """Whether an answer in words, and one alone, is not what a request asks for."""
    try:
        return any(
            demands(request.value(name))
            for name, demands in _DEMANDS.items()
            if request.json.raw(name)
        )
    except BadRequest:
        return False


def _must_call(choice: Any) -> bool:
    """Whether a tool must be called; tools that are only narrowed down may be left alone."""
    if isinstance(choice, str):
        return choice not in _FREE_CHOICES
    holder = object_of(choice)
    if holder.get("type") == "allowed_tools":
        holder = object_of(holder.get("allowed_tools")) or holder
        return text_of(holder.get("mode")) not in _FREE_CHOICES
    return bool(holder) and text_of(holder.get("type")) not in _FREE_CHOICES


def _must_call_old(choice: Any) -> bool:
    return "name" in object_of(choice)


def _must_call_gemini(config: Any) -> bool:
    calling = object_of(member(object_of(config), "functionCallingConfig"))
    return text_of(calling.get("mode")).upper() == "ANY"


def _is_typed(form: Any) -> bool:
    return text_of(object_of(form).get("type")) not in _FREE_TYPES


def _is_typed_within(options: Any) -> bool:
    return _is_typed(object_of(options).get("format"))


def _generates(config: Any) -> bool:
    said = object_of(config)
    kind = text_of(member(said, "responseMimeType"))
    if kind not in _FREE_TYPES or _is_several(member(said, "candidateCount")):
        return True
    shaped = any(member(said, name) for name in _GEMINI_SHAPES)
    return shaped or _is_not_text_alone(member(said, "responseModalities"))


def _is_not_text_alone(kinds: Any) -> bool:
    return any(kind.lower() != "text" for kind in strings_of(kinds))


def _is_several(count: Any) -> bool:
    return (whole(count) or 1) > 1


def _has_logprobs(included: Any) -> bool:
    return _LOGPROBS in strings_of(included)


_DEMANDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "tool_choice": _must_call,
    "function_call": _must_call_old,
    "toolConfig": _must_call_gemini,
    "tool_config": _must_call_gemini,
    "response_format": _is_typed,
    "text": _is_typed_within,
    "output_config": _is_typed_within,
    "generationConfig": _generates,
    "generation_config": _generates,
    "modalities": _is_not_text_alone,
    "include": _has_logprobs,
    "n": _is_several,
    "best_of": _is_several,
    **dict.fromkeys(
        (
            "output_format",
            "format",
            "guided_json",
            "guided_regex",
            "guided_choice",
            "guided_grammar",
            "structured_outputs",
            "grammar",
            "json_schema",
            "regex",
            "ebnf",
            "suffix",
            "logprobs",
            "top_logprobs",
            "prediction",
            "audio",
            "echo",
            "raw",
        ),
        bool,
    ),
}
