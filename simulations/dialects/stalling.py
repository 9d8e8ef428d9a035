"""An endpoint that says a part of its answer and then nothing more, so that Esc meets it there."""

from __future__ import annotations

from collections.abc import Iterator

from ..upstream import HANG, SendBytes, SendHead, Wait
from ..world.peer import Means, PeerStep
from .meaning import Meaning
from .speaker import Speaker
from .voice import JSON, Manner

PLACES = ("before the head", "in the middle", "not streamed")
PAUSE_SECONDS = 0.05


def stalling(speaker: Speaker, place: str, pieces: int, meaning: Meaning) -> Iterator[PeerStep]:
    """So much of an answer, and then silence; never all that a whole answer needs."""
    yield Means(meaning)
    manner = Manner(piece_characters=2)
    if place == "in the middle":
        yield SendHead(200, speaker.voice.headers)
        content = [p for p in speaker.voice.stream(meaning, manner) if p.kind != "end"]
        for piece in content[:pieces]:
            yield Wait(PAUSE_SECONDS)
            yield SendBytes(piece.data)
    elif place == "not streamed":
        body = speaker.voice.whole(meaning, manner)
        yield SendHead(200, (*JSON, (b"content-length", b"%d" % len(body))))
        yield SendBytes(body[:pieces])
    yield HANG
