"""Jinja as chat templates expect it, in a sandbox: the code in a model's file is a stranger's.

The environment is the one that templates are written for, that of `apply_chat_template` in Hugging
Face's transformers: `trim_blocks`, `lstrip_blocks`, `break` and `continue`, `generation` tags that
mark nothing, `tojson` without escapes for HTML, `strftime_now`, `raise_exception`. A sandbox that
changes nothing it is given keeps a template from attributes that lead out of it, and its text has a
limit. It cannot keep a template from computing for ever, or from filling memory on the way: that is
why it runs in the worker's process, which is ended from outside.

The clock is handed in. It is the one thing in a prompt that changes by itself, so a template that
writes the date has its prefix read anew once a day.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar, Final, NoReturn

import attrs
import jinja2
from jinja2 import meta, nodes
from jinja2.ext import Extension, LoopControlExtension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

TEMPLATE_CHARACTERS_MAX: Final = 512 * 1024
PROMPT_BYTES_MAX: Final = 32 * 1024 * 1024
"""Of a prompt: more than the longest context of any model holds."""
MESSAGE_CHARACTERS_MAX: Final = 300
"""Of what a template says when it refuses; it may quote the whole conversation."""
LINE_CHARACTERS_MAX: Final = 80

_FAULTS: Final = (
    jinja2.TemplateError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What a template can raise: Jinja's own errors, and those of the operations that it may use."""
_QUEUE: Final = ("append", "pop")
"""What a template may do to a list. One that has these words could change what it is given, and
gets a copy."""
_COMPILED: Final = "<template>"
"""The file that frames of a compiled template name."""

Clock = Callable[[], datetime]
"""What time it is, where the user is."""


class TemplateRefused(ValueError):
    """The template is broken, or will not have this conversation; the message says where.

    `line` is the template's, 0 where it is unknown. `deliberate` if it is the template's own word.
    The message may quote the conversation: it is for the client, never for a log.
    """

    def __init__(self, reason: str, line: int = 0, excerpt: str = "", *, deliberate: bool = False):
        self.reason, self.line, self.deliberate = reason[:MESSAGE_CHARACTERS_MAX], line, deliberate
        place = f", line {line}" if line else ""
        near = f", at `{excerpt[:LINE_CHARACTERS_MAX]}`" if excerpt else ""
        super().__init__(
            f"The model's chat template{place}{near}: {self.reason}. The template is part of the"
            " model's file; a newer file of this model may have a corrected one."
        )


class _Environment(ImmutableSandboxedEnvironment):
    """Allows a list to grow and shrink: Kimi K2's templates keep ids in lists of their own."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read this attribute."""
        is_queue = attr in _QUEUE and isinstance(obj, list)
        return is_queue or super().is_safe_attribute(obj, attr, value)


class _Raised(jinja2.TemplateError):
    """`raise_exception` was called."""


class _Generation(Extension):
    """`{% generation %}` marks what a model is trained on; here it only encloses."""

    tags: ClassVar[set[str]] = {"generation"}  # type: ignore[misc]  # theirs is none

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """What stands between the tags."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


@attrs.frozen
class SandboxedTemplate:
    """A compiled template."""

    source: str = attrs.field(repr=False)
    variables: frozenset[str] = attrs.field(repr=False)
    """The names that it reads without having set them, in some case."""
    _template: jinja2.Template = attrs.field(repr=False)
    _bytes_max: int

    @classmethod
    def compiled(
        cls, source: str, clock: Clock, bytes_max: int = PROMPT_BYTES_MAX
    ) -> SandboxedTemplate:
        """Compiles a template. Raises TemplateRefused."""
        if len(source) > TEMPLATE_CHARACTERS_MAX:
            raise TemplateRefused(f"it has more than {TEMPLATE_CHARACTERS_MAX} characters")
        try:
            environment = _environment(clock)
            variables = meta.find_undeclared_variables(environment.parse(source))
            template = environment.from_string(source)
        except _FAULTS as fault:
            raise _refusal(fault, source) from None
        return cls(source, frozenset(variables), template, bytes_max)

    def render(self, variables: Mapping[str, Any]) -> str:
        """The template's text with these variables. Raises TemplateRefused."""
        if any(word in self.source for word in _QUEUE):
            variables = copy.deepcopy(dict(variables))
        pieces: list[str] = []
        size = 0
        try:
            for piece in self._template.generate(variables):
                size += len(piece.encode("utf-8", "surrogatepass"))
                if size > self._bytes_max:
                    raise TemplateRefused(f"it writes more than {self._bytes_max} bytes")
                pieces.append(piece)
        except TemplateRefused:
            raise
        except _FAULTS as fault:
            raise _refusal(fault, self.source) from None
        return "".join(pieces)


def _environment(clock: Clock) -> _Environment:
    environment = _Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[_Generation, LoopControlExtension],
        cache_size=0,
    )
    environment.filters["tojson"] = _to_json
    environment.filters["safe"] = str  # its own would have the texts beside it escaped for HTML
    known: dict[str, Any] = environment.globals
    known["raise_exception"] = _raise_exception
    known["strftime_now"] = _told_time(clock)
    return environment


def _told_time(clock: Clock) -> Callable[[object], str]:
    def strftime_now(form: object) -> str:
        return clock().strftime(str(form))

    return strftime_now


def _to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=None if separators is None else (separators[0], separators[1]),
        sort_keys=sort_keys,
    )


def _raise_exception(message: object) -> NoReturn:
    raise _Raised(str(message))


def _refusal(fault: BaseException, source: str) -> TemplateRefused:
    line = _line_of(fault)
    lines = source.splitlines()
    excerpt = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    deliberate = isinstance(fault, _Raised)
    kind = "" if isinstance(fault, jinja2.TemplateError) else f"{type(fault).__name__}: "
    return TemplateRefused(f"{kind}{fault}", line, excerpt, deliberate=deliberate)


def _line_of(fault: BaseException) -> int:
    """The line of the template where this happened, the innermost; 0 if none can be told."""
    if isinstance(fault, jinja2.TemplateSyntaxError):
        return fault.lineno
    line = 0
    place: TracebackType | None = fault.__traceback__
    while place is not None:
        if place.tb_frame.f_code.co_filename == _COMPILED:
            line = place.tb_lineno
        place = place.tb_next
    return line
