"""Expected: arch.bootstrap.optimal_block_length (arch 8.0). Tolerance 1e-9 relative where both take
the same window; they may differ when an autocorrelation lies on the bound itself.
"""

import numpy as np
import pytest
from arch.bootstrap import optimal_block_length as reference

from undertow.stats import BlockLength, optimal_block_length


def ar1(count: int, slope: float, seed: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    noise = np.random.default_rng(seed).standard_normal(count)
    found = np.zeros(count)
    for place in range(1, count):
        found[place] = slope * found[place - 1] + noise[place]
    return found


@pytest.mark.parametrize("slope", [-0.3, 0.0, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("count", [100, 400, 1000])
def test_agrees_with_arch(count: int, slope: float) -> None:
    same = 0
    for seed in range(10):
        values = ar1(count, slope, seed)
        expected = np.maximum(reference(values).to_numpy()[0], 1.0)
        found = optimal_block_length(values)
        same += bool(np.allclose(found, expected, rtol=1e-9))
    assert same >= 8


def test_more_dependence_asks_for_longer_blocks() -> None:
    lengths = [
        np.mean([optimal_block_length(ar1(500, slope, seed)).circular for seed in range(10)])
        for slope in (0.0, 0.4, 0.8)
    ]
    assert lengths[0] < lengths[1] < lengths[2]


def test_units_do_not_matter_and_limits_hold() -> None:
    values = ar1(300, 0.5, 1)
    assert optimal_block_length(7.0 * values + 3.0) == pytest.approx(optimal_block_length(values))
    expected = reference(np.arange(100.0)).to_numpy()[0]
    assert tuple(optimal_block_length(np.arange(100.0))) == pytest.approx(expected, rel=1e-9)
    # A third of the observations at most, rounded up; one of these paths asks for more.
    assert max(optimal_block_length(ar1(16, 0.99, seed)).circular for seed in range(40)) == 6.0
    assert optimal_block_length(np.ones(100)) == BlockLength(1.0, 1.0)
    assert optimal_block_length([1.0, 2.0, 1.0]) == BlockLength(1.0, 1.0)
    assert min(optimal_block_length(ar1(9, 0.0, 2))) >= 1.0
