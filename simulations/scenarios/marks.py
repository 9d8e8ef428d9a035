"""What should happen sometimes: the marks of `World.sometimes`, so that one never made is seen."""

from __future__ import annotations

MARKS: tuple[str, ...] = ()
"""Every mark that some scenario can make."""
