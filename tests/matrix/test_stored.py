"""Responses that are kept: a conversation that goes on by the id of its last answer alone."""

from __future__ import annotations

import openai
import pytest

from .cells import DIALECTS, Upstreams
from .understudy_server import endpoint
from .upstreams.script import TOKEN


@pytest.mark.parametrize("upstream", [name for name in DIALECTS if name != "openai-responses"])
def test_a_conversation_goes_on_by_its_id(
    upstream: str, base_url: str, upstreams: Upstreams
) -> None:
    model = f"{endpoint(upstream)}/text"
    with openai.OpenAI(
        base_url=f"{base_url}/v1", api_key=TOKEN, max_retries=0, _strict_response_validation=True
    ) as client:
        first = client.responses.create(model=model, input="What is the capital of France?")
        second = client.responses.create(
            model=model, input="And of Italy?", previous_response_id=first.id
        )
    assert second.output_text == "Paris."
    heard, found = upstreams[upstream].take()
    assert found == []
    assert heard[-1].texts == ["What is the capital of France?", "And of Italy?"]
    assert heard[-1].model_texts == ["Paris."]
