"""All model formats, in the order in which they are asked, and the one that fits a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from .apertus import Apertus
from .command_r import CommandR, CommandR7B
from .deepseek import DeepSeekR1, DeepSeekV4, DeepSeekV31, DeepSeekV32
from .format import ModelFormat
from .functionary import FunctionaryRecipients, FunctionaryTags
from .gemma import FunctionGemma, Gemma4, Gemma4First
from .gigachat import GigaChat, GigaChat3
from .glm import Glm, Hunyuan
from .harmony import Harmony
from .hermes import Hermes
from .json_lists import Apriel, Functools, Granite, Nemotron
from .kimi import Kimi, KimiFirst
from .kimi_k3 import KimiK3
from .lfm import Lfm
from .llama import Llama
from .minicpm import MiniCpm
from .minimax import MiniMaxM1, MiniMaxM2
from .mistral import Mistral, MistralList, MistralThinking, MistralWithIds
from .phi import Phi
from .plain import Plain
from .qwen_coder import QwenCoder, Seed
from .solar import Solar

PLAIN: Final = Plain()
HERMES: Final = Hermes()

ORDER: Final[tuple[ModelFormat, ...]] = (
    FunctionaryTags(),  # its templates have Llama's words as well
    FunctionaryRecipients(),
    Harmony(),
    KimiFirst(),
    Kimi(),
    DeepSeekV4(),
    DeepSeekV32(),
    DeepSeekR1(),
    DeepSeekV31(),
    Gemma4First(),
    Gemma4(),
    FunctionGemma(),
    Hunyuan(),
    Glm(),
    MiniMaxM2(),
    MiniMaxM1(),
    KimiK3(),
    Apertus(),
    GigaChat(),
    GigaChat3(),
    MiniCpm(),
    Solar(),
    CommandR7B(),
    CommandR(),
    MistralWithIds(),
    MistralThinking(),
    Mistral(),
    MistralList(),
    Llama(),
    Lfm(),
    Granite(),
    Phi(),
    Nemotron(),
    Apriel(),
    Functools(),
    Seed(),
    QwenCoder(),
    HERMES,
)
"""A format that is recognised by a rarer mark comes before one that would fit as well."""
FORMATS: Final[Mapping[str, ModelFormat]] = {form.name: form for form in (*ORDER, PLAIN)}
"""Every format by its name."""

_COMMENT: Final = re.compile(r"\{#.*?#\}", re.DOTALL)
_TOOLS: Final = re.compile(r"\btools\b")


def format_of(template: str) -> ModelFormat:
    """The format of a model with this chat template, which is "" for a model without one.

    A template of no known family that shows tools is believed to be of Hermes's.
    """
    for form in ORDER:
        if form.fits(template):
            return form
    return HERMES if _TOOLS.search(_COMMENT.sub("", template)) else PLAIN
