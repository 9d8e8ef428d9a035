"""Probabilities of tokens: nearly the same here as in Chat Completions, the neutral shape."""

from __future__ import annotations

from typing import Any

from ..json_values import list_of, object_of, objects_of, text_of


def shown_logprob(value: Any) -> dict[str, Any]:
    """A token's probability with every member that a client counts on."""
    found = object_of(value)
    alternatives = objects_of(found.get("top_logprobs"))
    return {**_token(found), "top_logprobs": [_token(each) for each in alternatives]}


def read_logprobs(value: Any) -> tuple[Any, ...]:
    """An upstream's probabilities in the neutral shape."""
    return tuple(shown_logprob(each) for each in objects_of(value))


def _token(found: dict[str, Any]) -> dict[str, Any]:
    """One token; some servers leave its bytes out."""
    token, logprob = text_of(found.get("token")), found.get("logprob")
    known = isinstance(logprob, int | float) and not isinstance(logprob, bool)
    data = list_of(found.get("bytes")) or list(token.encode())
    return {"token": token, "bytes": data, "logprob": logprob if known else 0.0}
