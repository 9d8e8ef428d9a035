"""The sandbox: what templates may use, what they may not, and how they fail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from understudy.io.engines.template_sandbox import (
    MESSAGE_CHARACTERS_MAX,
    TEMPLATE_CHARACTERS_MAX,
    SandboxedTemplate,
    TemplateRefused,
)

NOW = datetime(2026, 3, 4, 5, 6, 7)


def rendered(source: str, **variables: Any) -> str:
    return SandboxedTemplate.compiled(source, lambda: NOW).render(variables)


def refusal(source: str, **variables: Any) -> TemplateRefused:
    with pytest.raises(TemplateRefused) as caught:
        rendered(source, **variables)
    return caught.value


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% if true %}\nyes\n{% endif %}\nend", "yes\nend"),
        ("  {% if true %}\nx{% endif %}", "x"),
        ("{% for n in [1, 2, 3] %}{% if n == 2 %}{% break %}{% endif %}{{ n }}{% endfor %}", "1"),
        ("{% for n in [1, 2] %}{% if n == 1 %}{% continue %}{% endif %}{{ n }}{% endfor %}", "2"),
        ("{% generation %}a{{ 1 }}{% endgeneration %}b", "a1b"),
        ("{{ {'a': '<ä>', 'b': [1, none]} | tojson }}", '{"a": "<ä>", "b": [1, null]}'),
        ("{{ {'a': 'ä'} | tojson(ensure_ascii=true) }}", '{"a": "\\u00e4"}'),
        ("{{ {'b': 1, 'a': 2} | tojson(sort_keys=true) }}", '{"a": 2, "b": 1}'),
        ("{{ {'a': [1]} | tojson(indent=2) }}", '{\n  "a": [\n    1\n  ]\n}'),
        ("{{ {'a': [1, 2]} | tojson(separators=(',', ':')) }}", '{"a":[1,2]}'),
        ("{{ strftime_now('%d %b %Y') }}", "04 Mar 2026"),
        ("{% set ns = namespace(n=1) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}", "2"),
        ("{{ '<b>' + ('\"' | tojson | safe) + '<b>' }}", '<b>"\\""<b>'),
        ("{{ 'a<b' }}", "a<b"),
        ("{{ unknown }}|{{ unknown is defined }}", "|False"),
        ("{% set ns = namespace(q=[]) %}{% set _ = ns.q.append(1) %}{{ ns.q.pop(0) }}", "1"),
    ],
)
def test_templates_have_what_they_are_written_for(source: str, text: str) -> None:
    assert rendered(source) == text


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ [].__init__.__globals__ }}",
        "{{ messages.__class__.__base__ }}",
        "{{ (namespace).__init__.__globals__['os'] }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ raise_exception.__globals__ }}",
        "{{ strftime_now.__closure__ }}",
        "{{ '{0.__class__.__init__}'.format(messages) }}",
        "{{ '%s' | attr('__class__') }}{{ ''|attr('__class__')|attr('__mro__') }}",
        "{{ self._TemplateReference__context.environment }}",
        "{% include 'other' %}",
        "{% import 'os' as os %}",
        "{% extends '/etc/passwd' %}",
        "{% set _ = messages.clear() %}",
        "{% set _ = messages[0].update({'role': 'x'}) %}",
        "{{ range(1000000000) | list }}",
        "{{ lipsum.__globals__ }}",
    ],
)
def test_nothing_leads_out_of_the_sandbox(source: str) -> None:
    """What cannot be reached is an error, or nothing, and never a way out."""
    try:
        text = rendered(source, messages=[{"role": "user"}])
    except TemplateRefused:
        return
    assert text == ""


def test_a_template_cannot_change_what_it_is_given() -> None:
    given = [{"role": "user", "content": "x"}]
    source = "{% set _ = messages.append(1) %}{% set _ = messages.pop(0) %}{{ messages }}"
    assert rendered(source, messages=given) == "[1]"
    assert given == [{"role": "user", "content": "x"}]


def test_its_text_has_a_limit() -> None:
    source = "{% for n in range(1000) %}{{ 'ä' * 100 }}{% endfor %}"
    template = SandboxedTemplate.compiled(source, lambda: NOW, 1_000)
    with pytest.raises(TemplateRefused, match="writes more than 1000 bytes"):
        template.render({})
    whole = SandboxedTemplate.compiled(source, lambda: NOW, 200_000).render({})
    assert len(whole.encode()) == 200_000


def test_a_template_has_a_limit() -> None:
    assert "more than" in refusal("x" * (TEMPLATE_CHARACTERS_MAX + 1)).reason


def test_its_own_refusal_is_told_with_its_place() -> None:
    refused = refusal("{# a #}\n{% if true %}\n  {{ raise_exception('no tools') }}\n{% endif %}")
    assert (refused.reason, refused.line, refused.deliberate) == ("no tools", 3, True)
    assert str(refused) == (
        "The model's chat template, line 3, at `{{ raise_exception('no tools') }}`: no tools. The"
        " template is part of the model's file; a newer file of this model may have a corrected"
        " one."
    )


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("a\n{{ 1 / 0 }}", 2, "ZeroDivisionError: division by zero"),
        ("a\nb\n{{ unknown.member }}", 3, "'unknown' is undefined"),
        ("{{ 'a' + 1 }}", 1, "TypeError: can only concatenate str"),
        ("{% if %}", 1, "Expected an expression"),
        ("a\n{% for n %}", 2, "expected token 'in'"),
        ("{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(1) }}", 1, "RecursionError: maximum"),
        ("{{ {'a': unknown} | tojson }}", 1, "TypeError: Object of type Undefined"),
        ("{{ nothing() }}", 1, "'nothing' is undefined"),
    ],
)
def test_what_is_broken_is_told_with_its_place(source: str, line: int, reason: str) -> None:
    refused = refusal(source)
    assert (refused.line, refused.deliberate) == (line, False)
    assert refused.reason.startswith(reason)


def test_what_it_says_is_cut() -> None:
    refused = refusal("{{ raise_exception('x' * 10000) }}")
    assert len(refused.reason) == MESSAGE_CHARACTERS_MAX


def test_deep_nesting_is_an_error_of_the_template() -> None:
    assert refusal("{% for n in [1] %}" * 60).reason
    assert refusal("{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}").reason
