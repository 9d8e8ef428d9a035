"""The two halves of this dialect."""

from __future__ import annotations

from .served import GeminiServed
from .upstream import GeminiUpstream

SERVED = GeminiServed()
UPSTREAM = GeminiUpstream()
