"""Runs one case in whatever process it is: the function that `jobs` is given."""

from __future__ import annotations

import importlib
from typing import cast

import attrs

from ..world.run import Product, Result
from .case import Case, run_case
from .check import checked_run


def load(product: str) -> Product:
    """Finds a product by the name of its module, since a module cannot be sent to a process."""
    return cast("Product", importlib.import_module(product))


@attrs.frozen
class Runner:
    """Knows the product by the name of its module."""

    product: str
    check: bool = False

    def __call__(self, case: Case) -> Result:
        """The result without a trace, and without the tape unless something was found."""
        result = (checked_run if self.check else run_case)(case, load(self.product))
        return result if result.complaints else attrs.evolve(result, schedule={})

    def traced(self, case: Case) -> Result:
        """The result with its trace and what happened in words."""
        product = load(self.product)
        result = run_case(case, product, trace=True)
        if not self.check:
            return result
        return attrs.evolve(result, complaints=checked_run(case, product).complaints)
