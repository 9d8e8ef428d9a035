"""`understudy completion`: a script with which the shell completes commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

VARIABLE = "_UNDERSTUDY_COMPLETE"
INSTALLATION = {
    "bash": 'add to ~/.bashrc: eval "$(understudy completion bash)"',
    "zsh": 'add to ~/.zshrc: eval "$(understudy completion zsh)"',
    "fish": "run: understudy completion fish > ~/.config/fish/completions/understudy.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(sorted(INSTALLATION)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for a shell.

    \b
    Examples:
      eval "$(understudy completion bash)"
      understudy completion fish > ~/.config/fish/completions/understudy.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None, "every shell in INSTALLATION is one of click's"
    script = kind(ctx.find_root().command, {}, "understudy", VARIABLE).source()
    click.echo(f"# To install, {INSTALLATION[shell]}\n{script}")
