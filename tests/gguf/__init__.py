"""Tests of the reader of GGUF headers, and the small files that they are made of."""
