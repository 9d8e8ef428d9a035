"""What the API takes of names, ids and values; a request that goes past one is refused whole.

Source: the Messages API reference and its error messages. A limit that is not documented is not
here: the API may say so itself.
"""

from __future__ import annotations

import re
from typing import Final

from ..conversation.names import NameRule

_UNFIT: Final = re.compile(r"[^a-zA-Z0-9_-]")

TOOL_NAME: Final = NameRule(128, _UNFIT)
TOOL_USE_ID: Final = NameRule(256, _UNFIT)
"""Only the characters are documented; the length is ours, far above any id that was seen."""

IMAGE_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
PDF_TYPE: Final = "application/pdf"
TEXT_TYPE: Final = "text/plain"

BUDGET_TOKENS_MIN: Final = 1_024
"""Of thinking; the API refuses less."""
TEMPERATURE_MAX: Final = 1.0
MAX_TOKENS_DEFAULT: Final = 32_000
"""For a client that sets no limit of its own, where the API demands one: what Claude Code asks of
a model that it does not know. Every Claude since version 4 takes it."""
MAX_TOKENS_CLAUDE_3: Final = 4_096
"""The same for the models before: the smallest ceiling among them."""
