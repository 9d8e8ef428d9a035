"""How the client is started: decided from values alone."""

from __future__ import annotations

import attrs
import pytest
from understudy.io.cli.catalogue import known_model
from understudy.io.cli.client import ClientPlan, argument, plan_client
from understudy.io.cli.errors import CannotRun
from understudy.protocols.context_number import CONTEXT_VARIABLE
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.secret import Secret
from understudy.protocols.settings import EndpointSettings, KeyReference, RuleSettings, Settings

from .stage import TOKEN

ADDRESS = "http://127.0.0.1:7337"
WORK = EndpointSettings(
    "work", ("claude-x",), ("anthropic",), "http://127.0.0.1:9000", context_tokens=200_000
)
REAL = EndpointSettings("real", ("claude-opus-5-5",), ("anthropic",), "https://api.anthropic.com")
LOCAL = EndpointSettings("local", ("m",), engine="llama-server", file="/m.gguf")


def plan(
    *arguments: str, environ: dict[str, str] | None = None, default: str = "work/claude-x"
) -> ClientPlan:
    table = RoutingTable.of(Settings(default, endpoints=(WORK, REAL, LOCAL)))
    return plan_client(environ or {}, arguments, ADDRESS, Secret(TOKEN), table)


def test_the_client_is_pointed_at_us_and_at_the_default_model() -> None:
    assert plan().environment({"PATH": "/bin"}) == {
        "PATH": "/bin",
        "ANTHROPIC_BASE_URL": ADDRESS,
        "ANTHROPIC_AUTH_TOKEN": TOKEN,
        "ANTHROPIC_MODEL": "work/claude-x",
        "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": "1",
        "CLAUDE_CODE_MAX_CONTEXT_TOKENS": "200000",
    }


def test_what_would_lead_the_client_away_is_taken_and_told() -> None:
    environ = {"ANTHROPIC_API_KEY": "sk-x", "CLAUDE_CODE_USE_BEDROCK": "1"}
    made = plan(environ=environ)
    assert not environ.keys() & made.environment(environ).keys()
    assert [note.partition(" is not passed on")[0] for note in made.notes[:2]] == list(environ)
    assert not any("sk-x" in note for note in made.notes)


@pytest.mark.parametrize("arguments", [("--model", "local/m"), ("--model=local/m", "-p", "x")])
def test_a_model_on_the_command_line_is_left_to_the_client(arguments: tuple[str, ...]) -> None:
    made = plan(*arguments)
    assert "ANTHROPIC_MODEL" not in made.settings
    assert "CLAUDE_CODE_MAX_CONTEXT_TOKENS" not in made.settings  # nobody knows local's
    assert made.arguments == ("--permission-mode", "default", *arguments)


def test_a_model_in_the_environment_stays() -> None:
    made = plan(environ={"ANTHROPIC_MODEL": "anthropic/work/claude-x"}, default="local/m")
    assert "ANTHROPIC_MODEL" not in made.settings
    assert made.settings["CLAUDE_CODE_MAX_CONTEXT_TOKENS"] == "200000"


@pytest.mark.parametrize("model", ["opus", "claude-haiku-5-5[1m]"])
def test_the_number_stands_for_others_where_the_client_starts_with_its_own_model(
    model: str,
) -> None:
    assert plan("--model", model).settings["CLAUDE_CODE_MAX_CONTEXT_TOKENS"] == "200000"


def test_mixed_windows_are_explained_unless_the_user_has_set_a_number() -> None:
    small = attrs.evolve(WORK, name="small", context_tokens=100_000)
    table = RoutingTable.of(Settings(endpoints=(WORK, small)))
    why = "the client is told 200,000 tokens for every model that is not its own"
    assert plan_client({}, (), ADDRESS, Secret(TOKEN), table).notes[0].startswith(why)
    own = plan_client({CONTEXT_VARIABLE: "4000"}, (), ADDRESS, Secret(TOKEN), table)
    assert not any(why in note for note in own.notes)


def test_an_endpoints_key_is_kept_from_the_client_and_its_tools() -> None:
    keyed = attrs.evolve(WORK, key=KeyReference("env", "WORK_KEY"))
    table = RoutingTable.of(Settings(endpoints=(keyed,)))
    made = plan_client({"WORK_KEY": "sk-x"}, (), ADDRESS, Secret(TOKEN), table)
    assert "WORK_KEY" not in made.environment({"WORK_KEY": "sk-x", "PATH": "/bin"})
    assert made.notes[0].startswith(
        "WORK_KEY is not passed on to the client: it is the key of work"
    )
    assert "sk-x" not in "".join(made.notes)


def test_a_small_window_asks_for_short_answers() -> None:
    table = RoutingTable.of(Settings())
    settings = plan_client({}, (), ADDRESS, Secret(TOKEN), table).settings
    assert settings["CLAUDE_CODE_MAX_CONTEXT_TOKENS"] == "32768"
    assert settings["CLAUDE_CODE_MAX_OUTPUT_TOKENS"] == "4096"
    assert "CLAUDE_CODE_MAX_OUTPUT_TOKENS" not in plan().settings


def test_what_the_user_has_set_stays() -> None:
    environ = {
        "CLAUDE_CODE_MAX_CONTEXT_TOKENS": "4000",
        "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": "0",
    }
    assert plan(environ=environ).environment(environ).items() >= environ.items()


def test_the_mode_is_manual_where_no_verdict_can_be_had() -> None:
    for default, name in (("work/claude-x", "work"), ("local/m", "local")):
        made = plan("-p", "x", default=default)
        assert made.arguments == ("--permission-mode", "default", "-p", "x")
        (note,) = made.notes
        assert "permission mode is manual" in note
        assert f"{name} cannot give one" in note


def test_the_real_api_gives_verdicts_itself() -> None:
    made = plan("-p", "x", default="real/claude-opus-5-5")
    assert (made.arguments, made.notes) == (("-p", "x"), ())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--permission-mode", "plan"),
        ("--permission-mode=plan",),
        ("--dangerously-skip-permissions",),
    ],
)
def test_a_mode_that_the_user_chose_stays(arguments: tuple[str, ...]) -> None:
    assert (plan(*arguments).arguments, plan(*arguments).notes) == (arguments, ())


def test_the_embedded_model_is_told_to_be_tiny() -> None:
    assert any(
        "only good for trying things out" in note for note in plan(default="rehearsal").notes
    )


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"HTTP_PROXY": "http://p:1"}, "127.0.0.1"),
        ({"http_proxy": "http://p:1", "no_proxy": "a.example"}, "a.example,127.0.0.1"),
        ({"HTTP_PROXY": "http://p:1", "NO_PROXY": "a, 127.0.0.1"}, None),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
    ],
)
def test_a_proxy_is_kept_out_of_the_way(environ: dict[str, str], expected: str | None) -> None:
    settings = plan(environ=environ).settings
    assert (settings.get("NO_PROXY"), settings.get("no_proxy")) == (expected, expected)


def test_an_argument_is_found_in_both_forms_and_not_behind_the_end_of_options() -> None:
    assert argument(["-p", "--model", "a"], "--model") == "a"
    assert argument(["--model=a=b"], "--model") == "a=b"
    for arguments in (["--model"], ["--", "--model", "a"], ["--models", "a"], []):
        assert argument(arguments, "--model") is None


def test_an_id_that_a_rule_makes_is_a_model_too() -> None:
    work = EndpointSettings("work", ("m",), ("anthropic",), "http://w", context_tokens=50_000)
    rule = RuleSettings(("work/m",), model="fast")
    table = RoutingTable.of(Settings(endpoints=(work,), rules=(rule,)))
    assert known_model(table, "fast") == known_model(table, "anthropic/fast").split("/")[1]
    planned = plan_client({}, ("--model", "fast"), "http://127.0.0.1:1", Secret("t"), table)
    assert planned.settings["CLAUDE_CODE_MAX_CONTEXT_TOKENS"] == "50000"
    with pytest.raises(CannotRun, match="no endpoint has the model slow"):
        known_model(table, "slow")
