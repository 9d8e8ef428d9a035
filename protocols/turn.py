"""One request of a client, in neutral words, and what comes back for it.

A `Turn` is made by serving from the bytes of a request and travels down unchanged. What comes back
is a stream of items: one `Head`, then the body's bytes as they come, each item all that one read
yielded; if the answer broke off before its end, a final `Cut`, so that the client sees a cut and
not a clean end. A turn that never got as far is a `TurnRefused`, which keeps its status.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import attrs

from .actor import Message, Note, Refusal, StreamMessage
from .records import ConversationRecord, TurnRecord
from .request import ServedRequest

Headers = tuple[tuple[bytes, bytes], ...]


class Operation(Enum):
    """What a request asks for."""

    MESSAGES = "/v1/messages"
    COUNT_TOKENS = "/v1/messages/count_tokens"
    EMBEDDINGS = "/v1/embeddings"


@attrs.frozen
class Turn:
    """One request.

    `conversation` names whose turn it is; `named` is true if the client said so itself, and only
    then does a newer copy of a request replace the older. `agent` is the sub-agent's id or "".
    `headers` are the client's own, in lower case, with no credentials among them.
    """

    id: str
    conversation: str
    named: bool
    agent: str
    operation: Operation
    request: ServedRequest = attrs.field(repr=False)
    query: bytes = b""
    headers: Headers = attrs.field(default=(), repr=False)

    @property
    def model(self) -> str:
        """The model as the client named it."""
        return self.request.model

    @property
    def streamed(self) -> bool:
        """Whether the answer is to come as events."""
        return self.request.streamed and self.operation is Operation.MESSAGES


@attrs.frozen
class Head:
    """The status and headers of the answer: from here on it is committed."""

    status: int
    headers: Headers


@attrs.frozen
class Cut:
    """The answer broke off: the client's connection is to be cut, not ended."""

    why: str


TurnItem = Head | bytes | Cut


class TurnRefused(Refusal):
    """No answer will come, and nothing has been sent yet.

    `status` and `kind` are what the client is told (HTTP status, and the error type of its
    dialect); `retry_after_seconds` is when another try may succeed.
    """

    def __init__(
        self, status: int, kind: str, message: str, retry_after_seconds: int | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.retry_after_seconds = retry_after_seconds


class MemoryRefused(TurnRefused):
    """This machine has no room for the model: another endpoint may have."""


@attrs.frozen
class StartTurn(StreamMessage[TurnItem, TurnRecord]):
    """To a session: answer this turn."""

    turn: Turn


@attrs.frozen
class Answer(StreamMessage[TurnItem, TurnRecord]):
    """To a backend: answer this turn with this model of yours.

    `key` is the number of the endpoint's key. While somebody else could answer (`is_last` false) a
    refusal is raised, never relayed. `why` is the router's reason, `attempt` counts from 1; `home`
    is the private model that the conversation stays at, if any. `notice` is put in front of the
    answer's first text, where its dialect and its form allow it. `prompt` marks the message of the
    user's that is answered, "" where it is not known.
    """

    turn: Turn
    model: str
    key: int = 0
    is_last: bool = True
    attempt: int = 1
    why: str = ""
    home: str = ""
    notice: str = ""
    prompt: str = ""


@attrs.frozen
class ModelCard:
    """A model as clients may name it. `context_tokens` is 0 where nobody knows.

    `leads_to` is the place that an id leads to first which a rule makes, "" for all others.
    """

    id: str
    display_name: str
    endpoint: str
    context_tokens: int
    leads_to: str = ""


@attrs.frozen
class Alternative:
    """A model that could answer in another's place; `remote` if it is not on this machine."""

    model: str
    remote: bool


@attrs.frozen
class FindAlternatives(Message[tuple[Alternative, ...]]):
    """To the router: who could answer in place of this endpoint? Answered at once.

    Those whose window is known to be smaller than so many tokens are left out; those on this
    machine come first.
    """

    endpoint: str
    tokens: int


@attrs.frozen
class ListModels(Message[tuple[ModelCard, ...]]):
    """To the router: every model a client may name, the default first."""


@attrs.frozen
class EndpointStatus:
    """One endpoint as the page and `understudy endpoints` show it; `key` is where its key is.

    `state` is "answering", "idle", "resting" (nobody is sent there while others can answer) or
    "on trial" (one turn is trying it, after a rest). `rest_seconds` is how long the rest lasts yet,
    and `why` what it is for; or that some of its keys rest. `tokens_per_day` is 0 without a limit.
    """

    name: str
    kind: str
    address: str
    models: tuple[str, ...]
    context_tokens: int
    default: bool
    state: str
    turns: int
    key: str = "none"
    why: str = ""
    rest_seconds: float = 0.0
    spent_tokens: int = 0
    tokens_per_day: int = 0
    private: bool = False


@attrs.frozen
class ListEndpoints(Message[tuple[EndpointStatus, ...]]):
    """To the router: every endpoint and how it is."""


@attrs.frozen
class LiveTurn:
    """A turn in flight, as the page shows it: no word of what was said."""

    turn: str
    conversation: str
    model: str
    endpoint: str
    started_seconds: float


@attrs.frozen
class RecordTurn(Message[None]):
    """To conversations: settle this turn in the ledger. Answered at once."""

    record: TurnRecord


@attrs.frozen
class NoteDiet(Message[bool]):
    """To conversations: a turn of this one was shortened. True the first time: tell the user."""

    conversation: str
    notice: str = ""


@attrs.frozen
class Notice:
    """Something that a user was told once, about one conversation."""

    conversation: str
    text: str


@attrs.frozen
class NoteNotice(Note):
    """To conversations: tell the user this."""

    conversation: str
    text: str


@attrs.frozen
class FindSpent(Message[Mapping[str, int]]):
    """To conversations: the tokens that count towards budgets, used on this day, by endpoint."""

    day: str


@attrs.frozen
class RecentNotices(Message[tuple[Notice, ...]]):
    """To conversations: what users were told since the start, newest first."""


@attrs.frozen
class FindProblem(Message[str]):
    """To conversations: why is nothing saved just now? In words for the user; "" if all is."""


@attrs.frozen
class Recall(Message[ConversationRecord | None]):
    """To conversations: what is known of this conversation?"""

    conversation: str


@attrs.frozen
class KeepHome(Message[None]):
    """To conversations: from now on this one is with a private model, whatever becomes of us.

    Answered once it is on the disk, or the disk has failed.
    """

    conversation: str
    home: str


@attrs.frozen
class KeepOrigin(Message[None]):
    """To conversations: this one goes on from that one, whose home could not be read just now.

    Its own is that one's, which is read once somebody asks. Kept in memory alone: on the disk what
    nobody knows would be private for ever.
    """

    conversation: str
    origin: str


@attrs.frozen
class FindHome(Message[str]):
    """To conversations: the private model that this one was last with.

    "" if it is not private, and HOME_UNKNOWN (routing/wish.py) if that cannot be read.
    """

    conversation: str


@attrs.frozen
class RecentTurns(Message[tuple[TurnRecord, ...]]):
    """To conversations: the newest turns of the ledger, newest first; of one conversation alone
    where one is named. Only those of the last while are in memory."""

    limit: int = 50
    conversation: str = ""
