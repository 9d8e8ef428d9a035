"""What is read out of a header for people, and what is said of one that is no model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from understudy.protocols.gguf.facts import read_facts
from understudy.protocols.gguf.kind import run_problem
from understudy.protocols.models.local_model import ModelFacts

from .writing import LLAMA, Placed, header_of


def facts(more: Mapping[str, Any], *tensors: Placed) -> ModelFacts:
    found = header_of({**LLAMA, **more}, tensors) if tensors else header_of({**LLAMA, **more})
    return read_facts(found)


def test_the_facts_of_a_small_model() -> None:
    assert facts({"general.license": "apache-2.0"}) == ModelFacts(
        format="gguf",
        architecture="llama",
        name="small",
        parameters=64 * 4 + 2 * 64 * 64 + 64,
        quantisation="F16",
        context_tokens=4_096,
        token_bytes=2 * 2 * 2 * 16 * 2,
        template=True,
        tools=True,
        licence="apache-2.0",
    )


@pytest.mark.parametrize(
    ("template", "tools", "thinking"),
    [
        ("{{ messages }}", False, False),
        ("{% if tools %}{{ tools | tojson }}{% endif %}", True, False),
        ("{# no tools here #}{{ messages }}", False, False),
        ("{# a comment that never ends: tools", True, False),
        ("{% if enable_thinking %}<think>{% endif %}", False, True),
        ("{{ reasoning_effort }} {# #}{% for tool in tools %}", True, True),
        ("{{ toolsmith }}", False, False),
    ],
)
def test_what_a_template_speaks_of(template: str, tools: bool, thinking: bool) -> None:
    found = facts({"tokenizer.chat_template": template})
    assert (found.template, found.tools, found.thinking) == (True, tools, thinking)


def test_a_template_that_is_made_to_take_long_does_not() -> None:
    assert not facts({"tokenizer.chat_template": "{#" * 400_000}).tools


Q4, Q6, F32 = 12, 14, 0


@pytest.mark.parametrize(
    ("named", "forms", "expected"),
    [
        (15, {Q4: 8, Q6: 2}, "Q4_K_M"),
        (None, {Q4: 8, Q6: 2}, "Q4_K"),
        (7, {Q4: 8}, "Q4_K"),
        (9_999, {Q6: 1}, "Q6_K"),
        (0, {F32: 1}, "F32"),
        (27, {21: 4}, "IQ3_M"),
        (38, {39: 4, F32: 1}, "MXFP4"),
    ],
)
def test_how_a_file_is_called(named: int | None, forms: Mapping[int, int], expected: str) -> None:
    tensors = [
        Placed(f"t{form}.{number}", (256, 4), form)
        for form, count in forms.items()
        for number in range(count)
    ]
    metadata = {key: value for key, value in LLAMA.items() if key != "general.file_type"}
    if named is not None:
        metadata["general.file_type"] = named
    assert read_facts(header_of(metadata, tensors)).quantisation == expected


def test_other_kinds_of_models_are_known() -> None:
    assert facts({"llama.pooling_type": 1}).embeddings
    assert not facts({"llama.pooling_type": 0}).embeddings
    assert facts({"general.architecture": "bert"}).embeddings
    assert facts({}, Placed("v.blk.0.attn_q.weight", (64, 64))).vision
    projector = {"general.architecture": "clip", "clip.has_vision_encoder": True}
    assert facts(projector).vision
    assert not facts({**projector, "clip.has_vision_encoder": False}).vision


def test_a_name_is_one_short_line() -> None:
    found = facts({"general.name": "a\x1b[2J\nb" + "c" * 900})
    assert found.name.startswith("a [2J b")
    assert len(found.name) <= 200


def test_a_window_beyond_all_sense_is_not_told() -> None:
    assert facts({"llama.context_length": 2**63}).context_tokens == 0


def test_the_parts_of_a_model_are_counted_together() -> None:
    first, second = header_of(LLAMA), header_of({"split.no": 1}, [Placed("rest", (64, 64))])
    assert read_facts(first, [second]).parameters == first.parameters + 64 * 64


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ""),
        ({"general.type": "model"}, ""),
        ({"general.type": "mmproj"}, "a projector"),
        ({"general.architecture": "clip"}, "a projector"),
        ({"general.type": "adapter"}, "an adapter"),
        ({"general.type": "imatrix"}, "statistics for quantising"),
        ({"general.type": "vocab"}, "a vocabulary without weights"),
        ({"general.architecture": ""}, "does not say what kind of model"),
        ({"general.architecture": 7}, "does not say what kind of model"),
        ({"llama.block_count": 0}, "'llama.block_count' is 0, and must be 1 to 512"),
        ({"llama.block_count": 513}, "is 513"),
        ({"llama.block_count": "2"}, "'llama.block_count' is not a number"),
        ({"llama.block_count": True}, "must be 1 to 512"),
        ({"llama.embedding_length": 0}, "must be 1 to"),
        ({"llama.context_length": 2**40}, "must be 1 to"),
    ],
)
def test_what_cannot_be_run_is_told(more: Mapping[str, Any], said: str) -> None:
    found = run_problem(header_of({**LLAMA, **more}))
    assert said in found
    assert bool(said) == bool(found)


def test_a_model_without_weights_cannot_be_run() -> None:
    assert "has no weights" in run_problem(header_of(LLAMA, ()))
