"""Which family a template is of: by the pieces of templates that tell."""

from __future__ import annotations

import pytest
from understudy.protocols.model_format.format import ModelFormat
from understudy.protocols.model_format.functionary import FunctionaryRecipients, FunctionaryTags
from understudy.protocols.model_format.hermes import Hermes
from understudy.protocols.model_format.json_lists import Apriel, Functools, Granite, Nemotron
from understudy.protocols.model_format.lfm import Lfm
from understudy.protocols.model_format.llama import Llama
from understudy.protocols.model_format.mistral import (
    Mistral,
    MistralList,
    MistralThinking,
    MistralWithIds,
)
from understudy.protocols.model_format.phi import Phi
from understudy.protocols.model_format.plain import Plain
from understudy.protocols.model_format.qwen_coder import QwenCoder, Seed

FORMS: list[ModelFormat] = [
    Seed(),
    QwenCoder(),
    FunctionaryRecipients(),
    FunctionaryTags(),
    MistralWithIds(),
    MistralThinking(),
    Mistral(),
    MistralList(),
    Granite(),
    Phi(),
    Nemotron(),
    Apriel(),
    Functools(),
    Lfm(),
    Hermes(),
    Llama(),
]

PIECES: list[tuple[str, str]] = [
    ("hermes", r"""{{- '<tool_call>\n{"name": "' }}{{- '", "arguments": ' }}"""),
    ("hermes", r"""<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}"""),
    ("hermes", '<|start_of_role|>{{ \'<tool_call>\n{"name": "\' }}, "arguments": '),
    ("qwen_coder", r"<tool_call>\n<function=example>\n<parameter=a>\nvalue\n</parameter>"),
    ("seed", r"<seed:tool_call>\n<function=example>\n<parameter=a>value</parameter></function>"),
    ("functionary_tags", "'<function=' + name + '>' + arguments + '</function>'"),
    ("functionary_recipients", "{{ '>>>all\\n' + message['content'] }}"),
    ("llama", '<|start_header_id|>ipython {"name": "\' + name + \'", \' }}{{ \'"parameters": \''),
    ("llama", '<|header_start|>assistant {"name": name, "parameters": dictionary}'),
    ("mistral", "[TOOL_CALLS]' + name + '[ARGS]' + arguments"),
    ("mistral_ids", "[TOOL_CALLS]' + name + '[CALL_ID]' + id + '[ARGS]'"),
    ("mistral_thinking", "[THINK]' + thinking + '[/THINK]' [TOOL_CALLS]name[ARGS]"),
    ("mistral_list", '[TOOL_CALLS][{"name": name, "arguments": {}'),
    ("granite", "<|start_of_role|>system respond only with <|tool_call|> followed by a JSON list"),
    ("phi", "'<|tool|>' + message['tools'] + '<|/tool|>' + '<|end|>'"),
    ("nemotron", '<TOOLCALL>[{{"name": "tool_name1", "arguments": "tool_args1"}}]</TOOLCALL>'),
    ("apriel", '<tool_calls>[{"name": <name>, "arguments": <dict>}]</tool_calls> <tool_call>'),
    ("functools", 'functools[{"name": [function name], "arguments": [arguments as JSON]}]'),
    ("lfm", "<|tool_call_start|>[' + calls + ']<|tool_call_end|>"),
    ("lfm", "List of tools: <|tool_list_start|>["),
    ("", '<tool_call>{name}\n<arg_key>a</arg_key> "arguments"'),
    ("", "<|start_header_id|>' + role + '<|end_header_id|>' + content"),
    ("", "<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>"),
    ("", '<tool_calls>\n{"name": <tool-name>, "arguments": <args>}\n</tool_calls> "arguments"'),
    ("", '<invoke name="f"> <tool_call> "arguments"'),
]


@pytest.mark.parametrize(("name", "template"), PIECES)
def test_a_template_is_of_one_family(name: str, template: str) -> None:
    assert next((form.name for form in FORMS if form.fits(template)), "") == name
    assert Plain().fits(template)


def test_names_are_unique() -> None:
    assert len({form.name for form in FORMS}) == len(FORMS)
