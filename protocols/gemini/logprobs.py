"""Log probabilities, both ways: Gemini's `logprobsResult` and Chat Completions' list of tokens."""

from __future__ import annotations

from typing import Any

from ..json_values import object_of, objects_of, text_of
from .members import member, number


def read_logprobs(result: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """The chosen tokens with their alternatives, as Chat Completions has them."""
    steps = objects_of(member(result, "topCandidates"))
    found: list[dict[str, Any]] = []
    for place, chosen in enumerate(objects_of(member(result, "chosenCandidates"))):
        top = objects_of(member(steps[place], "candidates")) if place < len(steps) else []
        found.append({**_token(chosen), "top_logprobs": [_token(each) for each in top]})
    return tuple(found)


def logprobs_result(logprobs: tuple[Any, ...]) -> dict[str, Any]:
    """The same tokens as Gemini has them."""
    tokens = [object_of(each) for each in logprobs]
    return {
        "chosenCandidates": [_candidate(each) for each in tokens],
        "topCandidates": [
            {"candidates": [_candidate(top) for top in objects_of(each.get("top_logprobs"))]}
            for each in tokens
        ],
    }


def _token(candidate: dict[str, Any]) -> dict[str, Any]:
    token = text_of(candidate.get("token"))
    chance = number(member(candidate, "logProbability"))
    return {
        "token": token,
        "logprob": 0.0 if chance is None else chance,
        "bytes": list(token.encode("utf-8", "surrogatepass")),
    }


def _candidate(token: dict[str, Any]) -> dict[str, Any]:
    return {
        "token": text_of(token.get("token")),
        "logProbability": number(token.get("logprob")) or 0.0,
    }
