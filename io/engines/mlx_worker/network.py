"""A model in memory: its weights, and one call that computes tokens behind caches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ....protocols.models.mlx_config import MlxConfig, read_config
from ..worker.model import LoadError
from .folder import ModelFolder
from .library import loading, mx, tree
from .model_caches import Caches, new_caches

EVALUATED_BYTES: Final = 64 * 1024 * 1024
"""Weights are read in pieces of this size, and how far that is is told after each."""
FAULTS: Final = (ValueError, TypeError, LookupError, AttributeError, RuntimeError, OSError)
"""What mlx-lm and MLX raise of folders that they cannot make a model of."""


class Network:
    """A model that computes."""

    def __init__(self, folder: ModelFolder, progress: Callable[[float], None]) -> None:
        """Reads the weights, telling how far. Raises LoadError."""
        self.config: MlxConfig = read_config(folder.config)
        folder.weights()
        try:
            # Without `trust_remote_code`, which is off: a folder's own code is refused, not run.
            self._model: Any = loading.load_model(folder.path, lazy=True)[0]
            self._evaluate(progress)
        except FAULTS as error:
            words = f"model folder {folder.path}: mlx-lm cannot load it: {error}"
            raise LoadError(words) from error

    def caches(self) -> Caches:
        """Empty ones for a sequence."""
        return new_caches(self._model)

    def logits(self, tokens: list[list[int]], caches: Caches) -> Any:
        """Plans the logits of each row's tokens, which are as many in each; caches go on by them.

        What is not evaluated of them is not computed.
        """
        return self._model(mx.array(tokens), cache=caches)

    def _evaluate(self, progress: Callable[[float], None]) -> None:
        arrays = [array for _, array in tree.tree_flatten(self._model.parameters())]
        total, done, piece = sum(array.nbytes for array in arrays), 0, list[Any]()
        for array in arrays:
            piece.append(array)
            if sum(each.nbytes for each in piece) >= EVALUATED_BYTES:
                mx.eval(piece)
                done += sum(each.nbytes for each in piece)
                progress(done / total)
                piece.clear()
        mx.eval(piece)
        progress(1.0)
