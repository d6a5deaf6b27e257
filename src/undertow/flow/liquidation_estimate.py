"""Where positions opened lately would be liquidated: an estimate from open interest (FLOW-10).

Each minute in which open interest grows opens that much of longs and of shorts at the minute's
price; which leverage they use nobody publishes, so a stated distribution is assumed. With leverage
L and maintenance margin m, isolated margin, linear contract, margin at the entry price, a long is
liquidated at entry * (1 - 1/L + m) and a short at entry * (1 + 1/L - m). Positions fade: open
interest that falls takes the same share of all that is open, time takes half of it each half-life
(closed or given more margin), and a level that the price has reached is gone.

It is an assumption about others, not a measurement: it shows where many would hurt if they traded
as assumed, in the units of vendors' heatmaps, which are estimates of the same kind.
"""

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError, ConfigurationError
from undertow.domain.time import NS_PER_S
from undertow.flow.asset_series import AssetSeries
from undertow.flow.liquidation_map import LiquidationMap, liquidation_map

Floats = NDArray[np.float64]

_HOUR_NS = 3600 * NS_PER_S


class LeverageAssumptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """leverages and their weights (of position value, normalised); maintenance: margin as a share
    of the entry value; half_life_h: hours; bucket_bps: bucket width as a share of the last price.

    The weights are set by hand: most value at 10 to 25 times, some at either end.
    """

    leverages: tuple[float, ...] = (5.0, 10.0, 20.0, 25.0, 50.0, 100.0)
    weights: tuple[float, ...] = (0.15, 0.25, 0.22, 0.15, 0.15, 0.08)
    maintenance: float = 0.005
    half_life_h: float = 24.0
    bucket_bps: float = 10.0

    def __post_init__(self) -> None:
        if len(self.leverages) != len(self.weights) or not self.leverages:
            raise ConfigurationError(
                f"expected a weight for each leverage, found {len(self.weights)} and"
                f" {len(self.leverages)}"
            )
        if min(self.weights) < 0.0 or not sum(self.weights) > 0.0:
            raise ConfigurationError(f"expected weights of 0 or more, found {self.weights}")
        if min(self.leverages) <= 1.0 or self.maintenance < 0.0:
            raise ConfigurationError("expected leverages above 1 and a maintenance of 0 or more")
        if not self.maintenance < 1.0 / max(self.leverages):
            raise ConfigurationError(
                f"expected a maintenance below 1/{max(self.leverages)}, found {self.maintenance}"
            )
        if min(self.half_life_h, self.bucket_bps) <= 0.0:
            raise ConfigurationError("expected half_life_h and bucket_bps above 0")


DEFAULT_ASSUMPTIONS = LeverageAssumptions()


class OpenedPositions(msgspec.Struct, frozen=True, eq=False):
    """Minutes (n,), oldest first: when each ended, its price, its lowest and highest price, and the
    open interest at its end in base coins.
    """

    time_ns: NDArray[np.int64]
    price: Floats
    low: Floats
    high: Floats
    open_interest: Floats


def estimate_liquidations(
    opened: OpenedPositions, assumptions: LeverageAssumptions = DEFAULT_ASSUMPTIONS
) -> LiquidationMap:
    """The map of what is still open after the last minute; source `estimate`.

    Minutes whose price or open interest is unknown (NaN) are left out; the change over such a hole
    counts at the price of the minute after it."""
    known = np.isfinite(opened.price) & np.isfinite(opened.open_interest) & (opened.price > 0.0)
    time_ns, price = opened.time_ns[known], opened.price[known]
    low, high = opened.low[known], opened.high[known]
    interest = opened.open_interest[known]
    none = np.zeros(0)
    if len(price) < 2:
        as_of = int(time_ns[-1]) if len(time_ns) else 0
        return liquidation_map("estimate", as_of, 1.0, (none, none), (none, none))
    usd = np.maximum(np.diff(interest), 0.0) * price[1:]
    left = usd * _share_left(time_ns, interest, assumptions.half_life_h)[1:]
    weights = np.array(assumptions.weights) / sum(assumptions.weights)
    away = 1.0 / np.array(assumptions.leverages) - assumptions.maintenance
    longs, shorts = np.outer(price[1:], 1.0 - away), np.outer(price[1:], 1.0 + away)
    # The minute that opened a position does not close it: only later ones do.
    later_low = _later(np.minimum, low, np.inf)[1:, None]
    later_high = _later(np.maximum, high, -np.inf)[1:, None]
    value = np.outer(left, weights)
    return liquidation_map(
        source="estimate",
        as_of_ns=int(time_ns[-1]),
        width=float(price[-1]) * assumptions.bucket_bps * 1e-4,
        longs=(longs.ravel(), np.where(longs < later_low, value, 0.0).ravel()),
        shorts=(shorts.ravel(), np.where(shorts > later_high, value, 0.0).ravel()),
    )


def _share_left(time_ns: NDArray[np.int64], interest: Floats, half_life_h: float) -> Floats:
    # Of what was opened in each minute: what falls of open interest and time have left of it.
    kept = np.ones(len(interest))
    had = interest[:-1] > 0.0
    kept[1:][had] = np.minimum(interest[1:][had] / interest[:-1][had], 1.0)
    after = np.append(np.cumprod(kept[::-1])[::-1][1:], 1.0)
    hours = (time_ns[-1] - time_ns) / _HOUR_NS
    share: Floats = after * 0.5 ** (hours / half_life_h)
    return share


def _later(choose: np.ufunc, values: Floats, nothing: float) -> Floats:
    # The extreme of the values after each one.
    known = np.where(np.isfinite(values), values, nothing)
    extremes: Floats = choose.accumulate(known[::-1])[::-1]
    return np.append(extremes[1:], nothing)


def opened_positions(
    time_ns: ArrayLike, price: ArrayLike, open_interest: ArrayLike,
    low: ArrayLike | None = None, high: ArrayLike | None = None,
) -> OpenedPositions:  # fmt: skip
    """Columns as arrays of one length; without low and high the price stands for both."""
    columns = [np.asarray(column, np.float64) for column in (price, open_interest)]
    edges = [columns[0] if edge is None else np.asarray(edge, np.float64) for edge in (low, high)]
    times = np.asarray(time_ns, np.int64)
    lengths = {len(column) for column in (times, *columns, *edges)}
    if len(lengths) != 1:
        raise CallerError(f"expected columns of one length, found {sorted(lengths)}")
    return OpenedPositions(times, columns[0], edges[0], edges[1], columns[1])


def positions_of(series: AssetSeries) -> OpenedPositions:
    """The minutes of an asset over all its venues: price, and open interest in base coins.

    Open interest is summed up from its changes over members that count in both minutes, so that a
    venue that leaves or returns opens no position; the start is the sum told first."""
    known = np.flatnonzero(np.isfinite(series.open_interest_base))
    start = float(series.open_interest_base[known[0]]) if len(known) else 0.0
    changes = np.nan_to_num(series.open_interest_change)
    changes[: int(known[0]) + 1 if len(known) else 0] = 0.0
    interest = np.maximum(start + np.cumsum(changes), 0.0)
    return opened_positions(series.time_ns, series.path, interest)
