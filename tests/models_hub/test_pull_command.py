"""The commands as a user types them, without a terminal, against a hub on this machine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import attrs
import pytest
import trio
from understudy.io.models import hub_room
from understudy.io.models.download_place import DownloadFailed

from ..cli.stage import Stage
from .content import gguf_file, split_files
from .fake_hub import HUB, TOKEN, HubAnswer, Model, status
from .hub_server import HubServer, open_hub_server

USUAL = {"u-Q4_K_M.gguf": gguf_file(50_000), "u-Q8_0.gguf": gguf_file(90_000)}


@attrs.frozen
class Usage:
    """What the system says of a disk."""

    free: int


@attrs.frozen
class Shell:
    """Runs commands while the hub serves."""

    server: HubServer
    stage: Stage

    async def run(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """`understudy models ...` to its end."""

        def run() -> subprocess.CompletedProcess[str]:
            hub = {"HF_ENDPOINT": self.server.hub.hub_url}
            return self.stage.run("models", *words, **{**hub, **environ})

        return await trio.to_thread.run_sync(run)

    @property
    def models_dir(self) -> Path:
        return self.stage.home / "data" / "models"


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[Shell]:
    """A hub with models of several forms, and a home of the test's own."""
    async with open_hub_server() as server:
        for model in (
            Model("ann/Usual-GGUF", USUAL),
            Model("ann/Two", {"a-Q4_K_M.gguf": gguf_file(), "b-Q4_K_M.gguf": gguf_file()}),
            Model("ann/Split", split_files("s-Q8_0", 2)),
            Model("ann/Secret", {"s-Q8_0.gguf": gguf_file()}, gated=True),
        ):
            server.hub.add(model)
        yield Shell(server, Stage.create(tmp_path))


async def test_a_model_is_pulled_imported_and_named(shell: Shell) -> None:
    done = await shell.run("pull", "ann/Usual-GGUF", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "u-q4_k_m\n"
    assert "Q4_K_M: the usual choice" in done.stderr
    assert "checking u-Q4_K_M.gguf" in done.stderr
    assert "u-q4_k_m" in (shell.stage.home / "models.toml").read_text()
    again = await shell.run("pull", "ann/Usual-GGUF")
    assert again.returncode == 0
    assert "it is here already, whole and checked" in again.stderr
    assert again.stdout == done.stdout


async def test_a_name_is_given_to_the_endpoint(shell: Shell) -> None:
    done = await shell.run("pull", "ann/Usual-GGUF:Q8_0", "--yes", "--as", "big", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["quantisation"], shown["size_bytes"]) == ("Q8_0", len(gguf_file(90_000)))
    pulled = shell.models_dir / "ann" / "Usual-GGUF" / "u-Q8_0.gguf"
    assert shown["path"] == str(pulled)
    assert pulled.read_bytes() == gguf_file(90_000)
    assert 'name = "big"' in (shell.stage.home / "models.toml").read_text()


async def test_without_an_import_the_path_is_told(shell: Shell) -> None:
    done = await shell.run("pull", "ann/Split/s-Q8_0-00002-of-00002.gguf", "--yes", "--no-import")
    first = shell.models_dir / "ann" / "Split" / "s-Q8_0-00001-of-00002.gguf"
    assert done.stdout == f"{first}\n"
    assert not (shell.stage.home / "models.toml").exists()


async def test_what_was_pulled_can_be_removed_to_the_last_file(shell: Shell) -> None:
    assert (await shell.run("pull", "ann/Usual-GGUF", "--yes")).returncode == 0
    done = await shell.run("rm", "u-q4_k_m", "--yes")
    assert done.returncode == 0, done.stderr
    assert list(shell.models_dir.rglob("*")) == []


async def test_a_rehearsal_fetches_nothing(shell: Shell) -> None:
    done = await shell.run("pull", "ann/Usual-GGUF", "--dry-run")
    assert done.returncode == 0
    assert "1 file, 68.1 kB" in done.stderr
    assert not shell.models_dir.exists()
    assert len(shell.server.hub.requests) == 1


async def test_nobody_can_be_asked_without_a_terminal(shell: Shell) -> None:
    done = await shell.run("pull", "ann/Usual-GGUF")
    assert done.returncode == 2
    assert "nobody can be asked here: say --yes" in done.stderr
    assert not shell.models_dir.exists()


async def test_what_is_unclear_is_shown_as_a_table(shell: Shell) -> None:
    done = await shell.run("pull", "ann/Two")
    assert done.returncode == 2
    assert "ann/Two/a-Q4_K_M.gguf" in done.stdout
    assert "there are 2 such models" in done.stderr
    as_json = await shell.run("pull", "ann/Two", "--json")
    assert as_json.returncode == 2
    assert len(json.loads(as_json.stdout)["choices"]) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pull", "gpt2"), "not a model of a hub"),
        (("pull", "ann/None"), "has no model ann/None"),
        (("pull", "ann/Usual-GGUF:Q9_9"), "no such model in ann/Usual-GGUF"),
        (("pull", "ann/Usual-GGUF", "--rev", "v9"), "no revision v9"),
        (("pull", "ann/Usual-GGUF", "--rev", "../x"), "not a branch"),
        (("pull", "ann/Secret"), "is gated: accept its terms"),
        (("search", " "), "write at least one word"),
    ],
)
async def test_what_cannot_be_is_told_in_one_line(
    shell: Shell, words: tuple[str, ...], told: str
) -> None:
    done = await shell.run(*words)
    assert done.returncode != 0
    assert told in done.stderr


async def test_a_gated_model_comes_with_the_token_that_is_never_shown(shell: Shell) -> None:
    token_file = shell.stage.folder / ".cache" / "huggingface" / "token"
    token_file.parent.mkdir(parents=True)
    token_file.write_text(f"{TOKEN}\n")
    done = await shell.run("pull", "ann/Secret", "--yes")
    assert done.returncode == 0, done.stderr
    refused = await shell.run("pull", "ann/Secret", "--yes", HF_TOKEN="hf_wrong")
    assert "does not take this token" in refused.stderr
    assert TOKEN not in done.stderr + done.stdout
    assert "hf_wrong" not in refused.stderr + refused.stdout
    for path in shell.stage.home.rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes()


@pytest.mark.parametrize("endpoint", ["hub.test", "http://user:pw@127.0.0.1"])
async def test_an_endpoint_that_is_none_is_told(shell: Shell, endpoint: str) -> None:
    done = await shell.run("pull", "a/b", HF_ENDPOINT=endpoint)
    assert done.returncode == 2
    assert "HF_ENDPOINT" in done.stderr


async def test_something_else_than_a_hub_is_told(shell: Shell) -> None:
    shell.server.hub.always[HUB] = lambda _, __: HubAnswer(body=b"<html>\x1b[2J")
    done = await shell.run("pull", "a/b")
    assert done.returncode == 1
    assert "does not answer as a hub" in done.stderr
    assert "\x1b" not in done.stderr


async def test_a_search_says_what_fits(shell: Shell) -> None:
    done = await shell.run("search", "usual", "gguf")
    assert done.returncode == 0, done.stderr
    heading, line = done.stdout.splitlines()
    assert heading.split()[0] == "MODEL"
    assert "ann/Usual-GGUF" in line
    assert "2026-01-02" in line
    assert "Q4_K_M" in line
    assert "Q8_0" in line


async def test_a_search_shows_what_it_cannot_look_into(shell: Shell) -> None:
    done = await shell.run("search", "", "secret", "--json", "--limit", "5")
    (found,) = json.loads(done.stdout)["models"]
    assert (found["id"], found["gated"], found["variants"]) == ("ann/Secret", True, [])
    none = await shell.run("search", "secret", "--format", "mlx")
    assert "knows no such model for mlx" in none.stderr


async def test_a_search_that_is_refused_is_told(shell: Shell) -> None:
    shell.server.hub.always[HUB] = status(400)
    done = await shell.run("search", "x")
    assert done.returncode == 1
    assert "answers 400" in done.stderr


def test_a_full_disk_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def usage(_: object) -> Usage:
        return Usage(10 * 2**30)

    monkeypatch.setattr("shutil.disk_usage", usage)
    hub_room.check_disk(tmp_path / "models", 9 * 2**30)
    with pytest.raises(DownloadFailed, match="make room"):
        hub_room.check_disk(tmp_path / "models", 9 * 2**30 + 1)
    hub_room.check_disk(tmp_path / "models", 0)
