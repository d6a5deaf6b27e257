"""Expected: by hand, and polars' calendar for months."""

from datetime import UTC, datetime

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats import (
    best_period,
    monthly_returns,
    positive_share,
    simple_returns,
    worst_period,
)


def ns(*date: int) -> int:
    return int(datetime(*date, tzinfo=UTC).timestamp()) * 1_000_000_000  # type: ignore[arg-type, misc]


def test_single_periods() -> None:
    returns = [0.02, -0.03, 0.0, 0.01]
    assert (best_period(returns), worst_period(returns)) == (0.02, -0.03)
    assert positive_share(returns) == 0.5
    assert best_period([[0.1, 0.2], [0.3, 0.1]]).tolist() == [0.3, 0.2]
    for one in (best_period, worst_period, positive_share):
        assert np.isnan(one([]))


def test_months_by_hand() -> None:
    # Midnight of 1 February closes January; nothing happens in March; April is incomplete.
    times = [ns(2024, 1, 10), ns(2024, 2, 1), ns(2024, 2, 1, 1), ns(2024, 2, 20), ns(2024, 4, 3)]
    found = monthly_returns(times, [100.0, 110.0, 50.0, 121.0, 60.5])
    assert found.month.astype(str).tolist() == ["2024-01", "2024-02", "2024-03", "2024-04"]
    assert found.returns.tolist() == pytest.approx([0.1, 0.1, 0.0, -0.5])


def test_months_compound_to_the_whole() -> None:
    days = 700
    times = ns(2023, 5, 17) + np.arange(days, dtype=np.int64) * 86_400_000_000_000
    curve = np.exp(np.cumsum(np.random.default_rng(1).normal(0, 0.02, days)))
    found = monthly_returns(times, curve)
    assert np.prod(1 + found.returns) == pytest.approx(curve[-1] / curve[0], rel=1e-12)
    closes = [ns(2023, 6, 1), ns(2023, 7, 1)]
    june = curve[np.searchsorted(times, closes)]
    assert found.returns[1] == pytest.approx(simple_returns(june)[0], rel=1e-12)


def test_bad_input_is_refused() -> None:
    with pytest.raises(CallerError, match="2 times that rise"):
        monthly_returns([1, 1], [1.0, 1.0])
    with pytest.raises(CallerError, match="start of every month"):
        monthly_returns([ns(2024, 1, 1), ns(2024, 1, 9), ns(2024, 2, 9)], [1.0, 0.0, 1.0])
