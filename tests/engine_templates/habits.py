"""Chat templates of our own, each with a habit of templates that people use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from understudy.io.engines.chat_template import CHATML

_FOLDER: Final = Path(__file__).with_name("templates")

TEMPLATES: Final[Mapping[str, str]] = {
    "chatml": CHATML,
    **{file.stem: file.read_text() for file in sorted(_FOLDER.glob("*.jinja"))},
}
DEMANDING: Final = TEMPLATES["demanding"]
EFFORTS: Final = TEMPLATES["efforts"]
ONE_CALL: Final = TEMPLATES["one_call"]
PARTS: Final = TEMPLATES["parts"]
TEXTS: Final = TEMPLATES["texts"]
THINKER: Final = TEMPLATES["thinker"]
TURNS: Final = TEMPLATES["turns"]
