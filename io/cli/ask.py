"""`understudy ask`: one question, its answer streamed to stdout."""

from __future__ import annotations

import http.client
import os
import stat
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import click
import msgspec

from .answer import Answer, AnswerFailed, read_answer
from .catalogue import known_model, table_of_server
from .errors import Failed
from .launch import open_server
from .output import note, show_json, spinner
from .server import ANSWER_BYTES_MAX, Server, error_message

OUTPUT_TOKENS = 4_096
INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells count it: 128 + SIGINT."""


@click.command("ask")
@click.argument("question", nargs=-1)
@click.option("--model", metavar="ID", help="The model, as `understudy endpoints` lists it.")
@click.option("--system", metavar="TEXT", help="Instructions that come before the question.")
@click.option(
    "--max-tokens",
    type=click.IntRange(min=1),
    default=OUTPUT_TOKENS,
    show_default=True,
    metavar="N",
    help="The longest answer.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON at its end.")
@click.pass_context
def command(
    ctx: click.Context,
    question: tuple[str, ...],
    model: str | None,
    system: str | None,
    max_tokens: int,
    as_json: bool,
) -> None:
    """Ask one question and print the answer as it comes.

    What is piped in is added to the question. Ctrl-C stops the turn, here and at the model. Uses
    the server that runs, else one of its own for this question.

    \b
    Examples:
      understudy ask "What is a socket?"
      git diff | understudy ask --model work/claude-x "Review this."
    """
    asked = "\n\n".join(part for part in (" ".join(question), _piped()) if part.strip())
    if not asked:
        raise click.UsageError("There is no question: write one, or pipe one in.", ctx)
    try:
        with open_server(os.environ) as server:
            table = table_of_server(server)
            body = {
                "model": known_model(table, model) if model else table.settings.default_model,
                "max_tokens": max_tokens,
                "stream": True,
                "messages": [{"role": "user", "content": asked}],
                **({"system": system} if system else {}),
            }
            answer = _ask(server, msgspec.json.encode(body), quiet=as_json)
    except KeyboardInterrupt:
        note("stopped")
        ctx.exit(INTERRUPTED)
    if as_json:
        show_json(answer.as_data())
    if answer.stop_reason == "max_tokens":
        note(f"the answer was cut at {max_tokens} tokens (--max-tokens)")


def _ask(server: Server, body: bytes, *, quiet: bool) -> Answer:
    """Sends the question and prints the answer unless `quiet`. Raises Failed."""
    answer = Answer()
    try:
        with _turn(server, body) as connection, ExitStack() as waiting:
            waiting.enter_context(spinner("waiting for the first word"))
            with connection.getresponse() as response:
                if response.status != 200:
                    content = response.read(ANSWER_BYTES_MAX)
                    raise Failed(error_message(response.status, content))
                for text in read_answer(response, answer):
                    waiting.close()
                    if not quiet:
                        click.echo(text, nl=False)
    except BrokenPipeError:
        raise  # nobody reads our output any more, and nobody is left to tell
    except (AnswerFailed, http.client.HTTPException, OSError) as error:
        _end_line(answer, quiet=quiet)
        raise Failed(f"the answer broke off: {error}") from None
    except KeyboardInterrupt:
        _end_line(answer, quiet=quiet)
        raise
    _end_line(answer, quiet=quiet)
    return answer


@contextmanager
def _turn(server: Server, body: bytes) -> Generator[http.client.HTTPConnection]:
    """The connection of a turn that was sent; leaving the block closes it and stops the turn."""
    connection = server.connect(timeout_seconds=None)
    headers = {"content-type": "application/json", "anthropic-version": "2023-06-01"}
    try:
        try:
            connection.request("POST", "/v1/messages", body, headers | server.headers())
        except OSError as error:
            raise Failed(f"the server at {server.address} took no question: {error}") from None
        yield connection
    finally:
        connection.close()


def _end_line(answer: Answer, *, quiet: bool) -> None:
    if answer.text and not answer.text.endswith("\n") and not quiet:
        click.echo()


def _piped() -> str:
    """What comes in through a pipe or a file; nothing is waited for on a terminal."""
    if sys.stdin is None or sys.stdin.closed:
        return ""
    mode = os.fstat(sys.stdin.fileno()).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)):
        return ""
    return sys.stdin.buffer.read().decode(errors="replace")
