"""The list of models, as each strict SDK reads it: every id that a client may name is there."""

from __future__ import annotations

from typing import Any, cast

import anthropic
import ollama
import openai
from google import genai
from google.genai import types

from .cells import DIALECTS
from .understudy_server import endpoint
from .upstreams.script import TOKEN

WANTED = {f"{endpoint(dialect)}/text" for dialect in DIALECTS}


def test_anthropic(base_url: str) -> None:
    with anthropic.Anthropic(
        base_url=base_url, api_key=TOKEN, max_retries=0, _strict_response_validation=True
    ) as client:
        assert {model.id for model in client.models.list(limit=1_000)} >= WANTED


def test_openai(base_url: str) -> None:
    with openai.OpenAI(
        base_url=f"{base_url}/v1", api_key=TOKEN, max_retries=0, _strict_response_validation=True
    ) as client:
        assert {model.id for model in client.models.list()} >= WANTED


def test_gemini(base_url: str) -> None:
    options = types.HttpOptions(base_url=base_url, api_version="v1beta")
    client = genai.Client(api_key=TOKEN, vertexai=False, http_options=options)
    names = {str(model.name) for model in cast(Any, client).models.list()}
    client.close()
    assert {name.removeprefix("models/") for name in names} >= WANTED


def test_ollama(base_url: str) -> None:
    client = ollama.Client(host=base_url, headers={"authorization": f"Bearer {TOKEN}"})
    names = {str(model.model).removesuffix(":latest") for model in client.list().models}
    cast(Any, client).close()
    assert names >= WANTED
