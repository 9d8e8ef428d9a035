"""The model that ships with Understudy: `rehearsal`, so that everything can be tried at once.

It is real (a transformer that llama.cpp runs, streaming token by token) and very small: it knows
some small talk about itself and can do no work. `make.py` trains and writes it.
"""

from __future__ import annotations

from pathlib import Path

MODEL_NAME = "rehearsal"
MODEL_FILE = str(Path(__file__).with_name("rehearsal.gguf").resolve())
"""The absolute path of the GGUF file."""
MODEL_CONTEXT_TOKENS = 32_768
