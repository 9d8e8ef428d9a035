"""A chat fitted to templates of many habits, each found out by trying it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import pytest
from understudy.io.engines.chat_template import CHATML, ChatTemplate, SpecialTexts
from understudy.io.engines.template_sandbox import TemplateRefused
from understudy.protocols.engine.messages import Chat, ToolShape
from understudy.protocols.engine.template_fit import SCHEMA_DEPTH_MAX, Traits
from understudy.protocols.model_format.formats import format_of

from .cases import CASES, DONE, READ, READING, SYSTEM, TOOLS, call, result, said
from .habits import DEMANDING, EFFORTS, ONE_CALL, PARTS, TEMPLATES, TEXTS, THINKER, TURNS

NOW = datetime(2026, 3, 4)
NONE = SpecialTexts()
RENDERINGS = json.loads(Path(__file__).with_name("renderings.json").read_text())
TOLD = '<tool_call>\n{"name": "read_file", "arguments": {"path": "/tmp/ä b.txt", "limit": 3}}\n'


@cache
def loaded(source: str, special: SpecialTexts = NONE, **more: Any) -> ChatTemplate:
    return ChatTemplate.load(source, format_of(source), lambda: NOW, special, **more)


def prompt(source: str, *messages: dict[str, Any], tools: bool = False, **variables: Any) -> str:
    return loaded(source).render(Chat(list(messages), TOOLS if tools else [], variables))


def lacking(source: str) -> dict[str, Any]:
    """The traits in which a template differs from one that takes everything."""
    found = attrs.asdict(loaded(source).traits(with_tools=True))
    usual = attrs.asdict(Traits())
    return {name: value for name, value in found.items() if value != usual[name]}


@pytest.mark.parametrize(
    ("source", "traits"),
    [
        (CHATML, {"tools": False, "calls": False, "calls_as_told": True, "results": False}),
        (
            TURNS,
            {
                "system": False,
                "tools": False,
                "calls": False,
                "calls_as_told": True,
                "results": False,
            },
        ),
        (
            ONE_CALL,
            {
                "words_with_calls": False,
                "parallel_calls": False,
                "question_after_results": False,
                "free_ids": False,
            },
        ),
        (
            TEXTS,
            {
                "tools": False,
                "empty_content": False,
                "words_with_calls": False,
                "argument_objects": False,
            },
        ),
        (PARTS, {"plain_content": False, "thinking": "content"}),
        (THINKER, {"calls_as_told": True}),
        (EFFORTS, {"tools": False, "calls": False, "calls_as_told": True}),
        (DEMANDING, {"bare_properties": False}),
        ("{{ raise_exception('never') }}", {"tools": False, "calls": False}),
    ],
)
def test_what_a_template_takes_is_found_out(source: str, traits: dict[str, Any]) -> None:
    assert lacking(source) == traits


@pytest.mark.parametrize("source", TEMPLATES.values(), ids=list(TEMPLATES))
@pytest.mark.parametrize("chat", CASES.values(), ids=list(CASES))
def test_every_template_shows_every_word_of_every_conversation(source: str, chat: Chat) -> None:
    before = json.dumps(chat.messages)
    text = loaded(source).render(chat)
    for message in chat.messages:
        assert message["content"] in text
        for each in message.get("tool_calls", ()):
            assert each["function"]["name"] in text
    for tool in chat.tools:
        assert tool.name in text
    assert json.dumps(chat.messages) == before
    assert loaded(source).render(chat) == text


def test_a_model_without_a_template_gets_the_usual_one() -> None:
    text = prompt("", SYSTEM, said("user", "Hi"))
    assert text == (
        "<|im_start|>system\nYou are terse.\n\nAlways.<|im_end|>\n"
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_text_to_be_continued_has_no_template() -> None:
    assert loaded(TURNS).render(Chat([], prompt="Once upon")) == "Once upon"


def test_what_the_system_says_is_said_by_the_user() -> None:
    assert prompt(TURNS, SYSTEM, said("user", "Hi")) == (
        "<user>You are terse.\n\nAlways.\nHi<assistant>"
    )
    alone = prompt(TURNS, SYSTEM)
    assert alone == "<user>You are terse.\n\nAlways.<assistant>"


def test_tools_that_a_template_does_not_know_are_told() -> None:
    text = prompt(TURNS, SYSTEM, said("user", "Hi"), tools=True)
    start = "<user>You are terse.\n\nAlways.\n\n# Tools\n\nYou can call these tools."
    assert text.startswith(start)
    shown = [json.loads(line) for line in text.splitlines() if line.startswith('{"name": "')]
    assert [each["name"] for each in shown] == ["read_file", "mcp__maps__find", "<name>"]
    assert shown[0]["parameters"] == TOOLS[0].schema
    assert text.endswith("\nHi<assistant>")
    without_system = prompt(TEXTS, said("user", "Hi"), tools=True)
    assert without_system.startswith("<system># Tools\n")


def test_calls_and_results_that_a_template_does_not_know_are_told_in_turn() -> None:
    asked, called = said("user", "Read"), said("assistant", "I will.", tool_calls=[READING])
    text = prompt(TURNS, asked, called, READ, said("user", "And?"))
    assert text == (
        f"<user>Read<assistant>I will.\n{TOLD}</tool_call>"
        "<user><tool_response>\nx\n</tool_response>\n\nAnd?<assistant>"
    )


def test_calls_are_shown_one_by_one_where_one_is_the_most() -> None:
    text = loaded(ONE_CALL).render(CASES["parallel"])
    first, second = text.index("read_file", text.index("[USER]")), text.rindex("mcp__maps__find")
    assert first < text.index("]x") < second < text.index("]here")


def test_a_result_without_its_call_stays_where_it_is() -> None:
    calls = [READING, call("two", "read_file", {}), call("three", "read_file", {})]
    stray = result("other", "read_file", "stray")
    messages = (said("user", "Go"), said("assistant", "", tool_calls=calls), stray, READ)
    text = prompt(ONE_CALL, *messages)
    assert text.count("[CALL ") == 3
    assert text.index("]x") < text.index("]stray")


def test_ids_are_made_short_and_stay_the_same() -> None:
    first = loaded(ONE_CALL).render(CASES["call"])
    assert first.count("[CALL ") == 1
    identity = first.partition("[CALL ")[2][:9]
    assert f"[RESULT {identity}]" in first
    assert f"[CALL {identity}]" in loaded(ONE_CALL).render(CASES["answered"])
    short = said("assistant", "", tool_calls=[call("abcdefgh1", "read_file", {})])
    assert "[CALL abcdefgh1]" in prompt(ONE_CALL, said("user", "x"), short)


def test_words_and_calls_are_one_text_where_the_model_wrote_one() -> None:
    silent = THINKER.replace(
        "    {{- message.content -}}",
        "    {%- if not message.tool_calls -%}{{- message.content -}}{%- endif -%}",
    )
    assert lacking(silent) == {"words_with_calls": False, "calls_as_told": True}
    text = loaded(silent).render(CASES["words and call"])
    assert f"<|im_start|>assistant\nI will.\n{TOLD}</tool_call><|im_end|>" in text


def test_thinking_is_given_in_the_member_that_is_read() -> None:
    for member in ("thinking", "reasoning", "thought"):
        source = THINKER.replace("message.reasoning_content", f"message.{member}")
        assert lacking(source) == {"thinking": member, "calls_as_told": True}
        text = loaded(source).render(CASES["thinking"])
        assert "<think>\nThought 2.\n</think>" in text
    assert "<thought>Thought 2.<call>" in loaded(PARTS).render(CASES["thinking"])


def test_thinking_of_older_turns_is_kept_where_that_can_be_said() -> None:
    assert "Thought 1." in loaded(THINKER).render(CASES["thinking"])
    dropping = THINKER.replace(" or preserve_thinking", "")
    text = loaded(dropping).render(CASES["thinking"])
    assert "Thought 1." not in text
    assert "Thought 2." in text


@pytest.mark.parametrize(
    ("wished", "effort"),
    [
        ({}, "unsaid"),
        ({"enable_thinking": False}, "no_think"),
        ({"reasoning_effort": "minimal"}, "no_think"),
        ({"reasoning_effort": "low"}, "low"),
        ({"reasoning_effort": "high"}, "high"),
        ({"reasoning_effort": "max"}, "high"),
        ({"reasoning_effort": "odd"}, "refused"),
    ],
)
def test_an_effort_is_one_that_the_template_takes(wished: Mapping[str, Any], effort: str) -> None:
    try:
        text = prompt(EFFORTS, said("user", "x"), **wished)
    except TemplateRefused:
        text = "<effort>refused"
    assert text.endswith(f"<effort>{effort}")


def test_an_effort_that_is_written_out_is_one_of_three() -> None:
    source = "{{ messages[0].content }}{{ reasoning_effort | default('') }}"
    assert prompt(source, said("user", "x"), reasoning_effort="max") == "xhigh"
    assert prompt(source, said("user", "x"), enable_thinking=False) == "xlow"


def test_an_effort_of_which_nothing_is_known_is_said_as_it_is() -> None:
    source = "{{ messages[0].content }}{{ '!' if reasoning_effort == 'max' }}"
    assert prompt(source, said("user", "x"), reasoning_effort="max") == "x!"


def test_an_effort_that_is_refused_without_a_word_is_one_of_three() -> None:
    source = "{{ 1 / ((reasoning_effort | default('abc')) | length - 5) }}{{ reasoning_effort }}"
    assert prompt(source, said("user", "x"), reasoning_effort="max") == "-1.0high"


def test_thinking_is_switched_by_the_names_that_a_template_reads() -> None:
    source = "{{ [enable_thinking, thinking, thinking_mode, thinking_budget] | tojson }}"
    on = prompt(source, said("user", "x"), enable_thinking=True, thinking_budget=9)
    assert json.loads(on) == [True, True, "enabled", 9]
    off = prompt(source, said("user", "x"), enable_thinking=False)
    assert json.loads(off) == [False, False, "disabled", 0]


def test_a_variable_of_the_client_s_own_is_handed_on() -> None:
    assert prompt("{{ mood }}", said("user", "x"), mood="good") == "good"


def test_properties_get_what_a_template_demands() -> None:
    tool = ToolShape(
        "t",
        "",
        {
            "properties": {
                "a": {"properties": {"b": {}}},
                "c": {"items": {"description": "each"}, "type": "array"},
                "d": True,
            }
        },
    )
    source = DEMANDING + "{{ tools[0].function.parameters | tojson }}"
    source = source.replace("'; ' + name", "'; ' + name if property is true else '; ' + name")
    text = loaded(source).render(Chat([said("user", "x")], [tool]))
    shown = json.loads(text.partition("<user>x")[2])
    assert shown["properties"]["a"]["properties"]["b"] == {"type": "string", "description": ""}
    assert shown["properties"]["c"] == {
        "type": "array",
        "description": "",
        "items": {"type": "string", "description": "each"},
    }
    assert tool.schema["properties"]["c"] == {"items": {"description": "each"}, "type": "array"}


def test_a_tool_that_a_template_cannot_show_is_told() -> None:
    tool = ToolShape("odd", "An odd one", {"properties": {"a": {"description": 1}}})
    text = loaded(DEMANDING).render(Chat([SYSTEM, said("user", "x")], [tool]))
    assert text.startswith("<system>You are terse.\n\nAlways.\n\n# Tools\n")
    assert '{"name": "odd", "description": "An odd one"' in text


def test_a_refusal_is_the_template_s() -> None:
    source = "{% if tools %}{{ raise_exception('never') }}{% endif %}" + THINKER
    assert lacking(source)["tools"] is False
    with pytest.raises(TemplateRefused, match="roles must take turns"):
        prompt(TURNS, said("user", "x"), said("assistant", "y"), said("assistant", "z"), DONE[1])
    odd = "{{ raise_exception('odd') if messages[0].content == 'x' and tools }}" + THINKER
    with pytest.raises(TemplateRefused, match="odd"):
        prompt(odd, said("user", "x"), tools=True)
    with pytest.raises(TemplateRefused, match="line 1"):
        loaded("{% for %}")


def test_words_of_the_assistant_are_continued() -> None:
    question, words = said("user", "Hi"), said("assistant", "Hello, ", reasoning_content="Hm.")
    text = prompt(THINKER, question, words)
    assert text.endswith("<|im_start|>assistant\n<think>\nHm.\n</think>\n\nHello, ")
    assert prompt(TEXTS, question, said("assistant", "Yes")) == "<user>Hi<answer>Yes"
    assert prompt(TURNS, question, said("assistant", " Yes")) == "<user>Hi<assistant> Yes"
    told = prompt(TURNS, SYSTEM, question, said("assistant", "Hi"), tools=True)
    assert told.endswith("\nHi<assistant>Hi")


def test_words_that_a_template_does_not_show_are_continued_all_the_same() -> None:
    silent = TURNS.replace(
        "+ message.content", "+ (message.content if message.role == 'user' else '')"
    )
    assert prompt(silent, said("user", "Hi"), said("assistant", "Yes")) == "<user>Hi<assistant>Yes"


def test_an_answer_without_words_begins_anew() -> None:
    question = said("user", "Hi")
    assert prompt(TEXTS, question, said("assistant", "")).endswith("<answer><answer><think>\n")
    assert prompt(TEXTS, question, said("assistant", "\n")).endswith("\n<answer><think>\n")


def test_tokens_that_tokenising_adds_are_left_out() -> None:
    source = "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}"
    chat = Chat([said("user", "x")])
    assert loaded(source, SpecialTexts("<s>", "</s>")).render(chat) == "<s>x</s>"
    added = SpecialTexts("<s>", "</s>", adds_bos=True, adds_eos=True)
    assert loaded(source, added).render(chat) == "x"
    assert loaded(source, SpecialTexts(adds_bos=True)).render(chat) == "x"


def test_a_second_template_is_for_tools() -> None:
    template = loaded(TURNS, source_with_tools=THINKER)
    assert "<|im_start|>" in template.render(CASES["tools"])
    assert template.render(CASES["plain"]).startswith("<user>")
    assert template.traits(with_tools=True).tools
    assert not template.traits(with_tools=False).tools
    only = loaded("", source_with_tools=THINKER)
    assert only.render(CASES["plain"]).startswith("<|im_start|>user")


def test_the_date_is_the_clock_s() -> None:
    source = "{{ date_string }}|{{ datetime }}|{{ strftime_now('%Y') }}|{{ documents is none }}"
    assert prompt(source, said("user", "x")) == "04 Mar 2026|Mar 04 2026|2026|True"


def test_older_templates_read_the_tools_as_text() -> None:
    source = "{{ functions }}"
    assert prompt(source, said("user", "x")) == ""
    shown = json.loads(prompt(source, said("user", "x"), tools=True))
    assert [each["function"]["name"] for each in shown] == ["read_file", "mcp__maps__find"]


def test_a_template_that_keeps_a_queue_changes_nothing_of_ours() -> None:
    source = THINKER + "{% set _ = messages.pop(0) %}{% set _ = tools.append(1) if tools %}"
    chat = Chat([said("user", "x"), *DONE], list(TOOLS))
    first = loaded(source).render(chat)
    assert loaded(source).render(chat) == first
    assert len(chat.messages) == 3


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_prompt_is_what_llama_cpp_makes_of_it(name: str) -> None:
    """Recorded by tests/real/template_recording.py, which says how; those left out differ because
    of what is told in words here."""
    assert RENDERINGS[name]
    for case, recorded in RENDERINGS[name].items():
        prompt = loaded(TEMPLATES[name]).render(CASES[case])
        assert sha256(prompt.encode()).hexdigest().startswith(recorded), case


def test_a_schema_is_completed_to_a_depth() -> None:
    schema: dict[str, Any] = {}
    for _ in range(SCHEMA_DEPTH_MAX + 2):
        schema = {"properties": {"x": schema}}
    text = loaded(DEMANDING).render(Chat([said("user", "q")], [ToolShape("t", "", schema)]))
    assert text == "t: ; x (object): \n<user>q"


def test_arguments_that_are_text_already_stay_so() -> None:
    written = {**READING, "function": {"name": "t", "arguments": "{}"}}
    text = prompt(TEXTS, said("user", "q"), said("assistant", "", tool_calls=[written]), READ)
    assert "<call>t\n{}</call>" in text


def test_the_variables_of_a_chat_are_told() -> None:
    template = loaded(THINKER)
    assert template.variables(CASES["call"]) == {"preserve_thinking": True, "enable_thinking": True}
    assert template.variables(Chat([])) == {"preserve_thinking": True}
