"""Loads llama.cpp's library and says on stdout, as JSON, what it is: `python -m ...llama_about`.

A process that does nothing else: a library that was built for another processor ends it, and that
is an answer too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .llama_worker import library


def main() -> None:
    """Writes the versions, what the build can use of this machine, and where it is."""
    library.start()
    about = {
        "build": library.build(),
        "system": library.llama.llama_print_system_info().decode(errors="replace"),
        "gpu": bool(library.llama.llama_supports_gpu_offload()),
        "place": str(Path(library.llama.__file__).parent),
    }
    sys.stdout.write(json.dumps(about))


if __name__ == "__main__":
    main()
