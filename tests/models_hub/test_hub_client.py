"""The client in virtual time: redirects, the token's way, refusals, waits, and silence."""

from __future__ import annotations

import json

import pytest
import trio
from trio.testing import MockClock
from understudy.io.models.hub_client import (
    METADATA_TRIES_MAX,
    REDIRECTS_MAX,
    STALL_SECONDS_MAX,
    HubFailed,
)
from understudy.protocols.models import hub_api
from understudy.protocols.models.hub_address import Wanted
from understudy.protocols.models.hub_api import ANSWER_BYTES_MAX
from understudy.protocols.models.hub_failure import HUB_WAIT_SECONDS_MAX

from .fake_hub import HUB, STORE, TOKEN, HubAnswer, Model, body, cut, hang, redirect, status
from .simulated_hub import SimulatedHub

WANTED = Wanted("a/b")


@pytest.fixture
def stage() -> SimulatedHub:
    """A hub with one model, in virtual time."""
    stage = SimulatedHub()
    stage.hub.add(Model("a/b", {"m-Q4_K_M.gguf": b"GGUF" * 1_000}))
    return stage


async def failure(stage: SimulatedHub, *, token: str = "") -> str:
    """How asking for the model fails."""
    with pytest.raises(HubFailed) as failed:
        await stage.client(token=token).repository(WANTED)
    message = str(failed.value)
    assert message.isprintable()
    return message


async def test_a_model_is_found_and_looked_at(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    client = stage.client()
    (found,) = await client.search("b", "gguf", 5)
    assert found.id == "a/b"
    assert await client.search("b", "mlx", 5) == ()
    repository = await client.repository(WANTED)
    assert repository.files[0].size_bytes == 4_000


async def test_the_token_goes_to_the_hub_alone(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    client = stage.client(token=TOKEN)
    repository = await client.repository(WANTED)
    url = client.hub.file_url("a/b", repository.commit, "m-Q4_K_M.gguf")

    async def read(answer: object, stall: object) -> None:
        await trio.lowlevel.checkpoint()

    await client.exchange(url, ((b"range", b"bytes=0-3"),), client.asked(WANTED), read)
    assert all(each.headers["authorization"] == f"Bearer {TOKEN}" for each in stage.hub.to(HUB))
    (to_store,) = stage.hub.to(STORE)
    assert "authorization" not in to_store.headers
    assert to_store.headers["range"] == "bytes=0-3"


async def test_the_token_does_not_follow_a_redirect_of_the_interface(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    stage.hub.always[HUB] = redirect(f"{stage.hub.store_url}/a/b/m-Q4_K_M.gguf?x")
    assert "refuses" in await failure(stage, token=TOKEN)
    assert stage.hub.to(STORE)
    assert TOKEN not in str(stage.hub.to(STORE))


async def test_a_renamed_model_is_found_with_the_token(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    stage.hub.faults[HUB].append(redirect("/api/models/a/b/revision/main?blobs=true"))
    assert (await stage.client(token=TOKEN).repository(Wanted("old/b"))).model.id == "a/b"
    assert [each.headers.get("authorization") for each in stage.hub.requests] == [
        f"Bearer {TOKEN}"
    ] * 2


async def test_redirects_have_an_end(autojump_clock: MockClock, stage: SimulatedHub) -> None:
    stage.hub.always[HUB] = redirect("/again")
    assert f"more than {REDIRECTS_MAX} times" in await failure(stage)
    assert len(stage.hub.requests) == REDIRECTS_MAX + 1


async def test_a_redirect_to_plain_http_is_not_followed(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    stage.hub.faults[HUB].append(redirect("http://store.test/x"))
    assert "from https to plain http" in await failure(stage)
    assert len(stage.hub.requests) == 1


async def test_a_gated_model_says_where_its_terms_are(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    stage.hub.models["a/b"].gated = True
    assert "accept its terms at https://hub.test/a/b" in await failure(stage)
    assert (await stage.client(token=TOKEN).repository(WANTED)).model.gated


async def test_what_is_not_there_is_told(autojump_clock: MockClock, stage: SimulatedHub) -> None:
    client = stage.client()
    for wanted, words in (
        (Wanted("a/c"), "has no model a/c"),
        (Wanted("a/b", revision="v9"), "no revision v9"),
    ):
        with pytest.raises(HubFailed, match=words):
            await client.repository(wanted)


async def test_a_token_that_is_not_taken_is_told_and_not_shown(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    message = await failure(stage, token="hf_other")
    assert "does not take this token" in message
    assert "hf_other" not in message


async def test_trouble_is_waited_out(autojump_clock: MockClock, stage: SimulatedHub) -> None:
    stage.hub.faults[HUB].extend([status(503), cut(3)])
    assert (await stage.client().repository(WANTED)).model.id == "a/b"
    assert trio.current_time() == 1.0 + 2.0
    assert len(stage.notices) == 2


async def test_trouble_that_lasts_is_told(autojump_clock: MockClock, stage: SimulatedHub) -> None:
    stage.hub.always[HUB] = status(502)
    assert f"{METADATA_TRIES_MAX} tries in a row" in await failure(stage)
    assert len(stage.hub.requests) == METADATA_TRIES_MAX


async def test_the_hub_s_own_wait_is_kept(autojump_clock: MockClock, stage: SimulatedHub) -> None:
    stage.hub.faults[HUB].append(status(429, retry_after="120"))
    await stage.client(draw=lambda: 0.0).repository(WANTED)
    assert trio.current_time() == 120.0
    assert "trying again in 120 s" in stage.notices[0]


async def test_a_wait_for_one_is_a_wait_for_all(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    stage.hub.faults[HUB].append(status(429, ratelimit='"api";r=0;t=90'))
    client = stage.client(draw=lambda: 0.0)
    times: list[float] = []

    async def ask() -> None:
        await client.repository(WANTED)
        times.append(trio.current_time())

    async with trio.open_nursery() as nursery:
        nursery.start_soon(ask)
        await trio.sleep(1)
        nursery.start_soon(ask)
    assert times == [90.0, 90.0]


async def test_a_wait_beyond_all_bounds_is_the_user_s_to_wait(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    seconds = int(HUB_WAIT_SECONDS_MAX) + 1
    stage.hub.faults[HUB].append(status(429, retry_after=str(seconds)))
    assert f"wants us to wait {seconds} s" in await failure(stage)
    assert trio.current_time() == 0.0


async def test_a_silent_hub_is_left(autojump_clock: MockClock, stage: SimulatedHub) -> None:
    stage.hub.faults[HUB].append(hang(10))
    await stage.client().repository(WANTED)
    assert trio.current_time() == STALL_SECONDS_MAX + 1.0


async def test_a_hub_that_cannot_be_reached_is_told(
    autojump_clock: MockClock, stage: SimulatedHub
) -> None:
    stage.upstream.listen(stage.hub.hub_url, lambda _: ()).stop()
    assert "connection refused" in await failure(stage)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b'{"id": "a/b", "sha": 1}'])
async def test_what_is_no_hub_is_told(
    autojump_clock: MockClock, stage: SimulatedHub, answer: bytes
) -> None:
    stage.hub.faults[HUB].append(body(answer))
    assert "does not answer as a hub" in await failure(stage)


async def test_an_answer_without_end_is_left(
    autojump_clock: MockClock, stage: SimulatedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("understudy.io.models.hub_client.ANSWER_BYTES_MAX", 2**20)
    assert ANSWER_BYTES_MAX > 2**20
    huge = json.dumps({"id": "a/b", "sha": "x" * 2**21}).encode()
    stage.hub.faults[HUB].append(lambda _, __: HubAnswer(body=huge))
    assert "longer than 1 MiB" in await failure(stage)
    assert stage.upstream.exchanges[-1].pieces <= 2**20 // 65_536 + 1
    assert hub_api.ANSWER_BYTES_MAX == ANSWER_BYTES_MAX
