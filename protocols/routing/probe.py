"""The question that is put to an endpoint which rests: is anybody there?

It asks for the list of models, the one request that every dialect has and that costs nobody tokens.
Any answer but a failure of the server is a yes, a refusal of the key as well: what was not known is
whether the endpoint is there. Whether it answers turns is for the next turn to find out.

The paths are those of Anthropic's and OpenAI's API references, of ai.google.dev/api/models, and of
Ollama's docs/api.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from ..actor import Message
from ..records import TurnOutcome
from .verdict import Verdict, verdict_of

PROBES_MAX: Final = 50
"""So often in a row an endpoint is asked: a few hours. After that its next turn finds out."""
PROBE_SECONDS_MAX: Final = 5.0
PROBE_BYTES_MAX: Final = 64 * 1024

MODELS_PATHS: Final[Mapping[str, str]] = {
    "anthropic": "/v1/models",
    "openai-chat": "/v1/models",
    "openai-responses": "/v1/models",
    "gemini": "/v1beta/models",
    "ollama": "/api/tags",
}


@attrs.frozen
class Probe(Message[int]):
    """To a backend: ask your endpoint for its models. The reply is a status; 0 for no answer.

    `key` is the number of the key to ask with; None for none.
    """

    key: int | None = None


def is_there(status: int) -> bool:
    """Whether an endpoint that has answered so is there."""
    down = verdict_of(TurnOutcome.REFUSED, status) is Verdict.DOWN
    return status > 0 and not down
