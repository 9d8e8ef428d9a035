"""`understudy endpoints add`, `test` and `remove`, against endpoints on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result
from understudy.io.cli import endpoints, endpoints_add
from understudy.io.cli.main import Starters, make_command
from understudy.io.settings_file import SettingsFile
from understudy.protocols.settings import EndpointSettings

from ..actors.dialects import ANTHROPIC, CHAT, GEMINI, OLLAMA, RESPONSES
from .compatible_peer import IDS, playing

KEY = "planted-key-0123456789"
ADDED = ("endpoints", "add")


@attrs.frozen
class Desk:
    """A home of its own, in which commands run."""

    home: Path

    def run(self, *words: str, typed: str | None = None) -> Result:
        """Runs a command of the command line."""
        environment = {
            "UNDERSTUDY_HOME": str(self.home),
            "ACME_KEY": KEY,
            "NO_COLOR": "1",
            "UNDERSTUDY_KEYS_PASSPHRASE": "planted passphrase of a file",
        }
        starters = Starters(serve=_nothing, explorer=_nothing)
        command = make_command(starters)
        result = CliRunner().invoke(command, list(words), input=typed, env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert KEY not in result.output
        return result

    def endpoints(self) -> list[EndpointSettings]:
        """What the server would read."""
        return list(SettingsFile(self.home / "settings.toml").load().endpoints)

    @property
    def text(self) -> str:
        """The file of added endpoints, without its header; "" if there is none."""
        file = self.home / "endpoints.toml"
        return file.read_text().partition("\n\n")[2] if file.exists() else ""

    def provide(self, url: str, *lines: str) -> None:
        """Writes a table of one provider, which is at this address."""
        rows = "\n".join(["[[provider]]", 'name = "acme"', f'base_url = "{url}"', *lines])
        (self.home / "providers.toml").write_text(rows)


def _nothing(*_: Any) -> Any:
    raise AssertionError("no server is started here")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at the terminal."""
    monkeypatch.setattr(endpoints_add, "is_terminal_read", lambda: True)


@pytest.mark.parametrize("dialect", [ANTHROPIC, CHAT, RESPONSES, GEMINI, OLLAMA])
def test_what_an_address_speaks_is_found_tried_and_written(dialect: str, desk: Desk) -> None:
    with playing(dialect=dialect) as peer:
        words = ("--base-url", f"{peer.url}/v1", "--key", "env:ACME_KEY", "--name", "box")
        ran = desk.run(*ADDED, *words, "--json")
    told = json.loads(ran.stdout)
    assert told["written"] is True
    assert told["test"]["called_tool"] is True
    assert (told["test"]["model"], told["test"]["listed"]) == ("big", list(IDS))
    [endpoint] = desk.endpoints()
    assert (endpoint.name, endpoint.dialects) == ("box", (dialect,))
    assert (endpoint.base_url, endpoint.models) == (peer.url, IDS)
    [(_, headers, _)] = peer.asked
    carried = [name for name, value in headers.items() if KEY in value]
    assert carried == [{ANTHROPIC: "x-api-key", GEMINI: "x-goog-api-key"}.get(dialect, carried[0])]


def test_an_address_without_a_version_in_its_path_is_found(desk: Desk) -> None:
    with playing(path="/api/v4/chat/completions", lists=False) as peer:
        words = ("--base-url", f"{peer.url}/api/v4", "--model", "m", "--yes")
        ran = desk.run(*ADDED, *words)
    assert ran.exit_code == 0, ran.output
    assert 'paths = { openai-chat = "/" }' in desk.text
    assert peer.asked[0][0] == "/api/v4/chat/completions"


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        ({"status": 401, "refusal": f"bad key {KEY}"}, "status 401: bad key (key not shown)"),
        ({"status": 404, "refusal": "no big"}, "check the model's id, the base_url and the"),
        ({"status": 429, "refusal": "slow"}, "wait, or raise its limit"),
        ({"status": 500, "refusal": "oops"}, "oops; try again later"),
        ({"cut": True}, "the answer broke off before its end"),
        ({"dialect": GEMINI, "path": "/v1/chat"}, "the answer"),
    ],
)
def test_what_does_not_work_is_told_and_not_written(
    behaviour: dict[str, Any], told: str, desk: Desk
) -> None:
    with playing(**behaviour) as peer:
        desk.provide(peer.url, 'dialect = "openai-chat"')
        words = ("--provider", "acme", "--key", "env:ACME_KEY", "--model", "big", "--yes")
        ran = desk.run(*ADDED, *words)
    assert ran.exit_code == 1
    assert told in ran.stderr
    assert "nothing was written; --no-test writes it untried" in ran.stderr
    assert desk.text == ""


def test_who_is_not_there_is_told(desk: Desk) -> None:
    with playing() as peer:
        gone = peer.url
    ran = desk.run(*ADDED, "--base-url", gone, "--dialect", "gemini", "--model", "m", "--yes")
    assert ran.exit_code == 1
    assert "check the base_url, and that it runs" in ran.stderr


def test_a_model_that_is_not_listed_is_told_with_those_that_are(desk: Desk) -> None:
    with playing(status=404, refusal="no such model") as peer:
        words = ("--base-url", peer.url, "--dialect", CHAT, "--model", "bog", "--yes")
        ran = desk.run(*ADDED, *words)
    assert "bog is not in its list: big, small" in ran.stderr


def test_a_model_that_calls_no_tool_works_and_is_told(desk: Desk) -> None:
    with playing(text=True) as peer:
        ran = desk.run(*ADDED, "--base-url", peer.url, "--dialect", CHAT, "--model", "m", "--yes")
    assert ran.exit_code == 0
    assert "not called: the model may not know tools" in ran.stdout
    assert "It works." in ran.stdout


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    ran = desk.run(*ADDED, "--provider", "groq", "--model", "m", "--dry-run", "--no-test", "--yes")
    assert 'provider = "groq"\nkey = "env:GROQ_API_KEY"\nmodels = ["m"]\n' in ran.stdout
    assert (ran.exit_code, desk.text) == (0, "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "say --provider NAME or --base-url URL"),
        (("--provider", "gorq"), "--provider: gorq is not known; allowed: anthropic, openai"),
        (("--base-url", "x"), "--base-url: "),
        (("--provider", "groq", "--key", KEY), "not shown"),
        (("--provider", "groq", "--name", "No Name"), "name: "),
        (("--provider", "groq", "--path", "x"), "is not DIALECT=PATH"),
        (("--base-url", "http://a.test", "--key", "env:K", "--dialect", CHAT), "allow_plain_http"),
    ],
)
def test_what_makes_no_sense_is_told(words: tuple[str, ...], told: str, desk: Desk) -> None:
    ran = desk.run(*ADDED, *words, "--no-test", "--yes")
    assert ran.exit_code == 2
    assert told in ran.stderr
    assert desk.text == ""


@pytest.mark.usefixtures("asked")
def test_everything_can_be_asked_for(desk: Desk) -> None:
    with playing() as peer:
        lines = 'dialect = "openai-chat"', 'key_variable = "ACME_KEY"', 'title = "Acme Inc."'
        desk.provide(peer.url, *lines)
        answers = ["nonesuch", "open", "acme i", "mine", "", "2 other", "y"]
        ran = desk.run(*ADDED, typed="\n".join(answers) + "\n")
    assert ran.exit_code == 0, ran.output
    assert "none of them is called so" in ran.stdout
    assert "several are called so" in ran.stdout
    assert "The key is in ACME_KEY, in this shell." in ran.stdout
    assert desk.text == (
        '[[endpoint]]\nname = "mine"\nprovider = "acme"\nkey = "env:ACME_KEY"\n'
        'models = ["small", "other"]\n'
    )
    assert desk.text in ran.stdout
    assert "to undo: understudy endpoints remove mine" in ran.stdout
    assert 'always: default = "mine/small"' in ran.stdout


@pytest.mark.usefixtures("asked")
def test_of_what_is_elsewhere_it_is_asked_whether_it_is_private(desk: Desk) -> None:
    words = ("--provider", "groq", "--key", "env:ACME_KEY", "--model", "m", "--no-test")
    ran = desk.run(*ADDED, *words, typed="mine\ny\ny\n")
    assert "May private text go there" in ran.stdout
    assert "private = true" in desk.text


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    "answers",
    [["\x1b"], ["acme", "\x1b"], ["acme", "mine"], ["acme", "mine", "", "big", "n"]],
)
def test_who_leaves_leaves_nothing(answers: list[str], desk: Desk) -> None:
    with playing() as peer:
        desk.provide(peer.url, 'dialect = "openai-chat"', 'key_variable = "ACME_KEY"')
        ran = desk.run(*ADDED, typed="\n".join(answers) + "\n")
    assert ran.exit_code == 1
    assert [each.name for each in desk.home.iterdir()] == ["providers.toml"]


@pytest.mark.usefixtures("asked")
def test_a_key_of_the_keychain_is_found(desk: Desk) -> None:
    (desk.home / "settings.toml").write_text('[keys]\nstore = "file"\n')
    with playing() as peer:
        desk.provide(peer.url, 'dialect = "openai-chat"', 'key_variable = "NOT_SET"')
        host = peer.url.removeprefix("http://")
        kept = desk.run("keys", "add", "acme", "--host", host, "--stdin", typed=KEY)
        assert kept.exit_code == 0, kept.output
        ran = desk.run(*ADDED, "--provider", "acme", typed="\n\nn\n\ny\n")
    assert ran.exit_code == 0, ran.output
    assert 'key = "keychain:acme"' in desk.text
    assert peer.asked[0][1]["authorization"] == f"Bearer {KEY}"


@pytest.mark.usefixtures("asked")
def test_what_failed_can_be_written_all_the_same(desk: Desk) -> None:
    with playing(status=503, refusal="down") as peer:
        desk.provide(peer.url, 'dialect = "openai-chat"')
        ran = desk.run(*ADDED, "--provider", "acme", typed="mine\n\nbig\ny\n")
    assert ran.exit_code == 0, ran.output
    assert 'name = "mine"' in desk.text


def test_an_added_endpoint_is_tested_removed_and_added_again(desk: Desk) -> None:
    with playing() as peer:
        desk.provide(peer.url, 'dialect = "openai-chat"')
        words = ("--provider", "acme", "--key", "env:ACME_KEY", "--model", "big", "--private")
        assert desk.run(*ADDED, *words, "--path", "openai-chat=/v1", "--yes").exit_code == 0
        before = desk.text
        tested = desk.run("endpoints", "test", "acme", "--json")
        assert json.loads(tested.stdout)["called_tool"] is True
        assert desk.run(*ADDED, *words, "--yes", "--no-test", "--name", "acme").exit_code == 2
        second = desk.run(*ADDED, *words, "--yes", "--no-test")
        assert second.exit_code == 0
    assert [each.name for each in desk.endpoints()] == ["acme", "acme-2"]
    assert before in (desk.home / "endpoints.toml.bak").read_text()
    assert desk.run("endpoints", "remove", "acme-2", "--yes").exit_code == 0
    removed = desk.run("endpoints", "remove", "acme", "--yes")
    assert desk.endpoints() == []
    command = removed.stderr.partition("to undo: understudy ")[2].split()
    assert desk.run(*command).exit_code == 0
    assert sorted(desk.text.splitlines()) == sorted(before.splitlines())


def test_only_what_was_added_is_removed(desk: Desk) -> None:
    own = desk.home / "settings.toml"
    text = '[[endpoint]]\nname = "own"\nprovider = "groq"\nmodels = ["m"]\n'
    own.write_text(text)
    ran = desk.run("endpoints", "remove", "own", "--yes")
    assert ran.exit_code == 2
    assert f"{own} or models.toml has it: remove it there" in ran.stderr
    assert own.read_text() == text


def test_a_file_that_was_spoilt_is_left_as_it_is(desk: Desk) -> None:
    file = desk.home / "endpoints.toml"
    file.write_text("spoilt")
    ran = desk.run(*ADDED, "--provider", "groq", "--model", "m", "--no-test", "--yes")
    assert ran.exit_code == 2
    assert "nothing is added or removed until that is put right" in ran.stderr
    assert file.read_text() == "spoilt"


def test_an_endpoint_whose_key_is_missing_is_told(desk: Desk) -> None:
    text = '[[endpoint]]\nname = "own"\nprovider = "groq"\nmodels = ["m"]\nkey = "env:NONE_SET"\n'
    (desk.home / "settings.toml").write_text(text)
    ran = desk.run("endpoints", "test", "own")
    assert ran.exit_code == 1
    assert "NONE_SET" in ran.stderr
    missing = desk.run("endpoints", "test", "other")
    assert "there is no endpoint other; known: own" in missing.stderr


def test_providers_are_listed(desk: Desk) -> None:
    desk.provide("https://acme.test", 'dialect = "gemini"', 'key_variable = "ACME_KEY"')
    ran = desk.run("endpoints", "providers")
    [row] = [line.split() for line in ran.stdout.splitlines() if line.startswith("acme")]
    assert row == ["acme", "acme", "gemini", "https://acme.test", "env:ACME_KEY", "(set)"]
    rows = json.loads(desk.run("endpoints", "providers", "--json").stdout)
    assert [each["name"] for each in rows][-1] == "acme"


def test_alone_it_lists(desk: Desk) -> None:
    assert desk.run("endpoints").stdout == desk.run("endpoints", "list").stdout
    assert endpoints.SUBCOMMANDS[0] == "list"
