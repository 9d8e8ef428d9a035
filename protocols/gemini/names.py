"""Gemini's limits for the name of a function.

Its pages disagree on dots, colons and the length; this is what all of them allow.
"""

from __future__ import annotations

import re

from ..conversation.names import NameRule

RULE = NameRule(63, re.compile(r"[^a-zA-Z0-9_-]"), re.compile(r"[^a-zA-Z_]"))
