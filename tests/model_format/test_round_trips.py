"""A conversation's calls as a model of each family writes them, and read back: any arguments.

The writers follow the families' templates, not our grammars or parsers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.engine.messages import ToolShape
from understudy.protocols.model_format.format import ModelFormat
from understudy.protocols.model_format.functionary import FunctionaryRecipients, FunctionaryTags
from understudy.protocols.model_format.hermes import Hermes
from understudy.protocols.model_format.json_lists import Apriel, Functools, Granite, Nemotron
from understudy.protocols.model_format.lfm import Lfm
from understudy.protocols.model_format.llama import Llama
from understudy.protocols.model_format.mistral import (
    Mistral,
    MistralList,
    MistralThinking,
    MistralWithIds,
)
from understudy.protocols.model_format.phi import Phi
from understudy.protocols.model_format.qwen_coder import QwenCoder, Seed

from .blocks import Called, Spoken, told

TOOL = ToolShape(
    "write-file",
    "Writes a file.",
    {
        "type": "object",
        "properties": {
            "path": {"type": "string"},
            "lines": {"type": "array", "items": {}},
            "options": {"type": "object"},
            "mode": {"type": "integer"},
            "sync": {"type": "boolean"},
            "owner": {"type": ["string", "null"]},
        },
    },
)

TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        *("</tool_call>", "<tool_call>\n", "\n", '"', "\\", "'", "}", "[TOOL_CALLS]", "[ARGS]"),
        *("</TOOLCALL>", "</tool_calls>", "<|/tool_call|>", "<|tool_call_end|>", "</function>"),
        *("<|python_tag|>", ">>>", "</think>", "<think>", "\r\n\t", "\x00", "\x7f", "é\u2028"),
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
ARGUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "path": TEXTS,
        "lines": st.lists(ANYTHING, max_size=3),
        "options": st.dictionaries(TEXTS, ANYTHING, max_size=3),
        "mode": st.integers(-(10**9), 10**9),
        "sync": st.booleans(),
        "owner": st.none() | st.just("owner"),
    },
)

Writer = Callable[[str, dict[str, Any]], str]


def as_python(name: str, arguments: dict[str, Any]) -> str:
    return f"[{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})]"


def with_id(name: str, arguments: dict[str, Any]) -> str:
    return f"[TOOL_CALLS]{name}[CALL_ID]a1b2c3d4e[ARGS]{json.dumps(arguments)}"


FORMS: list[ModelFormat] = [
    Hermes(),
    QwenCoder(),
    Seed(),
    Granite(),
    Phi(),
    Nemotron(),
    Apriel(),
    Functools(),
    Llama(),
    Lfm(),
    Mistral(),
    MistralList(),
    MistralThinking(),
    FunctionaryTags(),
    FunctionaryRecipients(),
]
WRITERS: list[tuple[ModelFormat, Writer]] = [
    *((form, form.told_call) for form in FORMS),
    (Llama(), as_python),
    (MistralWithIds(), with_id),
]


@pytest.mark.parametrize(("form", "write"), WRITERS, ids=lambda each: getattr(each, "name", ""))
@given(ARGUMENTS, st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_any_arguments_are_read_back(
    form: ModelFormat, write: Writer, arguments: dict[str, Any], size: int
) -> None:
    written = write(TOOL.name, arguments)
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    assert told(form, pieces, (TOOL,)) == [Called(TOOL.name, arguments)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_called_tool_s_answer_is_told_with_its_words(form: ModelFormat) -> None:
    written = form.told_call(TOOL.name, {"path": "a"})
    assert told(form, [f"{written}\n{written}\nDone."], (TOOL,)) == [
        Called(TOOL.name, {"path": "a"}),
        Called(TOOL.name, {"path": "a"}),
        Spoken("Done."),
    ]


def test_phi_is_told_its_tools_between_its_marks() -> None:
    text = Phi().told_tools([TOOL]).removeprefix("<|tool|>").removesuffix("<|/tool|>")
    assert [tool["name"] for tool in json.loads(text)] == [TOOL.name]
