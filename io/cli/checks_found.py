"""The check for model servers that run here and are not used: one line, and the next command.

Nothing is said where there are none: nobody needs one. What they serve, `endpoints find` shows.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...protocols.discovery.kinds import title_of
from .findings import Circumstances, Finding

NAME = "model servers"


def check_found_servers(circumstances: Circumstances) -> Iterator[Finding]:
    """Looks at the usual ports of this machine, as `understudy endpoints find` does."""
    if circumstances.problems:
        return  # of settings that cannot be read nobody knows what they use
    from ..discovery.finding import find
    from ..settings_beside import FilesBeside

    beside = FilesBeside(circumstances.settings_file)
    beside.read()
    found = find(circumstances.settings, beside.providers)
    new = [each for each in found if each.is_new and each.server is not None]
    if not new:
        return
    names = (f"{title_of(each.server.kind)} at {each.address}" for each in new if each.server)
    runs = "runs here and is not used" if len(new) == 1 else "run here and are not used"
    words = f"{', '.join(names)} {runs}"
    yield Finding(NAME, "ok", words, "`understudy endpoints find` shows what they serve")
