"""Inquiries over the network: each question a request of its own, small, short and polite.

No redirect is followed, no key is sent but the endpoint's own to the endpoint itself, and a peer
that sends too much or too slowly is left. A request says who asks, so that whoever looks into a
server's log need not wonder.
"""

from __future__ import annotations

from typing import Final

import attrs
import trio

from ... import __version__
from ...protocols.discovery.found import FoundServer, Inquiry
from ...protocols.discovery.inquiry import ANSWER_BYTES_MAX, Answer, Answers, Question
from ..ports import Headers, Upstream, UpstreamError, UpstreamRequest, UpstreamUnreachable

QUESTIONS_AT_ONCE: Final = 4
"""To one server."""
ANSWER_SECONDS_MAX: Final = 5.0
WHO_ASKS: Final = f"understudy/{__version__} (looks for model servers)".encode()


@attrs.frozen
class Asker:
    """Asks one server. `seconds_max` is for one answer; `headers` carry its key, if it has one."""

    upstream: Upstream
    base_url: str
    seconds_max: float = ANSWER_SECONDS_MAX
    headers: Headers = attrs.field(default=(), repr=False)

    async def follow(self, inquiry: Inquiry) -> FoundServer:
        """Plays an inquiry to its end. Raises NotFound."""
        answers: Answers | None = None
        while True:
            try:
                questions = next(inquiry) if answers is None else inquiry.send(answers)
            except StopIteration as end:
                found: FoundServer = end.value
                return found
            answers = await self._ask_all(questions)

    async def _ask_all(self, questions: tuple[Question, ...]) -> Answers:
        answers: dict[Question, Answer] = {}
        limit = trio.CapacityLimiter(QUESTIONS_AT_ONCE)

        async def ask(question: Question) -> None:
            async with limit:
                answers[question] = await self._ask(question)

        async with trio.open_nursery() as nursery:
            for question in questions:
                nursery.start_soon(ask, question)
        return answers

    async def _ask(self, question: Question) -> Answer:
        """One request; whatever goes wrong is an answer, too."""
        request = UpstreamRequest(
            "POST" if question.body else "GET",
            f"{self.base_url}{question.path}",
            (
                (b"user-agent", WHO_ASKS),
                (b"accept", b"application/json"),
                (b"accept-encoding", b"identity"),
                *self.headers,
                *(((b"content-type", b"application/json"),) if question.body else ()),
            ),
            question.body,
        )
        try:
            with trio.move_on_after(self.seconds_max):
                return await self._read(request)
        except UpstreamUnreachable as error:
            return Answer(0, trouble=f"{CANNOT_CONNECT}: {error}")
        except UpstreamError as error:
            return Answer(0, trouble=f"breaks off: {error}")
        return Answer(0, trouble=f"says nothing for {self.seconds_max:g} s")

    async def _read(self, request: UpstreamRequest) -> Answer:
        async with self.upstream.open(request) as response:
            body = bytearray()
            while data := await response.receive():
                body += data
                if len(body) > ANSWER_BYTES_MAX:
                    return Answer(0, trouble=f"sends more than {ANSWER_BYTES_MAX:,} bytes")
            return Answer(response.status, bytes(body))


CANNOT_CONNECT: Final = "cannot be reached"
"""How the trouble begins where nobody listens."""
