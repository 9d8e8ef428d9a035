"""Values that make no sense, and requests and answers made of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from understudy.protocols.json_values import object_of

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


def shaped(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with any of these members, or something else."""
    kinds = {name: kind | VALUES for name, kind in members.items()}
    return st.fixed_dictionaries({}, optional=kinds) | VALUES


def words(*known: str) -> st.SearchStrategy[str]:
    """One of the words, or another."""
    return st.sampled_from(known) | st.text(max_size=4)


def lists(kind: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A short list."""
    return st.lists(kind, max_size=3)


JSON_TEXT = st.sampled_from(["", "{}", '{"a":', "1}", "[", "null", '{"a":1}', '"\\ud83d"'])
FUNCTION = shaped(name=words("f", "g", ""), arguments=JSON_TEXT, input=JSON_TEXT, parameters=VALUES)
CALL = shaped(
    index=st.integers(-1, 3),
    id=words("a", "b", ""),
    type=words("function", "custom"),
    function=FUNCTION,
    custom=FUNCTION,
)
DETAIL = shaped(
    type=words("reasoning.text", "reasoning.encrypted", "reasoning.summary"),
    text=st.text(max_size=4),
    signature=words("s"),
    data=words("z"),
    index=st.integers(0, 2),
    format=words("unknown"),
)
PART = shaped(
    type=words("text", "image_url", "input_audio", "file", "refusal", "thinking", "video_url"),
    text=st.text(max_size=4),
    image_url=shaped(url=words("data:image/png;base64,AA==", "http://x")),
    input_audio=shaped(data=words("AA=="), format=words("wav")),
    file=shaped(file_data=words("AA=="), file_id=words("file-1"), filename=words("a.pdf")),
    thinking=lists(shaped(text=st.text(max_size=3))),
    cache_control=VALUES,
)
MESSAGE_MEMBERS: dict[str, st.SearchStrategy[Any]] = {
    "content": st.text(max_size=6) | lists(PART),
    "refusal": st.text(max_size=4),
    "reasoning_content": st.text(max_size=4),
    "reasoning": st.text(max_size=4),
    "reasoning_details": lists(DETAIL),
    "tool_calls": lists(CALL),
    "function_call": FUNCTION,
    "annotations": lists(shaped(url_citation=shaped(url=words("http://x")))),
}


def with_role(role: str, rest: Any) -> Any:
    """The value with a role, if it is an object."""
    members = object_of(rest)
    return {**members, "role": role} if members else rest


MESSAGE: st.SearchStrategy[Any] = st.builds(
    with_role,
    words("system", "developer", "user", "assistant", "tool", "function", ""),
    shaped(**MESSAGE_MEMBERS, name=words("f"), tool_call_id=words("a", "b"), cache_control=VALUES),
)
USAGE = shaped(
    prompt_tokens=st.integers(-5, 50),
    completion_tokens=st.integers(0, 50),
    total_tokens=st.integers(0, 100),
    prompt_tokens_details=shaped(cached_tokens=st.integers(0, 99)),
    completion_tokens_details=shaped(reasoning_tokens=st.integers(0, 99)),
)
DELTA = shaped(**MESSAGE_MEMBERS)
CHOICE = shaped(
    index=st.integers(0, 1),
    delta=DELTA,
    message=DELTA,
    finish_reason=words("stop", "length", "tool_calls", "error"),
    logprobs=shaped(content=lists(VALUES)),
    stop_reason=VALUES,
    usage=USAGE,
)
CHUNK = shaped(choices=lists(CHOICE), usage=USAGE, error=VALUES, x_groq=shaped(usage=USAGE))
TOOL = shaped(type=words("function", "custom"), function=FUNCTION, name=words("f"), strict=VALUES)
REQUEST = st.fixed_dictionaries(
    {"model": st.just("m"), "messages": lists(MESSAGE)},
    optional={
        "tools": lists(TOOL) | VALUES,
        "functions": lists(FUNCTION) | VALUES,
        "tool_choice": words("auto", "required")
        | shaped(type=words("allowed_tools"), tools=lists(TOOL)),
        "function_call": FUNCTION,
        "response_format": shaped(type=words("json_schema", "json_object"), json_schema=VALUES),
        "stop": VALUES,
        "stream_options": VALUES,
        "logprobs": VALUES,
        "top_logprobs": VALUES,
        "n": VALUES,
        "temperature": VALUES,
        "reasoning": shaped(effort=words("low"), max_tokens=VALUES),
        "thinking": shaped(type=words("enabled")),
        "web_search_options": shaped(user_location=shaped(approximate=VALUES)),
        "user": VALUES,
        "anything": VALUES,
    },
)
"""Bodies that can be routed and may make no sense in any other way."""
