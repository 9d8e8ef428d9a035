"""A prompt that is too long, in the many words of servers, told in the two that clients read.

Claude Code reads `prompt is too long: N tokens > M maximum` and compacts the conversation. Where
the prompt itself fits, and only prompt and answer together do not, to compact is the wrong remedy:
Anthropic's own sentence for that makes the client ask for a shorter answer.
"""

from __future__ import annotations

import re

MESSAGE_CHARACTERS_READ_MAX = 20_000
"""Of a message that is searched for numbers."""

_N = r"\s*(?P<prompt>\d+)"
_ANSWER = r"\s*(?P<answer>\d+)"
_ALL = r"\s*(?P<total>\d+)"
_MAX = r"\s*(?P<limit>\d+)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        # OpenAI, vLLM, DeepSeek, OpenRouter: the total, and in brackets what it is made of
        rf"maximum context length is{_MAX} tokens.{{0,80}}requested (?:about )?{_ALL} tokens"
        r"(?: \((?P<prompt>\d+) (?:in the messages|of text input|in your prompt))?",
        rf"maximum context length of{_MAX} tokens.{{0,80}}total of{_ALL} tokens:{_N} tokens",
        rf"too large:{_ANSWER}.{{0,20}}maximum context length is{_MAX}.{{0,80}}has{_N} input",
        rf"passed{_N} input tokens.{{0,40}}requested{_ANSWER} output.{{0,80}}length is only{_MAX}",
        rf"maximum context length is{_MAX} tokens.{{0,120}}request has{_N} input tokens",
        rf"maximum context length is{_MAX} tokens.{{0,80}}(?:resulted in|contains at least|has)"
        rf"{_N}",
        rf"maximum prompt length is{_MAX}.{{0,40}}contains{_N} tokens",  # xAI
        rf"\({_N} tokens\).{{0,80}}(?:context size|context length) \({_MAX}",  # llama.cpp, SGLang
        rf"input length.{{0,10}}\({_N}\).{{0,60}}\({_MAX}\)",
        rf"prompt contains{_N} tokens.{{0,80}}with{_MAX} maximum",  # Mistral
        rf"token count \({_N}\).{{0,60}}allowed \({_MAX}\)",  # Gemini
        rf"must be <={_MAX}\. given:{_N} `?inputs`? tokens",  # Text Generation Inference
        rf"first{_N} tokens.{{0,80}}context length of (?:only )?{_MAX}",  # LM Studio
        rf"prompt is too long:{_N} tokens >{_MAX} maximum",
    )
)
_SIGNS = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length|prompt is too long"
    r"|(?:context|prompt)\b.{0,30}\b(?:window|length|size).{0,40}\b(?:exceed|too long|overflow)"
    r"|exceeds?\b.{0,30}\bcontext (?:window|length|size)"
    r"|(?:input|prompt) (?:is )?(?:too long|exceeds)|reduce the length of the (?:messages|input)",
    re.IGNORECASE | re.DOTALL,
)


def overflow_message(
    text: str, words: str = "", prompt_tokens: int = 0, limit_tokens: int = 0
) -> str:
    """The message for an error that says `text`; "" if it is not about the context's length.

    `words` are its code and type; the counts are those that it gives as numbers, 0 for none.
    """
    text = text[:MESSAGE_CHARACTERS_READ_MAX]
    if prompt_tokens and limit_tokens:
        return _told(prompt_tokens, prompt_tokens, limit_tokens)
    for pattern in _PATTERNS:
        if found := pattern.search(text):
            counts = {key: int(value) for key, value in found.groupdict().items() if value}
            prompt = counts.get("prompt", 0)
            total = counts.get("total", prompt + counts.get("answer", 0))
            return _told(prompt or total, total, counts["limit"])
    return f"prompt is too long: {text}" if _SIGNS.search(f"{words} {text}") else ""


def _told(prompt: int, total: int, limit: int) -> str:
    if prompt > limit:
        return f"prompt is too long: {prompt} tokens > {limit} maximum"
    if total <= limit:
        return ""
    return (
        f"input length and `max_tokens` exceed context limit: {prompt} + {total - prompt} > "
        f"{limit}, decrease input length or `max_tokens` and try again"
    )
