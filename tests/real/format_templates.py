"""A chat template for every model format: what its family is known by, and a plain rendering.

The worker knows a model's format by its template. What the prompt says does not matter where the
weights are random, so the families' own templates are not needed here.
"""

from __future__ import annotations

from understudy.protocols.model_format.formats import FORMATS, format_of

MARKS = {
    "apertus": "<|tools_prefix|>",
    "apriel": "<tool_calls>[",
    "command_r": r"Action:\n```json tool_name",
    "command_r7b": "<|START_ACTION|>",
    "deepseek_r1": "<｜tool▁calls▁begin｜> ```",
    "deepseek_v3_1": "<｜tool▁calls▁begin｜>",
    "deepseek_v3_2": "DSML function_calls",
    "deepseek_v4": "DSML tool_calls + 'tool_calls>",
    "functionary_recipients": ">>>all",
    "functionary_tags": "<function= </function>",
    "functiongemma": "<start_function_call>",
    "functools": "functools",
    "gemma4": "<|tool_call>call: tool_call_id",
    "gemma4_first": "<|tool_call>call:",
    "gigachat": "<|function_call|> <|role_sep|>",
    "gigachat3": "'function call' <|role_sep|>",
    "glm": "<tool_call> <arg_key>",
    "granite": "<|start_of_role|> <|tool_call|>",
    "harmony": "<|start|> <|channel|>",
    "hermes": '<tool_call> "arguments"',
    "hunyuan": "<tool_sep':opensource'",
    "kimi": "<|tool_calls_section_begin|>",
    "kimi_first": "<|tool_calls_section_begin|> loop.index0",
    "kimi_k3": "<|open|> <|close|> <|end_of_msg|>",
    "lfm": "<|tool_call_start|>",
    "llama": "<|start_header_id|> parameters",
    "minicpm": '<function name=" <param name="',
    "minimax_m1": "<tool_calls>",
    "minimax_m2": "<minimax:tool_call>",
    "mistral": "[TOOL_CALLS] [ARGS]",
    "mistral_ids": "[TOOL_CALLS] [ARGS] [CALL_ID]",
    "mistral_list": "[TOOL_CALLS]",
    "mistral_thinking": "[TOOL_CALLS] [ARGS] [THINK]",
    "nemotron": "<TOOLCALL>",
    "phi": "<|/tool|>",
    "qwen_coder": "<tool_call> <parameter=",
    "seed": "<seed:tool_call> <parameter=",
    "solar": "<|tool_call:begin|> <|tool_call:args|>",
}
PROMPTS = {"functionary_recipients": ">>>", "harmony": "<|start|>assistant"}
PLAIN = (
    "{%- for tool in tools or [] %}"
    "{{ (tool.function or tool).name }}: {{ (tool.function or tool).description }}\n"
    "{% endfor -%}"
    "{%- for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor -%}"
)
"""Of the tools the schemas are not shown: a long prompt is not what is tried here."""


def template_of(name: str) -> str:
    """The template of a format."""
    return f"{{#- {MARKS[name]} -#}}{PLAIN}{PROMPTS.get(name, 'assistant: ')}"


assert set(MARKS) == set(FORMATS) - {"plain"}
assert [name for name in MARKS if format_of(template_of(name)).name != name] == []
