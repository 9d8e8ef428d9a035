"""Where turns go, as the settings say it: rules, routing, fallbacks, keys, budgets and privacy."""

from __future__ import annotations

import pytest
from understudy.protocols.settings import parse_settings
from understudy.protocols.settings_data import (
    KEYS_PER_ENDPOINT_MAX,
    PLACES_MAX,
    RULES_MAX,
    TRAITS,
    KeyReference,
    RoutingSettings,
    RuleSettings,
    SafeguardsSettings,
)

from .texts import PEER, peer, problems_of, the_endpoint_of, the_problem_of

HOME = """\
[[endpoint]]
name = "home"
dialect = "openai-chat"
base_url = "http://127.0.0.1:9"
models = ["qwen", "qwen-small"]
"""
BOTH = PEER + HOME
FIRST_LINE = BOTH.count("\n") + 1


def the_rule_of(lines: str) -> RuleSettings:
    (rule,) = parse_settings(f"{BOTH}[[rule]]\n{lines}\n", "settings.toml").rules
    return rule


def the_problem_of_rule(lines: str) -> str:
    return the_problem_of(f"{BOTH}[[rule]]\n{lines}\n").removeprefix("settings.toml:")


def test_a_rule_with_everything() -> None:
    assert the_rule_of(
        'name = "small"\nto = ["home/qwen", "work/claude-x"]\n'
        'when = ["background", "long-context"]\n'
        'model = "claude-*"\nfrom = ["work"]\nabove_tokens = 5000\nspread = "affinity"'
    ) == RuleSettings(
        to=("home/qwen", "work/claude-x"),
        name="small",
        when=("background", "long-context"),
        model="claude-*",
        origin=("work",),
        above_tokens=5_000,
        spread="affinity",
    )


@pytest.mark.parametrize("trait", TRAITS)
def test_each_trait_may_stand_alone(trait: str) -> None:
    assert the_rule_of(f'to = ["rehearsal"]\nwhen = "{trait}"').when == (trait,)


def test_what_a_rule_leaves_out() -> None:
    rule = the_rule_of('to = ["home/qwen"]\nmodel = "fast"')
    assert (rule.name, rule.when, rule.origin, rule.spread) == ("", (), (), "order")
    assert rule.above_tokens == 60_000
    assert rule.alias == "fast"
    assert the_rule_of('to = ["home/qwen"]\nmodel = "fast-*"').alias is None


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (
            'when = "plan"',
            '11: rule[0].to: is missing or empty; add places, like to = ["work/claude-x"]',
        ),
        (
            'to = []\nwhen = "plan"',
            '12: rule[0].to: is missing or empty; add places, like to = ["work/claude-x"]',
        ),
        (
            'to = ["home/qwen"]',
            "12: rule[0].to: a rule needs a condition: when, model or from; for all turns there "
            "is `default`",
        ),
        (
            'to = ["home/qwen", "home/qwen"]\nwhen = "plan"',
            "12: rule[0].to: names a place twice",
        ),
        (
            'to = ["home/quen"]\nwhen = "plan"',
            '12: rule[0].to: there is no "home/quen"; did you mean "home/qwen"? allowed: '
            "<endpoint>/<model>, or rehearsal",
        ),
        (
            'to = ["qwen"]\nwhen = "plan"',
            '12: rule[0].to: there is no "qwen"; did you mean "home/qwen"? allowed: '
            "<endpoint>/<model>, or rehearsal",
        ),
        (
            'to = ["home/qwen"]\nwhen = "vison"',
            '13: rule[0].when: "vison" is not known; did you mean "vision"? allowed: '
            f"{', '.join(TRAITS)}",
        ),
        (
            'to = ["home/qwen"]\nwhen = ["plan", "plan"]',
            f'13: rule[0].when[1]: "plan" stands here twice; allowed: {", ".join(TRAITS)}',
        ),
        (
            'to = ["home/qwen"]\nwhen = []',
            f"13: rule[0].when: is empty; allowed: {', '.join(TRAITS)}",
        ),
        (
            'to = ["home/qwen"]\nfrom = ["wrok"]',
            '13: rule[0].from: no endpoint has the name "wrok"; did you mean "work"? see the '
            "[[endpoint]]s",
        ),
        (
            'to = ["home/qwen"]\nwhen = "plan"\nabove_tokens = 9',
            '14: rule[0].above_tokens: has a meaning only with when = "long-context"',
        ),
        (
            'to = ["home/qwen"]\nwhen = "long-context"\nabove_tokens = 0',
            "14: rule[0].above_tokens: 0 is out of range; allowed: 1 to 16777216",
        ),
        (
            'to = ["home/qwen"]\nwhen = "plan"\nspread = "random"',
            '14: rule[0].spread: "random" is not known; allowed: order, affinity',
        ),
        (
            'to = ["home/qwen"]\nwhen = "plan"\nwen = "x"',
            '14: rule[0].wen: unknown key; did you mean "when"? allowed: to, name, when, model, '
            "from, above_tokens, spread",
        ),
        (
            f'to = ["home/qwen"]\nmodel = "{"x" * 300}"',
            "13: rule[0].model: has 300 characters; allowed: at most 256",
        ),
        (
            'to = "home/qwen"\nwhen = "plan"',
            '12: rule[0].to: must be an array of strings, like ["..."], not "home/qwen"',
        ),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_with_its_line(lines: str, problem: str) -> None:
    assert the_problem_of_rule(lines) == problem


def test_places_and_rules_have_limits() -> None:
    many = ", ".join(f'"home/{number}"' for number in range(PLACES_MAX + 1))
    assert (
        f"has {PLACES_MAX + 1} items"
        in problems_of(f'{BOTH}[[rule]]\nto = [{many}]\nwhen = "plan"\n')[0]
    )
    rules = '[[rule]]\nto = ["home/qwen"]\nwhen = "plan"\n' * (RULES_MAX + 1)
    assert f"there are {RULES_MAX + 1} of them" in the_problem_of(BOTH + rules)


def test_a_default_may_be_a_rule_s_id() -> None:
    text = f'default = "fast"\n{BOTH}[[rule]]\nto = ["home/qwen"]\nmodel = "fast"\n'
    assert parse_settings(text, "settings.toml").default == "fast"
    assert "no endpoint of this file has" in the_problem_of(
        text.replace('model = "fast"', 'model = "f*"')
    )


def test_routing() -> None:
    read = parse_settings(
        "[routing]\nretries = 2\ncooldown_seconds = 1.5\nfailures_to_rest = 1\n", "settings.toml"
    )
    assert read.routing == RoutingSettings(2, 1.5, 1)
    assert parse_settings("[routing]\nretries = 0\n", "settings.toml").routing.retries == 0
    assert parse_settings("", "settings.toml").routing == RoutingSettings()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("retries = 6", "routing.retries: 6 is out of range; allowed: 0 to 5"),
        ("retries = true", "routing.retries: must be a whole number, not true"),
        (
            "cooldown_seconds = 0.5",
            "routing.cooldown_seconds: 0.5 is out of range; allowed: 1 to 3600",
        ),
        (
            "failures_to_rest = 0",
            "routing.failures_to_rest: 0 is out of range; allowed: 1 to 100",
        ),
        (
            "retry = 1",
            'routing.retry: unknown key; did you mean "retries"? allowed: retries, '
            "cooldown_seconds, failures_to_rest",
        ),
    ],
)
def test_what_is_wrong_with_routing(line: str, problem: str) -> None:
    assert the_problem_of(f"[routing]\n{line}\n") == f"settings.toml:2: {problem}"


def test_a_pool_of_keys_keeps_their_order() -> None:
    found = the_endpoint_of(peer('key = ["env:FIRST", "keychain:second"]'))
    assert found.keys == (KeyReference("env", "FIRST"), KeyReference("keychain", "second"))
    assert the_endpoint_of(peer('key = "env:ONE"')).keys == (KeyReference("env", "ONE"),)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            'key = ["env:A", "env:A"]',
            "settings.toml:6: endpoint[0].key[1]: names a key that stands here already",
        ),
        ("key = [7]", "settings.toml:6: endpoint[0].key[0]: must be a string in quotes"),
        (
            f"key = {[f'env:K{number}' for number in range(KEYS_PER_ENDPOINT_MAX + 1)]}",
            f"settings.toml:6: endpoint[0].key: has {KEYS_PER_ENDPOINT_MAX + 1} items; "
            f"allowed: at most {KEYS_PER_ENDPOINT_MAX}",
        ),
        ("private = 1", "settings.toml:6: endpoint[0].private: must be true or false, not 1"),
        (
            "tokens_per_day = 0",
            "settings.toml:6: endpoint[0].tokens_per_day: 0 is out of range; allowed: 1 to "
            "1000000000000",
        ),
        (
            'fallback = ["work/claude-y"]',
            'settings.toml:6: endpoint[0].fallback: there is no "work/claude-y"; did you mean '
            '"work/claude-x"? allowed: <endpoint>/<model>, or rehearsal',
        ),
        (
            'fallback = ["rehearsal", "rehearsal"]',
            "settings.toml:6: endpoint[0].fallback: names a place twice",
        ),
    ],
)
def test_what_is_wrong_with_an_endpoint(line: str, problem: str) -> None:
    assert the_problem_of(peer(line) + "\n") == problem


def test_fallback_privacy_and_budget_of_an_endpoint() -> None:
    lines = 'fallback = ["home/qwen", "rehearsal"]\nprivate = true\ntokens_per_day = 9\n'
    text = PEER + lines + HOME
    work, _ = parse_settings(text, "settings.toml").endpoints
    assert (work.fallback, work.private, work.tokens_per_day) == (
        ("home/qwen", "rehearsal"),
        True,
        9,
    )


def test_a_private_endpoint_does_not_fall_back_to_a_remote_one() -> None:
    away = HOME.replace("http://127.0.0.1:9", "https://home.example")
    text = f'{PEER}fallback = ["home/qwen"]\nprivate = true\n{away}'
    assert the_problem_of(text) == (
        'settings.toml:6: endpoint[0].fallback: work is private, and "home/qwen" is remote: write '
        'a [[rule]] with from = ["work"] if what is asked of it may go there'
    )
    trusted = away + "private = true\n"
    assert parse_settings(text.replace(away, trusted), "settings.toml").endpoints[0].private


def test_an_engine_has_no_key_and_no_budget() -> None:
    engine = '[[endpoint]]\nname = "local"\nengine = "llama.cpp"\nfile = "m.gguf"\n'
    assert problems_of(f'{engine}tokens_per_day = 9\nkey = "env:A"\n') == [
        "settings.toml:5: endpoint[0].tokens_per_day: has no meaning with an engine",
        "settings.toml:6: endpoint[0].key: has no meaning with an engine",
    ]
    assert the_endpoint_of(f'{engine}fallback = ["rehearsal"]\n').fallback == ("rehearsal",)


def test_safeguards_name_a_place_or_a_rule_s_id() -> None:
    text = f'{BOTH}[safeguards]\nclassifier = "home/qwen"\n'
    assert parse_settings(text, "settings.toml").safeguards == SafeguardsSettings("home/qwen")
    assert 'safeguards.classifier: there is no "home/x"' in the_problem_of(
        text.replace("home/qwen", "home/x")
    )
