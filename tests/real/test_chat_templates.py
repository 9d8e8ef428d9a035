"""Every chat template that llama.cpp is tested with renders what llama.cpp renders with it.

The judge is llama.cpp's own Jinja and all that it does around it; the conversations are those of
tests/engine_templates. Where the two differ, `template_exceptions` says why, one by one: a row that
is not true any more fails here, like a difference without a row.
"""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from understudy.io.engines.chat_template import ChatTemplate, SpecialTexts
from understudy.io.engines.template_sandbox import TemplateRefused
from understudy.protocols.engine.messages import Chat
from understudy.protocols.model_format.formats import format_of

from .template_corpus import Judgement, cases, judged, template_files, wire
from .template_exceptions import EXCEPTIONS
from .template_families import FAMILIES
from .template_recording import RECORDING, same_renderings

CASES = cases()
REFUSED = "refused"


def test_every_template_is_in_the_table() -> None:
    assert set(template_files()) == set(FAMILIES)


def test_every_template_is_of_its_family() -> None:
    found = {name: format_of(file.read_text()).name for name, file in template_files().items()}
    assert found == dict(FAMILIES)


@pytest.mark.parametrize("name", FAMILIES)
async def test_a_template_renders_as_in_llama_cpp(name: str) -> None:
    ours, theirs = await _both(template_files()[name].read_text())
    different = {case for case in CASES if ours[case] != theirs.prompts.get(case, REFUSED)}
    excepted = {case for template, case in EXCEPTIONS if template == name}
    for case in sorted(different - excepted):
        assert ours[case] == theirs.prompts.get(case, theirs.errors.get(case)), case
    assert excepted - different == set(), "these rows of the table are not needed any more"


@pytest.mark.parametrize("name", FAMILIES)
def test_a_template_renders_every_conversation(name: str) -> None:
    """None is refused for its form, whatever llama.cpp makes of it."""
    source = template_files()[name].read_text()
    template = ChatTemplate.load(source, format_of(source), datetime.now)
    assert all(template.render(chat) for chat in CASES.values())


async def test_what_is_recorded_is_what_llama_cpp_renders() -> None:
    assert await same_renderings() == json.loads(RECORDING.read_text())


async def _both(source: str) -> tuple[dict[str, str], Judgement]:
    """Our prompts and theirs, of one day: many templates write the date."""
    while True:
        today = date.today()
        template = ChatTemplate.load(source, format_of(source), datetime.now)
        bodies = {case: wire(chat, template.variables(chat)) for case, chat in CASES.items()}
        theirs = await judged(source, bodies)
        special = SpecialTexts(theirs.bos, theirs.eos)
        template = ChatTemplate.load(source, format_of(source), datetime.now, special)
        ours = {case: _rendered(template, chat) for case, chat in CASES.items()}
        if date.today() == today:
            return ours, theirs


def _rendered(template: ChatTemplate, chat: Chat) -> str:
    try:
        return template.render(chat)
    except TemplateRefused:
        return REFUSED
