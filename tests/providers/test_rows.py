"""Each row of the table, end to end: where its requests go, with which key, in which words.

The addresses are written out here, so that a change of the table shows. A turn of a client that
calls a tool and sends its result goes through the actors to each dialect of each provider.
"""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from trio.testing import MockClock
from understudy.io.providers.providers_file import ProviderTable, shipped_providers
from understudy.protocols.conversation.answer import ToolInputDelta, ToolUseStarted
from understudy.protocols.providers.provider import Provider
from understudy.protocols.providers.quirks import BEARER_KEY, QUIRKS
from understudy.protocols.settings import Settings, parse_settings
from understudy.protocols.settings_addresses import is_loopback
from understudy.simulations.upstream import Step

from ..actors.dialects import (
    ANTHROPIC,
    CHAT,
    GEMINI,
    OLLAMA,
    RESPONSES,
    answer,
    calling,
    dialect_turn,
    read_back,
    said,
)
from ..actors.scripts import one_after_the_other
from ..actors.stage import ENVIRONMENT, open_stage

GENERATE: Final = "/v1beta/models/m:streamGenerateContent?alt=sse"
ADDRESSES: Final = {
    ("anthropic", ANTHROPIC): "https://api.anthropic.com/v1/messages",
    ("openai", RESPONSES): "https://api.openai.com/v1/responses",
    ("openai", CHAT): "https://api.openai.com/v1/chat/completions",
    ("gemini", GEMINI): f"https://generativelanguage.googleapis.com{GENERATE}",
    ("gemini", CHAT): ("https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"),
    ("openrouter", CHAT): "https://openrouter.ai/api/v1/chat/completions",
    ("openrouter", ANTHROPIC): "https://openrouter.ai/api/v1/messages",
    ("mistral", CHAT): "https://api.mistral.ai/v1/chat/completions",
    ("deepseek", ANTHROPIC): "https://api.deepseek.com/anthropic/v1/messages",
    ("deepseek", CHAT): "https://api.deepseek.com/chat/completions",
    ("xai", RESPONSES): "https://api.x.ai/v1/responses",
    ("xai", CHAT): "https://api.x.ai/v1/chat/completions",
    ("groq", CHAT): "https://api.groq.com/openai/v1/chat/completions",
    ("together", CHAT): "https://api.together.ai/v1/chat/completions",
    ("fireworks", ANTHROPIC): "https://api.fireworks.ai/inference/v1/messages",
    ("fireworks", CHAT): "https://api.fireworks.ai/inference/v1/chat/completions",
    ("fireworks", RESPONSES): "https://api.fireworks.ai/inference/v1/responses",
    ("cerebras", CHAT): "https://api.cerebras.ai/v1/chat/completions",
    ("moonshot", ANTHROPIC): "https://api.moonshot.ai/anthropic/v1/messages",
    ("moonshot", CHAT): "https://api.moonshot.ai/v1/chat/completions",
    ("zai", ANTHROPIC): "https://api.z.ai/api/anthropic/v1/messages",
    ("zai", CHAT): "https://api.z.ai/api/paas/v4/chat/completions",
    ("alibaba", ANTHROPIC): "https://dashscope-intl.aliyuncs.com/apps/anthropic/v1/messages",
    ("alibaba", CHAT): "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions",
    ("alibaba-cn", ANTHROPIC): "https://dashscope.aliyuncs.com/apps/anthropic/v1/messages",
    ("alibaba-cn", CHAT): "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions",
    ("github-models", CHAT): "https://models.github.ai/inference/chat/completions",
    ("ollama", OLLAMA): "http://127.0.0.1:11434/api/chat",
    ("vllm", CHAT): "http://127.0.0.1:8000/v1/chat/completions",
    ("lmstudio", CHAT): "http://127.0.0.1:1234/v1/chat/completions",
    ("llama-server", CHAT): "http://127.0.0.1:8080/v1/chat/completions",
    ("llama-swap", CHAT): "http://127.0.0.1:8080/v1/chat/completions",
    ("sglang", CHAT): "http://127.0.0.1:30000/v1/chat/completions",
    ("mlx-server", CHAT): "http://127.0.0.1:8080/v1/chat/completions",
}
"""Where a turn goes, by provider and dialect."""
ROWS: Final = [
    (row.name, dialect) for row in shipped_providers().values() for dialect in row.dialects
]
KEY: Final = ENVIRONMENT["WORK_KEY"]
OWN_HEADERS: Final = {ANTHROPIC: (b"x-api-key", KEY), GEMINI: (b"x-goog-api-key", KEY)}
BEARER: Final = (b"authorization", f"Bearer {KEY}")
TOOL: Final[dict[str, Any]] = {"name": "look", "input_schema": {"type": "object", "properties": {}}}
QUESTION: Final = {"role": "user", "content": "Hello"}
RESULT: Final = [
    QUESTION,
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "call_1", "name": "look", "input": {"at": 1}}],
    },
    {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": "seen"}],
    },
]


def is_local(base_url: str) -> bool:
    """Whether an address is on this machine."""
    return is_loopback(urlsplit(base_url).hostname or "")


def settings_of(provider: str, dialect: str) -> Settings:
    """Settings with one endpoint of this provider, in this dialect of its alone."""
    local = is_local(shipped_providers()[provider].base_url)
    return parse_settings(
        f'[[endpoint]]\nname = "work"\nprovider = "{provider}"\ndialect = "{dialect}"\n'
        f'models = ["m"]\nkey = "{"none" if local else "env:WORK_KEY"}"\n',
        "settings.toml",
        providers=ProviderTable(),
    )


def key_header(provider: Provider, dialect: str) -> tuple[bytes, str] | None:
    """The header that the key has to come in."""
    if is_local(provider.base_url):
        return None
    bearer = dialect == ANTHROPIC and BEARER_KEY in provider.quirks
    return BEARER if bearer else OWN_HEADERS.get(dialect, BEARER)


def test_each_row_and_dialect_has_its_address() -> None:
    assert sorted(ADDRESSES) == sorted(ROWS)


@pytest.mark.parametrize(("provider", "dialect"), ROWS)
async def test_a_tool_round_trip(provider: str, dialect: str, autojump_clock: MockClock) -> None:
    row = shipped_providers()[provider]
    script: list[list[Step]] = [answer(dialect, calling("look", '{"at":1}')), answer(dialect)]
    settings = settings_of(provider, dialect)
    async with open_stage(settings) as stage:
        stage.upstream.listen(row.base_url, one_after_the_other(*script))
        asking = dialect_turn(ANTHROPIC, tools=[TOOL], messages=[QUESTION])
        called = read_back(ANTHROPIC, (await stage.read(asking)).body)
        telling = dialect_turn(ANTHROPIC, tools=[TOOL], messages=RESULT)
        told = await stage.read(telling)
        first, second = (exchange.request for exchange in stage.upstream.exchanges)
    assert [event.name for event in called if isinstance(event, ToolUseStarted)] == ["look"]
    written = [event.json_text for event in called if isinstance(event, ToolInputDelta)]
    assert json.loads("".join(written)) == {"at": 1}
    assert said(ANTHROPIC, told.body) == "To be."
    assert first.url == second.url == ADDRESSES[provider, dialect]
    wanted = key_header(row, dialect)
    carried = [(name, value.decode()) for name, value in first.headers if KEY.encode() in value]
    assert carried == ([] if wanted is None else [wanted])
    body: Any = json.loads(second.body)
    assert '"seen"' in json.dumps(body)
    if dialect != GEMINI:
        assert body["model"] == "m"
        assert body["stream"] is True


def test_every_row_can_be_used_as_it_stands() -> None:
    for row in shipped_providers().values():
        text = f'[[endpoint]]\nname = "work"\nprovider = "{row.name}"\n'
        if not row.models and not row.lists_models:
            text += 'models = ["m"]\n'
        [endpoint] = parse_settings(text, "", providers=ProviderTable()).endpoints
        assert endpoint.base_url == row.base_url
        assert endpoint.dialects == row.dialects
        assert endpoint.facts == row.models


def test_what_is_not_on_this_machine_is_encrypted_and_has_a_key() -> None:
    for row in shipped_providers().values():
        local = is_local(row.base_url)
        assert (urlsplit(row.base_url).scheme == "http") == local
        assert bool(row.key_variable) == bool(row.key_page) == (not local)


def test_every_quirk_of_a_row_is_one_that_we_have() -> None:
    assert {quirk for row in shipped_providers().values() for quirk in row.quirks} <= set(QUIRKS)
