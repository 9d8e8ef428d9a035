"""Which conversations llama.cpp renders as we do, with the templates of tests/engine_templates.

`make test` has no llama.cpp to ask, so its answers are recorded there, as a digest of each prompt:
`python -m tests.real.template_recording`, in the repository's root, records them again.
"""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import trio
from understudy.io.engines.chat_template import CHATML, ChatTemplate
from understudy.io.engines.template_sandbox import TemplateRefused
from understudy.protocols.model_format.formats import format_of

from .template_corpus import cases, judged, wire

FOLDER: Final = Path(__file__).parents[1] / "engine_templates"
RECORDING: Final = FOLDER / "renderings.json"
DIGEST_CHARACTERS: Final = 16


def own_templates() -> dict[str, str]:
    """Our own templates, as tests/engine_templates/habits.py names them."""
    files = sorted((FOLDER / "templates").glob("*.jinja"))
    return {"chatml": CHATML, **{file.stem: file.read_text() for file in files}}


async def same_renderings() -> dict[str, dict[str, str]]:
    """The digests of the prompts that both make alike, by template and conversation."""
    return {name: await _same(source) for name, source in own_templates().items()}


async def _same(source: str) -> dict[str, str]:
    template = ChatTemplate.load(source, format_of(source), datetime.now)
    chats = cases()
    theirs = await judged(
        source, {name: wire(chat, template.variables(chat)) for name, chat in chats.items()}
    )
    found: dict[str, str] = {}
    for name, prompt in theirs.prompts.items():
        try:
            ours = template.render(chats[name])
        except TemplateRefused:
            continue
        if ours == prompt:
            found[name] = sha256(prompt.encode()).hexdigest()[:DIGEST_CHARACTERS]
    return found


if __name__ == "__main__":
    RECORDING.write_text(json.dumps(trio.run(same_renderings), indent=2) + "\n")
