import numpy as np
import pytest

from undertow.stats.roll_estimator import roll_spread


def test_it_recovers_a_planted_spread() -> None:
    rng = np.random.default_rng(7)
    mid = 100.0 + np.cumsum(rng.standard_normal(20_000) * 0.01)
    trades = mid + 0.05 * rng.choice([-1.0, 1.0], 20_000)
    assert roll_spread(trades) == pytest.approx(0.10, rel=0.03)


def test_it_is_its_definition() -> None:
    prices = [10.0, 11.0, 10.0, 11.0, 10.5, 11.0]
    changes = np.diff(prices)
    expected = 2.0 * np.sqrt(-np.cov(changes[1:], changes[:-1], ddof=1)[0, 1])
    assert roll_spread(prices) == pytest.approx(expected)


@pytest.mark.parametrize("prices", [[1.0, 2.0, 4.0, 7.0, 11.0], [5.0] * 9, [1.0, 2.0, 1.0]])
def test_trends_flat_prices_and_few_prices_say_nothing(prices: list[float]) -> None:
    assert np.isnan(roll_spread(prices))
