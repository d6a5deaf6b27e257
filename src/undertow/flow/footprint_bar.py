"""What a footprint bar shows: point of control, value area, delta, imbalances, unfinished auctions.

Buys are trades whose aggressor bought (volume at the ask), sells the others (volume at the bid).
"""

from math import nan

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.flow.volume_profile import VolumeProfile, volume_profile


class StackedImbalance(msgspec.Struct, frozen=True, gc=False):
    """Imbalances of one side in neighbouring rows: from the lowest to the highest tick of them."""

    side: int
    low_ticks: int
    high_ticks: int
    rows: int


class AbsorbedRow(msgspec.Struct, frozen=True, gc=False):
    """A row where heavy aggression achieved nothing; `side` is where the price is expected to go
    (+1: sellers were absorbed).
    """

    side: int
    low_ticks: int
    lots: int


class FootprintBar(msgspec.Struct, frozen=True):
    """Volume at price of one stretch of event time; arrays ascend in price without a hole.

    rows: lowest tick of each row, `row_ticks` high. buys, sells: lots by aggressor. max_delta,
    min_delta: greatest and least delta while the bar grew, in order of arrival, 0 included.
    cum_delta: sum of the deltas of all bars up to this one; of an unfinished bar, so far.
    """

    open_time_ns: int
    seconds: int
    row_ticks: int
    rows: NDArray[np.int64]
    buys: NDArray[np.int64]
    sells: NDArray[np.int64]
    open_ticks: int
    high_ticks: int
    low_ticks: int
    close_ticks: int
    buy_trades: int
    sell_trades: int
    max_delta: int
    min_delta: int
    cum_delta: int

    @property
    def close_time_ns(self) -> int:
        """First nanosecond after the bar."""
        return self.open_time_ns + self.seconds * 1_000_000_000

    @property
    def lots(self) -> NDArray[np.int64]:
        """Volume of both sides at each row."""
        return self.buys + self.sells

    @property
    def volume_lots(self) -> int:
        """Volume of the bar."""
        return int(self.buys.sum() + self.sells.sum())

    @property
    def delta_lots(self) -> int:
        """Buy less sell volume of the bar."""
        return int(self.buys.sum() - self.sells.sum())

    @property
    def deltas(self) -> NDArray[np.int64]:
        """Buy less sell volume of each row."""
        return self.buys - self.sells

    @property
    def delta_share(self) -> float:
        """Delta over volume, -1 to 1; NaN without volume."""
        return self.delta_lots / self.volume_lots if self.volume_lots else nan

    def profile(self, value_share: float = 0.7) -> VolumeProfile:
        """Point of control and value area of the bar (two-row rule, `flow.volume_profile`)."""
        found = volume_profile(self.rows, self.lots, value_share)
        assert found is not None  # a bar has trades
        return found

    @property
    def poc_ticks(self) -> int:
        """Lowest tick of the row with the most volume (ties as in `flow.volume_profile`)."""
        return self.profile().poc_ticks

    def imbalances(self, ratio: float = 3.0, least_lots: int = 1) -> NDArray[np.int8]:
        """+1, -1 or 0 of each row: the diagonal comparison of charting packages.

        Buying at row i counts against selling at row i - 1 below it, selling at row i against
        buying at row i + 1: what the spread would have matched. +1 when buys[i] >= ratio *
        sells[i - 1] and buys[i] >= least_lots, -1 likewise; nothing on the other side counts as
        infinitely less. The lowest row has no buy imbalance and the highest no sell imbalance, for
        want of a neighbour. A row with both is that of the larger volume, 0 when they are equal.
        """
        if not ratio > 1.0 or least_lots < 1:
            raise ConfigurationError(
                f"expected a ratio above 1 and at least 1 lot, found {ratio} and {least_lots}"
            )
        is_buy = np.zeros(len(self.rows), np.bool_)
        is_sell = np.zeros(len(self.rows), np.bool_)
        is_buy[1:] = (self.buys[1:] >= ratio * self.sells[:-1]) & (self.buys[1:] >= least_lots)
        is_sell[:-1] = (self.sells[:-1] >= ratio * self.buys[1:]) & (self.sells[:-1] >= least_lots)
        side = is_buy.astype(np.int8) - is_sell.astype(np.int8)
        both = is_buy & is_sell
        side[both] = np.sign(self.deltas[both])
        return side

    def stacked(
        self, rows: int = 3, ratio: float = 3.0, least_lots: int = 1
    ) -> tuple[StackedImbalance, ...]:
        """Runs of at least so many neighbouring rows with an imbalance of one side, from below."""
        side = self.imbalances(ratio, least_lots)
        ends = np.flatnonzero(np.diff(side)) + 1
        found = []
        for first, stop in zip((0, *ends), (*ends, len(side)), strict=True):
            if side[first] != 0 and stop - first >= rows:
                low, high = int(self.rows[first]), int(self.rows[stop - 1]) + self.row_ticks - 1
                found.append(StackedImbalance(int(side[first]), low, high, int(stop - first)))
        return tuple(found)

    @property
    def is_unfinished_high(self) -> bool:
        """Whether both sides traded at the highest row: the auction upwards did not run dry.

        At a finished high nobody sold into bids there any more.
        """
        return bool(self.buys[-1] > 0 and self.sells[-1] > 0)

    @property
    def is_unfinished_low(self) -> bool:
        """The same at the lowest row."""
        return bool(self.buys[0] > 0 and self.sells[0] > 0)

    def absorbed(
        self, heavy_buy_lots: float, heavy_sell_lots: float, *, tolerance_rows: int = 1
    ) -> tuple[AbsorbedRow, ...]:
        """Rows where aggression of at least so many lots did not break the price (FLOW-27).

        Sellers are absorbed at a row when their lots there reach `heavy_sell_lots`, the bar's low
        is no more than `tolerance_rows` below it, and the bar closed above the row; buyers
        mirrored. `heavy_lots` gives the numbers; from below.
        """
        found = []
        last = len(self.rows) - 1
        for place, low in enumerate(self.rows.tolist()):
            buys, sells = int(self.buys[place]), int(self.sells[place])
            is_near = place <= tolerance_rows and self.close_ticks >= low + self.row_ticks
            if is_near and sells and sells >= heavy_sell_lots:
                found.append(AbsorbedRow(1, low, sells))
            is_near = last - place <= tolerance_rows and self.close_ticks < low
            if is_near and buys and buys >= heavy_buy_lots:
                found.append(AbsorbedRow(-1, low, buys))
        return tuple(found)


def heavy_lots(bars: tuple[FootprintBar, ...], quantile: float = 0.95) -> tuple[float, float]:
    """What is heavy buying and selling at one row, from earlier bars: a quantile (type 7).

    Over the rows that traded on that side; NaN for a side without any.
    """
    if not 0.0 < quantile <= 1.0:
        raise ConfigurationError(f"expected a quantile above 0 and at most 1, found {quantile}")
    found = []
    for side in ("buys", "sells"):
        parts = [getattr(bar, side) for bar in bars]
        lots = np.concatenate(parts) if parts else np.empty(0, np.int64)
        traded = lots[lots > 0]
        found.append(float(np.quantile(traded, quantile)) if len(traded) else nan)
    return found[0], found[1]


def delta_divergence(bars: tuple[FootprintBar, ...]) -> int:
    """-1: the last bar has a higher high than all before it but a negative delta; +1: a lower low
    but a positive delta; 0: neither, both, or fewer than two bars.
    """
    if len(bars) < 2:
        return 0
    last, earlier = bars[-1], bars[:-1]
    is_high = last.high_ticks > max(bar.high_ticks for bar in earlier) and last.delta_lots < 0
    is_low = last.low_ticks < min(bar.low_ticks for bar in earlier) and last.delta_lots > 0
    return int(is_low) - int(is_high)
