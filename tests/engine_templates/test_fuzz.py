"""Whatever a template says and whatever it is given, it renders or refuses: no other error."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.io.engines.chat_template import ChatTemplate
from understudy.io.engines.template_sandbox import TemplateRefused
from understudy.protocols.engine.messages import Chat, ToolShape
from understudy.protocols.model_format.formats import format_of

from .habits import TEMPLATES

BYTES_MAX = 10_000
NOW = datetime(2026, 3, 4)

WORDS = r"""
{% for message in messages %} {% endfor %} {% if tools %} {% elif 1 %} {% else %} {% endif %}
{{ message }} {{ message.content }} {{ message['role'] }} {{ messages[0] }} {{ tools|tojson }}
{% set x = 1 %} {% set ns = namespace(a=1) %} {% set ns.a = 2 %} {{ x.y.z }} {{ 'a' * 99 }}
{{ 1 / 0 }} {{ raise_exception('no') }} {{ strftime_now(1) }} {{ messages | last }} {{ [][1] }}
{% break %} {% generation %} {% endgeneration %} {% macro m(a) %} {% endmacro %} {{ m(m) }}
{{ loop.index }} {{ -messages }} {{ messages.append(1) }} {{ messages.pop() }} {{ x|int('a') }}
{{ '%s' % 1 }} {{ '%d' % 'x' }} {{ {}.a }} {{ {1: 2}|tojson }} {{ none.x }} {{ tools|items }}
{{ message.tool_calls|map(attribute='function')|list }} {{ reasoning_effort }} {{ '\ud800' }}
{% raw %} {% endraw %} {% filter upper %} {% endfilter %} {# #} {{ }} {% %} - <think>
{{ 'x'|unknown }} {{ 1 is unknown }} {% call m() %} {% endcall %} {{ range(5)|batch(0)|list }}
{{ ''|attr('x') }} {{ messages|sort }} {{ messages|sum }} {{ 'a' in 1 }} {{ 9 ** 9 }}
"""
PIECES = st.sampled_from(re.findall(r"\{[%{#].*?[%}#]\}|\S+", WORDS))
TEMPLATE = st.lists(PIECES, max_size=12).map("\n".join) | st.text(
    st.sampled_from("{}%#-|.()[]'\"=<> abn1"), max_size=60
)

JsonStrategy = st.SearchStrategy[Any]
SHORT = st.text(max_size=20)


def _containers(inner: JsonStrategy) -> JsonStrategy:
    return st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)


VALUES: JsonStrategy = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8), _containers, max_leaves=6
)
CALL: JsonStrategy = st.fixed_dictionaries(
    {
        "id": SHORT,
        "function": st.fixed_dictionaries(
            {"name": SHORT, "arguments": st.dictionaries(st.text(max_size=4), VALUES, max_size=3)}
        ),
    }
)
MESSAGES: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.one_of(
        st.fixed_dictionaries({"role": st.sampled_from(["user", "system"]), "content": SHORT}),
        st.fixed_dictionaries(
            {
                "role": st.just("assistant"),
                "content": SHORT,
                "reasoning_content": SHORT,
                "tool_calls": st.lists(CALL, max_size=2),
            }
        ),
        st.fixed_dictionaries({"role": st.just("tool"), "content": SHORT, "tool_call_id": SHORT}),
    ),
    max_size=6,
)
TOOLS = st.lists(
    st.builds(
        ToolShape,
        st.text(max_size=8),
        st.text(max_size=8),
        st.dictionaries(st.sampled_from(["type", "properties", "items", "x"]), VALUES, max_size=3),
    ),
    max_size=2,
)
VARIABLES = st.dictionaries(
    st.sampled_from(["enable_thinking", "reasoning_effort", "thinking_budget", "x"]), VALUES
)


def rendered(source: str, chat: Chat) -> str:
    """The prompt, or what the template says in refusing."""
    try:
        template = ChatTemplate.load(source, format_of(source), lambda: NOW, bytes_max=BYTES_MAX)
        return template.render(chat)
    except TemplateRefused as refused:
        return str(refused)


@settings(max_examples=60, deadline=None)
@given(TEMPLATE, MESSAGES, TOOLS, VARIABLES)
def test_any_template(
    source: str, messages: list[dict[str, Any]], tools: list[ToolShape], variables: dict[str, Any]
) -> None:
    chat = Chat(messages, tools, variables)
    assert len(rendered(source, chat).encode("utf-8", "surrogatepass")) <= 2 * BYTES_MAX


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(list(TEMPLATES)), MESSAGES, TOOLS, VARIABLES)
def test_any_chat(
    name: str, messages: list[dict[str, Any]], tools: list[ToolShape], variables: dict[str, Any]
) -> None:
    chat = Chat(messages, tools, variables)
    assert rendered(TEMPLATES[name], chat) == rendered(TEMPLATES[name], chat)
