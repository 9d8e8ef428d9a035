"""The client's terminal UI under tmux: a screen to read and keys to press.

tmux runs on a socket of its own. The screen is polled, because a terminal has no event that says
"ready"; nothing waits a fixed time. A key press is timed by the moments right before and right
after the call that sends it, on the clock of `time.monotonic`.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import psutil
import trio

from .client import ClientHome, client_folder

READY = "? for shortcuts"
READY_IN_AUTO_MODE = "auto mode on"
PROMPT_SIGN = "\N{HEAVY RIGHT-POINTING ANGLE QUOTATION MARK ORNAMENT}"
POLL_SECONDS = 0.05
SCREEN_SECONDS_MAX = 45.0
STOP_SECONDS_MAX = 10.0
KEY_SECONDS_MAX = 3.0


@attrs.frozen
class KeyPress:
    """The moments right before and right after the key was sent."""

    before: float
    after: float


@attrs.frozen
class Terminal:
    """One client in one tmux window; `socket` is the tmux server's."""

    socket: Path

    async def tmux(self, *arguments: str) -> str:
        """Runs one tmux command and returns its output."""
        done = await trio.run_process(
            ["tmux", "-S", str(self.socket), *arguments], capture_stdout=True, capture_stderr=True
        )
        return done.stdout.decode()

    async def screen(self) -> str:
        """Reads what the window shows now."""
        lines = await self.tmux("capture-pane", "-p", "-t", "client")
        return "\n".join(line for line in lines.splitlines() if line.strip())

    async def colours(self) -> str:
        """Reads what the window shows now, with the codes of its colours."""
        return await self.tmux("capture-pane", "-e", "-p", "-t", "client")

    async def wait_for(
        self, fits: str | Callable[[str], bool], timeout_seconds: float = SCREEN_SECONDS_MAX
    ) -> str:
        """Polls until the screen fits; fails with the last screen otherwise."""
        deadline = trio.current_time() + timeout_seconds
        while True:
            screen = await self.screen()
            if fits in screen if isinstance(fits, str) else fits(screen):
                return screen
            if trio.current_time() > deadline:
                raise AssertionError(f"the screen never showed {fits!r}; it shows:\n{screen}")
            await trio.sleep(POLL_SECONDS)

    async def press(self, key: str) -> KeyPress:
        """Presses one key by its tmux name, such as Enter or Escape."""
        before = time.monotonic()
        await self.tmux("send-keys", "-t", "client", key)
        return KeyPress(before, time.monotonic())

    async def submit(self, prompt: str) -> None:
        """Types a prompt into the input line, and presses Enter until the line is empty again.

        A key that follows too fast counts as pasted text, so each step waits for the screen. The
        line is typed anew when a prompt aborted before came back into it meanwhile.
        """
        while input_line(await self.screen()) != prompt:
            await self.clear_input()
            await self.tmux("send-keys", "-t", "client", "-l", prompt)
            with trio.move_on_after(KEY_SECONDS_MAX):
                await self.wait_for(lambda screen: input_line(screen) == prompt)
        while input_line(await self.screen()) == prompt:
            await self.press("Enter")
            with trio.move_on_after(KEY_SECONDS_MAX):
                await self.wait_for(lambda screen: input_line(screen) != prompt)

    async def clear_input(self) -> None:
        """Empties the input line, which gets an aborted prompt back."""
        while input_line(await self.screen()):
            await self.tmux("send-keys", "-t", "client", "C-e", "C-u")
            await trio.sleep(POLL_SECONDS)

    async def process_id(self) -> int:
        """The client's process id."""
        return int(await self.tmux("display-message", "-p", "-t", "client", "#{pane_pid}"))


def input_line(screen: str) -> str:
    """The text after the last prompt sign."""
    lines = [line for line in screen.splitlines() if line.startswith(PROMPT_SIGN)]
    return lines[-1].removeprefix(PROMPT_SIGN).replace("\xa0", " ").strip() if lines else ""


@asynccontextmanager
async def open_terminal(
    folder: Path,
    *,
    home: ClientHome,
    base_url: str = "",
    model: str = "",
    context_tokens: int = 200_000,
    ready: str = READY,
    extra_arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    columns: int = 160,
) -> AsyncGenerator[Terminal]:
    """Starts the UI and yields it once it is ready for a prompt; ends it on the way out.

    With an `environment` of its own the client has its address and model from its settings.
    """
    own = environment is not None
    environment = environment or home.environment(base_url, context_tokens)
    command = ["env", "-i", *[f"{name}={value}" for name, value in environment.items()]]
    command += [str(client_folder() / "claude"), *([] if own else ["--model", model])]
    command += extra_arguments
    terminal = Terminal(folder / "tmux.sock")
    start = ["-f", "/dev/null", "new-session", "-d", "-s", "client", "-x", f"{columns}", "-y", "50"]
    await terminal.tmux(*start, "-c", str(home.project), shlex.join(command))
    try:
        client = psutil.Process(await terminal.process_id())
        try:
            await terminal.wait_for(ready)
            yield terminal
        finally:
            with trio.CancelScope(shield=True, deadline=trio.current_time() + STOP_SECONDS_MAX):
                await _end(terminal, client)
    finally:
        await _forget(terminal)


async def _end(terminal: Terminal, client: psutil.Process) -> None:
    processes = [client, *client.children(recursive=True)] if client.is_running() else []
    await terminal.tmux("kill-server")
    _, alive = await trio.to_thread.run_sync(psutil.wait_procs, processes, 3.0)
    for process in alive:
        process.kill()


async def _forget(terminal: Terminal) -> None:
    """Makes sure that no tmux server stays, also when the start itself failed."""
    with trio.CancelScope(shield=True, deadline=trio.current_time() + STOP_SECONDS_MAX):
        command = ["tmux", "-S", str(terminal.socket), "kill-server"]
        await trio.run_process(command, check=False, capture_stderr=True)
