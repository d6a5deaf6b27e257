"""Where liquidations wait or happened, by price: one shape for estimates, records and vendors.

Buckets of equal width on multiples of it. Longs are liquidated by forced sells, usually below the
market, shorts by forced buys above it. A cluster is a run of neighbouring buckets that hold
anything, cut at valleys: where they fall to half of the peak before and double again after it. It
counts from 5 million dollars, and the three largest beyond the price in the direction of a trade
are its magnetic levels (FLOW-10): of shorts above it, whose forced buying draws the price up, of
longs below it.
"""

from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.domain.side import Side

Floats = NDArray[np.float64]

LEAST_CLUSTER_USD = 5e6
MOST_BUCKETS = 1_000_000


class LiquidationCluster(msgspec.Struct, frozen=True, gc=False):
    """A run of buckets from `low` to `high`; `price` is their mean weighted by dollars."""

    price: float
    low: float
    high: float
    long_usd: float
    short_usd: float

    @property
    def usd(self) -> float:
        """Both sides together."""
        return self.long_usd + self.short_usd

    def forced_usd(self, side: Side) -> float:
        """What would be bought (BUY: shorts) or sold (SELL: longs) by force."""
        return self.short_usd if side is Side.BUY else self.long_usd


class LiquidationMap(msgspec.Struct, frozen=True, eq=False):
    """Dollars of longs and shorts liquidated in each bucket of price, ascending.

    source: who says so. as_of_ns: latest time it knows of. lows (P,): lower edge of each bucket.
    width: of a bucket, in quote units. long_usd, short_usd (P,).
    """

    source: str
    as_of_ns: int
    lows: Floats
    width: float
    long_usd: Floats
    short_usd: Floats

    @property
    def usd(self) -> Floats:
        """Both sides together, by bucket."""
        return self.long_usd + self.short_usd

    def clusters(self, least_usd: float = LEAST_CLUSTER_USD) -> tuple[LiquidationCluster, ...]:
        """Clusters of at least so many dollars, ascending in price."""
        filled = np.flatnonzero(np.diff(np.concatenate(([0], self.usd > 0.0, [0]), dtype=np.int8)))
        found = [
            self._cluster(first, stop)
            for run_first, run_stop in filled.reshape(-1, 2).tolist()
            for first, stop in _cut(self.usd[run_first:run_stop].tolist(), run_first)
        ]
        return tuple(cluster for cluster in found if cluster.usd >= least_usd)

    def beyond(
        self, price: float, side: Side, count: int = 3, least_usd: float = LEAST_CLUSTER_USD
    ) -> tuple[LiquidationCluster, ...]:
        """The largest clusters wholly beyond a price: of shorts above it for a buy, of longs below
        it for a sell.
        """
        ahead = [
            cluster
            for cluster in self.clusters(least_usd)
            if (cluster.low > price if side is Side.BUY else cluster.high < price)
            and cluster.forced_usd(side) >= least_usd
        ]
        ahead.sort(key=lambda one: (-one.forced_usd(side), abs(one.price - price)))
        return tuple(ahead[:count])

    def _cluster(self, first: int, stop: int) -> LiquidationCluster:
        part = slice(first, stop)
        usd = self.usd[part]
        middles = self.lows[part] + self.width / 2.0
        return LiquidationCluster(
            price=float(middles @ usd / usd.sum()),
            low=float(self.lows[first]),
            high=float(self.lows[stop - 1] + self.width),
            long_usd=float(self.long_usd[part].sum()),
            short_usd=float(self.short_usd[part].sum()),
        )


def _cut(usd: list[float], offset: int) -> list[tuple[int, int]]:
    # The stretches of a run between its valleys; a valley belongs to what follows it.
    cuts = [0]
    peak = valley = 0.0
    lowest = 0
    for place, value in enumerate(usd):
        if valley <= 0.5 * peak and value >= 2.0 * valley and place > lowest:
            cuts.append(lowest)
            peak = valley = value
            lowest = place
        elif value > peak:
            peak = valley = value
            lowest = place
        elif value < valley:
            valley = value
            lowest = place
    edges = [offset + cut for cut in (*cuts, len(usd))]
    return list(pairwise(edges))


def liquidation_map(
    source: str, as_of_ns: int, width: float, longs: tuple[Floats, Floats],
    shorts: tuple[Floats, Floats],
) -> LiquidationMap:  # fmt: skip
    """A map of (prices, dollars) of longs and of shorts; what is not above 0 or not a number is
    left out."""
    if not width > 0.0:
        raise CallerError(f"expected a bucket width above 0, found {width!r}")
    sides = [_kept(prices, usd) for prices, usd in (longs, shorts)]
    places = [np.floor(prices / width).astype(np.int64) for prices, _ in sides]
    every = np.concatenate(places)
    first = int(every.min()) if len(every) else 0
    count = int(every.max()) - first + 1 if len(every) else 0
    if count > MOST_BUCKETS:
        raise CallerError(f"expected at most {MOST_BUCKETS} buckets, found {count}: use wider ones")
    long_usd, short_usd = (
        np.bincount(place - first, usd, count).astype(np.float64)
        for place, (_, usd) in zip(places, sides, strict=True)
    )
    lows = (first + np.arange(count)).astype(np.float64) * width
    return LiquidationMap(source, as_of_ns, lows, width, long_usd, short_usd)


def _kept(prices: Floats, usd: Floats) -> tuple[Floats, Floats]:
    if prices.shape != usd.shape or prices.ndim != 1:
        raise CallerError(f"expected dollars for each price, found {usd.shape} and {prices.shape}")
    is_kept = np.isfinite(prices) & np.isfinite(usd) & (prices > 0.0) & (usd > 0.0)
    return prices[is_kept], usd[is_kept]
