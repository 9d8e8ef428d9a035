"""Every family's examples, under every split and under every cut."""

from __future__ import annotations

import pytest
from understudy.protocols.model_format.format import ModelFormat
from understudy.protocols.model_format.functionary import FunctionaryRecipients, FunctionaryTags
from understudy.protocols.model_format.hermes import Hermes
from understudy.protocols.model_format.json_lists import Apriel, Functools, Granite, Nemotron
from understudy.protocols.model_format.lfm import Lfm
from understudy.protocols.model_format.llama import Llama
from understudy.protocols.model_format.mistral import Mistral
from understudy.protocols.model_format.phi import Phi
from understudy.protocols.model_format.plain import Plain
from understudy.protocols.model_format.qwen_coder import QwenCoder, Seed

from . import hermes_examples, list_examples, llama_examples, qwen_coder_examples
from .blocks import Example, splits, told
from .tool_shapes import TOOLS

FAMILIES: list[tuple[ModelFormat, list[Example]]] = [
    (Hermes(), hermes_examples.EXAMPLES),
    (Plain(), hermes_examples.EXAMPLES),
    (QwenCoder(), qwen_coder_examples.EXAMPLES),
    (Seed(), qwen_coder_examples.SEED_EXAMPLES),
    (Llama(), llama_examples.EXAMPLES),
    (Lfm(), llama_examples.LFM_EXAMPLES),
    (Mistral(), list_examples.MISTRAL_EXAMPLES),
    (Granite(), list_examples.GRANITE_EXAMPLES),
    (Phi(), list_examples.PHI_EXAMPLES),
    (Functools(), list_examples.PHI_EXAMPLES[2:]),
    (Nemotron(), list_examples.NEMOTRON_EXAMPLES),
    (Apriel(), list_examples.APRIEL_EXAMPLES),
    (FunctionaryTags(), list_examples.FUNCTIONARY_TAGS_EXAMPLES),
    (FunctionaryRecipients(), list_examples.FUNCTIONARY_RECIPIENTS_EXAMPLES),
]
CASES = [
    pytest.param(form, example, id=f"{form.name}-{number}")
    for form, examples in FAMILIES
    for number, example in enumerate(examples)
]


@pytest.mark.parametrize(("form", "example"), CASES)
def test_an_answer_means_the_same_for_every_split(form: ModelFormat, example: Example) -> None:
    for pieces in splits(example.written):
        assert told(form, pieces, TOOLS, example.tail) == example.blocks, pieces


@pytest.mark.parametrize(("form", "example"), CASES)
def test_a_cut_answer_means_the_same_in_one_piece_and_in_many(
    form: ModelFormat, example: Example
) -> None:
    for end in range(len(example.written)):
        written = example.written[:end]
        one = told(form, [written], TOOLS, example.tail, whole=False)
        assert told(form, list(written), TOOLS, example.tail, whole=False) == one
