import numpy as np
import pytest

from undertow.kernels.cells.average_range import AVERAGE_RANGE_SIZE, average_range


@pytest.mark.parametrize("n", [1, 2, 5])
def test_it_is_wilders_average_of_true_ranges(n: int) -> None:
    rng = np.random.default_rng(6)
    low = rng.random(40)
    bars = np.stack([low + rng.random(40), low, low + 0.1], axis=1)
    spans = np.maximum(bars[1:, 0], bars[:-1, 2]) - np.minimum(bars[1:, 1], bars[:-1, 2])
    value = spans[:n].mean()
    expected = [np.nan] * n + [value]
    for span in spans[n:]:
        value = (value * (n - 1) + span) / n
        expected.append(value)
    state = np.zeros(AVERAGE_RANGE_SIZE)
    found = [average_range(state, 0, bar, n) for bar in bars]
    assert np.allclose(found, expected, rtol=1e-13, equal_nan=True)
