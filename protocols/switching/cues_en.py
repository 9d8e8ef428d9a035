"""What commands are made of in English: tables for `cues`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .cues import Cues, Heard
from .cues_en_asked import ASKED
from .cues_en_times import TIMES
from .cues_en_wanted import WANTED

WHOLE: Final[Mapping[str, Heard]] = {
    "back please": "back",
    "please back": "back",
    "back again please": "back",
    "back now please": "back",
    "ok back please": "back",
    "ok back now": "back",
    "ok back now please": "back",
    "ok and now back": "back",
    "and now back": "back",
    "which one are you": "which",
}

ENGLISH: Final = Cues({**WANTED, **TIMES, **ASKED}, phrases_min=1, whole=WHOLE)
