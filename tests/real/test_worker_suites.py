"""llama.cpp's own server tests, through Understudy to a worker of ours.

`test_llama_cpp_suites` has them judge the way to a llama.cpp server; here nothing of that server is
behind us, and what they judge is our own templates, grammars, stops and counts. The model is the
one that ships with the package, under the template that each suite's preset has. What no worker can
be set up for is left out on top of what `llama_suite_tables` leaves out, each with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
from understudy.io.engines.rehearsal import MODEL_FILE

from .client import TOKEN
from .conftest import DIRECT
from .gguf_variants import write_with_template
from .llama_suite import FAILED_AS_TOLD, PASSED, SKIPPED, run_suite, suite_folder
from .llama_suite_tables import ANTHROPIC, CHAT, FAILING, LEFT, RESPONSES, TOOL_CALL
from .understudy_process import open_understudy

pytestmark = [
    pytest.mark.skipif(
        find_spec("llama_cpp") is None,
        reason="llama-cpp-python is not installed: pip install understudy[llama]",
    ),
    pytest.mark.skipif(DIRECT, reason="the worker is Understudy's own"),
]

COUNTS = {
    ANTHROPIC: (22, 5, 3),
    CHAT: (10, 18, 24),
    TOOL_CALL: (12, 12, 178),
    RESPONSES: (1, 1, 1),
}
"""How many tests of each suite pass, fail as told, and are left out."""

_WORDS = "asserts a word to which a llama.cpp server's own option holds our model"
_OWN_ROUTE = "asks at a route of llama.cpp's own, which nobody serves here"
_TEXT_ONLY = "wants a refusal of images: the model is told that there was one, and answers"
_EMPTY = "wants an answer to no messages at all"
_EMPTY_CHUNK = "wants no content in a stream's first chunk; OpenAI's API has an empty one"

MORE_LEFT: Mapping[str, Mapping[str, str]] = {
    ANTHROPIC: {},
    CHAT: {},
    TOOL_CALL: {},
    RESPONSES: {"test_responses_with_openai_library": _WORDS},
}
WORKER_PASSES = (
    r"test_completion_with_response_format[response_format3-10-(\\{|John)+]",
    "test_invalid_chat_completion_req[messages5]",
    "test_logprobs",
)
"""What of chat completions fails in a translation to a server, and not here."""
WORKER_FAILS: Mapping[str, Mapping[str, str]] = {
    ANTHROPIC: {
        **FAILING[ANTHROPIC, "openai-responses"],
        "test_anthropic_tool_result_with_image": _TEXT_ONLY,
        "test_anthropic_vision_format_accepted": _TEXT_ONLY,
        "test_anthropic_empty_messages": _EMPTY,
        "test_anthropic_thinking_history_in_template": _OWN_ROUTE,
    },
    CHAT: {
        **{row: why for row, why in FAILING[CHAT, "anthropic"].items() if row not in WORKER_PASSES},
        "test_logit_bias": _OWN_ROUTE,
        "test_logprobs_stream": _EMPTY_CHUNK,
    },
    TOOL_CALL: FAILING[TOOL_CALL, "anthropic"],
    RESPONSES: FAILING[RESPONSES, "anthropic"],
}


def settings(file: Path, suite: str) -> str:
    """One model in a worker, which every model's name leads to."""
    small = suite in (CHAT, RESPONSES)
    name = "tinyllama-2" if small else "tinyllama-2-anthropic"
    return f"""
default = "llama/{name}"

[engines]
worker = "direct"
state_gibibytes = 0

[[endpoint]]
name = "llama"
engine = "llama.cpp"
file = "{file}"
models = ["{name}"]
context_tokens = {512 if small else 8192}
"""


@pytest.mark.parametrize("suite", COUNTS)
async def test_suite(tmp_path: Path, suite: str) -> None:
    file = Path(MODEL_FILE)
    if suite in (ANTHROPIC, TOOL_CALL):
        template = suite_folder() / "templates" / "Qwen-Qwen3-0.6B.jinja"
        file = tmp_path / "model.gguf"
        write_with_template(file, template.read_text())
    async with open_understudy(tmp_path / "server", settings(file, suite)) as understudy:
        verdict = await run_suite(
            suite,
            base_url=f"{understudy.base_url}/t/{TOKEN}",
            server_url=understudy.base_url,
            left={**LEFT[suite], **MORE_LEFT[suite]},
            failing=WORKER_FAILS[suite],
            folder=tmp_path,
        )
    print(f"\n{suite}: {verdict.count(PASSED)} passed, {verdict.count(SKIPPED)} left out")
    assert not verdict.failures(), "\n".join(f"{a}: {b}" for a, b in verdict.failures().items())
    assert not verdict.stale, "rows that fit no test"
    found = [verdict.count(outcome) for outcome in (PASSED, FAILED_AS_TOLD, SKIPPED)]
    assert tuple(found) == COUNTS[suite]
