"""The error body of OpenAI's two dialects, which the SDK lets pass in any form."""

from __future__ import annotations

from typing import cast

import openai

from ..question import Json


def told(error: openai.APIStatusError) -> str:
    """The message; the body must have the dialect's form."""
    body = cast(Json, error.body)
    assert type(body) is dict, f"not an error body: {error.response.text!r}"
    assert {"message", "type", "param", "code"} <= body.keys(), body
    assert isinstance(body["type"], str), body
    return str(body["message"])
