from fractions import Fraction

import numpy as np

from undertow.kernels.compiled import compiled
from undertow.kernels.fused import fused


@compiled
def fused_of(a: float, b: float, c: float) -> float:
    return fused(a, b, c)


def test_it_rounds_once() -> None:
    rng = np.random.default_rng(4)
    for a, b, c in rng.standard_normal((300, 3)).tolist():
        assert fused_of(a, b, c) == float(Fraction(a) * Fraction(b) + Fraction(c))
    small = 2.0**-30
    assert fused_of(1.0 + small, 1.0 - small, -1.0) == -(small**2)
    assert (1.0 + small) * (1.0 - small) - 1.0 == 0.0


def test_whole_numbers_are_taken_as_fractions() -> None:
    assert fused_of(2, 3, 4) == 10.0
