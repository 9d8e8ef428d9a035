"""Every dialect's ear and voice, by the dialect's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .anthropic_ear import AnthropicEar
from .anthropic_voice import AnthropicVoice
from .chat_ear import ChatEar
from .chat_voice import ChatVoice
from .ear import Ear
from .gemini_ear import GeminiEar
from .gemini_voice import GeminiVoice
from .ollama_ear import OllamaEar
from .ollama_voice import OllamaVoice
from .responses_ear import ResponsesEar
from .responses_voice import ResponsesVoice
from .voice import Voice

_ALL_EARS: Final = (AnthropicEar(), ChatEar(), ResponsesEar(), GeminiEar(), OllamaEar())
_ALL_VOICES: Final = (
    AnthropicVoice(),
    ChatVoice(),
    ResponsesVoice(),
    GeminiVoice(),
    OllamaVoice(),
)
EARS: Final[Mapping[str, Ear]] = {ear.dialect: ear for ear in _ALL_EARS}
VOICES: Final[Mapping[str, Voice]] = {voice.dialect: voice for voice in _ALL_VOICES}
