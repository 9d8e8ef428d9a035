"""The recorded requests of Claude Code, read into the neutral conversation.

The names `t01` and so on are those of the recordings; here each shape is built anew, small, and
without a word of the client's.
"""

from __future__ import annotations

from typing import Any

from understudy.protocols.anthropic.dialect import SERVED
from understudy.protocols.conversation.blocks import (
    Block,
    RedactedThinking,
    Text,
    Thinking,
    ToolReference,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    Reasoning,
    Sampling,
    Tool,
)

from .requests import assistant, request, result, text, use, user

CACHE = {"type": "ephemeral"}
BILLING = "x-anthropic-billing-header: cc_version=2.1.330.413; cc_entrypoint=cli"
SYSTEM = [text(BILLING), {**text("You help."), "cache_control": CACHE}, text("Be brief.")]
SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}}
TOOL = {"name": "Read", "description": "Reads", "input_schema": SCHEMA}
READ = Tool("Read", "Reads", SCHEMA)
PLACEHOLDER: dict[str, Any] = {
    "name": "DeferredToolPlaceholder",
    "input_schema": {},
    "defer_loading": True,
}


def conversation(**members: Any) -> Conversation:
    return SERVED.conversation(request(**members))


def said(*messages: Any) -> list[tuple[str, tuple[Block, ...]]]:
    found = conversation(messages=list(messages)).messages
    return [(message.role, message.blocks) for message in found]


def reminder(content: Any, **members: Any) -> dict[str, Any]:
    return {"role": "system", "content": content, **members}


def test_t01_the_first_request_of_a_session() -> None:
    found = conversation(
        system=SYSTEM,
        messages=[
            user(text("<system-reminder>x</system-reminder>"), text("hello")),
            reminder([{**text("cwd"), "cache_control": CACHE}], output_config={"effort": "high"}),
        ],
        tools=[TOOL, PLACEHOLDER],
        metadata={"user_id": '{"session_id":"s"}'},
        max_tokens=128_000,
        thinking={"type": "adaptive", "display": "omitted"},
        context_management={"edits": []},
        output_config={"effort": "medium"},
        stream=True,
    )
    assert found == Conversation(
        messages=(
            Message("user", (Text("<system-reminder>x</system-reminder>"), Text("hello"))),
            Message("system", (Text("cwd", CACHE),)),
        ),
        system=(Text("You help.", CACHE), Text("Be brief.")),
        tools=(READ, Tool("DeferredToolPlaceholder", deferred=True)),
        sampling=Sampling(max_tokens=128_000),
        reasoning=Reasoning(effort="high", shown=False),
        user='{"session_id":"s"}',
        streamed=True,
        unknown=("context_management",),
    )


def test_t02_a_tool_s_result() -> None:
    messages = [
        user("go"),
        assistant(text("I look."), use("Bash", command="ls")),
        user({**result("Bash", "a.py"), "is_error": False}),
    ]
    assert said(*messages)[1:] == [
        ("assistant", (Text("I look."), ToolUse("toolu_Bash", "Bash", {"command": "ls"}))),
        ("user", (ToolResult("toolu_Bash", (Text("a.py"),)),)),
    ]


def test_t03_results_in_the_order_of_completion() -> None:
    calls = assistant(use("Bash"), use("Grep"), use("Read"))
    done = user(result("Read", "r"), result("Bash", "b"), result("Grep", "g"))
    (_, blocks) = said(user("go"), calls, done)[2]
    assert [block.tool_use_id for block in blocks if isinstance(block, ToolResult)] == [
        "toolu_Read",
        "toolu_Bash",
        "toolu_Grep",
    ]


def test_t04_an_input_that_was_no_json() -> None:
    unparsed = {"__unparsedToolInput": {"raw": '{"a', "len": 3}}
    failed = {**result("Bash", "<tool_use_error>x</tool_use_error>"), "is_error": True}
    found = said(assistant({**use("Bash"), "input": unparsed}), user(failed))
    words = (Text("<tool_use_error>x</tool_use_error>"),)
    assert found == [
        ("assistant", (ToolUse("toolu_Bash", "Bash", unparsed),)),
        ("user", (ToolResult("toolu_Bash", words, is_error=True),)),
    ]


def test_t05_thinking_comes_back_with_its_signature_or_an_empty_one() -> None:
    blocks = [
        {"type": "thinking", "thinking": "hm", "signature": "c2ln"},
        {"type": "thinking", "thinking": "hm", "signature": ""},
        {"type": "redacted_thinking", "data": "c2Vj"},
    ]
    expected = (Thinking("hm", "c2ln"), Thinking("hm"), RedactedThinking("c2Vj"))
    assert said(assistant(*blocks)) == [("assistant", expected)]


def test_t06_the_client_asks_to_go_on_after_max_tokens() -> None:
    assert said(user("go"), assistant(text("cut o")), user(text("resume")))[1:] == [
        ("assistant", (Text("cut o"),)),
        ("user", (Text("resume"),)),
    ]


def test_t07_the_same_request_without_a_stream() -> None:
    found = conversation(messages=[user("go")], stream=False, max_tokens=64_000)
    assert (found.streamed, found.sampling.max_tokens) == (False, 64_000)


def test_t08_a_request_with_less_and_all_tools() -> None:
    tools = [{**TOOL, "name": f"tool_{number}"} for number in range(21)]
    found = conversation(messages=[user("go")], tools=tools, thinking={"type": "adaptive"})
    assert len(found.tools) == 21
    assert found.reasoning == Reasoning()


def test_t09_an_unknown_model() -> None:
    found = conversation(model="my-local-qwen", messages=[user("go")], max_tokens=32_000)
    assert found.sampling.max_tokens == 32_000


def test_t10_an_older_model_s_shape() -> None:
    found = conversation(
        messages=[user(text("<system-reminder>cwd</system-reminder>"), text("go"))],
        max_tokens=32_000,
        thinking={"type": "enabled", "budget_tokens": 31_999},
    )
    assert found.reasoning == Reasoning(enabled=True, budget_tokens=31_999)


def test_t11_without_experimental_betas() -> None:
    assert said(user("go"), reminder("cwd")) == [
        ("user", (Text("go"),)),
        ("system", (Text("cwd"),)),
    ]


def test_t12_all_tools_at_once() -> None:
    tools = [{**TOOL, "name": f"tool_{number}"} for number in range(37)]
    found = conversation(messages=[user("go")], tools=tools).tools
    assert len(found) == 37
    assert not any(tool.deferred for tool in found)


def test_t13_a_bare_request_s_empty_system_message_says_nothing() -> None:
    assert said(user("go"), reminder([])) == [("user", (Text("go"),))]


def test_t14_a_reference_to_a_tool_and_the_tool_itself() -> None:
    content = [{"type": "tool_reference", "tool_name": "WebFetch"}, text("loaded")]
    found = conversation(
        messages=[user("go"), assistant(use("ToolSearch")), user(result("ToolSearch", content))],
        tools=[TOOL, {"name": "WebFetch", "input_schema": SCHEMA, "defer_loading": True}],
    )
    inside = (ToolReference("WebFetch"), Text("loaded"))
    assert found.messages[2].blocks == (ToolResult("toolu_ToolSearch", inside),)
    assert found.tools[1] == Tool("WebFetch", schema=SCHEMA, deferred=True)


def test_t15_safeguards_are_named_and_not_kept() -> None:
    found = conversation(messages=[user("go")], safeguards=[{"type": "dangerous_tool_use"}])
    assert found.unknown == ("safeguards",)


def test_t16_after_esc() -> None:
    found = said(user("go"), assistant(text("part")), user(text("[mark]"), text("next")))
    assert found[2] == ("user", (Text("[mark]"), Text("next")))


def test_t17_after_esc_in_a_tool() -> None:
    refused = {**result("Bash", "refused"), "is_error": True}
    found = said(user("go"), assistant(use("Bash")), user(refused, text("[mark]"), text("next")))
    answered = ToolResult("toolu_Bash", (Text("refused"),), is_error=True)
    assert found[2] == ("user", (answered, Text("[mark]"), Text("next")))


def test_t19_a_request_to_count_the_deferred_tools() -> None:
    found = conversation(messages=[user("foo")], tools=[{**TOOL, "defer_loading": True}])
    assert found.sampling == Sampling()
    assert found.tools[0].deferred


def test_t20_tools_of_an_mcp_server() -> None:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **SCHEMA}
    tools = [{**TOOL, "name": "mcp__piper__say", "input_schema": schema}]
    assert conversation(messages=[user("go")], tools=tools).tools[0].schema == schema


def test_t21_a_request_to_count_a_long_result() -> None:
    found = conversation(messages=[user("x" * 61_000)])
    assert found == Conversation((Message("user", (Text("x" * 61_000),)),))


def test_t22_a_sub_agent_s_request() -> None:
    found = conversation(model="main", system=SYSTEM, messages=[user(text("explore"))])
    assert found.system == (Text("You help.", CACHE), Text("Be brief."))


def test_t24_a_request_to_compact() -> None:
    found = conversation(
        messages=[user("go"), assistant(text("x")), user("now tell")], tools=[TOOL]
    )
    assert (found.tool_choice, found.tools) == (None, (READ,))
