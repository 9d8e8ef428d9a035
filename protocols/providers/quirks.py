"""The quirks: a closed list of words for what a provider does otherwise than its dialect says.

Each is there because a provider's own documentation says so (the table of providers names the
page), and each is kept to where its dialect is written: requests that are translated. A request
that is relayed is the client's own, in the words which it chose for that provider; only the key and
the path of it are ours, and so are the quirks of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BEARER_KEY: Final = "bearer-key"
NO_PENALTIES: Final = "no-penalties"
NO_LOGPROBS: Final = "no-logprobs"
NO_PARALLEL: Final = "no-parallel-tool-calls"
NO_USER: Final = "no-user"
RANDOM_SEED: Final = "random-seed"
NO_STREAM_OPTIONS: Final = "no-stream-options"
NO_REQUIRED_TOOLS: Final = "no-required-tools"
AUTO_TOOLS: Final = "auto-tools"
NO_JSON_SCHEMA: Final = "no-json-schema"
THINKING_SWITCH: Final = "thinking-switch"
ENABLE_THINKING: Final = "enable-thinking"

QUIRKS: Final[Mapping[str, str]] = {
    BEARER_KEY: "the Messages API takes its key as `Authorization: Bearer`, as the others do",
    NO_PENALTIES: "`frequency_penalty`, `presence_penalty` and `logit_bias` are refused",
    NO_LOGPROBS: "`logprobs`, `top_logprobs` and `logit_bias` are refused",
    NO_PARALLEL: "`parallel_tool_calls` is refused",
    NO_USER: "`user` is not known",
    RANDOM_SEED: "`seed` is called `random_seed`",
    NO_STREAM_OPTIONS: "`stream_options` is not known; usage comes in any case",
    NO_REQUIRED_TOOLS: '`tool_choice` may not be "required", but may name one tool',
    AUTO_TOOLS: '`tool_choice` may be "auto" alone',
    NO_JSON_SCHEMA: "`response_format` has no schema, only JSON in general",
    THINKING_SWITCH: 'thinking is switched by `thinking.type`, "enabled" or "disabled"',
    ENABLE_THINKING: "thinking is switched by `enable_thinking`",
}
"""Every quirk, and what it means."""
