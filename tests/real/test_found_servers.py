"""A real llama.cpp server is found, listed and used; and its stand-in says what it says.

The other servers are played alone: they are not here to be had. This one is held against its
stand-in member by member, so that what tests/discovery plays stays true. The embedded model calls
no tool by itself, so the call in the history is ours; that a model calls one is played.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("xllamacpp", reason="llama.cpp's server is not installed")

from understudy.io.discovery.probe import probe
from understudy.io.ports import UpstreamRequest
from understudy.io.upstream.http11 import Http11Upstream

from .found_servers import chat, house, llama_server
from .llama_peer import LlamaPeer, open_llama_peer

ALIAS = "tiny"
WINDOW_TOKENS = 2_048
PEER = LlamaPeer(ALIAS, WINDOW_TOKENS, slots=1, batch_tokens=128)
CALL = {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {"path": "notes.txt"}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "forty-two"}
HISTORY = [
    {"role": "user", "content": "What is in notes.txt?"},
    {"role": "assistant", "content": [CALL]},
    {"role": "user", "content": [RESULT]},
]
FUNCTION = {"name": "Read", "arguments": '{"path": "notes.txt"}'}
OPENAI_HISTORY = [
    {"role": "user", "content": "What is in notes.txt?"},
    {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": FUNCTION}]},
    {"role": "tool", "tool_call_id": "1", "content": "forty-two"},
]
SETTINGS = """
[[endpoint]]
name = "found"
provider = "llama-server"
base_url = "{base_url}"
{more}
"""


async def asked(base_url: str, path: str, body: Any = None) -> bytes:
    """What the server itself says."""
    upstream = Http11Upstream()
    data = b"" if body is None else json.dumps(body).encode()
    headers = ((b"content-type", b"application/json"),)
    request = UpstreamRequest("POST" if data else "GET", f"{base_url}{path}", headers, data)
    try:
        async with upstream.open(request) as response:
            assert response.status == 200
            said = b""
            while piece := await response.receive():
                said += piece
            return said
    finally:
        await upstream.aclose()


def names(value: Any) -> Any:
    """The names of all members, however deep; of a list those of its first item."""
    if hasattr(value, "keys"):
        return {key: names(value[key]) for key in value}
    return [names(value[0])] if type(value) is list and value else None


def lacking(played: Any, real: Any, place: str = "") -> list[str]:
    """The members that only the stand-in has."""
    if hasattr(played, "keys"):
        missing = [f"{place}.{key}" for key in played if key not in (real or {})]
        both = [key for key in played if key in (real or {})]
        return missing + [each for key in both for each in lacking(played[key], real[key], key)]
    if type(played) is list:
        return lacking(played[0], (real or [None])[0], f"{place}[]")
    return []


async def test_it_is_found_listed_and_used(tmp_path: Path) -> None:
    async with open_llama_peer(PEER) as base_url:
        upstream = Http11Upstream()
        [seen] = await probe(upstream, ports=[urlsplit(base_url).port or 0])
        await upstream.aclose()
        assert seen.server is not None, seen.words
        [model] = seen.server.models
        assert (seen.server.kind, model.id) == ("llama-server", ALIAS)
        assert (model.context_tokens, model.is_loaded) == (WINDOW_TOKENS, True)
        assert seen.server.version
        assert f"{WINDOW_TOKENS:,} tokens" in seen.server.warnings[0]
        for more in ("", 'dialect = "anthropic"'):
            settings = SETTINGS.format(base_url=base_url, more=more)
            async with house.open_house(tmp_path, settings) as served:
                card = await served.wait_for(f"found/{ALIAS}")
                assert card.context_tokens == WINDOW_TOKENS
                first = await served.say(card.id, HISTORY[:1])
                second = await served.say(card.id, HISTORY)
            for said in (first, second):
                assert said.text
                assert said.stop_reason in ("end_turn", "max_tokens")


async def test_its_stand_in_says_what_it_says() -> None:
    played = llama_server.LlamaServer()
    question = {
        "model": ALIAS,
        "max_tokens": 64,
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": OPENAI_HISTORY,
    }
    async with open_llama_peer(PEER) as base_url:
        for path in ("/v1/models", "/props", "/health"):
            real = json.loads(await asked(base_url, path))
            assert lacking(names(played.page(path)), names(real), path) == []
        said = await asked(base_url, "/v1/chat/completions", question)
    chunks = events(said)
    asked_of_it = llama_server.Asked("POST", "/v1/chat/completions", {}, question)
    pieces = events(b"".join(llama_server.chat(asked_of_it, ALIAS).body))
    for play, real in zip(
        (pieces[0], pieces[1], pieces[-1]), (*chunks[:2], chunks[-1]), strict=True
    ):
        assert lacking(names(play), names(real)) == []
    assert chunks[-1]["choices"] == pieces[-1]["choices"] == []
    assert set(chat.USAGE) <= set(chunks[-1]["usage"])


def events(said: bytes) -> list[Any]:
    """The chunks of a stream."""
    lines = said.decode().splitlines()
    data = [line[6:] for line in lines if line.startswith("data: ")]
    assert data[-1] == "[DONE]"
    return [json.loads(each) for each in data[:-1]]
