"""Addresses without a token: only where the file says so in words, and never beyond the machine."""

from __future__ import annotations

import attrs
import pytest
from understudy.protocols.settings import ListenSettings, Settings, changes, parse_settings
from understudy.protocols.settings_data import LISTEN_MAX

from .texts import problems_of, the_problem_of

LISTEN = '[[listen]]\nport = 11434\ndialect = "ollama"\n'


def listens(text: str) -> tuple[ListenSettings, ...]:
    return parse_settings(text, "settings.toml").listen


def test_without_a_word_there_is_none() -> None:
    assert listens("") == listens("listen = []") == Settings().listen == ()


def test_an_address_is_read_with_loopback_as_its_host() -> None:
    assert listens(LISTEN) == (ListenSettings(11434, "ollama", "127.0.0.1"),)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost", "LocalHost"])
def test_any_loopback_host_will_do(host: str) -> None:
    (listen,) = listens(f'{LISTEN}host = "{host}"')
    assert listen.host == host.lower()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "box.lan", "fd00::1", "8.8.8.8"])
@pytest.mark.parametrize("head", ["", "[server]\nallow_remote = true\n"])
def test_nothing_makes_it_reachable_from_elsewhere(host: str, head: str) -> None:
    problem = the_problem_of(f'{head}{LISTEN}host = "{host}"')
    assert f'listen[0].host: "{host}" can be reached from other machines' in problem
    assert "no token" in problem


def test_port_and_dialect_are_said_in_words() -> None:
    assert problems_of("[[listen]]\n") == [
        "settings.toml:1: listen[0].port: is missing; add it, like port = 11434, which is Ollama's",
        'settings.toml:1: listen[0].dialect: is missing; add dialect = "ollama"',
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("port = 0", "2: listen[0].port: 0 is out of range; allowed: 1 to 65535"),
        ("port = 65536", "2: listen[0].port: 65536 is out of range; allowed: 1 to 65535"),
        ('port = "x"', '2: listen[0].port: must be a whole number, not "x"'),
        (
            'dialect = "anthropic"',
            '2: listen[0].dialect: "anthropic" is not known; allowed: ollama',
        ),
        ('host = "a b"', '2: listen[0].host: "a b" is neither an IP address nor a host name'),
        (
            'tokn = "x"',
            "2: listen[0].tokn: unknown key; allowed: port, dialect, host",
        ),
        (
            "allow_remote = true",
            "2: listen[0].allow_remote: does not belong here; move it below [server]",
        ),
    ],
)
def test_what_is_wrong_is_named(line: str, problem: str) -> None:
    key = line.partition(" ")[0]
    kept = [each for each in LISTEN.splitlines()[1:] if not each.startswith(f"{key} ")]
    text = "\n".join(["[[listen]]", line, *kept])
    assert the_problem_of(text) == f"settings.toml:{problem}"


def test_no_two_addresses_are_one() -> None:
    assert "listen[1].port: 11434 is already listen[0]'s port" in the_problem_of(LISTEN + LISTEN)
    assert len(listens(f'{LISTEN}{LISTEN}host = "::1"')) == 2
    assert "is the server's own port" in the_problem_of(f"[server]\nport = 11434\n{LISTEN}")


def test_there_are_few_of_them() -> None:
    text = "".join(LISTEN.replace("11434", str(port)) for port in range(1, LISTEN_MAX + 1))
    assert len(listens(text)) == LISTEN_MAX
    assert the_problem_of(text + LISTEN).endswith(f"allowed: at most {LISTEN_MAX}")


def test_a_change_of_them_waits_for_a_restart() -> None:
    old = Settings(listen=(ListenSettings(11434),))
    for new in (Settings(), attrs.evolve(old, listen=(ListenSettings(11435),))):
        assert changes(old, new).restart_keys == ("listen",)
