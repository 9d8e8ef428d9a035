"""An endpoint that lists its models itself, in a simulated world: over the network, under seeds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import attrs
import pytest
import trio
from understudy import app
from understudy.io.discovery.listings import DOUBT_SECONDS, REFRESH_SECONDS
from understudy.protocols.settings_data import Settings
from understudy.protocols.turn import ListModels
from understudy.simulations.upstream import SendBytes, SendHead
from understudy.simulations.world.answers import refused, streamed
from understudy.simulations.world.client import AnswerEnding
from understudy.simulations.world.peer import PeerStep
from understudy.simulations.world.run import run
from understudy.simulations.world.world import SETTINGS, World

WORK, *OTHERS = SETTINGS.endpoints
OPEN = Settings(endpoints=(attrs.evolve(WORK, models=()), *OTHERS))
SETTLED_SECONDS = 2.0


@attrs.define(eq=False)
class Lister:
    """A peer that answers for the models that it has now, and lists them."""

    models: Sequence[str]

    def play(self, world: World) -> None:
        """Takes the place of the peer `work`."""
        world.peer.respond, world.peer.looked_at = self.answer, self.list

    def list(self) -> Iterable[PeerStep]:
        """Its models."""
        listed = json.dumps({"data": [{"id": name} for name in self.models]}).encode()
        length = (b"content-length", b"%d" % len(listed))
        return [SendHead(200, (length,)), SendBytes(listed)]

    def answer(self, body: bytes) -> Iterable[PeerStep]:
        """A turn."""
        known = json.loads(body)["model"] in self.models
        return streamed() if known else refused(404)


async def listed(world: World) -> list[str]:
    """What clients see of it."""
    cards = await world.life.board.router.ask(ListModels())
    return [each.id for each in cards if each.id.startswith("work/")]


async def a_listing_stays_fresh(world: World) -> None:
    lister = Lister(["claude-1"])
    lister.play(world)
    await world.change_settings(OPEN)
    await trio.sleep(SETTLED_SECONDS)
    world.check(await listed(world) == ["work/claude-1"], "it was not listed at once")
    answer = await world.client(model="work/claude-1").ask("Hello?")
    world.check(answer.ending is AnswerEnding.COMPLETE, "the model that it lists does not answer")

    lister.models = ["claude-1", "claude-2"]
    await trio.sleep(REFRESH_SECONDS * 1.3)
    world.check(await listed(world) == ["work/claude-1", "work/claude-2"], "it became stale")

    lister.models = ["claude-3"]
    await trio.sleep(DOUBT_SECONDS)
    gone = await world.client("gone", model="work/claude-2").ask("Still there?")
    world.check(gone.status == 404, f"a model that is gone was answered with {gone.status}")
    await trio.sleep(SETTLED_SECONDS)
    world.check(await listed(world) == ["work/claude-3"], "a 404 did not make it doubted")

    await world.change_settings(SETTINGS)
    await trio.sleep(SETTLED_SECONDS)
    world.check(await listed(world) == ["work/claude-x"], "what the settings name is not listed")


async def a_turn_before_the_listing(world: World) -> None:
    """Its models are its own before it has said so: no other endpoint hears of the turn."""
    Lister(["claude-1"]).play(world)
    await world.change_settings(OPEN)
    answer = await world.client(model="work/claude-1").ask("Hello?")
    world.check(answer.ending is AnswerEnding.COMPLETE, "it was not answered")
    others = [peer for host, peer in world.peers.items() if host != "work.test"]
    world.check(not any(peer.exchanges for peer in others), "another endpoint was asked")
    await world.change_settings(SETTINGS)
    await trio.sleep(SETTLED_SECONDS)


@pytest.mark.parametrize("seed", range(4))
def test_a_listing_stays_fresh(seed: int) -> None:
    assert run(a_listing_stays_fresh, seed, app).complaints == ()


@pytest.mark.parametrize("seed", range(8))
def test_a_turn_before_the_listing(seed: int) -> None:
    assert run(a_turn_before_the_listing, seed, app).complaints == ()


def test_a_seed_has_one_trace() -> None:
    hashes = {run(a_listing_stays_fresh, 1, app).trace_hash for _ in range(2)}
    assert len(hashes) == 1
