"""Requests as clients send them, and any odd ones."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from understudy.protocols.anthropic.request import parse_request
from understudy.protocols.request import ServedRequest

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)

KINDS = ("text", "tool_use", "tool_result", "thinking", "image", "tool_reference", "?", None, 7)
BLOCKS = VALUES | st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS)},
    optional={
        "text": VALUES,
        "thinking": VALUES,
        "signature": st.sampled_from(["", "c2ln", None]),
        "content": VALUES,
        "id": VALUES,
        "name": VALUES,
        "input": VALUES,
        "tool_use_id": VALUES,
    },
)
CONTENTS = VALUES | st.text() | st.lists(BLOCKS, max_size=4)
MESSAGES = VALUES | st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "system", "?", 7, None])},
    optional={"content": CONTENTS, "output_config": VALUES},
)
TOOLS = VALUES | st.fixed_dictionaries(
    {"name": VALUES}, optional={"description": VALUES, "input_schema": VALUES, "type": VALUES}
)
ODD_BODIES = st.fixed_dictionaries(
    {"model": st.just("m"), "messages": st.lists(MESSAGES, max_size=5)},
    optional={
        "system": VALUES | st.text() | st.lists(BLOCKS, max_size=3),
        "tools": VALUES | st.lists(TOOLS, max_size=3),
        "tool_choice": VALUES,
        "max_tokens": st.none() | st.integers(-5, 2**70),
        "metadata": VALUES | st.fixed_dictionaries({"user_id": VALUES}),
        "stop_sequences": VALUES,
    },
)
"""Bodies that pass `parse_request` and may make no sense in any other way."""

few_examples = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
"""For large examples: fewer, and however long the machine takes for one."""


def request(**members: Any) -> ServedRequest:
    """The request with these members; a model and no messages unless they say otherwise."""
    return parse_request(json.dumps({"model": "m", "messages": [], **members}).encode())


def text(words: str) -> dict[str, Any]:
    """A text block."""
    return {"type": "text", "text": words}


def user(*content: Any) -> dict[str, Any]:
    """A user's message: blocks, or one string."""
    plain = len(content) == 1 and isinstance(content[0], str)
    return {"role": "user", "content": content[0] if plain else list(content)}


def assistant(*blocks: Any) -> dict[str, Any]:
    """An assistant's message."""
    return {"role": "assistant", "content": list(blocks)}


def use(name: str, **given: Any) -> dict[str, Any]:
    """A tool call; its id is made of the name."""
    return {"type": "tool_use", "id": f"toolu_{name}", "name": name, "input": given}


def result(name: str, content: Any) -> dict[str, Any]:
    """The answer to `use(name)`."""
    return {"type": "tool_result", "tool_use_id": f"toolu_{name}", "content": content}
