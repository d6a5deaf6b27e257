"""Rolling correlation of two instruments' returns over their closed bars, matched by time (IND-23).

Pearson's r of log returns: prices of two markets that merely drift correlate without having
anything to do with each other. A day is 1,440 minutes, a week 672 quarters of an hour.
"""

from math import nan, sqrt

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.flow.bar_length import bar_length_ns
from undertow.flow.flow_view import Bars
from undertow.flow.sufficiency import LEAST_SAMPLES, Shortfall, shortfall
from undertow.stats.pearson import correlation

DAY_MINUTES = 1440


class ReturnCorrelation(msgspec.Struct, frozen=True, gc=False):
    """value: -1 to 1; NaN with too few returns, or where one never moved (then without a
    `shortfall`). standard_error: (1 - r^2) / sqrt(n - 1), of independent normal returns.
    returns: n.
    """

    value: float
    standard_error: float
    returns: int
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether there were returns enough."""
        return self.shortfall is None


def return_correlation(
    first: Bars, second: Bars, *, window: int = DAY_MINUTES, least: int = LEAST_SAMPLES
) -> ReturnCorrelation:
    """The correlation over the last `window` returns that both have; needs `least` of them."""
    if not 3 <= least <= window:
        raise CallerError(f"expected 3 <= least <= window, found {least} and {window}")
    one, two = _shared_returns(first, second)
    one, two = one[-window:], two[-window:]
    missing = shortfall("returns of both", len(one), least)
    if missing is not None:
        return ReturnCorrelation(nan, nan, len(one), missing)
    value = correlation(one, two)
    return ReturnCorrelation(value, (1.0 - value * value) / sqrt(len(one) - 1.0), len(one))


def _shared_returns(first: Bars, second: Bars) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Of the stretch that both have; bars have no holes and begin at multiples of their length.
    if min(len(first), len(second)) < 2:
        return np.empty(0), np.empty(0)
    length = bar_length_ns(first)
    if bar_length_ns(second) != length:
        raise CallerError("expected bars of one length")
    begin = max(int(first["open_time_ns"][0]), int(second["open_time_ns"][0]))
    end = min(int(first["open_time_ns"][-1]), int(second["open_time_ns"][-1]))
    return _log_returns(first, begin, end), _log_returns(second, begin, end)


def _log_returns(bars: Bars, begin: int, end: int) -> NDArray[np.float64]:
    times = bars["open_time_ns"]
    shared = bars["close_ticks"][(times >= begin) & (times <= end)]
    return np.diff(np.log(shared.astype(np.float64)))
