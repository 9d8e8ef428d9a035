"""A key is named, never written; and wherever one was written, no message shows it."""

from __future__ import annotations

import pytest
from understudy.protocols.settings import NO_KEY, KeyReference

from .texts import peer, problems_of, the_endpoint_of, the_problem_of

PLANTED_KEY = "sk-ant-planted-0123456789"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
def test_a_key_may_go_over_plain_http_to_this_machine(host: str) -> None:
    endpoint = the_endpoint_of(peer(f'base_url = "http://{host}:1"') + '\nkey = "env:K"')
    assert endpoint.key == KeyReference("env", "K")


@pytest.mark.parametrize("host", ["10.0.0.5", "example.com", "localhost.example.com", "0.0.0.0"])
def test_a_key_does_not_go_over_plain_http_to_another_machine(host: str) -> None:
    text = peer(f'base_url = "http://{host}"')
    assert the_endpoint_of(text).key == NO_KEY
    assert "would send the key in the clear" in the_problem_of(f'{text}\nkey = "env:K"')
    allowed = the_endpoint_of(f'{text}\nkey = "env:K"\nallow_plain_http = true')
    assert allowed.allow_plain_http


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("none", NO_KEY),
        ("env:WORK_KEY", KeyReference("env", "WORK_KEY")),
        ("env:_k2", KeyReference("env", "_k2")),
        (
            "env:ANTHROPIC_API_KEY_FOR_WORK_2026",
            KeyReference("env", "ANTHROPIC_API_KEY_FOR_WORK_2026"),
        ),
        ("keychain:work.api@example", KeyReference("keychain", "work.api@example")),
    ],
)
def test_a_key_is_named_not_given(written: str, means: KeyReference) -> None:
    key = the_endpoint_of(peer(f'key = "{written}"')).key
    assert key == means
    assert str(key) == written


@pytest.mark.parametrize(
    "secret",
    [
        PLANTED_KEY,
        "hf_PlantedPlantedPlanted",
        "AIzaPlanted_Planted-Planted",
        "gsk_PlantedPlanted",
        "0123456789abcdef0123456789abcdef",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "planted secret",
    ],
)
@pytest.mark.parametrize("source", ["", "env:", "keychain:", "file:", "ENV:"])
def test_a_key_itself_is_refused_and_never_shown(secret: str, source: str) -> None:
    problem = the_problem_of(peer(f'key = "{source}{secret}"'))
    assert "endpoint[0].key" in problem
    assert "not shown" in problem
    assert secret not in problem


@pytest.mark.parametrize("written", ["hunter2", "file:hunter2", "ENV:hunter2", "env:hunter-2"])
def test_what_names_no_place_is_not_shown(written: str) -> None:
    problem = the_problem_of(peer(f'key = "{written}"'))
    assert "not shown" in problem
    assert "hunter" not in problem


def test_the_reason_why_a_key_is_refused_is_given() -> None:
    problem = the_problem_of(peer(f'key = "{PLANTED_KEY}"'))
    assert "looks like a key itself" in problem
    assert 'write key = "env:NAME"' in problem


@pytest.mark.parametrize(
    "text",
    [
        f'default = "{PLANTED_KEY}"',
        f'"{PLANTED_KEY}" = 1',
        f"{PLANTED_KEY} = 1\n{PLANTED_KEY}.x = 1",
        f"[{PLANTED_KEY}]\n[{PLANTED_KEY}]",
        f'api_key = "{PLANTED_KEY}"',
        peer(f'api_key = "{PLANTED_KEY}"'),
        peer(f'name = "{PLANTED_KEY} "'),
        peer(f'models = ["{PLANTED_KEY} x"]'),
        peer(f'base_url = "https://user:{PLANTED_KEY}@example.com"'),
        peer(f'base_url = "https://example.com/?key={PLANTED_KEY}"'),
        peer(f'base_url = "{PLANTED_KEY}"'),
        peer(f'key = "{PLANTED_KEY}'),
        peer(f'key = ["{PLANTED_KEY}"]'),
        peer(f'context_tokens = "{PLANTED_KEY}"'),
    ],
)
def test_a_key_in_a_wrong_place_is_not_shown_either(text: str) -> None:
    assert PLANTED_KEY not in "\n".join(problems_of(text))


def test_a_password_in_a_base_url_is_not_shown() -> None:
    problem = the_problem_of(peer('base_url = "https://ann:hunter2@example.com"'))
    assert "hunter2" not in problem
