"""Answers of Apertus, GigaChat, MiniCPM 5, Solar Open and Kimi K3."""

from __future__ import annotations

import pytest
from understudy.protocols.conversation.arguments import unparsed
from understudy.protocols.model_format.apertus import Apertus
from understudy.protocols.model_format.format import ModelFormat
from understudy.protocols.model_format.gigachat import GigaChat, GigaChat3
from understudy.protocols.model_format.kimi_k3 import KimiK3
from understudy.protocols.model_format.minicpm import MiniCpm
from understudy.protocols.model_format.solar import Solar

from .blocks import Called, Example, Spoken, Thought, splits, told
from .tool_shapes import TOOLS

HELLO = "Hello, world!\nWhat's up?"
ONE = Called("special_function", {"arg1": 1})
TWO = Called("special_function_with_opt", {"arg1": 1, "arg2": 2})
FLAT = '{"name": "special_function", "arguments": {"arg1": 1}}'
MESSAGE = "<|message_sep|>\n\nfunction call<|role_sep|>\n"
RESPONSE = "<|open|>response<|sep|>"
RESPONDED = "<|close|>response<|sep|>"
ENDED = "<|close|>tools<|sep|><|close|>message<|sep|>"
K3_ARG = "<|open|>argument key="
K3_ONE = (
    '<|open|>call tool="special_function" index="1"<|sep|>'
    f'{K3_ARG}"arg1" type="number"<|sep|>1<|close|>argument<|sep|><|close|>call<|sep|>'
)
K3_TWO = (
    '<|open|>call tool="special_function_with_opt" index="2"<|sep|>'
    f'{K3_ARG}"arg1" type="number"<|sep|>1<|close|>argument<|sep|>'
    f'{K3_ARG}"arg2" type="number"<|sep|>2<|close|>argument<|sep|><|close|>call<|sep|>'
)
SOLAR_ONE = (
    "<|tool_call:begin|>a1b2c3d4e5<|tool_call:name|>special_function<|tool_call:args|>"
    '{"arg1": 1}<|tool_call:end|>'
)
LINK = '<a href="/x">hi</a> </param></function>'

# Most are llama.cpp's examples (tests/test-chat.cpp) of these models.
EXAMPLES: list[tuple[ModelFormat, Example]] = [
    (Apertus(), Example(HELLO, [Spoken(HELLO)])),
    (
        Apertus(),
        Example('<|tools_prefix|>[{"special_function": {"arg1": 1}}]<|tools_suffix|>', [ONE]),
    ),
    (
        Apertus(),
        Example(
            '<|inner_prefix|>Hm.<|inner_suffix|>So<|tools_prefix|>[{"special_function": '
            '{"arg1": 1}}, {"python": 7}]<|tools_suffix|>.',
            [Thought("Hm."), Spoken("So"), ONE, Called("python", unparsed("7")), Spoken(".")],
        ),
    ),
    (Apertus(), Example("<|tools_prefix|>[7]", [Spoken("<|tools_prefix|>[7]")])),
    (GigaChat(), Example(HELLO, [Spoken(HELLO)])),
    (GigaChat(), Example(f"<|function_call|>{FLAT}", [ONE])),
    (GigaChat(), Example(f"{HELLO}<|function_call|>{FLAT}", [Spoken(HELLO), ONE])),
    (GigaChat3(), Example(f"{MESSAGE}{FLAT}", [ONE])),
    (GigaChat3(), Example(f"{HELLO}{MESSAGE}{FLAT}", [Spoken(HELLO), ONE])),
    (MiniCpm(), Example(HELLO, [Spoken(HELLO)])),
    (
        MiniCpm(),
        Example(
            "I think</think>"
            '<function name="python"><param name="code">print(\'x\')</param></function>\n'
            '<function name="empty_args"></function>',
            [
                Thought("I think"),
                Called("python", {"code": "print('x')"}),
                Called("empty_args", {}),
            ],
            "<think>\n",
        ),
    ),
    (
        MiniCpm(),
        Example(
            f'<function name="html"><param name="markup"><![CDATA[{LINK}]]></param></function>',
            [Called("html", {"markup": LINK})],
        ),
    ),
    (
        MiniCpm(),
        Example(
            '<function name="set_union"><param name="amount"><![CDATA[7]]></param>'
            '<param name="value">a <![CDATA[b]]> c</param></function>',
            [Called("set_union", {"amount": "7", "value": "a <![CDATA[b]]> c"})],
        ),
    ),
    (
        MiniCpm(),
        Example(
            '<function name="html"><param name="markup"><![CDATA[a</function>',
            [Called("html", {"markup": "<![CDATA[a"})],
        ),
    ),
    (
        Solar(),
        Example(
            f"<|think|>Hm.<|end|><|begin|>assistant<|tool_calls|>{SOLAR_ONE}{SOLAR_ONE}<|calls|>",
            [Thought("Hm."), ONE, ONE],
        ),
    ),
    (
        Solar(),
        Example(
            f"<|think|>Hm.<|end|><|begin|>assistant<|content|>{HELLO}<|end|>",
            [Thought("Hm."), Spoken(HELLO)],
        ),
    ),
    (
        KimiK3(),
        Example(f"{RESPONSE}{HELLO}{RESPONDED}<|close|>message<|sep|>", [Spoken(HELLO)]),
    ),
    (
        KimiK3(),
        Example(
            f"I think<|close|>think<|sep|>{RESPONSE}On it.{RESPONDED}"
            f"<|open|>tools<|sep|>{K3_ONE}{K3_TWO}{ENDED}",
            [Thought("I think"), Spoken("On it."), ONE, TWO],
            "<|open|>think<|sep|>",
        ),
    ),
    (
        KimiK3(),
        Example(
            f'{RESPONSE}{RESPONDED}<|open|>tools<|sep|><|open|>call tool="python" index="1"<|sep|>'
            f'{K3_ARG}"code" type="string"<|sep|>print(\'hey\')<|close|>argument<|sep|>'
            f"<|close|>call<|sep|>{ENDED}",
            [Called("python", {"code": "print('hey')"})],
        ),
    ),
]


@pytest.mark.parametrize(("form", "example"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_answer_means_the_same_for_every_split(form: ModelFormat, example: Example) -> None:
    for pieces in splits(example.written):
        assert told(form, pieces, TOOLS, example.tail) == example.blocks
