"""Holds what came against what was said: what the user saw, and what the upstream heard."""

from __future__ import annotations

from collections import Counter

import attrs

from .answer import Answer, CallTool, Say, Seen, SeenFailure, Think
from .question import Call, Document, Image, Json, ModelTurn, Question, Result, ResultTurn, UserTurn
from .rows import Row
from .stops import neutral_stop
from .survival import (
    TAKES_DOCUMENTS,
    TELLS_ERRORS_OF_TOOLS,
    TELLS_RETRY_AFTER,
    TELLS_STOP_SEQUENCES,
    VOICES,
    told,
    told_status,
)
from .upstreams.script import Heard

NATURAL_STOPS = {
    "anthropic": ("end_turn", "tool_use"),
    "openai-chat": ("stop", "tool_calls"),
    "openai-responses": ("completed", "completed"),
    "gemini": ("STOP", "STOP"),
    "ollama": ("stop", "stop"),
}


def said(row: Row, upstream: str, served: str) -> Seen:
    """What the row's answer means, before any dialect has lost some of it."""
    between = VOICES[served].between_texts
    answer = row.answer
    calls = [part for part in answer.parts if isinstance(part, CallTool)]
    stop = answer.stop or NATURAL_STOPS[upstream][bool(calls)]
    refused = bool(answer.refusal)
    return Seen(
        text=between.join(part.text for part in answer.parts if isinstance(part, Say)),
        thinking="".join(part.text for part in answer.parts if isinstance(part, Think)),
        calls=tuple((row.question.tools[call.tool].name, call.input) for call in calls),
        stop="refusal" if refused else neutral_stop(upstream, stop, called=bool(calls)),
        stop_sequence=answer.stop_sequence,
        refusal=answer.refusal,
        usage=answer.usage,
    )


def expected(row: Row, upstream: str, served: str) -> Seen:
    """What a user must see of the row's answer."""
    return told(served, told(upstream, said(row, upstream, served)))


def answer_complaints(seen: Seen, wanted: Seen, served: str) -> list[str]:
    """How an answer differs from what it should be. A refusal may say more than its words."""
    complaints = [f"the judge: {words}" for words in seen.complaints]
    if seen.failure:
        return [*complaints, f"failed: {seen.failure}"]
    place = VOICES[served].refusal
    if wanted.refusal and place == "in the text" and wanted.refusal in seen.text:
        seen = attrs.evolve(seen, text=wanted.text, refusal=wanted.refusal)
    if place == "nowhere" or wanted.refusal in seen.refusal:
        seen, wanted = attrs.evolve(seen, refusal=""), attrs.evolve(wanted, refusal="")
    for field in attrs.fields(Seen):
        came, should = getattr(seen, field.name), getattr(wanted, field.name)
        if field.name != "complaints" and came != should:
            complaints.append(f"{field.name}: {came!r:.300}, not {should!r:.300}")
    return complaints


def failure_complaints(seen: Seen, answer: Answer, served: str, upstream: str) -> list[str]:
    """How an error differs from the one that the upstream told."""
    failure, found = answer.failure, seen.failure
    assert failure
    if found is None:
        return [f"an answer where there was an error: {seen}"]
    if answer.parts:
        told_or_cut = found.place == "cut" or failure.message in found.message
        return [] if found.place != "response" and told_or_cut else [f"in mid-stream: {found}"]
    wait = failure.retry_after_seconds
    if not {served, upstream} <= TELLS_RETRY_AFTER and upstream != "ollama":
        wait = None
    if served == "ollama":
        wait = None
    status = failure.status if served == upstream else told_status(failure.status)
    wanted = SeenFailure("response", status, failure.message, wait)
    if failure.message in found.message or (failure.page and found.message):
        found = attrs.evolve(found, message=failure.message)
    return [] if found == wanted else [f"{found}, not {wanted}"]


def cut_complaints(seen: Seen, wanted: Seen, served: str, *, complete: bool) -> list[str]:
    """A cut must be an error. Where only the end mark was missing, the whole answer will do."""
    if seen.failure:
        good = seen.failure.place != "response" or seen.failure.status >= 500
        return [] if good else [f"a cut is told as {seen.failure}"]
    if not complete:
        return [f"a clean answer where there was a cut: {seen}"]
    seen = attrs.evolve(seen, usage=wanted.usage, complaints=())
    return answer_complaints(seen, wanted, served)


def heard_complaints(question: Question, heard: Heard, served: str, upstream: str) -> list[str]:
    """What of the question did not arrive."""
    listener = _Listener(question, heard, served, upstream)
    listener.compare()
    return listener.complaints


def loop_complaints(row: Row, heard: Heard, *, own: bool | None) -> list[str]:
    """What of an answer and of the results of its calls did not come back.

    The thinking is the listening model's `own`, and must come back signed; or it is another's, and
    must not come; or nobody can tell (None).
    """
    complaints: list[str] = []
    calls = [part for part in row.answer.parts if isinstance(part, CallTool)]
    names = [heard.tools[call.tool].name for call in calls]
    wanted = [
        (name, call.input, result.text)
        for name, call, result in zip(names, calls, row.results, strict=True)
    ]
    came = [(name, given, text) for name, given, text in answered_calls(heard)]
    if came != wanted:
        complaints.append(f"the upstream heard the calls {came!r:.300}, not {wanted!r:.300}")
    said = "\n".join([*heard.texts, *heard.model_texts])
    for part in row.answer.parts:
        if isinstance(part, Say) and part.text not in said:
            complaints.append(f"the upstream did not hear again {part.text!r}")
        if isinstance(part, Think):
            if part.text and part.text in said:
                complaints.append(f"thinking has become text: {said!r:.200}")
            if own is not None and heard.thoughts != ([part.signature] if own else []):
                complaints.append(f"thoughts that came back: {heard.thoughts}")
    return complaints


def answered_calls(heard: Heard) -> list[tuple[str, Json, str]]:
    """Each call with its result; where ids are only names, results are in the calls' order."""
    results = list(heard.results)
    found: list[tuple[str, Json, str]] = []
    for call, name, given in heard.calls:
        result = next((result for result in results if result.call == call), None)
        if result is not None:
            results.remove(result)
            found.append((name, given, result.text))
    return found


@attrs.define
class _Listener:
    question: Question
    heard: Heard
    served: str
    upstream: str
    complaints: list[str] = attrs.Factory(list[str])

    def compare(self) -> None:
        heard, question = self.heard, self.question
        self._that(question.system in heard.system, f"system: {heard.system!r:.200}")
        for turn in question.turns:
            if isinstance(turn, ModelTurn) and turn.text:
                self._that(turn.text in heard.model_texts, f"said: {heard.model_texts!r:.200}")
        parts = [part for turn in question.turns for part in parts_of(turn)]
        texts = "\n".join(heard.texts)
        for part in parts:
            if isinstance(part, str):
                self._that(part in texts, f"{part!r:.60} is not among {texts!r:.200}")
        self._media(parts, texts)
        self._calls()
        self._tools()
        if not question.thinking:
            self._same("max_tokens", heard.max_tokens, question.max_tokens)
        self._same("temperature", heard.temperature, question.temperature)
        if question.choice not in ("", "auto") and "ollama" not in (self.served, self.upstream):
            self._same("tool_choice", heard.choice, question.choice)
        if {self.served, self.upstream} <= TELLS_STOP_SEQUENCES:
            self._same("stop", tuple(heard.stop_sequences), question.stop_sequences)

    def _media(self, parts: list[str | Image | Document], texts: str) -> None:
        images = [part.data for part in parts if isinstance(part, Image)]
        images += [result.image.data for _, result in self._results() if result.image]
        came = [*self.heard.images, *(image for r in self.heard.results for image in r.images)]
        self._that(Counter(images) == Counter(came), f"{len(came)} images, not {len(images)}")
        documents = [part for part in parts if isinstance(part, Document)]
        if self.upstream in TAKES_DOCUMENTS:
            wanted = [document.data for document in documents]
            self._that(self.heard.documents == wanted, f"documents: {self.heard.documents}")
            return
        for document in documents:
            mentioned = any(word in texts for word in (document.title, "PDF", "document"))
            self._that(mentioned, f"{document.title} is gone without a word: {texts!r:.200}")

    def _results(self) -> list[tuple[Call, Result]]:
        return [
            (self.question.called(place)[number], turn.results[number])
            for place, turn in enumerate(self.question.turns)
            if isinstance(turn, ResultTurn)
            for number in turn.order
        ]

    def _calls(self) -> None:
        turns = [turn for turn in self.question.turns if isinstance(turn, ModelTurn)]
        wanted = [(call.name, call.input) for turn in turns for call in turn.calls]
        came = [(name, given) for _, name, given in self.heard.calls]
        self._same("calls", came, wanted)
        results = self._results()
        self._same("count of results", len(self.heard.results), len(results))
        names = {call: name for call, name, _ in self.heard.calls}
        for result in self.heard.results:
            name = names.get(result.call, result.call)
            given = next((made for call, made in results if call.name == name), None)
            if given is None:
                self.complaints.append(f"a result of {name}")
                continue
            self._that(given.text in result.text, f"result of {name}: {result.text!r:.200}")
            tells = self.served in TELLS_ERRORS_OF_TOOLS and result.is_error is not None
            self._that(
                not tells or result.is_error == given.is_error, f"is_error of {name}: {result}"
            )

    def _tools(self) -> None:
        if self.question.choice == "none" and not self.heard.tools:
            return  # what must not be called need not be shown
        self._same("count of tools", len(self.heard.tools), len(self.question.tools))
        for came, wanted in zip(self.heard.tools, self.question.tools, strict=False):
            for member in ("properties", "required"):
                found, asked = came.schema.get(member, []), wanted.schema.get(member, [])
                self._same(f"{wanted.name}.{member}", sorted(found), sorted(asked))

    def _same(self, what: str, came: object, wanted: object) -> None:
        self._that(came == wanted, f"{what}: {came!r:.300}, not {wanted!r:.300}")

    def _that(self, holds: bool, words: str) -> None:
        if not holds:
            self.complaints.append(f"the upstream heard {words}")


def parts_of(turn: object) -> tuple[str | Image | Document, ...]:
    """What a user's turn says."""
    return turn.parts if isinstance(turn, UserTurn) else ()
