from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.bar import BAR
from undertow.domain.errors import CallerError
from undertow.flow.return_correlation import return_correlation

MINUTE = 60_000_000_000
RNG = np.random.default_rng(7)
SHARED = RNG.normal(size=2_000)
ONE = 1e6 * np.exp(1e-3 * np.cumsum(SHARED + RNG.normal(size=2_000)))
TWO = 1e5 * np.exp(1e-3 * np.cumsum(SHARED + RNG.normal(size=2_000)))


def bars_at(closes: Any, first: int = 0, length: int = MINUTE) -> Any:
    """Bars of these closes, the first one opened `first` bars after a round time."""
    bars = np.zeros(len(closes), BAR)
    bars["open_time_ns"] = (28_000_000 + first + np.arange(len(closes))) * length
    bars["close_ticks"] = np.round(closes)
    return bars


@pytest.mark.parametrize("window", [60, 500, 1_440])
def test_of_log_returns_over_the_window(window: int) -> None:
    one, two = bars_at(ONE), bars_at(TWO)
    found = return_correlation(one, two, window=window)
    closes = [bars["close_ticks"][-window - 1 :].astype(float) for bars in (one, two)]
    wanted = np.corrcoef(*(np.diff(np.log(close)) for close in closes))[0, 1]
    assert found.value == pytest.approx(wanted, abs=1e-12)
    assert found.standard_error == pytest.approx((1 - wanted**2) / np.sqrt(window - 1))
    assert (found.returns, found.is_sufficient) == (window, True)


def test_the_error_covers_the_truth() -> None:
    found = return_correlation(bars_at(ONE), bars_at(TWO))
    assert abs(found.value - 0.5) < 3.0 * found.standard_error


def test_bars_are_matched_by_time() -> None:
    one, two = bars_at(ONE), bars_at(TWO)
    late, early = one[300:], two[:-100]
    found = return_correlation(late, early)
    assert found == return_correlation(one[300:-100], two[300:-100])
    shifted = return_correlation(bars_at(ONE, first=1), two)
    assert abs(shifted.value) < 0.1


def test_drift_alone_is_no_correlation() -> None:
    drift = np.arange(2_000) * 2e-4
    closes = [1e6 * np.exp(drift + 1e-3 * np.cumsum(RNG.normal(size=2_000))) for _ in range(2)]
    one, two = (bars_at(close) for close in closes)
    assert np.corrcoef(one["close_ticks"][-1441:], two["close_ticks"][-1441:])[0, 1] > 0.9
    assert abs(return_correlation(one, two).value) < 0.1


def test_a_mirror_is_minus_one_and_itself_one() -> None:
    one = bars_at(ONE)
    assert return_correlation(one, one).value == pytest.approx(1.0, abs=1e-12)
    mirror = bars_at(1e11 / one["close_ticks"])
    assert return_correlation(one, mirror).value == pytest.approx(-1.0, abs=1e-5)


def test_too_few_returns_or_no_movement() -> None:
    one, two = bars_at(ONE), bars_at(TWO)
    few = return_correlation(one[-60:], two)
    assert few.shortfall is not None
    assert few.shortfall.reason == "expected at least 60 returns of both, found 59"
    assert isnan(few.value)
    apart = return_correlation(one[:300], two[400:])
    assert (apart.returns, apart.is_sufficient) == (0, False)
    assert not return_correlation(one[:1], two).is_sufficient
    still = return_correlation(one, bars_at(np.full(2_000, 5.0)))
    assert (still.is_sufficient, isnan(still.value), isnan(still.standard_error)) == (True,) * 3


def test_wrong_asking_is_refused() -> None:
    one = bars_at(ONE)
    with pytest.raises(CallerError, match="3 <= least <= window, found 60 and 50"):
        return_correlation(one, one, window=50)
    with pytest.raises(CallerError, match="one length"):
        return_correlation(one, bars_at(TWO, length=5 * MINUTE))
