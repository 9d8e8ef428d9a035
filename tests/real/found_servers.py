"""The stand-ins of tests/discovery, and its house, for the tests with real servers.

pytest imports each folder of tests for itself, so they cannot name each other: the repository is
put on the path, and the modules are imported under their whole names.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[2]))

llama_server: Any = importlib.import_module("tests.discovery.standins.llama_server")
chat: Any = importlib.import_module("tests.discovery.standins.chat")
house: Any = importlib.import_module("tests.discovery.house")
