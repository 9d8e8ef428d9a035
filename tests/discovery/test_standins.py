"""Five servers from end to end: found, listed, and used by a client of Anthropic's with a tool."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trio
from understudy.io.discovery.probe import Seen, probe
from understudy.io.upstream.http11 import Http11Upstream

from .house import open_house
from .standins.host import ARGUMENTS, Standin, opened
from .standins.llama_server import LlamaServer
from .standins.llama_swap import LlamaSwap
from .standins.lm_studio import LmStudio
from .standins.ollama import Ollama
from .standins.vllm import Vllm

STANDINS: dict[str, type[Standin]] = {
    each.kind: each for each in (Ollama, Vllm, LmStudio, LlamaServer, LlamaSwap)
}
SETTINGS = """
[[endpoint]]
name = "found"
provider = "{kind}"
base_url = "{base_url}"
"""
KINDS = pytest.mark.parametrize("kind", sorted(STANDINS))


async def seen_at(standin: Standin) -> Seen:
    upstream = Http11Upstream()
    port = urlsplit(standin.base_url).port
    assert port is not None
    [seen] = await probe(upstream, ports=[port])
    await upstream.aclose()
    return seen


def settings_for(standin: Standin, more: str = "") -> str:
    return SETTINGS.format(kind=standin.kind, base_url=standin.base_url) + more


@KINDS
async def test_it_is_found_with_its_models(kind: str) -> None:
    async with opened(STANDINS[kind]()) as standin:
        seen = await seen_at(standin)
        server = seen.server
        assert server is not None, seen.words
        assert (server.kind, server.base_url) == (kind, standin.base_url)
        assert standin.model in {each.id for each in server.models}
        if sys.platform.startswith("linux"):
            assert str(seen.owner) == "yours"
        asked = {(each.method, each.path) for each in standin.asked}
        posts = {path for method, path in asked if method == "POST"}
        assert posts <= {"/api/show"}, "and nothing else than what only reads"
        assert not any("authorization" in each.headers for each in standin.asked)
        assert all(each.headers["user-agent"].startswith("understudy/") for each in standin.asked)


@KINDS
async def test_a_streamed_tool_round_trip(kind: str, tmp_path: Path) -> None:
    async with opened(STANDINS[kind]()) as standin:
        async with open_house(tmp_path, settings_for(standin)) as house:
            card = await house.wait_for(f"found/{standin.model}")
            assert card.endpoint == "found"
            first, second = await house.tool_round_trip(card.id, "forty-two")
        [(_, name, value)] = first.calls
        assert (name, value, first.stop_reason) == ("Read", ARGUMENTS, "tool_use")
        assert (second.text, second.calls, second.stop_reason) == (
            "It says: forty-two",
            (),
            "end_turn",
        )


@pytest.mark.parametrize(
    ("standin", "tokens"),
    [
        (Vllm(), 40_960),
        (LlamaServer(), 16_384),
        (LmStudio(), 4_096),
        (LmStudio(is_old=True), 4_096),
        (Ollama(loaded_tokens=4_096), 4_096),
        (LlamaSwap(running={"qwen3-8b"}), 16_384),
    ],
)
async def test_the_window_that_holds_is_the_model_s(
    standin: Standin, tokens: int, tmp_path: Path
) -> None:
    async with opened(standin), open_house(tmp_path, settings_for(standin)) as house:
        card = await house.wait_for(f"found/{standin.model}")
        assert card.context_tokens == tokens


async def test_ollama_tells_its_window_once_it_has_loaded_a_model(tmp_path: Path) -> None:
    async with opened(ollama := Ollama()), open_house(tmp_path, settings_for(ollama)) as house:
        card = await house.wait_for(f"found/{ollama.model}")
        assert card.context_tokens == 0
        seen = await seen_at(ollama)
        assert seen.server is not None
        assert "4,096 tokens" in seen.server.warnings[0]
        await house.say(card.id, [{"role": "user", "content": "Hi"}])
        [chat] = [each for each in ollama.asked if each.path == "/api/chat"]
        assert "num_ctx" not in chat.body.get("options", {})


async def test_ollama_is_asked_for_the_window_that_the_settings_name(tmp_path: Path) -> None:
    async with opened(ollama := Ollama(loaded_tokens=4_096)):
        settings = settings_for(ollama, "context_tokens = 32768\n")
        async with open_house(tmp_path, settings) as house:
            card = await house.wait_for(f"found/{ollama.model}")
            assert card.context_tokens == 32_768
            await house.say(card.id, [{"role": "user", "content": "Hi"}])
    [chat] = [each for each in ollama.asked if each.path == "/api/chat"]
    assert chat.body["options"]["num_ctx"] == ollama.loaded_tokens == 32_768


async def test_llama_swap_starts_nothing_before_a_turn(tmp_path: Path) -> None:
    async with opened(swap := LlamaSwap()):
        await seen_at(swap)
        async with open_house(tmp_path, settings_for(swap)) as house:
            assert (await house.wait_for(f"found/{swap.told}")).context_tokens == 65_536
            card = await house.wait_for(f"found/{swap.model}")
            assert swap.started == []
            await house.say(card.id, [{"role": "user", "content": "Hi"}])
        assert swap.started == [swap.model]


async def test_a_model_that_is_not_listed_is_asked_for_at_its_endpoint_and_nowhere_else(
    tmp_path: Path,
) -> None:
    async with opened(vllm := Vllm()), open_house(tmp_path, settings_for(vllm)) as house:
        await house.wait_for(f"found/{vllm.model}")
        body = b'{"model":"found/other","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}'
        status, said = await house.ask("POST", "/v1/messages", body)
        assert status == 404
        assert b"does not exist" in said


async def test_one_port_of_each_is_looked_at_at_once() -> None:
    async with trio.open_nursery() as nursery:
        standins = [made() for made in STANDINS.values()]
        ready: list[trio.Event] = []
        for standin in standins:
            ready.append(trio.Event())
            nursery.start_soon(_serve, standin, ready[-1])
        for event in ready:
            await event.wait()
        upstream = Http11Upstream()
        ports = [urlsplit(each.base_url).port or 0 for each in standins]
        seen = await probe(upstream, ports=ports)
        await upstream.aclose()
        nursery.cancel_scope.cancel()
    found = [each.server.kind for each in seen if each.server is not None]
    assert found == [each.kind for each in standins]


async def _serve(standin: Standin, ready: trio.Event) -> None:
    async with opened(standin):
        ready.set()
        await trio.sleep_forever()
