"""Families whose calls have marks of their own, with what tests of all of them need to know."""

from __future__ import annotations

import attrs
from understudy.protocols.model_format.apertus import Apertus
from understudy.protocols.model_format.command_r import CommandR, CommandR7B
from understudy.protocols.model_format.deepseek import (
    DeepSeekR1,
    DeepSeekV4,
    DeepSeekV31,
    DeepSeekV32,
)
from understudy.protocols.model_format.format import ModelFormat
from understudy.protocols.model_format.gemma import FunctionGemma, Gemma4, Gemma4First
from understudy.protocols.model_format.gigachat import GigaChat, GigaChat3
from understudy.protocols.model_format.glm import Glm, Hunyuan
from understudy.protocols.model_format.harmony import Harmony
from understudy.protocols.model_format.kimi import Kimi, KimiFirst
from understudy.protocols.model_format.kimi_k3 import KimiK3
from understudy.protocols.model_format.minicpm import MiniCpm
from understudy.protocols.model_format.minimax import MiniMaxM1, MiniMaxM2
from understudy.protocols.model_format.solar import Solar


@attrs.frozen
class Family:
    """A format; the mark that opens what holds its calls, if that is dropped by itself; pieces of
    its answers that a fuzzer puts together; and whether it can make several calls."""

    form: ModelFormat
    pieces: tuple[str, ...]
    section: str = ""
    is_parallel: bool = True


_DEEPSEEK = (
    "<｜tool▁calls▁begin｜>",
    "<｜tool▁call▁begin｜>",
    "<｜tool▁sep｜>",
    "<｜tool▁call▁end｜>",
    "<｜tool▁calls▁end｜>",
    "function",
    "```json",
)
_DSML = (
    "<｜DSML｜function_calls>",
    "</｜DSML｜function_calls>",
    '<｜DSML｜invoke name="look">',
    "</｜DSML｜invoke>",
    '<｜DSML｜parameter name="at" string="true">',
    "</｜DSML｜parameter>",
)
_GLM = ("<tool_call>", "</tool_call>", "<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>")

FAMILIES = (
    Family(
        Harmony(),
        (
            "<|start|>assistant",
            "<|channel|>analysis",
            "<|channel|>commentary to=functions.look",
            "<|message|>",
            "<|end|>",
            "<|call|>",
        ),
        is_parallel=False,
    ),
    Family(DeepSeekR1(), _DEEPSEEK, _DEEPSEEK[0]),
    Family(DeepSeekV31(), _DEEPSEEK, _DEEPSEEK[0]),
    Family(DeepSeekV32(), _DSML),
    Family(DeepSeekV4(), tuple(piece.replace("function_calls", "tool_calls") for piece in _DSML)),
    Family(
        Kimi(),
        (
            "<|tool_calls_section_begin|>",
            "<|tool_call_begin|>",
            "functions.look:0",
            "<|tool_call_argument_begin|>",
            "<|tool_call_end|>",
            "<|tool_calls_section_end|>",
        ),
        "<|tool_calls_section_begin|>",
    ),
    Family(Glm(), _GLM),
    Family(
        Hunyuan(),
        (
            *(piece.replace(">", ":opensource>") for piece in _GLM),
            "<tool_calls:opensource>",
            "<tool_sep:opensource>",
        ),
    ),
    Family(Gemma4(), ("<|tool_call>", "call:look", '<|"|>', "<tool_call|>", "<|channel>thought")),
    Family(
        FunctionGemma(), ("<start_function_call>", "call:look", "<escape>", "<end_function_call>")
    ),
    Family(
        MiniMaxM2(),
        (
            "<minimax:tool_call>",
            "</minimax:tool_call>",
            '<invoke name="look">',
            "</invoke>",
            '<parameter name="at">',
            "</parameter>",
        ),
    ),
    Family(MiniMaxM1(), ("<tool_calls>", "</tool_calls>", '{"name": "look", "arguments": {}}')),
    Family(
        CommandR7B(),
        ("<|START_ACTION|>", "<|END_ACTION|>", "<|START_TEXT|>", '"tool_name": "look"'),
    ),
    Family(Apertus(), ("<|tools_prefix|>", "<|tools_suffix|>", "<|inner_prefix|>", '{"look": {}}')),
    Family(
        GigaChat(), ("<|function_call|>", '{"name": "look", "arguments": {}}'), is_parallel=False
    ),
    Family(
        GigaChat3(),
        ("<|message_sep|>\n\nfunction call<|role_sep|>\n", "<|message_sep|>", '{"name": "look"}'),
        is_parallel=False,
    ),
    Family(
        MiniCpm(),
        (
            '<function name="',
            'look">',
            "</function>",
            '<param name="',
            'at">',
            "</param>",
            "<![CDATA[",
            "]]>",
        ),
    ),
    Family(
        Solar(),
        (
            "<|tool_calls|>",
            "<|tool_call:begin|>",
            "<|tool_call:name|>",
            "<|tool_call:args|>",
            "<|tool_call:end|>",
            "<|think|>",
            "<|end|>",
        ),
        "<|tool_calls|>",
    ),
    Family(
        KimiK3(),
        (
            "<|open|>tools<|sep|>",
            "<|close|>tools<|sep|>",
            '<|open|>call tool="look" index="1"<|sep|>',
            "<|close|>call<|sep|>",
            '<|open|>argument key="at" type="string"<|sep|>',
            "<|close|>argument<|sep|>",
            "<|open|>response<|sep|>",
        ),
    ),
    Family(CommandR(), ("Action:\n```json", "```", '"tool_name": "look", "parameters": ')),
)

# What a template of each family writes, as far as it tells the family from others.
TEMPLATES: dict[str, tuple[ModelFormat, str]] = {
    "gpt-oss": (Harmony(), "{{- '<|start|>assistant<|channel|>final<|message|>' }}"),
    "DeepSeek R1": (DeepSeekR1(), "'<｜tool▁calls▁begin｜>' + tool['type'] + '\\n' + '```json'"),
    "DeepSeek V3.1": (DeepSeekV31(), "'<｜tool▁calls▁begin｜>' + name + '<｜tool▁sep｜>'"),
    "DeepSeek V3.2": (
        DeepSeekV32(),
        "set dsml_token = '｜DSML｜' ... '\\n\\n<' + dsml_token + 'function_calls>\\n'",
    ),
    "DeepSeek V4": (
        DeepSeekV4(),
        "set dsml_token = '｜DSML｜' ... '\\n\\n<' + dsml_token + 'tool_calls>\\n'",
    ),
    "Kimi K2, first": (
        KimiFirst(),
        "func_name + ':' + loop.index0|string ... <|tool_calls_section_begin|>",
    ),
    "Kimi K2": (Kimi(), "{{render_content(message)}}<|tool_calls_section_begin|>"),
    "GLM 4.7": (Glm(), "'<tool_call>' + tc.name ... <arg_key>{{ k }}</arg_key><arg_value>"),
    "Hunyuan 3": (Hunyuan(), "set HYTK = ':opensource' ... '<tool_sep{}>'.format(HYTK)"),
    "Gemma 4": (Gemma4(), "'<|tool_call>call:' + name ... follow.get('tool_call_id')"),
    "Gemma 4, first": (Gemma4First(), "'<|tool_call>call:' + function['name'] + '{'"),
    "FunctionGemma": (FunctionGemma(), "'<start_function_call>call:' + function['name']"),
    "MiniMax M2": (MiniMaxM2(), "set toolcall_begin_token = '<minimax:tool_call>'"),
    "MiniMax M1": (MiniMaxM1(), "'<tool_calls>\\n{\"name\": <tool-name>...</tool_calls>'"),
    "Command R7B": (CommandR7B(), "<|START_ACTION|>[ ... tool_name"),
    "Apertus": (Apertus(), "set tool_calls_token = '<|tools_prefix|>'"),
    "GigaChat 3.1": (GigaChat(), 'role_sep="<|role_sep|>\\n", function_call="<|function_call|>"'),
    "GigaChat 3": (GigaChat3(), "role_sep=\"<|role_sep|>\\n\" ... 'role': 'function call',"),
    "MiniCPM 5": (MiniCpm(), "'<function name=\"' ~ name ... '<param name=\"' ~ param_name"),
    "Solar Open": (Solar(), '<|tool_call:begin|>" + tool_call.id + ... "<|tool_call:args|>"'),
    "Kimi K3": (KimiK3(), "'<|open|>' + tag ... '<|close|>' + tag ... '<|end_of_msg|>'"),
    "Command R+": (CommandR(), "'\\nAction:\\n```json\\n[\\n' ... '\"tool_name\": \"'"),
}
