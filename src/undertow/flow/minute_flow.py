"""Aggressive buying and selling per minute of a group of instruments, with its running sums.

A minute in which no instrument of the group counted is NaN, never 0; running sums go on after it.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def running_sum(values: Floats) -> Floats:
    """Sum up to and with each value; NaN where the value is, which adds nothing."""
    is_known = np.isfinite(values)
    out: Floats = np.where(is_known, np.cumsum(np.where(is_known, values, 0.0)), np.nan)
    return out


def rolling_mean(values: Floats, window: int, least_share: float = 0.9) -> Floats:
    """Mean of the known ones of the last `window` values, the own one included.

    NaN where fewer than `least_share` of them are known, and where fewer than `window` exist."""
    out = np.full(len(values), np.nan)
    if len(values) < window:
        return out
    is_known = np.isfinite(values)
    counted = np.concatenate(([0], np.cumsum(is_known)))
    known = counted[window:] - counted[:-window]
    is_enough = known >= max(1.0, least_share * window)
    # Every window is summed for itself: a running sum would carry old rounding along.
    filled = np.where(is_known, values, 0.0)
    views = np.lib.stride_tricks.sliding_window_view(filled, window)
    summed = np.ascontiguousarray(views).sum(axis=1)
    out[window - 1 :] = np.where(is_enough, summed / np.maximum(known, 1), np.nan)
    return out


class MinuteFlow(msgspec.Struct, frozen=True, eq=False):
    """Arrays of one value per minute; `members` is how many instruments counted in it.

    Base is base coins, usd quote money of the members whose quote counts as a dollar, each trade at
    its own price. Running sums begin with the first minute of the series, so only their
    differences mean anything.
    """

    buy_base: Floats
    sell_base: Floats
    buy_usd: Floats
    sell_usd: Floats
    members: NDArray[np.int64]

    @property
    def delta_base(self) -> Floats:
        """Bought less sold by aggressors."""
        return self.buy_base - self.sell_base

    @property
    def delta_usd(self) -> Floats:
        """The same in dollars."""
        return self.buy_usd - self.sell_usd

    @property
    def volume_base(self) -> Floats:
        """Bought and sold together."""
        return self.buy_base + self.sell_base

    @property
    def volume_usd(self) -> Floats:
        """The same in dollars."""
        return self.buy_usd + self.sell_usd

    @property
    def cvd_base(self) -> Floats:
        """Cumulative volume delta from the first minute of the series."""
        return running_sum(self.delta_base)

    @property
    def cvd_usd(self) -> Floats:
        """The same in dollars."""
        return running_sum(self.delta_usd)
