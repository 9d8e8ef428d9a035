"""A neutral conversation as a worker is asked it, and what of it is left out."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.conversation.blocks import (
    Block,
    Media,
    Other,
    RedactedThinking,
    Text,
    Thinking,
    ToolReference,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.origin import signed
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    OutputFormat,
    Reasoning,
    Role,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.engine.chat import DIALECT, ask_of, chat_of
from understudy.protocols.engine.messages import Ask, decode_to_worker, encode
from understudy.protocols.engine.messages import Sampling as Chosen

MODEL = "qwen3:8b"
OWN = signed(DIALECT, MODEL, "thought")
READ = Tool("Read", "Reads", {"type": "object", "properties": {"path": {"type": "string"}}})


def conversation(*messages: tuple[Role, list[Block]], **members: Any) -> Conversation:
    said = tuple(Message(role, tuple(blocks)) for role, blocks in messages)
    return Conversation(said, **members)


def messages_of(*messages: tuple[Role, list[Block]], **members: Any) -> list[dict[str, Any]]:
    return chat_of(conversation(*messages, **members), MODEL)[0].messages


def left_out(*messages: tuple[Role, list[Block]], **members: Any) -> tuple[str, ...]:
    return ask_of(conversation(*messages, **members), MODEL)[1]


def ask(**members: Any) -> Ask:
    return ask_of(conversation(("user", [Text("Hi")]), **members), MODEL)[0]


def test_a_conversation_in_the_common_form() -> None:
    found = messages_of(
        ("user", [Text("Read"), Text("it")]),
        ("assistant", [Thinking("Hm.", OWN), Text("I will."), ToolUse("1", "Read", {"path": "a"})]),
        ("user", [ToolResult("1", (Text("one"), Text("two")))]),
        ("assistant", [Text("Done.")]),
        system=(Text("Be terse."), Text(""), Text("Always.")),
    )
    function = {"name": "Read", "arguments": {"path": "a"}}
    assert found == [
        {"role": "system", "content": "Be terse.\n\nAlways."},
        {"role": "user", "content": "Read\n\nit"},
        {
            "role": "assistant",
            "content": "I will.",
            "reasoning_content": "Hm.",
            "tool_calls": [{"id": "1", "type": "function", "function": function}],
        },
        {"role": "tool", "tool_call_id": "1", "content": "one\ntwo", "name": "Read"},
        {"role": "assistant", "content": "Done."},
    ]


def test_what_is_asked_survives_the_pipe() -> None:
    asked, _ = ask_of(
        conversation(("user", [Text("Hi")]), tools=(READ,), output=OutputFormat({"a": 1})), MODEL, 7
    )
    assert decode_to_worker(encode(asked)) == asked
    assert asked.request == 7


def test_results_come_first_and_in_order_and_errors_are_marked() -> None:
    found = messages_of(
        ("assistant", [ToolUse("1", "Read", {}), ToolUse("2", "Read", {})]),
        (
            "user",
            [
                Text("And now?"),
                ToolResult("1", (Text("no such file"),), is_error=True),
                ToolResult("2", (Text("Error: busy"),), is_error=True),
            ],
        ),
    )
    assert [message["role"] for message in found] == ["assistant", "tool", "tool", "user"]
    assert [message["content"] for message in found[1:]] == [
        "Error: no such file",
        "Error: busy",
        "And now?",
    ]


def test_a_result_of_a_call_that_is_gone_has_no_name() -> None:
    found = messages_of(("user", [ToolResult("9", ())]))
    assert found == [{"role": "tool", "tool_call_id": "9", "content": ""}]


def test_what_the_system_says_in_between_is_a_reminder() -> None:
    found = messages_of(
        ("user", [Text("Hi")]),
        ("assistant", [Text("Hello")]),
        ("system", [Text("Be quick."), Text("Please.")]),
        ("user", [Text("Well?")]),
        ("system", []),
    )
    assert found[2:] == [
        {
            "role": "user",
            "content": "<system-reminder>\nBe quick.\n\nPlease.\n</system-reminder>\n\nWell?",
        }
    ]


def test_a_reminder_that_comes_with_results_is_no_question() -> None:
    reminder = "<system-reminder>\nThe file has changed.\n</system-reminder>"
    calls: tuple[Role, list[Block]] = ("assistant", [ToolUse("1", "Read", {})])
    result = ToolResult("1", (Text("x"),))
    told = messages_of(calls, ("user", [result, Text(reminder)]))
    assert told[1:] == [
        {"role": "tool", "tool_call_id": "1", "content": f"x\n\n{reminder}", "name": "Read"}
    ]
    by_system = messages_of(calls, ("user", [result]), ("system", [Text("The file has changed.")]))
    assert by_system == told
    asked = messages_of(calls, ("user", [result, Text(reminder), Text("Why?")]))
    assert asked[1]["content"] == "x"
    assert asked[2] == {"role": "user", "content": f"{reminder}\n\nWhy?"}
    empty = messages_of(calls, ("user", [ToolResult("1", ()), Text(reminder)]))
    assert empty[1]["content"] == reminder
    assert messages_of(("user", [Text(reminder)])) == [{"role": "user", "content": reminder}]


@pytest.mark.parametrize(
    ("block", "kept"),
    [
        (Thinking("mine", OWN), True),
        (Thinking("another's", signed(DIALECT, "llama3", "thought")), False),
        (Thinking("Claude's", "EqQBCgIYAhIM"), False),
        (Thinking("nobody's"), False),
        (Thinking("", OWN), False),
        (RedactedThinking("EqQBCgIYAhIM"), False),
    ],
)
def test_thinking_goes_back_to_the_model_that_wrote_it(block: Block, kept: bool) -> None:
    history: list[tuple[Role, list[Block]]] = [("assistant", [block, Text("Yes.")])]
    (found,) = messages_of(*history)
    assert ("reasoning_content" in found) is kept
    assert left_out(*history) == (() if kept else ("thinking",))


def test_an_answer_of_which_nothing_is_left_is_none() -> None:
    assert messages_of(("user", [Text("x")]), ("assistant", [RedactedThinking("x")])) == [
        {"role": "user", "content": "x"}
    ]
    assert messages_of(("assistant", [Thinking("Hm.", OWN)])) == [
        {"role": "assistant", "content": "", "reasoning_content": "Hm."}
    ]


def test_what_a_text_model_cannot_read_is_named_in_a_word() -> None:
    unknown = Other("anthropic", "container_upload", {})
    history: list[tuple[Role, list[Block]]] = [
        (
            "user",
            [
                Media("image", "image/png", data="AAAA"),
                Media("document", text="The text.", title="notes.txt"),
                Media("document", text="No title."),
                unknown,
                ToolReference("Write"),
            ],
        ),
        ("assistant", [Media("image", data="AAAA"), unknown, ToolReference("Odd"), Text("Seen.")]),
        (
            "user",
            [ToolResult("1", (Media("audio", url="https://example.org/a.wav"),)), Text("Heard?")],
        ),
    ]
    found = messages_of(*history)
    assert [message["content"] for message in found] == [
        "[image: this model cannot read it]\n\nnotes.txt\nThe text.\n\nNo title.\n\n"
        "[container_upload: this model cannot read it]\n\nThe tool Write can be called now.",
        "Seen.",
        "[audio: this model cannot read it]",
        "Heard?",
    ]
    assert left_out(*history) == (
        "image",
        "block container_upload",
        "block ToolReference",
        "audio",
    )


def test_blocks_in_a_role_that_cannot_have_them_are_left_out() -> None:
    history: list[tuple[Role, list[Block]]] = [
        ("user", [Text("x"), Thinking("Hm.", OWN), ToolUse("1", "Read", {})]),
        ("assistant", [Text("y"), ToolResult("1", ())]),
    ]
    assert [message["content"] for message in messages_of(*history)] == ["x", "y"]
    assert left_out(*history) == ("block Thinking", "block ToolUse", "block ToolResult")


def test_tools_have_the_members_that_templates_read() -> None:
    schema: dict[str, Any] = {"$schema": "x", "required": []}
    bare = Tool("Bare", schema=schema)
    server = Tool("web_search", server={"type": "web_search_20250305"})
    hidden = Tool("Hidden", deferred=True)
    chat, names = chat_of(conversation(tools=(READ, bare, server, hidden)), MODEL)
    assert [(tool.name, tool.description) for tool in chat.tools] == [
        ("Read", "Reads"),
        ("Bare", ""),
    ]
    assert chat.tools[0].schema == READ.schema
    assert chat.tools[1].schema == {**schema, "type": "object", "properties": {}}
    assert names == ("server tool web_search",)
    assert schema == {"$schema": "x", "required": []}


@pytest.mark.parametrize(
    ("choice", "parallel", "wished"),
    [
        (None, None, ("auto", "", True)),
        (ToolChoice("auto"), False, ("auto", "", False)),
        (ToolChoice("any"), True, ("any", "", True)),
        (ToolChoice("tool", "Read"), None, ("tool", "Read", True)),
        (ToolChoice("none"), None, ("none", "", True)),
    ],
)
def test_the_choice_of_tools(
    choice: ToolChoice | None, parallel: bool | None, wished: tuple[str, str, bool]
) -> None:
    asked = ask(tools=(READ,), tool_choice=choice, parallel_tools=parallel)
    assert (asked.tool_mode, asked.tool_name, asked.parallel) == wished
    assert [tool.name for tool in asked.chat.tools] == ["Read"]


@pytest.mark.parametrize(
    ("tools", "choice"),
    [((READ,), ToolChoice("tool", "Write")), ((), ToolChoice("any")), ((), ToolChoice("tool"))],
)
def test_a_choice_that_cannot_be_kept_is_left_out(
    tools: tuple[Tool, ...], choice: ToolChoice
) -> None:
    assert left_out(tools=tools, tool_choice=choice) == ("tool_choice",)
    assert ask(tools=tools, tool_choice=choice).tool_mode == "auto"
    assert left_out(tool_choice=ToolChoice("none")) == ()


def test_sampling() -> None:
    wished = Sampling(
        max_tokens=9,
        temperature=0.5,
        top_p=0.9,
        top_k=40,
        stop_sequences=("END",),
        seed=3,
        presence_penalty=0.1,
        frequency_penalty=0.2,
        logit_bias={"15": -100, "16": 0.5},
        logprobs=2,
        choices=1,
    )
    asked = ask(sampling=wished)
    assert asked.sampling == Chosen(
        0.5, 0.9, 40, None, 3, 0.1, 0.2, logit_bias={15: -100.0, 16: 0.5}, logprobs=2
    )
    assert (asked.answer_tokens_max, asked.stop_sequences) == (9, ("END",))
    assert left_out(sampling=wished) == ()
    assert ask() == Ask(0, asked.chat)


def test_sampling_that_cannot_be_done_is_left_out() -> None:
    odd = {"x": 1, "²": 2, "7": 1, "8": "much", "-1": 0}
    wished = Sampling(logit_bias=odd, choices=2)
    assert ask(sampling=wished).sampling.logit_bias == {7: 1.0}
    assert left_out(sampling=wished) == ("choices", "logit_bias")


@pytest.mark.parametrize(
    ("output", "schema"),
    [(None, None), (OutputFormat(), {}), (OutputFormat({"type": "object"}), {"type": "object"})],
)
def test_structured_output(output: OutputFormat | None, schema: dict[str, Any] | None) -> None:
    assert ask(output=output).output == schema


@pytest.mark.parametrize(
    ("reasoning", "variables"),
    [
        (Reasoning(), {}),
        (Reasoning(enabled=False, budget_tokens=9, effort="high"), {"enable_thinking": False}),
        (Reasoning(effort="none"), {"enable_thinking": False}),
        (Reasoning(enabled=True), {"enable_thinking": True}),
        (Reasoning(effort="high"), {"enable_thinking": True, "reasoning_effort": "high"}),
        (
            Reasoning(enabled=True, budget_tokens=2_000),
            {"enable_thinking": True, "reasoning_effort": "low", "thinking_budget": 2_000},
        ),
        (
            Reasoning(budget_tokens=9_000),
            {"enable_thinking": True, "reasoning_effort": "medium", "thinking_budget": 9_000},
        ),
        (
            Reasoning(budget_tokens=31_999, effort="max"),
            {"enable_thinking": True, "reasoning_effort": "max", "thinking_budget": 31_999},
        ),
        (
            Reasoning(budget_tokens=31_999),
            {"enable_thinking": True, "reasoning_effort": "high", "thinking_budget": 31_999},
        ),
    ],
)
def test_how_much_to_think(reasoning: Reasoning, variables: dict[str, Any]) -> None:
    assert ask(reasoning=reasoning).chat.variables == variables
