"""A whole pull in virtual time: plans, split models, MLX, changes meanwhile, what is no model."""

from __future__ import annotations

from pathlib import Path

import pytest
import trio
from trio.testing import MockClock
from understudy.io.models.download_place import DownloadFailed
from understudy.io.models.hub_client import HubFailed
from understudy.io.models.hub_pull import Plan, PullProgress, fetch, make_plan
from understudy.protocols.models.hub_address import Wanted
from understudy.protocols.models.hub_choice import Unclear

from .content import gguf_file, split_files
from .fake_hub import HUB, STORE, HubAnswer, HubRequest, Model, corrupt, header
from .simulated_hub import SimulatedHub

GGUF = gguf_file()


@pytest.fixture
def stage() -> SimulatedHub:
    """A hub with models of three forms."""
    stage = SimulatedHub()
    stage.hub.add(
        Model(
            "a/usual", {"README.md": b"x", "m-Q4_K_M.gguf": GGUF, "mmproj-F16.gguf": GGUF[:2_000]}
        )
    )
    stage.hub.add(Model("a/split", split_files("q/m-Q8_0", 3)))
    stage.hub.add(
        Model(
            "a/mlx-4bit",
            {
                "config.json": b"{}",
                "tokenizer.json": b"{}",
                "run.py": b"import os",
                "model.safetensors": GGUF,
            },
            tags=("mlx",),
        )
    )
    return stage


async def plan_of(stage: SimulatedHub, name: str, **asked: str) -> Plan:
    plan = await make_plan(stage.client(), Wanted(name, **asked), None)
    assert isinstance(plan, Plan), plan
    return plan


async def pull(
    stage: SimulatedHub, plan: Plan, models_dir: Path
) -> tuple[Path, list[PullProgress]]:
    told: list[PullProgress] = []
    path = await fetch(stage.client(), plan, models_dir, told.append)
    assert plan.is_here(models_dir) or stage.notices
    return path, told


async def test_a_model_comes_with_its_projector(
    autojump_clock: MockClock, stage: SimulatedHub, tmp_path: Path
) -> None:
    plan = await plan_of(stage, "a/usual")
    assert [each.path for each in plan.files] == ["m-Q4_K_M.gguf", "mmproj-F16.gguf"]
    assert [each.path for each in plan.without_projector().files] == ["m-Q4_K_M.gguf"]
    path, told = await pull(stage, plan, tmp_path)
    assert path == tmp_path / "a" / "usual" / "m-Q4_K_M.gguf"
    assert path.with_name("mmproj-F16.gguf").read_bytes() == GGUF[:2_000]
    assert (told[-1].number, told[-1].count) == (2, 2)
    assert told[-1].done_bytes == told[-1].size_bytes == plan.size_bytes
    assert plan.done_bytes(tmp_path) == plan.size_bytes


async def test_all_parts_of_a_split_model_come(
    autojump_clock: MockClock, stage: SimulatedHub, tmp_path: Path
) -> None:
    path, _ = await pull(stage, await plan_of(stage, "a/split"), tmp_path)
    assert path.name == "m-Q8_0-00001-of-00003.gguf"
    assert len(list(path.parent.glob("*.gguf"))) == 3


async def test_an_mlx_model_is_a_folder_without_programs(
    autojump_clock: MockClock, stage: SimulatedHub, tmp_path: Path
) -> None:
    path, _ = await pull(stage, await plan_of(stage, "a/mlx-4bit"), tmp_path)
    assert path == tmp_path / "a" / "mlx-4bit"
    assert {each.name for each in path.iterdir() if not each.name.startswith(".")} == {
        "config.json",
        "tokenizer.json",
        "model.safetensors",
    }


async def test_what_is_here_costs_one_question(
    autojump_clock: MockClock, stage: SimulatedHub, tmp_path: Path
) -> None:
    await pull(stage, await plan_of(stage, "a/usual"), tmp_path)
    before = len(stage.hub.requests)
    plan = await plan_of(stage, "a/usual")
    assert plan.is_here(tmp_path)
    assert len(stage.hub.requests) == before + 1


async def test_nothing_is_planned_where_nobody_can_choose(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    assert isinstance(await make_plan(stage.client(), Wanted("a/usual", "Q9_9"), None), Unclear)


async def test_a_change_meanwhile_is_asked_for_anew(
    autojump_clock: MockClock, stage: SimulatedHub, tmp_path: Path
) -> None:
    plan = await plan_of(stage, "a/usual")
    model = stage.hub.models["a/usual"]
    model.files["m-Q4_K_M.gguf"] = gguf_file(better=1)
    path, _ = await pull(stage, plan, tmp_path)
    assert path.read_bytes() == gguf_file(better=1)
    assert any("has changed at the hub meanwhile" in each for each in stage.notices)


async def test_a_hub_that_lists_one_thing_and_sends_another_is_told(
    autojump_clock: MockClock, stage: SimulatedHub, tmp_path: Path
) -> None:
    plan = await plan_of(stage, "a/usual")

    def lies(request: HubRequest, answer: HubAnswer) -> HubAnswer:
        is_file = answer.status == 302
        return header("x-linked-etag", "e" * 64)(request, answer) if is_file else answer

    stage.hub.always[HUB] = lies
    with pytest.raises(DownloadFailed, match="lists another content than it sends"):
        await pull(stage, plan, tmp_path)


async def test_a_file_that_is_gone_is_told(
    autojump_clock: MockClock, stage: SimulatedHub, tmp_path: Path
) -> None:
    plan = await plan_of(stage, "a/usual")
    model = stage.hub.models["a/usual"]
    del model.files["m-Q4_K_M.gguf"]
    with pytest.raises(HubFailed, match="no file m-Q4_K_M"):
        await pull(stage, plan, tmp_path)


async def test_what_is_no_gguf_is_told(
    autojump_clock: MockClock, stage: SimulatedHub, tmp_path: Path
) -> None:
    stage.hub.models["a/usual"].files["m-Q4_K_M.gguf"] = b"version https://git-lfs" * 100
    plan = await plan_of(stage, "a/usual")
    with pytest.raises(DownloadFailed, match="Git LFS pointer"):
        await pull(stage, plan, tmp_path)


async def test_a_wrong_part_of_a_split_model_leaves_the_others(
    autojump_clock: MockClock, stage: SimulatedHub, tmp_path: Path
) -> None:
    plan = await plan_of(stage, "a/split")
    stage.hub.faults[STORE].extend([lambda _, answer: answer, corrupt])
    with pytest.raises(DownloadFailed, match="SHA-256 differs"):
        await pull(stage, plan, tmp_path)
    assert plan.done_bytes(tmp_path) == plan.files[0].size_bytes
    before = len(stage.hub.to(STORE))
    await pull(stage, plan, tmp_path)
    assert len(stage.hub.to(STORE)) == before + 2


async def test_a_stop_leaves_what_has_come(
    autojump_clock: MockClock, stage: SimulatedHub, tmp_path: Path
) -> None:
    plan = await plan_of(stage, "a/split")
    told: list[PullProgress] = []
    with trio.CancelScope() as scope:

        def stop(progress: PullProgress) -> None:
            told.append(progress)
            if progress.number == 2:
                scope.cancel()

        await fetch(stage.client(), plan, tmp_path, stop)
    assert scope.cancelled_caught
    assert plan.done_bytes(tmp_path) >= plan.files[0].size_bytes
    assert not plan.is_here(tmp_path)
