"""Where our rendering is not llama.cpp's: which template, which conversation, and why.

Most are conversations that llama.cpp renders with a part left out, or refuses; nothing that was
said is left out here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

WITH_CALLS: Final = (
    "call",
    "answered",
    "words and call",
    "again",
    "parallel",
    "interrupted",
    "thinking",
)
WITH_TOOLS: Final = ("tools", "tools, no system", *WITH_CALLS)

_ROWS: Final[Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]]] = (
    (
        "The template knows no tools: here they are told in words, llama.cpp leaves them out.",
        (
            "HuggingFaceTB-SmolLM3-3B",
            "deepseek-ai-DeepSeek-R1-Distill-Llama-8B",
            "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B",
            "deepseek-ai-DeepSeek-V3.1",
            "google-gemma-2-2b-it",
            "llama-cpp-deepseek-r1",
            "llama-cpp-rwkv-world",
            "microsoft-Phi-3.5-mini-instruct",
        ),
        WITH_TOOLS,
    ),
    (
        "The template shows the tools as `functions`, which llama.cpp does not give it.",
        ("fireworks-ai-llama-3-firefunction-v2",),
        WITH_TOOLS,
    ),
    (
        "The template shows no calls: here they are told in words, llama.cpp leaves them out.",
        ("LFM2-8B-A1B", "LFM2.5-Instruct", "ibm-granite-granite-3.3-2B-Instruct"),
        WITH_CALLS,
    ),
    (
        "The template shows no words beside calls: here they stand apart or in one text with the"
        " calls, llama.cpp leaves them out.",
        (
            "Cohere2MoE",
            "CohereForAI-c4ai-command-r7b-12-2024-tool_use",
            "MiniMax-M1",
            "NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use",
            "NousResearch-Hermes-3-Llama-3.1-8B-tool_use",
            "google-gemma-4-31B-it-interleaved",
            "meta-llama-Llama-3.1-8B-Instruct",
            "meta-llama-Llama-3.2-3B-Instruct",
            "meta-llama-Llama-3.3-70B-Instruct",
            "muse-glimmer",
            "openai-gpt-oss-120b",
            "upstage-Solar-Open-100B",
        ),
        ("words and call",),
    ),
    (
        "The template shows one call a message: here there are two messages, llama.cpp leaves the"
        " second call out.",
        ("GigaChat3-10B-A1.8B", "GigaChat3.1-10B-A1.8B", "openai-gpt-oss-120b"),
        ("parallel",),
    ),
    (
        "The template refuses two calls in a message: here there are two messages, llama.cpp"
        " refuses the conversation.",
        (
            "meta-llama-Llama-3.1-8B-Instruct",
            "meta-llama-Llama-3.2-3B-Instruct",
            "meta-llama-Llama-3.3-70B-Instruct",
        ),
        ("parallel",),
    ),
    (
        "The template refuses a user behind a result: here the words stand in the result, llama.cpp"
        " refuses the conversation.",
        (
            "Mistral-Small-3.2-24B-Instruct-2506",
            "mistralai-Ministral-3-14B-Reasoning-2512",
            "mistralai-Mistral-Nemo-Instruct-2407",
        ),
        ("interrupted",),
    ),
    (
        "The template writes the tools as Python does; llama.cpp does not escape a newline there.",
        ("Apriel-1.6-15b-Thinker-fixed", "unsloth-Apriel-1.5"),
        WITH_TOOLS,
    ),
    (
        "llama.cpp's Jinja cannot execute the template with tools.",
        ("CohereForAI-c4ai-command-r-plus-tool_use",),
        WITH_TOOLS,
    ),
    (
        "The template names a result by the call's id and a call by its number: here the id is made"
        " of the number, in llama.cpp the two do not fit together.",
        ("moonshotai-Kimi-K2",),
        WITH_CALLS,
    ),
    (
        "A result that is JSON is text here, as the tool gave it; llama.cpp makes it an object.",
        ("google-gemma-4-31B-it-interleaved",),
        ("answered",),
    ),
    (
        "llama.cpp takes the blanks off both ends of each message, for this one template.",
        ("StepFun3.5-Flash",),
        ("turns", "call"),
    ),
    (
        "llama.cpp gives thinking in parts which the template does not read, and the answers are"
        " lost with it.",
        ("unsloth-mistral-Devstral-Small-2507",),
        ("thinking", "thinking, no tools"),
    ),
    (
        "The template reads thinking in `reasoning`, where llama.cpp does not give it.",
        ("upstage-Solar-Open-100B",),
        ("thinking", "thinking, no tools"),
    ),
)

EXCEPTIONS: Final[Mapping[tuple[str, str], str]] = {
    place: reason for reason, names, cases in _ROWS for place in product(names, cases)
}
