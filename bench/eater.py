"""A program that, put into a group with too little memory, stalls without pressing anybody else.

    python bench/eater.py FILE MEBIBYTES

For each line of its standard input it goes one step: the first has it write the file, whose pages
are then charged to its group, and print an empty line; from the second on it reads the file through
a mapping, again and again, so that pages go and come back for ever.
"""

from __future__ import annotations

import mmap
import os
import sys
from pathlib import Path

MEBIBYTE = 1024**2
PAGE_BYTES = 4096


def main() -> None:
    """Runs until it is killed."""
    file, mebibytes = Path(sys.argv[1]), int(sys.argv[2])
    sys.stdin.readline()
    with file.open("wb") as stream:
        for _ in range(mebibytes):
            stream.write(bytes(MEBIBYTE))
            os.fsync(stream.fileno())
    sys.stdout.write("\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with file.open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, mmap.MAP_SHARED, mmap.PROT_READ)
    while True:
        sum(mapped[at] for at in range(0, len(mapped), PAGE_BYTES))


if __name__ == "__main__":
    main()
