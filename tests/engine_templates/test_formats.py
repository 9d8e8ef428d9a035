"""Which model format a chat template is of. The templates of real models: tests/real."""

from __future__ import annotations

import pytest
from understudy.io.engines.chat_template import CHATML
from understudy.protocols.model_format.formats import FORMATS, HERMES, ORDER, PLAIN, format_of

from .habits import ONE_CALL, THINKER, TURNS


def test_every_format_has_a_name_of_its_own() -> None:
    assert len(FORMATS) == len(ORDER) + 1
    assert all(FORMATS[form.name] is form for form in (*ORDER, PLAIN))


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("", "plain"),
        (CHATML, "plain"),
        (TURNS, "plain"),
        (ONE_CALL, "hermes"),
        (THINKER, "hermes"),
        ("<|channel|>analysis <|start|> tools", "harmony"),
        ("<tool_call> <function= <parameter= tools", "qwen_coder"),
        ("<tool_call> <arg_key> tools", "glm"),
        ("[TOOL_CALLS] [ARGS] tools", "mistral"),
        ("[TOOL_CALLS] [CALL_ID] [ARGS] tools", "mistral_ids"),
        ('<function= </function> {"name": "parameters": tools', "functionary_tags"),
    ],
)
def test_the_format_of_a_template(template: str, name: str) -> None:
    assert format_of(template).name == name


def test_an_unknown_family_with_tools_is_believed_to_write_as_most_do() -> None:
    assert format_of("{% for tool in tools %}{{ tool }}{% endfor %}") is HERMES
    assert format_of("{% for stool in stools %}{{ stool }}{% endfor %}") is PLAIN


def test_a_format_tells_tools_calls_and_results_in_words() -> None:
    told = HERMES.told_call("Read", {"path": "ä"})
    assert told == '<tool_call>\n{"name": "Read", "arguments": {"path": "ä"}}\n</tool_call>'
    assert HERMES.told_result("x") == "<tool_response>\nx\n</tool_response>"
    assert HERMES.told_tools([]).endswith("What the tool answers comes in the next message.")
