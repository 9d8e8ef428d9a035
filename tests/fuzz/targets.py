"""Every parser and reader as a function of bytes, with what must hold of it.

A target lets through the three exceptions of the protocol; any other is a finding, and so is a
result out of proportion to its input. `choice` decides what a test would draw: how the bytes are
cut, and which other half is tried with what came out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from random import Random
from typing import Any

import attrs
from understudy.io.classifier.weights import load_classifier
from understudy.protocols.anthropic.passage import AnthropicRelay
from understudy.protocols.conversation.answer import AnswerEvent
from understudy.protocols.conversation.request import Conversation
from understudy.protocols.dialect import (
    NEED_DATA,
    AnswerReader,
    AnswerWriter,
    Failure,
    Target,
    UpstreamNonsense,
)
from understudy.protocols.dialects import SERVED, UPSTREAM, family
from understudy.protocols.embedding import (
    ASK,
    Vectors,
    parse_wish,
    read_vectors,
    vectors_body,
    wish_of,
)
from understudy.protocols.gguf.cache import cache_of
from understudy.protocols.gguf.facts import read_facts
from understudy.protocols.gguf.header import GgufHeader
from understudy.protocols.gguf.kind import LAYERS_MAX, run_problem
from understudy.protocols.gguf.problem import GgufProblem
from understudy.protocols.gguf.reader import HeaderReader
from understudy.protocols.gguf.split import SplitProblem, check_parts, part_names
from understudy.protocols.models.need import ARM, X86, Asked, need_of
from understudy.protocols.openai_responses.errors import PreviousResponseNotFound
from understudy.protocols.openai_responses.final_response import FinalResponse
from understudy.protocols.openai_responses.shelf import Shelf
from understudy.protocols.passage import Passage
from understudy.protocols.preparation import prepared
from understudy.protocols.request import BadRequest, ServedRequest
from understudy.protocols.sniffed_relay import SniffedRelay
from understudy.protocols.switching.known import KnownPlace, KnownPlaces
from understudy.protocols.switching.matcher import match, may_be_command
from understudy.protocols.switching.typed import TYPED_CHARACTERS_MAX, typed
from understudy.protocols.token_count import conversation_features, messages_features
from understudy.protocols.web_search import read_results

from . import leaks
from .corpus import (
    COUNTS,
    EMBEDDINGS,
    EVENTS,
    FAILURES,
    MODELS,
    PAGES,
    VECTORS,
    answers_of,
    conversation,
    requests_of,
)
from .gguf_files import GGUF_FILES, mutated_gguf
from .laws import broken_laws, size_of
from .mutate import Mutate, mutated_json, mutated_stream

ROOM_BYTES = 64 * 1024
GROWTH = 64
"""What comes out may be so many times larger than what went in: a name becomes one with a hash, a
byte of an answer an event with all its members, a `$ref` the schema that it names."""
WORDS_MAX = 4_000
"""Characters of a failure's message."""
_DIALECTS = tuple(UPSTREAM)
_FORMS = tuple(SERVED)
_ASKED = {
    (name, streamed): attrs.evolve(conversation(name), streamed=streamed)
    for name in UPSTREAM
    for streamed in (True, False)
}
_OWN = (
    b'{"model":"m","max_tokens":9,"stream":%b,"messages":[],"input":"","contents":[],"prompt":"p"}'
)

_TAUGHT = load_classifier()
_KNOWN = KnownPlaces(
    (
        KnownPlace("local/qwen3-coder-30b", "local", "qwen3-coder-30b", here=True),
        KnownPlace("claude/claude-opus-4-5", "claude", "claude-opus-4-5"),
        KnownPlace("gemini/gemini-2.5-flash", "gemini", "gemini-2.5-flash"),
        KnownPlace("gemini/gemini-2.5-pro", "gemini", "gemini-2.5-pro"),
    ),
    "claude/claude-opus-4-5",
)
_COMMANDS = tuple(
    said.encode()
    for said in (
        "switch to my local one",
        "use gemini two point five flash for this: refactor the parser",
        "which would you use for a long one?",
        "zurück zum vorherigen Modell",
        "c'est quel modèle ?",
        "só esta resposta com o opus",
        "从现在开始用opus",
        "ローカルのモデルに切り替えて",
        "2",
        "the flash one",
    )
)


@attrs.frozen
class Fuzzed:
    """A target: `run` judges an input, `corpus` has valid ones, `mutate` changes them."""

    name: str
    run: Callable[[bytes, int], None]
    corpus: tuple[bytes, ...] = attrs.field(repr=False)
    mutate: Mutate


def bounded(size: int, data: bytes) -> None:
    """What came out is in proportion to what went in."""
    assert size <= ROOM_BYTES + GROWTH * len(data), f"{size} bytes out of {len(data)}"


def cut(data: bytes, choice: int) -> list[bytes]:
    """The bytes in pieces, cut at random places."""
    random = Random(choice)
    places = sorted(random.randrange(len(data) + 1) for _ in range(choice % 7))
    return [data[start:end] for start, end in pairwise((0, *places, len(data)))]


def served(name: str, data: bytes, choice: int) -> None:
    """A client's request: parsed and read; now and then written to an endpoint and answered."""
    half = SERVED[name]
    try:
        request = half.parse(data, Target("m", choice // 7 % 2 == 0, choice // 14 % 3 == 0))
        assert len(typed(request).text) <= TYPED_CHARACTERS_MAX
        found = half.conversation(request)
    except BadRequest:
        return
    if choice % 6:
        return
    peer = UPSTREAM[_DIALECTS[choice // 6 % len(_DIALECTS)]]
    shown = prepared(found, peer.name)
    bounded(len(peer.request(shown, MODELS[peer.name]).body), data)
    conversation_features(shown)
    if name == "anthropic":
        messages_features(request)
    bounded(len(UPSTREAM[family(name)].relayed(request, "other").body), data)
    bounded(len(written(half.writer(request, "1"), EVENTS)), data)


@cache
def asked_of(form: str, *, streamed: bool) -> ServedRequest:
    """A short request, for the writer of its answer."""
    return SERVED[form].parse(_OWN % (b"true" if streamed else b"false"), Target("m", streamed))


def writer_of(form: str, *, streamed: bool) -> AnswerWriter:
    """A new writer."""
    return SERVED[form].writer(asked_of(form, streamed=streamed), "1")


def written(writer: AnswerWriter, events: tuple[AnswerEvent, ...]) -> bytes:
    """All that a writer makes of an answer."""
    pieces = [writer.send(event) for event in events]
    return b"".join([*pieces, writer.ping(), writer.end()])


def read(reader: AnswerReader, pieces: list[bytes]) -> tuple[list[AnswerEvent], bool]:
    """The events, and whether it was nonsense."""
    events: list[AnswerEvent] = []
    try:
        for piece in pieces:
            reader.receive_data(piece)
            _drain(reader, events)
        reader.receive_end()
        _drain(reader, events)
    except UpstreamNonsense:
        return events, True
    return events, False


def _drain(reader: AnswerReader, events: list[AnswerEvent]) -> None:
    while (event := reader.next_event()) is not NEED_DATA:
        events.append(event)


def answer(dialect: str, data: bytes, choice: int) -> None:
    """An endpoint's answer, in pieces: lawful events, the same whole, and every client's words."""
    asked = _ASKED[dialect, choice % 3 > 0]
    peer, model = UPSTREAM[dialect], MODELS[dialect]
    events, nonsense = read(peer.reader(asked, model, "1"), cut(data, choice))
    assert not broken_laws(events), (broken_laws(events), events)
    bounded(sum(map(size_of, events)), data)
    if choice % 4 == 1:
        again, nonsense_again = read(peer.reader(asked, model, "1"), [data])
        assert nonsense == nonsense_again, "the pieces decide what is nonsense"
        assert nonsense or events == again, "the pieces decide what was said"
    if not nonsense:
        writer = writer_of(_FORMS[choice // 2 % len(_FORMS)], streamed=choice % 5 == 0)
        bounded(len(written(writer, tuple(events))), data)


def failure(dialect: str, data: bytes, choice: int) -> None:
    """An error response, told to every client; and what should be a count of tokens."""
    statuses = (400, 401, 403, 404, 413, 422, 429, 500, 502, 503, 529, 418)
    headers = ((b"retry-after", data[:12]), (b"content-type", b"application/json"))
    found = UPSTREAM[dialect].failure(statuses[choice % len(statuses)], headers, data)
    assert found.message, "an error without words"
    assert 400 <= found.status <= 599, f"an error with status {found.status}"
    _tell(found)
    if UPSTREAM[dialect].count_request(Conversation(()), "m") is not None:
        with contextlib.suppress(UpstreamNonsense):
            assert UPSTREAM[dialect].counted(data) >= 0


def _tell(found: Failure) -> None:
    assert len(found.message) <= WORDS_MAX, f"{len(found.message)} characters"
    for half in SERVED.values():
        assert half.error(found, "req_1")


def wish(form: str, data: bytes, choice: int) -> None:
    """A client's wish for embeddings, asked of an endpoint and answered."""
    try:
        request = parse_wish(form, data, Target("m"))
        wanted = wish_of(request)
        outgoing = tuple(ASK.values())[choice % len(ASK)](wanted, "m")
    except BadRequest:
        return
    bounded(len(outgoing.body), data)
    found = Vectors(tuple((0.5, 1.0) for _ in wanted.inputs), 3)
    bounded(len(vectors_body(request, found)), data)


def vectors(dialect: str, data: bytes, choice: int) -> None:
    """An endpoint's vectors."""
    try:
        found = read_vectors(dialect, data, choice % 3)
    except UpstreamNonsense:
        return
    bounded(8 * sum(map(len, found.vectors)), data)


def relay(dialect: str, data: bytes, choice: int) -> None:
    """An answer relayed: what came in goes out, whatever it is."""
    passage: Passage = AnthropicRelay("1", "m", streamed=choice % 3 > 0)
    if dialect != "anthropic":
        streamed = choice % 3 > 0
        writer = writer_of(dialect, streamed=streamed)
        passage = SniffedRelay(UPSTREAM[dialect], writer, "1", streamed=streamed)
    out: list[bytes] = []
    for piece in cut(data, choice):
        out.append(passage.receive_data(piece))
        passage.ping()
    out.append(passage.receive_end())
    assert b"".join(out) == data, "a relay has changed what it relays"
    passage.account.settled_usage()


def shelf(data: bytes, choice: int) -> None:
    """A conversation that goes on by an id; the answer is what is read along with."""
    final = FinalResponse(streamed=choice % 2 > 0)
    for piece in cut(data, choice):
        final.receive_data(piece)
    final.receive_end()
    kept = Shelf(answers_max=2, bytes_max=10_000)
    try:
        kept.keep(b'{"model":"m","input":"a"}', b'{"id":"resp_1","status":"completed"}', 0.0)
        expanded = kept.expand(data, 1.0)
        kept.keep(expanded, final.found or data, 2.0)
        bounded(len(kept.expand(expanded, 3.0)), data)
    except (BadRequest, PreviousResponseNotFound):
        pass
    assert kept.size <= kept.bytes_max
    assert len(kept) <= kept.answers_max


def pages(data: bytes, choice: int) -> None:
    """What a search endpoint has found."""
    kinds: tuple[Any, ...] = ("searxng", "brave", "tavily")
    try:
        found = read_results(kinds[choice % 3], data, 5)
    except UpstreamNonsense:
        return
    assert len(found) <= 5


def header_of(pieces: list[bytes], file_bytes: int | None) -> GgufHeader | str:
    """The header of a file that comes in pieces, or what is wrong with it."""
    reader = HeaderReader(file_bytes)
    try:
        for piece in pieces:
            unread = piece
            if reader.skip_bytes and len(piece) > 1:
                skipped = min(reader.skip_bytes, len(piece) // 2)
                reader.skip(skipped)
                unread = piece[skipped:]
            if reader.receive_data(unread):
                break
        return reader.receive_end()
    except GgufProblem as problem:
        return str(problem)


def _shown(found: GgufHeader | str) -> str:
    """All of it, as text: a header may have numbers that are no numbers, and equal nothing."""
    return found if isinstance(found, str) else repr((found, found.pairs, found.tensors))


def gguf(data: bytes, choice: int) -> None:
    """A model's file: the same header, or the same words, in any pieces; and what is made of it."""
    file_bytes = None if choice % 5 == 0 else len(data)
    found = header_of([data], file_bytes)
    again = header_of(cut(data, choice), file_bytes)
    assert _shown(found) == _shown(again), "the pieces decide what is read"
    if isinstance(found, str):
        assert found.isprintable(), found
        assert len(found) <= WORDS_MAX, f"{len(found)} characters"
        return
    facts = read_facts(found)
    bounded(len(repr(facts)), data)
    assert len(run_problem(found)) <= WORDS_MAX
    assert len(cache_of(found).layers) <= LAYERS_MAX
    asked = Asked(4_096, 8_192, 16, 528, 4, 1, slides=choice % 2 > 0)
    need = need_of([found], asked, (X86, ARM))
    assert min(need.weights_bytes, need.cache_bytes, need.buffers_bytes, need.token_bytes) >= 0
    with contextlib.suppress(SplitProblem):
        names = part_names("m-00001-of-00002.gguf", found)
        check_parts(names, (found,) * len(names))


def command(data: bytes, choice: int) -> None:
    """What a user has typed: the cheap look misses no command, and names what there is."""
    text = data.decode(errors="replace")
    found = match(text, _KNOWN, (), _TAUGHT)
    assert found is None or may_be_command(text), text
    offers = tuple(each.place for each in _KNOWN.places[: choice % 3])
    for heard in (found, match(text, _KNOWN, offers, _TAUGHT)):
        places = set(getattr(heard, "places", ()))
        assert places <= {each.place for each in _KNOWN.places}, heard


def targets() -> tuple[Fuzzed, ...]:
    """All of them."""
    found = [
        Fuzzed(f"served {name}", partial(served, name), requests_of(name), mutated_json)
        for name in SERVED
    ]
    for name in UPSTREAM:
        answers = answers_of(name)
        found += [
            Fuzzed(f"answer {name}", partial(answer, name), answers, mutated_stream),
            Fuzzed(f"relay {name}", partial(relay, name), answers, mutated_stream),
            Fuzzed(f"failure {name}", partial(failure, name), FAILURES + COUNTS, mutated_json),
        ]
    found += [
        Fuzzed(f"wish {form}", partial(wish, form), corpus, mutated_json)
        for form, corpus in EMBEDDINGS.items()
    ]
    found += [
        Fuzzed(f"vectors {name}", partial(vectors, name), corpus, mutated_json)
        for name, corpus in VECTORS.items()
    ]
    responses = (*requests_of("openai-responses"), *answers_of("openai-responses"))
    found += [
        Fuzzed("shelf", shelf, responses, mutated_stream),
        Fuzzed("pages", pages, PAGES, mutated_json),
        Fuzzed("command", command, _COMMANDS, mutated_stream),
        Fuzzed("gguf", gguf, GGUF_FILES, mutated_gguf),
        Fuzzed("leaks", leaks.covered, leaks.CORPUS, mutated_stream),
    ]
    return tuple(found)
