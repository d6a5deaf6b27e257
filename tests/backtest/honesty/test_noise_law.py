"""Expected: mean 0 and deviation 1 by construction, within 5 standard errors of 200,000 draws."""

import numpy as np
import pytest

from undertow.backtest.honesty.noise_law import LAWS, NOISE, SHUFFLED, drawn


@pytest.mark.parametrize("law", LAWS)
def test_mean_and_deviation(law: str) -> None:
    found = LAWS[law](200_000, np.random.default_rng(1))
    assert len(found) == 200_000
    assert abs(found.mean()) < 0.02
    assert abs(found.std() - 1.0) < 0.05


@pytest.mark.parametrize("law", NOISE)
def test_noise_does_not_foretell_itself(law: str) -> None:
    found = LAWS[law](100_000, np.random.default_rng(2))
    assert abs(np.corrcoef(found[1:], found[:-1])[0, 1]) < 0.03


def test_clustered_noise_has_restless_times() -> None:
    found = np.abs(LAWS["clustered"](100_000, np.random.default_rng(3)))
    assert np.corrcoef(found[1:], found[:-1])[0, 1] > 0.1


def test_shuffled_returns_are_the_recorded_ones_without_their_mean() -> None:
    recorded = np.random.default_rng(4).normal(0.5, 2.0, 1_000)
    found = drawn(SHUFFLED, 1_000, np.random.default_rng(5), recorded)
    wanted = (recorded - recorded.mean()) / recorded.std()
    assert np.array_equal(np.sort(found), np.sort(wanted))
    assert not np.array_equal(found, wanted)
    assert len(drawn(SHUFFLED, 10, np.random.default_rng(5), recorded)) == 10
