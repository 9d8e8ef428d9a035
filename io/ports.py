"""The ports: every outside thing the actors use, as an abstract class of a few methods.

A port has real adapters in `io/` and exactly one simulated adapter in `simulations/`, and one
conformance suite in `tests/conformance/` that runs against all of them. Errors are mapped at the
seam: an adapter raises only what its port names. Every adapter keeps Trio's manners: an operation
is a checkpoint, and a cancelled operation leaves nothing behind once it has returned.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

import attrs

from ..protocols.records import ConversationRecord, TurnRecord
from ..protocols.resources.need import MemoryNeed
from ..protocols.resources.reading import MemoryReading, ProcessMemory
from ..protocols.search_result import SearchResult
from ..protocols.secret import Secret
from ..protocols.tool_uses import ToolUse
from ..protocols.usage.sums import UsageBy, UsageRow

if TYPE_CHECKING:  # its library costs milliseconds, and most who import a port need it not
    from ..protocols.engine.messages import Ready

Headers = tuple[tuple[bytes, bytes], ...]
"""Header pairs in wire order; names in lower case."""


class UpstreamError(Exception):
    """The peer could not be used; the message says what, where and what to do."""


class UpstreamUnreachable(UpstreamError):
    """No connection could be made: no request byte has reached the peer, another try is safe."""


class UpstreamBroken(UpstreamError):
    """The connection failed after the request was sent: the peer may have acted on it."""


@attrs.frozen
class UpstreamRequest:
    """One HTTP request to a peer.

    `url` is absolute (http or https). `headers` are sent as they are, plus Host, Content-Length
    and whatever the adapter's connection handling needs; names in lower case.
    """

    method: str
    url: str
    headers: Headers
    body: bytes = attrs.field(default=b"", repr=False)


class UpstreamResponse(ABC):
    """A response whose head has arrived (1xx responses were passed over)."""

    status: int
    headers: Headers

    @abstractmethod
    async def receive(self) -> bytes:
        """Waits for body bytes and returns all that one read of the socket yielded.

        Returns b"" at the end of a complete body, and again on later calls. Raises
        UpstreamBroken when the body is cut short.
        """


@attrs.frozen
class UpstreamStatistics:
    """`open_connections` counts all sockets, `idle_connections` those waiting for reuse."""

    open_connections: int
    idle_connections: int


class Upstream(ABC):
    """An HTTP client with a pool of connections."""

    @abstractmethod
    def open(self, request: UpstreamRequest) -> AbstractAsyncContextManager[UpstreamResponse]:
        """Sends the request and yields the response as soon as its head has arrived.

        Leaving the block before the body has ended closes the connection at once, whatever the
        peer is doing: this is how Esc reaches it. A reused connection that proves stale before
        any response byte is replaced by a new one, once, unseen. No time limit of its own but
        for connecting: the caller's cancel scope is the limit. Raises UpstreamUnreachable or
        UpstreamBroken.
        """

    @abstractmethod
    async def aclose(self) -> None:
        """Closes idle connections; open responses must have been left before."""

    @abstractmethod
    def statistics(self) -> UpstreamStatistics:
        """Counts sockets; a test's way to see that nothing is left."""


class EngineError(Exception):
    """The engine cannot run this model; the message says what, where and what to do."""


@attrs.frozen
class EngineSpec:
    """A model to run: `file` is an absolute path; `context_tokens` is the whole window.

    `slots` is how many answers are computed at a time. `state_bytes` bounds what is kept of prompts
    on disk; 0 keeps nothing. `embeddings` is for a model that makes vectors and does not answer.
    `projector` is the file with which it sees images, and `draft` a smaller model that guesses its
    next tokens; "" for none.
    `memory_bytes_max` is what its process may hold at most; 0 sets no limit of its own.
    """

    name: str
    file: str
    context_tokens: int
    batch_tokens: int = 256
    slots: int = 2
    state_bytes: int = 0
    embeddings: bool = False
    projector: str = ""
    draft: str = ""
    memory_bytes_max: int = 0


class EngineProcess(ABC):
    """A running engine. It answers requests to `base_url` in its engine's dialect.

    One that serves HTTP does so on a loopback port, with a key of its own. Any other answers at its
    `upstream` alone, under the same rules as any peer: leaving a response stops its computation.
    """

    base_url: str
    headers: Headers
    """What a request to this engine must carry (its private key)."""
    upstream: Upstream | None = None
    ready: Ready | None = None
    """What a worker has said of itself."""

    @abstractmethod
    async def wait(self) -> str:
        """Waits until the process has ended and says how, in words for a log."""

    @abstractmethod
    def kill(self) -> None:
        """Kills the process now; `wait` then returns. Safe to call again."""

    @property
    @abstractmethod
    def process_id(self) -> int:
        """The operating system's id of the process."""


class Engine(ABC):
    """Runs models on this machine, each in a process of its own that dies with ours.

    `dialect` is what its processes speak: "anthropic", or "worker" (protocols/engine/).
    """

    dialect: str = "anthropic"
    slots: int = 2
    """How many answers a process computes at a time, where nobody says otherwise."""

    @abstractmethod
    async def need(self, spec: EngineSpec) -> MemoryNeed:
        """What a process for this will take, from what the model's file says of itself.

        Raises EngineError when the file is missing or cannot be a model.
        """

    @abstractmethod
    def open(self, spec: EngineSpec) -> AbstractAsyncContextManager[EngineProcess]:
        """Starts the process and yields it once it answers requests.

        Leaving the block stops it: politely, then by force, and it is reaped. Raises
        EngineError when the file is missing or not a model, the process ends early, or it is
        not ready within the adapter's limit.
        """


class Memory(ABC):
    """The memory of this machine and of its processes."""

    @abstractmethod
    async def read(self) -> MemoryReading:
        """Reads it now. Never fails: what the system does not say is left out."""

    @abstractmethod
    async def process(self, process_id: int) -> ProcessMemory | None:
        """What one process holds with its children; None if it is gone or not ours to see."""

    @abstractmethod
    async def pressed(self) -> None:
        """Waits until the system says that it is short of memory; for ever where it never does."""


class StateError(Exception):
    """The state could not be read or written; the message names the file and the remedy."""


class State(ABC):
    """What outlives the process: conversations and the ledger of turns. Never a prompt."""

    @abstractmethod
    async def load(self, conversation: str) -> ConversationRecord | None:
        """Reads one conversation, or None if it is not known."""

    @abstractmethod
    async def save(
        self,
        conversations: Sequence[ConversationRecord],
        turns: Sequence[TurnRecord],
        tool_uses: Sequence[ToolUse] = (),
    ) -> None:
        """Writes all of it or, if it raises StateError, nothing of it; later ones win.

        Tool uses that are older than TOOL_USE_SECONDS when others come are forgotten.
        """

    @abstractmethod
    async def tool_uses(self, key: str) -> Sequence[ToolUse]:
        """Reads the tool uses with this digest, the oldest first: one for each conversation."""

    @abstractmethod
    async def turns(self, *, limit: int) -> Sequence[TurnRecord]:
        """Reads the newest `limit` turns, newest first."""

    @abstractmethod
    async def usage(self, since: str, until: str, by: UsageBy) -> Sequence[UsageRow]:
        """Adds up the days from `since` to `until`, both included, by what is asked for.

        Days come in their order, all else with the most tokens first; the adapter has a limit.
        """

    @abstractmethod
    async def find(self, beginning: str) -> Sequence[TurnRecord]:
        """Reads the lines of the turns whose ids begin so, oldest first, up to a limit."""

    @abstractmethod
    async def named(self, beginning: str, *, limit: int) -> Sequence[ConversationRecord]:
        """Reads the conversations whose names begin so, those saved last first."""

    @abstractmethod
    async def aclose(self) -> None:
        """Closes what is open; no other method may be called after."""


class Calendar(ABC):
    """What time it is for the user. Costs nothing, and never fails."""

    @abstractmethod
    def now(self) -> float:
        """The seconds since 1970 (UTC)."""

    @abstractmethod
    def day(self, moment: float) -> str:
        """The user's day at a moment, as `2026-11-26`."""


class KeychainError(Exception):
    """A key could not be read or kept; the message says what, where and what to do, never the key.

    `is_locked` when the keychain has to be unlocked first.
    """

    def __init__(self, message: str, *, is_locked: bool = False) -> None:
        super().__init__(message)
        self.is_locked = is_locked


@attrs.frozen
class KeptKey:
    """A key as it is kept: for the host that it was given for, and for no other."""

    value: Secret
    host: str


class Keychain(ABC):
    """Where the keys of endpoints are kept. Every operation may wait for the user."""

    @abstractmethod
    async def read(self, name: str) -> KeptKey | None:
        """Reads a key, or None if there is none of this name. Raises KeychainError."""

    @abstractmethod
    async def write(self, name: str, key: KeptKey) -> None:
        """Keeps a key, instead of an older one of this name. Raises KeychainError."""

    @abstractmethod
    async def remove(self, name: str) -> bool:
        """Forgets a key; false if there was none. Raises KeychainError."""


class SearchError(Exception):
    """Nothing could be searched; the message says what, where and what to do, never the query."""


class Search(ABC):
    """Searches the web, at an endpoint that the user has chosen."""

    @abstractmethod
    async def search(self, query: str, limit: int) -> Sequence[SearchResult]:
        """Finds pages, the best first, each address once: at most `limit`, which is from 1 to 20.

        Takes at most the adapter's own limit of time. Raises SearchError.
        """
