"""llama.cpp's own server tests, through Understudy to a llama.cpp server of another process.

They come from outside and judge three dialects that we serve: Anthropic's Messages, OpenAI's
Responses, and Chat Completions with tools. Behind Understudy stands one server of llama.cpp, set
up as each suite asks, spoken to in each of the dialects that it serves: so each suite judges a
relay of its own dialect and the translation into the others.

Every test runs but what `llama_suite_tables` leaves out, and passes but what that says fails, each
with its reason; a row that fits no test fails here. With UNDERSTUDY_TEST_TARGET=direct the suites
run against llama.cpp alone, and all that is not left out must pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from .client import TOKEN
from .conftest import DIRECT
from .llama_peer import LlamaPeer, open_llama_peer
from .llama_suite import FAILED_AS_TOLD, PASSED, SKIPPED, run_suite, suite_folder
from .llama_suite_tables import ANTHROPIC, CHAT, FAILING, LEFT, RESPONSES, TOOL_CALL
from .understudy_process import open_understudy

COUNTS = {
    (ANTHROPIC, "anthropic"): (27, 0, 3),
    (ANTHROPIC, "openai-chat"): (27, 0, 3),
    (ANTHROPIC, "openai-responses"): (26, 1, 3),
    (CHAT, "openai-chat"): (27, 1, 24),
    (CHAT, "anthropic"): (7, 21, 24),
    (CHAT, "openai-responses"): (7, 21, 24),
    (TOOL_CALL, "openai-chat"): (24, 0, 178),
    (TOOL_CALL, "anthropic"): (12, 12, 178),
    (TOOL_CALL, "openai-responses"): (12, 12, 178),
    (RESPONSES, "openai-responses"): (3, 0, 0),
    (RESPONSES, "openai-chat"): (2, 1, 0),
    (RESPONSES, "anthropic"): (2, 1, 0),
}
"""How many tests pass, fail as told, and are left out, by the suite and the endpoint's dialect."""

SMALL = LlamaPeer(
    alias="tinyllama-2",
    context_tokens=512,
    slots=2,
    batch_tokens=32,
    answer_tokens=64,
    grammar='root ::= "Suddenly, " [a-z, ]* [.]',
)


def peer_for(suite: str) -> LlamaPeer:
    """The server as the suite's own preset sets it up."""
    if suite in (RESPONSES, CHAT):
        return SMALL
    template = suite_folder() / "templates" / "Qwen-Qwen3-0.6B.jinja"
    return LlamaPeer(
        alias="tinyllama-2-anthropic",
        context_tokens=8192,
        slots=1,
        batch_tokens=2048,
        template=template.read_text(),
    )


def settings(dialect: str, address: str, peer: LlamaPeer) -> str:
    """One endpoint, which every model's name leads to."""
    return f"""
default = "llama/{peer.alias}"

[[endpoint]]
name = "llama"
dialect = "{dialect}"
base_url = "{address}"
models = ["{peer.alias}"]
"""


@pytest.mark.parametrize(("suite", "dialect"), COUNTS, ids=[f"{a[5:]}-{b}" for a, b in COUNTS])
async def test_suite(tmp_path: Path, suite: str, dialect: str) -> None:
    peer = peer_for(suite)
    failing: Mapping[str, str] = {} if DIRECT else FAILING[suite, dialect]
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_llama_peer(peer))
        base_url = server
        if not DIRECT:
            understudy = await stack.enter_async_context(
                open_understudy(tmp_path / "server", settings(dialect, server, peer))
            )
            base_url = f"{understudy.base_url}/t/{TOKEN}"
        verdict = await run_suite(
            suite,
            base_url=base_url,
            server_url=server,
            left=LEFT[suite],
            failing=failing,
            folder=tmp_path,
        )
    passed, failed, left = COUNTS[suite, dialect]
    print(f"\n{suite} over {dialect}: {verdict.count(PASSED)} passed, {left} left out")
    assert not verdict.failures(), "\n".join(f"{a}: {b}" for a, b in verdict.failures().items())
    assert not verdict.stale, "rows that fit no test"
    assert verdict.count(SKIPPED) == left
    if not DIRECT:
        assert (verdict.count(PASSED), verdict.count(FAILED_AS_TOLD)) == (passed, failed)
