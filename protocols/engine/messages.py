"""The messages between a backend and an engine's worker, both ways, each one frame's payload.

A worker runs one model in a process of its own. It is sent one `Load`, answers with `Loading`s and
one `Ready` or `LoadFailed`, and then takes requests. Every request has a `request` number, unique
for the life of the worker, and gets exactly one last message: `Ended`, `Counted`, `Embedded`,
`Saved` or `Refused`; nothing about it comes after that. An `Ask` is answered by `Started`, when its
input is counted and it has a slot, and by `Piece`s.

`Cancel` makes a worker drop a request; its last message is then `Ended` with the reason CANCELLED
(or the one that was on its way). The parent sets the abort byte of the shared page (`page`) as
well, so that the computation under way stops first, and says in `generation` which setting of it
this message belongs to.

Encoded as MessagePack arrays with msgspec: 0.3 to 0.4 us a message. Ids of tokens and vectors are
raw little-endian int32 and float32: 7 us for 20,000 tokens, where a list takes 420.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

STOP: Final = "stop"
"""The model has ended its answer by itself."""
LENGTH: Final = "length"
"""The answer has as many tokens as were asked for."""
STOP_SEQUENCE: Final = "stop_sequence"
CONTEXT: Final = "context"
"""The context window is full."""
CANCELLED: Final = "cancelled"
ENDINGS: Final = (STOP, LENGTH, STOP_SEQUENCE, CONTEXT, CANCELLED)


class _Message(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """A message; its tag is its class's name."""


class Load(_Message, frozen=True):
    """The first frame to a worker: load this model.

    `context_tokens` is the window of one conversation; `cells` is how many tokens of KV cache all
    sequences share. `state_folder` is where prefixes are kept ("": nowhere), at most `state_bytes`.
    `embeddings` makes a worker that embeds and does not answer.
    """

    name: str
    file: str
    context_tokens: int
    cells: int
    slots: int
    sequences: int
    threads: int
    gpu_layers: int = 0
    state_folder: str = ""
    state_bytes: int = 0
    embeddings: bool = False


class Sampling(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How tokens are chosen. None leaves it to the worker's default; `seed` None draws one.

    `logprobs` is how many alternatives are told beside each token; None: not even its own.
    """

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    seed: int | None = None
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    repeat_penalty: float = 1.0
    logit_bias: dict[int, float] = {}
    logprobs: int | None = None


class ToolShape(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A tool as a template and a grammar need it; `schema` is the JSON Schema of its input."""

    name: str
    description: str
    schema: dict[str, Any]


class Chat(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A conversation in the form that chat templates read.

    `messages` are objects with `role`, `content`, and as the role has them `tool_calls` (arguments
    as objects), `tool_call_id`, `name`, `reasoning_content`. `variables` are handed to the template
    as they are (`enable_thinking`, `reasoning_effort`). `prompt` is a text to be continued as it
    is, without a template: then there are no messages.
    """

    messages: list[dict[str, Any]]
    tools: list[ToolShape] = []
    variables: dict[str, Any] = {}
    prompt: str = ""


class Ask(_Message, frozen=True):
    """Answer this.

    `answer_tokens_max` 0 is as many as have room. `tool_mode` is "auto", "any", "tool" (then
    `tool_name` says which) or "none"; `parallel` allows several calls. `output` is the JSON Schema
    of structured output: None for free text, {} for any JSON object.
    """

    request: int
    chat: Chat
    sampling: Sampling = Sampling()
    answer_tokens_max: int = 0
    stop_sequences: tuple[str, ...] = ()
    tool_mode: str = "auto"
    tool_name: str = ""
    parallel: bool = True
    output: dict[str, Any] | None = None


class Count(_Message, frozen=True):
    """How many tokens has the prompt of this conversation?"""

    request: int
    chat: Chat


class Render(_Message, frozen=True):
    """What is the prompt of this conversation? Answered by `Rendered`, for tests."""

    request: int
    chat: Chat


class Embed(_Message, frozen=True):
    """The vectors of these texts, each the mean of its tokens, of length one."""

    request: int
    texts: list[str]


class Save(_Message, frozen=True):
    """Write every prefix worth keeping to its file, now; nothing is in the way of leaving then."""

    request: int


class Cancel(_Message, frozen=True):
    """Drop this request. `generation` is the abort page's when the flag was set for it."""

    request: int
    generation: int


class Loading(_Message, frozen=True):
    """How far the load is, from 0 to 1."""

    fraction: float


class LoadFailed(_Message, frozen=True):
    """The model cannot be run; the message says what, where and what to do."""

    message: str


class Ready(_Message, frozen=True):
    """The model is loaded.

    `format` is the name of its model format; `context_tokens` the window that it has now;
    `state_bytes_per_token` what one token of a kept prefix takes on disk; `prefill_tokens` how many
    tokens one step reads so that it takes at most 50 ms, and `step_seconds` the slowest step of the
    calibration; `build` names the library.
    """

    format: str
    context_tokens: int
    cells: int
    state_bytes_per_token: int
    prefill_tokens: int
    step_seconds: float
    build: str
    restored_prefixes: int = 0


class Started(_Message, frozen=True):
    """The answer begins. `kept_tokens` of the input are remembered, `restored_tokens` of these from
    a file. `prompt_tail` is the end of the prompt: it tells whether thinking is open already."""

    request: int
    format: str
    input_tokens: int
    kept_tokens: int
    restored_tokens: int
    prompt_tail: str


class Reading(_Message, frozen=True):
    """How many tokens of the input have been read; at most a few a second."""

    request: int
    done_tokens: int


class Piece(_Message, frozen=True):
    """More of the answer: whole characters, and the tokens that made them, raw int32.

    Text that may be the start of a stop sequence is held back; so is a character's first half.
    `logprobs` are in the shape of Chat Completions' `logprobs.content`.
    """

    request: int
    text: str
    tokens: bytes = b""
    logprobs: list[dict[str, Any]] | None = None


class Ended(_Message, frozen=True):
    """The answer is over, for one of ENDINGS. `whole` says that a tool call or structured output
    which the grammar had begun was ended by it."""

    request: int
    reason: str
    output_tokens: int
    stop_sequence: str = ""
    whole: bool = True
    prefill_seconds: float = 0.0
    decode_seconds: float = 0.0


class Counted(_Message, frozen=True):
    """The number of tokens asked for."""

    request: int
    tokens: int


class Rendered(_Message, frozen=True):
    """The prompt asked for, as text and as raw int32 tokens."""

    request: int
    text: str
    tokens: bytes


class Embedded(_Message, frozen=True):
    """The vectors asked for: raw float32, one after another, and how many tokens were read."""

    request: int
    vectors: bytes
    count: int
    tokens: int


class Saved(_Message, frozen=True):
    """What is on disk now."""

    request: int
    prefixes: int
    bytes: int


class Refused(_Message, frozen=True):
    """The request cannot be done; `status` and `kind` are as in `dialect.Failure`."""

    request: int
    status: int
    kind: str
    message: str


ToWorker = Load | Ask | Count | Render | Embed | Save | Cancel
FromWorker = (
    Loading
    | LoadFailed
    | Ready
    | Started
    | Reading
    | Piece
    | Ended
    | Counted
    | Rendered
    | Embedded
    | Saved
    | Refused
)

encode = msgspec.msgpack.Encoder().encode
"""The payload of a message."""
decode_to_worker = msgspec.msgpack.Decoder(ToWorker).decode
"""A message to a worker. Raises msgspec.MsgspecError for what is none."""
decode_from_worker = msgspec.msgpack.Decoder(FromWorker).decode
"""A message of a worker. Raises msgspec.MsgspecError for what is none."""
