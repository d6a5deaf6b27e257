"""The weighted mean over a ring."""

import numpy as np
import pytest

from undertow.kernels.bars.expectation import remember, ring_mean


def plain(values: list[float], span: float) -> float:
    keep = 1.0 - 2.0 / (span + 1.0)
    weights = [keep**k for k in range(len(values))][::-1]
    return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)


@pytest.mark.parametrize("count", [1, 3, 5, 6, 23])
def test_it_is_adjusted_over_what_the_ring_holds(count: int) -> None:
    ring = np.zeros(5)
    values = [float((7 * k) % 11) for k in range(count)]
    for k, value in enumerate(values):
        remember(ring, k, value)
    held = values[-5:]
    assert ring_mean(ring, count, 0.0) == pytest.approx(plain(held, len(held)), rel=1e-14)
    assert ring_mean(ring, count, 3.0) == pytest.approx(plain(held, 3), rel=1e-14)


def test_ones_have_a_mean_of_exactly_one() -> None:
    for count in range(1, 200):
        assert ring_mean(np.ones(count), count, 0.0) == 1.0
    assert ring_mean(np.full(1, 4.0), 9, 0.0) == 4.0
