"""All dialects by name: those that clients speak to us, and those that we speak to endpoints.

Two are spoken to us alone: older forms of a dialect in which one text is asked for. An endpoint of
that dialect gets them as they are; for any other they are a conversation of one message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from . import embedding
from .anthropic.dialect import SERVED as ANTHROPIC_SERVED
from .anthropic.dialect import UPSTREAM as ANTHROPIC_UPSTREAM
from .dialect import Served, UpstreamDialect
from .gemini.dialect import SERVED as GEMINI_SERVED
from .gemini.dialect import UPSTREAM as GEMINI_UPSTREAM
from .ollama.dialect import GENERATE
from .ollama.dialect import SERVED as OLLAMA_SERVED
from .ollama.dialect import UPSTREAM as OLLAMA_UPSTREAM
from .ollama.upstream import OllamaUpstream
from .openai_chat.completions import COMPLETIONS
from .openai_chat.dialect import SERVED as OPENAI_CHAT_SERVED
from .openai_chat.dialect import UPSTREAM as OPENAI_CHAT_UPSTREAM
from .openai_chat.dialect import UpstreamChat
from .openai_responses.dialect import SERVED as OPENAI_RESPONSES_SERVED
from .openai_responses.dialect import UPSTREAM as OPENAI_RESPONSES_UPSTREAM

_ALL_SERVED: Final = (
    ANTHROPIC_SERVED,
    OPENAI_CHAT_SERVED,
    COMPLETIONS,
    OPENAI_RESPONSES_SERVED,
    GEMINI_SERVED,
    OLLAMA_SERVED,
    GENERATE,
)
_ALL_UPSTREAM: Final = (
    ANTHROPIC_UPSTREAM,
    OPENAI_CHAT_UPSTREAM,
    OPENAI_RESPONSES_UPSTREAM,
    GEMINI_UPSTREAM,
    OLLAMA_UPSTREAM,
)
SERVED: Final[Mapping[str, Served]] = {served.name: served for served in _ALL_SERVED}
UPSTREAM: Final[Mapping[str, UpstreamDialect]] = {peer.name: peer for peer in _ALL_UPSTREAM}

FAMILY: Final[Mapping[str, str]] = {
    COMPLETIONS.name: OPENAI_CHAT_UPSTREAM.name,
    GENERATE.name: OLLAMA_UPSTREAM.name,
    embedding.OPENAI: OPENAI_CHAT_UPSTREAM.name,
    embedding.OLLAMA: OLLAMA_UPSTREAM.name,
    embedding.OLLAMA_ONE: OLLAMA_UPSTREAM.name,
    embedding.GEMINI: GEMINI_UPSTREAM.name,
    embedding.GEMINI_BATCH: GEMINI_UPSTREAM.name,
}
"""The dialect that a form of request belongs to: in it errors are told, and endpoints of it read
an older form as it is."""


def family(form: str) -> str:
    """The dialect of a form of request."""
    return FAMILY.get(form, form)


def upstream_dialect(
    name: str, context_tokens: int = 0, quirks: tuple[str, ...] = ()
) -> UpstreamDialect:
    """The dialect for one endpoint: Ollama has to be told how long its context is to be, and who
    speaks Chat Completions does so with quirks of its own."""
    if name == OLLAMA_UPSTREAM.name:
        return OllamaUpstream(context_tokens)
    if name == OPENAI_CHAT_UPSTREAM.name and quirks:
        return UpstreamChat(quirks)
    return UPSTREAM[name]


def may_be_relayed(form: str) -> bool:
    """Whether an endpoint of a form's dialect can be given it as it is.

    Not the old completions: few endpoints of that dialect still have a route for them.
    """
    return form in SERVED and form != COMPLETIONS.name
