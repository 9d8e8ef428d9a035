"""The first model of one's own: what `doctor` and `serve` say, and what one key does."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import click
import pytest
from click.testing import CliRunner
from understudy.io.cli import first_model
from understudy.io.cli.doctor import circumstances_of
from understudy.io.cli.findings import Finding
from understudy.io.cli.first_model import (
    FirstModel,
    ask_for_first_model,
    check_first_model,
    find_first_model,
    run_here,
)
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.io.models.library import Library
from understudy.protocols.models.local_model import GGUF, LM_STUDIO, LocalModel, ModelFacts
from understudy.protocols.models.offer import Offer, find_offer
from understudy.protocols.models.recommended import TABLE, recommend

from .circumstances import engine, only, with_settings
from .memory_reports import EMPTY, GIB
from .stage import Stage, endpoint

SETTINGS = Path("/home/ann/settings.toml")
OFFER = Offer("Qwen/Qwen3-8B-GGUF:Q4_K_M", 4_700_000_000, 16 * GIB, "Apache-2.0", "knows tools")
HERE = LocalModel("qwen3-4b", "/m.gguf", LM_STUDIO, 2_500_000_000, ModelFacts(GGUF, tools=True))
NONE = "none yet: `rehearsal` answers, and what it says is of no use for work"
DOWNLOAD = (
    "run: understudy models pull Qwen/Qwen3-8B-GGUF:Q4_K_M "
    "(4.7 GB, fits your 16 GB, Apache-2.0: knows tools)"
)


@pytest.mark.parametrize(
    ("first", "found", "advice"),
    [
        (
            FirstModel(None, OFFER),
            NONE,
            f"{DOWNLOAD}, or name an endpoint with a key in {SETTINGS}",
        ),
        (
            FirstModel(HERE, OFFER),
            f"{NONE}; qwen3-4b (2.5 GB) is on this machine",
            f"run: understudy models import qwen3-4b, or {DOWNLOAD}, "
            f"or name an endpoint with a key in {SETTINGS}",
        ),
        (FirstModel(None, None), NONE, f"name an endpoint with a key in {SETTINGS}"),
    ],
)
def test_a_newcomer_is_told_what_to_do(first: FirstModel, found: str, advice: str) -> None:
    finding = only(check_first_model(first, SETTINGS))
    assert finding == Finding("own model", "warn", found, advice)


def test_whoever_has_an_endpoint_is_not_told(stage: Stage, environ: dict[str, str]) -> None:
    here = with_settings(stage, endpoint("https://a.example"))
    assert find_first_model(here, EMPTY) is None
    assert list(check_first_model(None, SETTINGS)) == []
    assert find_first_model(with_settings(stage, "nonsense"), EMPTY) is None
    stage.write_settings("")
    assert find_first_model(circumstances_of(None), EMPTY) is not None


def test_the_offer_is_the_recommendation_for_the_memory() -> None:
    offer = find_offer(16 * GIB)
    assert offer is not None
    recommended = recommend(16 * GIB)
    assert recommended is not None
    assert offer.reference == f"{recommended.repository}:{recommended.quantisation}"
    assert offer.size_bytes < 16 * GIB
    assert find_offer(GIB) is None


def test_a_table_of_one_s_own_replaces_ours(stage: Stage, environ: dict[str, str]) -> None:
    stage.write_settings("")
    file = stage.home / "recommended.toml"
    entry = attrs.evolve(TABLE[0], memory_gibibytes=1, repository="me/mine")
    lines = [f"{name} = {json.dumps(value)}" for name, value in attrs.asdict(entry).items()]
    file.write_text("\n".join(["[[recommended]]", *lines]))
    found = find_first_model(circumstances_of(None), EMPTY)
    assert found is not None
    assert found.offer is not None
    assert (found.offer.reference, found.problem) == (f"me/mine:{entry.quantisation}", "")
    for content in (b"nonsense", b"\xff"):
        file.write_bytes(content)
        found = find_first_model(circumstances_of(None), EMPTY)
        assert found is not None
        assert found.offer == find_offer(16 * GIB)
        _, finding = check_first_model(found, SETTINGS)
        assert (finding.state, finding.name) == ("warn", "recommended")
        assert "recommended.toml" in finding.found


def facts(*, tools: bool = True, embeddings: bool = False) -> ModelFacts:
    return ModelFacts(GGUF, tools=tools, embeddings=embeddings)


def test_what_is_here_already_is_preferred_if_it_can_work(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def model(name: str, gigabytes: int, facts: ModelFacts, problem: str = "") -> LocalModel:
        return LocalModel(name, f"/{name}", LM_STUDIO, gigabytes * 10**9, facts, problem)

    models = (
        model("small", 2, facts()),
        model("fitting", 6, facts()),
        model("too-large", 40, facts()),
        model("no-tools", 8, facts(tools=False)),
        model("vectors", 8, facts(embeddings=True)),
        model("broken", 8, facts(), "it is cut off"),
    )

    def find_models(*_places: object) -> Library:
        return Library(models, ())

    monkeypatch.setattr(first_model, "find_models", find_models)
    found = find_first_model(circumstances_of(None), EMPTY)
    assert found is not None
    assert found.here is models[1]
    assert found.arguments == ("models", "import", "fitting")


def pressed(monkeypatch: pytest.MonkeyPatch, first: FirstModel, key: str) -> tuple[str, list[str]]:
    """What is shown when a key is pressed, and the command that was run."""
    ran: list[str] = []

    def root() -> None: ...

    group = click.Group("understudy", callback=root)

    @group.command("models", context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1)
    def models(arguments: tuple[str, ...]) -> None:
        ran.extend(["models", *arguments])

    @group.command("doctor")
    @click.pass_context
    def doctor(ctx: click.Context) -> None:
        ask_for_first_model(ctx, first, SETTINGS)

    def getchar() -> str:
        if key == "\x03":
            raise KeyboardInterrupt
        return key

    monkeypatch.setattr(click, "getchar", getchar)
    result = CliRunner().invoke(group, ["doctor"])
    assert result.exit_code == 0, result.output
    return result.output, ran


@pytest.mark.parametrize(
    ("key", "ran"),
    [
        ("d", ["models", "pull", "Qwen/Qwen3-8B-GGUF:Q4_K_M", "--yes"]),
        ("D", ["models", "pull", "Qwen/Qwen3-8B-GGUF:Q4_K_M", "--yes"]),
        ("i", ["models", "import", "qwen3-4b"]),
        ("\r", []),
        ("x", []),
        ("\x03", []),
    ],
)
def test_one_key_does_it(monkeypatch: pytest.MonkeyPatch, key: str, ran: list[str]) -> None:
    output, done = pressed(monkeypatch, FirstModel(HERE, OFFER), key)
    assert done == ran
    assert output.startswith(
        "i  import qwen3-4b\n"
        "d  download Qwen/Qwen3-8B-GGUF:Q4_K_M\n"
        "k  show how to use an endpoint elsewhere, with a key\n"
        "Press a key; Enter goes on without: "
    )


def test_a_key_that_is_not_offered_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    output, done = pressed(monkeypatch, FirstModel(None, None), "d")
    assert done == []
    assert output.startswith("k  show how")


def test_the_hint_for_a_key_is_settings_that_hold(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output, done = pressed(monkeypatch, FirstModel(None, OFFER), "k")
    assert done == []
    assert str(SETTINGS) in output
    block = output[output.index("[[endpoint]]") : output.index("Then `export")]
    assert with_settings(stage, block).problems == ()
    assert [each.name for each in with_settings(stage, block).settings.endpoints] == ["work"]


def test_doctor_tells_and_fixes(stage: Stage) -> None:
    ran = stage.run("doctor")
    line = next(line for line in ran.stdout.splitlines() if " own model " in line)
    assert line.startswith("warn  own model")
    assert NONE in line
    assert ran.returncode == 0


def test_there_may_be_nothing_to_fix(stage: Stage) -> None:
    stage.write_settings(engine(Path(MODEL_FILE)))
    ran = stage.run("doctor", "--fix")
    assert ran.returncode == 0
    assert ran.stderr == "understudy: there is nothing that this could put right: see above\n"


def test_serve_tells_a_newcomer_once_it_listens(stage: Stage) -> None:
    def told() -> bool:
        with stage.serving() as server:
            server.process.terminate()
            _, err = server.process.communicate(timeout=30)
        return f"a model of your own: {NONE}" in err

    assert told()
    stage.write_settings(endpoint("https://a.example"))
    assert not told()


def test_a_command_that_fails_gives_its_exit_code() -> None:
    group = click.Group("understudy")

    @group.command("doctor")
    @click.pass_context
    def doctor(ctx: click.Context) -> None:
        run_here(ctx, ("models", "pull"))

    @group.command("models")
    @click.argument("word")
    @click.pass_context
    def models(ctx: click.Context, word: str) -> None:
        ctx.exit(130)

    result = CliRunner().invoke(group, ["doctor"])
    assert (result.exit_code, result.output) == (130, "understudy models pull\n")
