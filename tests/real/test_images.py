"""Images for a model that has eyes, and a smaller model that guesses for a larger one.

Both are run by llama.cpp's own server, for real, with random weights: what a model says of an image
does not matter, that it is another for another image does.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from .client import TOKEN
from .gguf_model import SHAPES, write_model
from .projector_file import IMAGE_TOKENS, png, write_projector
from .understudy_process import open_understudy

MODEL = "eyes/exact"
ENDPOINT = """
[[endpoint]]
name = "{name}"
engine = "llama.cpp"
file = "{file}"
{more}
context_tokens = 2048
"""
RED, BLUE = png(255, 0, 0), png(0, 0, 255)
CALL: dict[str, Any] = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}
SECONDS_MAX = 60.0


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model, its eyes, and the model that guesses for it."""
    folder = tmp_path_factory.mktemp("models")
    write_model(folder / "exact.gguf", SHAPES["exact"])
    write_projector(folder / "eyes.gguf", SHAPES["exact"].width)
    return folder


@pytest.fixture
async def client(tmp_path: Path, models: Path) -> AsyncIterator[httpx.AsyncClient]:
    file = models / "exact.gguf"
    endpoints = {
        "eyes": f'projector = "{models / "eyes.gguf"}"',
        "blind": "",
        "guesses": f'draft = "{file}"',
        "odd": f'projector = "{file}"',
    }
    settings = "".join(
        ENDPOINT.format(name=name, file=file, more=more) for name, more in endpoints.items()
    )
    async with (
        open_understudy(tmp_path / "server", settings) as understudy,
        httpx.AsyncClient(
            base_url=understudy.base_url,
            headers={"authorization": f"Bearer {TOKEN}"},
            timeout=SECONDS_MAX,
        ) as opened,
    ):
        yield opened


def image(data: bytes) -> dict[str, Any]:
    encoded = base64.b64encode(data).decode()
    return {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png"} | {"data": encoded},
    }


def asked(content: list[dict[str, Any]], model: str = MODEL) -> dict[str, Any]:
    messages = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, *content]}]
    return {"model": model, "max_tokens": 8, "temperature": 0, "messages": messages}


async def said(client: httpx.AsyncClient, body: dict[str, Any]) -> tuple[str, int]:
    """The text of an answer, and how many tokens were read for it."""
    answer = await client.post("/v1/messages", json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    usage = found["usage"]
    tokens = usage["input_tokens"] + usage.get("cache_read_input_tokens", 0)
    return "".join(block.get("text", "") for block in found["content"]), tokens


async def test_an_image_is_seen_and_counted(client: httpx.AsyncClient) -> None:
    nothing, text_tokens = await said(client, asked([]))
    red, red_tokens = await said(client, asked([image(RED)]))
    blue, _ = await said(client, asked([image(BLUE)]))
    again, _ = await said(client, asked([image(RED)]))
    assert len({nothing, red, blue}) == 3
    assert again == red
    assert red_tokens >= text_tokens + IMAGE_TOKENS
    counted = await client.post("/v1/messages/count_tokens", json=asked([image(RED)]))
    assert counted.json()["input_tokens"] == red_tokens


async def test_an_image_that_a_tool_has_answered_is_seen(client: httpx.AsyncClient) -> None:
    def body(data: bytes) -> dict[str, Any]:
        found = asked([])
        result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": [image(data)]}
        found["messages"] += [
            {"role": "assistant", "content": [CALL]},
            {"role": "user", "content": [result]},
        ]
        return found

    assert (await said(client, body(RED)))[0] != (await said(client, body(BLUE)))[0]


async def test_a_client_of_another_dialect_shows_one(client: httpx.AsyncClient) -> None:
    async def told(data: bytes) -> str:
        url = f"data:image/png;base64,{base64.b64encode(data).decode()}"
        content = [
            {"type": "text", "text": "Look."},
            {"type": "image_url", "image_url": {"url": url}},
        ]
        body: dict[str, Any] = {"model": MODEL, "max_tokens": 8, "temperature": 0}
        body["messages"] = [{"role": "user", "content": content}]
        answer = await client.post("/v1/chat/completions", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["choices"][0]["message"]["content"])

    assert await told(RED) != await told(BLUE)


async def test_a_model_without_eyes_is_told_that_there_was_one(client: httpx.AsyncClient) -> None:
    red, tokens = await said(client, asked([image(RED)], "blind/exact"))
    blue, _ = await said(client, asked([image(BLUE)], "blind/exact"))
    assert red == blue
    assert tokens > (await said(client, asked([], "blind/exact")))[1]


async def test_a_damaged_image_is_refused_and_the_model_lives(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/messages", json=asked([image(RED[:40])]))
    assert answer.status_code == 400, answer.text
    assert (await said(client, asked([image(RED)])))[0]


async def test_a_projector_that_is_none_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/messages", json=asked([], "odd/exact"))
    assert answer.status_code == 500, answer.text
    assert "exact.gguf" in json.loads(answer.text)["error"]["message"]


async def test_guesses_change_no_answer(client: httpx.AsyncClient) -> None:
    plain = asked([], "eyes/exact") | {"max_tokens": 40}
    assert (await said(client, plain))[0] == (
        await said(client, plain | {"model": "guesses/exact"})
    )[0]
