"""Imported models beside the settings: read and watched along, and never in their way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock as Clock
from trio.testing import wait_all_tasks_blocked
from understudy.io.settings_file import (
    DEBOUNCE_SECONDS,
    DEBOUNCE_SECONDS_MAX,
    POLL_SECONDS,
    SettingsEvent,
    SettingsFile,
    SettingsRejected,
    models_file_of,
)
from understudy.protocols.models.models_toml import HEADER, models_text
from understudy.protocols.settings import (
    EMBEDDED_MODEL,
    EndpointSettings,
    Settings,
    SettingsError,
    parse_models,
    parse_settings,
)

NOTICED_SECONDS = POLL_SECONDS + 2 * DEBOUNCE_SECONDS


def imported(*names: str) -> str:
    return models_text(endpoint(name) for name in names)


def endpoint(name: str, file: str = "/m.gguf") -> EndpointSettings:
    return EndpointSettings(name, (name,), engine="llama.cpp", file=file, context_tokens=4_096)


def peer(name: str) -> str:
    return (
        f'[[endpoint]]\nname = "{name}"\ndialect = "anthropic"\nbase_url = "https://a.example"\n'
        'models = ["x"]\n'
    )


def names_of(settings: SettingsEvent) -> list[str]:
    assert isinstance(settings, Settings)
    return [each.name for each in settings.endpoints]


class Stage:
    """Both files, with a watcher on them, in virtual time."""

    def __init__(self, folder: Path) -> None:
        self.settings = folder / "settings.toml"
        self.models = folder / "models.toml"
        self.file = SettingsFile(self.settings)
        self.send, self.receive = trio.open_memory_channel[SettingsEvent](8)

    async def event(self) -> SettingsEvent:
        with trio.fail_after(NOTICED_SECONDS):
            return await self.receive.receive()

    async def rejection(self) -> str:
        event = await self.event()
        assert isinstance(event, SettingsRejected)
        (problem,) = event.problems
        return str(problem)

    async def expect_nothing(self) -> None:
        await trio.sleep(NOTICED_SECONDS + DEBOUNCE_SECONDS_MAX)
        with pytest.raises(trio.WouldBlock):
            self.receive.receive_nowait()


@pytest.fixture
async def stage(tmp_path: Path, nursery: trio.Nursery) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path)
    stage.models.write_text(imported("a"))
    assert names_of(stage.file.load()) == ["a"]
    nursery.start_soon(stage.file.watch, stage.send)
    await wait_all_tasks_blocked()
    yield stage
    stage.receive.close()


def test_what_is_imported_follows_the_file_s_own_endpoints(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(peer("own") + peer("b"))
    (tmp_path / "models.toml").write_text(imported("a", "b"))
    settings = SettingsFile(tmp_path / "settings.toml").load()
    assert names_of(settings) == ["own", "b", "a"]
    assert settings.endpoints[1].engine is None
    assert settings.default_model == "own/x"


def test_the_first_import_is_the_default_where_nothing_else_is(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.toml")
    assert file.load().default_model == EMBEDDED_MODEL
    (tmp_path / "models.toml").write_text(imported("a", "b"))
    assert file.load().default_model == "a/a"


def test_the_default_may_be_an_imported_model() -> None:
    text = 'default = "a/a"\n'
    assert parse_settings(text, "", imported=(endpoint("a"),)).default_model == "a/a"
    with pytest.raises(SettingsError, match="no endpoint of this file has"):
        parse_settings(text, "", imported=(endpoint("b"),))


def test_a_broken_file_of_models_is_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(peer("own"))
    (tmp_path / "models.toml").write_text("[[endpoint]]\nname = 7\n")
    file = SettingsFile(tmp_path / "settings.toml")
    assert names_of(file.load()) == ["own"]
    told = "\n".join(map(str, file.problems_beside))
    assert "models.toml:2: endpoint[0].name: must be a string" in told


@pytest.mark.parametrize("text", ["default = 'a/a'\n", "[server]\nport = 1\n", "[[endpoint]]\nx=1"])
def test_the_file_of_models_holds_models_alone(text: str) -> None:
    with pytest.raises(SettingsError):
        parse_models(text, "models.toml")


def test_a_settings_file_of_that_name_has_none_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text("[server]\nport = 1\n")
    assert models_file_of(file) is None
    assert SettingsFile(file).load().server.port == 1


def test_what_is_written_is_what_is_read() -> None:
    wanted = (
        EndpointSettings(
            "a.b-c_1",
            ("a", "b"),
            engine="llama.cpp",
            file='/a "b"\\c ü.gguf',
            projector="/p.gguf",
            context_tokens=512,
            pinned=True,
        ),
        EndpointSettings("b", ("b",), engine="llama-server", file="/b.gguf"),
    )
    text = models_text(wanted)
    assert parse_models(text, "/home/ann/models.toml") == wanted
    assert text.startswith(HEADER)
    assert parse_models(models_text([]), "models.toml") == ()


async def test_an_import_is_noticed(autojump_clock: Clock, stage: Stage) -> None:
    stage.models.write_text(imported("a", "b"))
    assert names_of(await stage.event()) == ["a", "b"]
    stage.models.unlink()
    assert names_of(await stage.event()) == []
    await stage.expect_nothing()


async def test_an_added_endpoint_is_noticed(autojump_clock: Clock, stage: Stage) -> None:
    added = stage.models.with_name("endpoints.toml")
    added.write_text('[[endpoint]]\nname = "b"\nprovider = "groq"\nmodels = ["m"]\n')
    assert names_of(await stage.event()) == ["a", "b"]
    added.write_text("nonsense")
    assert "endpoints.toml:1:9" in await stage.rejection()
    own = stage.models.with_name("providers.toml")
    row = '[[provider]]\nname = "acme"\ndialect = "gemini"\nbase_url = "https://a.test"\n'
    own.write_text(row)
    added.write_text('[[endpoint]]\nname = "c"\nprovider = "acme"\nmodels = ["m"]\n')
    assert names_of(await stage.event()) == ["a", "c"]
    own.write_text(row.replace("a.test", "b.test"))
    settings = await stage.event()
    assert isinstance(settings, Settings)
    assert settings.endpoints[1].base_url == "https://b.test"
    await stage.expect_nothing()


async def test_a_broken_file_leaves_what_was_imported(autojump_clock: Clock, stage: Stage) -> None:
    stage.models.write_text("nonsense")
    assert "models.toml:1:9: not valid TOML" in await stage.rejection()
    stage.settings.write_text(peer("own"))
    assert names_of(await stage.event()) == ["own", "a"]
    assert "models.toml:1:9: not valid TOML" in await stage.rejection()
    stage.models.write_text(imported("a"))
    assert names_of(await stage.event()) == ["own", "a"]
    await stage.expect_nothing()


async def test_both_files_may_be_wrong(autojump_clock: Clock, stage: Stage) -> None:
    stage.settings.write_text("nonsense")
    assert "settings.toml:1:9" in await stage.rejection()
    stage.models.write_text("nonsense")
    assert "models.toml:1:9" in await stage.rejection()
    stage.models.write_text(imported("b"))
    assert "settings.toml:1:9" in await stage.rejection()
    stage.settings.write_text(peer("own"))
    assert names_of(await stage.event()) == ["own", "b"]


async def test_a_settings_file_that_is_removed_is_missed(
    autojump_clock: Clock, stage: Stage
) -> None:
    stage.settings.write_text(peer("own"))
    assert names_of(await stage.event()) == ["own", "a"]
    stage.settings.unlink()
    assert "the file was removed; the last good settings stay" in await stage.rejection()
    stage.models.write_text(imported("a", "b"))
    await stage.expect_nothing()


async def test_a_file_that_is_broken_at_the_start_is_told_at_once(
    autojump_clock: Clock, tmp_path: Path, nursery: trio.Nursery
) -> None:
    stage = Stage(tmp_path)
    stage.models.write_text("nonsense")
    stage.file.load()
    nursery.start_soon(stage.file.watch, stage.send)
    assert "models.toml:1:9" in await stage.rejection()
    await stage.expect_nothing()
    stage.receive.close()
