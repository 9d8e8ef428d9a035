"""The parts of the worker that need no library: texts, pipes, judgement, pace."""
