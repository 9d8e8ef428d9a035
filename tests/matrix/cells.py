"""The cells of the matrix: which row is asked in which dialect and played by which."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from .answer import Seen
from .judges.anthropic import AnthropicJudge
from .judges.gemini import GeminiJudge
from .judges.judge import Judge
from .judges.ollama import OllamaJudge
from .judges.openai_chat import OpenAIChatJudge
from .judges.openai_responses import OpenAIResponsesJudge
from .rows import ANSWERS, BODY_CUT, Row, cut_rows, error_rows, stop_rows
from .survival import KEEPS_SIGNATURES, NOT_ASKED
from .upstreams.anthropic import AnthropicScript
from .upstreams.gemini import GeminiScript
from .upstreams.ollama import OllamaScript
from .upstreams.openai_chat import OpenAIChatScript
from .upstreams.openai_responses import OpenAIResponsesScript
from .upstreams.script import Frames, Heard, HeardTool, Script
from .upstreams.server import Scene, ScriptedUpstream
from .verdict import (
    answer_complaints,
    cut_complaints,
    expected,
    failure_complaints,
    heard_complaints,
    loop_complaints,
)

SCRIPTS: dict[str, Script] = {
    script.dialect: script
    for script in (
        AnthropicScript(),
        OpenAIChatScript(),
        OpenAIResponsesScript(),
        GeminiScript(),
        OllamaScript(),
    )
}
JUDGES: dict[str, type[Judge]] = {
    judge.dialect: judge
    for judge in (
        AnthropicJudge,
        OpenAIChatJudge,
        OpenAIResponsesJudge,
        GeminiJudge,
        OllamaJudge,
    )
}
DIALECTS = tuple(SCRIPTS)


def frames_of(dialect: str, row: Row) -> Frames:
    """The events of a row's whole stream, for a client that names the tools as the row does."""
    tools = [HeardTool(tool.name, tool.schema) for tool in row.question.tools]
    return SCRIPTS[dialect].frames(row.answer, Heard(tools=tools), row.manner)


def rows_of(dialect: str) -> list[Row]:
    """Every row that a scripted upstream of this dialect plays."""
    events = len(frames_of(dialect, next(cut_rows(1))).events)
    rows = [*ANSWERS, *stop_rows(), *error_rows(), *cut_rows(events), BODY_CUT]
    return [row for row in rows if not row.upstreams or dialect in row.upstreams]


def scenes_of(dialect: str) -> dict[str, Scene]:
    """What is played for each model."""
    return {row.name: Scene(row.answer, row.manner, row.then) for row in rows_of(dialect)}


@attrs.frozen
class Cell:
    """One row, asked in one dialect and played by another."""

    served: str
    upstream: str
    row: Row
    streamed: bool

    def __str__(self) -> str:
        manner = "streamed" if self.streamed else "whole"
        return f"{self.served}:{self.upstream}:{self.row.name}:{manner}"

    def complaints(self, judge: Judge, model: str, upstream: ScriptedUpstream) -> list[str]:
        """Asks the row, and says all that is wrong with what came of it."""
        upstream.take()
        row = self.row
        seen = judge.ask(row.question, model, streamed=self.streamed)
        heard, found = upstream.take()
        if found or not heard:
            return [*found, f"the upstream was not answering; the user saw {seen}"]
        complaints = [
            *self._seen_complaints(seen),
            *heard_complaints(row.question, heard[-1], self.served, self.upstream),
        ]
        if row.then is None or complaints:
            return complaints
        seen = judge.ask(row.question, model, streamed=self.streamed, results=row.results)
        heard, found = upstream.take()
        if found or not heard:
            return [*found, f"the upstream was not answering again; the user saw {seen}"]
        wanted = expected(attrs.evolve(row, answer=row.then), self.upstream, self.served)
        own = True if {self.served, self.upstream} <= KEEPS_SIGNATURES else None
        return [
            *answer_complaints(seen, wanted, self.served),
            *loop_complaints(row, heard[-1], own=own),
        ]

    def _seen_complaints(self, seen: Seen) -> list[str]:
        row = self.row
        if row.answer.failure:
            return failure_complaints(seen, row.answer, self.served, self.upstream)
        wanted = expected(row, self.upstream, self.served)
        if row.manner.ending == "whole":
            return answer_complaints(seen, wanted, self.served)
        complete_at = frames_of(self.upstream, row).complete_at
        complete = self.streamed and row.manner.events >= complete_at
        return cut_complaints(seen, wanted, self.served, complete=complete)


def cells(pairs: list[tuple[str, str]]) -> list[Cell]:
    """The cells of these pairs of a served and an upstream dialect."""
    return [
        Cell(served, upstream, row, streamed)
        for served, upstream in pairs
        for row in rows_of(upstream)
        if (served, row.name) not in NOT_ASKED
        if not (row.translated and served == upstream)
        for streamed in row.modes
    ]


Upstreams = Mapping[str, ScriptedUpstream]
