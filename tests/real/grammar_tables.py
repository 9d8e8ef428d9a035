"""The tables of tests/grammar, for the tests with real programs.

pytest imports each folder of tests for itself, so they cannot name each other: the repository is
put on the path, and the modules are imported under their whole names.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[2]))

judge: Any = importlib.import_module("tests.grammar.judge")
corpus: Any = importlib.import_module("tests.grammar.corpus")
cases: list[Any] = importlib.import_module("tests.grammar.test_schemas").CASES
