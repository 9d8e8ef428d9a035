"""Embeddings at the level of the actors: asked of an endpoint, and told in the client's words."""

from __future__ import annotations

import json

import attrs
from trio.testing import MockClock
from understudy.protocols.dialect import Target
from understudy.protocols.embedding import OPENAI, parse_wish
from understudy.protocols.settings_data import Settings
from understudy.protocols.turn import Operation, Turn

from .scripts import turn, whole
from .stage import WORK_ENDPOINT, open_stage

ENDPOINT = attrs.evolve(WORK_ENDPOINT, dialects=("openai-chat",))
SETTINGS = Settings(endpoints=(ENDPOINT,))


def asked() -> Turn:
    body = b'{"model":"work/claude-x","input":["a"]}'
    request = parse_wish(OPENAI, body, Target())
    return attrs.evolve(turn(), operation=Operation.EMBEDDINGS, request=request)


async def test_vectors_come_back(autojump_clock: MockClock) -> None:
    async with open_stage(SETTINGS) as stage:
        stage.work.respond = lambda _: whole(b'{"data":[{"index":0,"embedding":[0.5,1]}]}')
        reader = await stage.read(asked())
        assert json.loads(reader.body)["data"][0]["embedding"] == [0.5, 1.0]


async def test_a_key_that_is_refused_is_told_as_the_user_s_to_mend(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(SETTINGS) as stage:
        stage.work.respond = lambda _: whole(b'{"error":{"message":"bad key"}}', status=401)
        refused = (await stage.read(asked())).refused
        assert (refused.status, refused.kind) == (403, "permission_error")
        assert refused.message == "its key was refused: bad key"
