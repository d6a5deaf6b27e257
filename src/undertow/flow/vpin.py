"""VPIN, order-flow toxicity in volume time (Easley, Lopez de Prado and O'Hara 2012, RFS 25(5)).

Volume is poured into buckets of equal size V; VPIN is the sum over the last n buckets of
|sells - buys| over n V. The unfinished bucket never counts. Two ways to tell buys from sells: by
the aggressor's side of each trade, split across buckets, or in bulk, by how far the price of a bar
moved.
"""

from collections import deque
from math import erf, fsum, nan, sqrt

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError, ConfigurationError
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EventArray
from undertow.flow.bar_builder import BarBuilder, TradeBars
from undertow.flow.bar_kinds import Number, VolumeBars
from undertow.flow.finite_column import finite_column

_ROUNDING = 1e-9
"""A last bucket short of full by this share of a bucket is full: sums of decimals round."""


def vpin_by_side(
    qty: ArrayLike, side: ArrayLike, bucket: float, buckets: int = 50
) -> NDArray[np.float64]:
    """VPIN after each full bucket of trades; NaN for the first `buckets` - 1.

    qty: of each trade, in any unit; side: +1 aggressive buy, -1 sell; bucket: V in that unit (the
    paper: a fiftieth of the average daily volume, and 50 buckets). Trades are split at the borders.
    """
    volume, sides = finite_column(qty), finite_column(side)
    if volume.shape != sides.shape or np.any(np.abs(sides) != 1.0):
        raise CallerError("expected a side of +1 or -1 for each quantity")
    return _rolling(_pour(volume, volume * (sides > 0.0), bucket), bucket, buckets)


def bulk_buy_share(
    closes: ArrayLike, sigma_bars: int | None = None, *, freedom: float | None = None
) -> NDArray[np.float64]:
    """Share of a bar's volume taken for buying: F(dP / sigma), of the second bar onwards.

    dP are changes of price, not returns. Without `sigma_bars` sigma is the deviation (ddof 1) of
    all the changes given, as in the paper: it looks ahead. With it, that of the last `sigma_bars`
    changes up to and including the bar's own; NaN until there are so many. 0.5 where sigma is 0. F
    is the normal distribution, or Student's with `freedom` degrees (later papers: 0.25).
    """
    changes = np.diff(finite_column(closes))
    if sigma_bars is None:
        sigma = np.full(len(changes), _deviation(changes))
    else:
        if sigma_bars < 2:
            raise ConfigurationError(f"expected sigma_bars of 2 or more, found {sigma_bars}")
        sigma = np.full(len(changes), nan)
        for k in range(sigma_bars - 1, len(changes)):
            sigma[k] = _deviation(changes[k + 1 - sigma_bars : k + 1])
    pairs = zip(changes.tolist(), sigma.tolist(), strict=True)
    scores = [_score(change, spread) for change, spread in pairs]
    if freedom is not None:
        return _student(scores, freedom)
    return np.array([0.5 * (1.0 + erf(score / sqrt(2.0))) for score in scores])


def vpin_in_bulk(
    closes: ArrayLike,
    qty: ArrayLike,
    bucket: float,
    buckets: int = 50,
    *,
    sigma_bars: int | None = None,
    freedom: float | None = None,
) -> NDArray[np.float64]:
    """VPIN after each full bucket of bars whose volume is classified in bulk.

    closes, qty: of each bar; bars are poured in from the second on (with `sigma_bars`, from the
    first whose trailing sigma is known), split at the borders of buckets. See `bulk_buy_share`.
    """
    volume = finite_column(qty)
    if volume.shape != finite_column(closes).shape:
        raise CallerError("expected as many quantities as closes")
    share = bulk_buy_share(closes, sigma_bars, freedom=freedom)
    is_known = ~np.isnan(share)
    poured = volume[1:][is_known]
    return _rolling(_pour(poured, poured * share[is_known], bucket), bucket, buckets)


class VpinPoint(msgspec.Struct, frozen=True, gc=False):
    """VPIN as of a full bucket: when it filled, what was bought and sold in it, and VPIN (NaN
    before there are enough buckets). Quantities are lots.
    """

    time_ns: int
    buy_lots: float
    sell_lots: float
    vpin: float


class Vpin:
    """VPIN by side from the trades of one instrument, as they come.

    bucket: V in the instrument's own unit. Each call's result depends on the rows so far only,
    however they are split. Rows are treated as by `BarBuilder`.
    """

    def __init__(
        self, instrument: Instrument, bucket: Number, buckets: int = 50, index: int = 0
    ) -> None:
        if buckets < 1:
            raise ConfigurationError(f"expected 1 bucket or more, found {buckets}")
        kind = VolumeBars(bucket, is_split=True)
        self._builder = BarBuilder(kind, instrument, index, kept=buckets)
        self._recent: deque[tuple[float, float]] = deque(maxlen=buckets)

    def push(self, rows: EventArray) -> list[VpinPoint]:
        """Apply `EVENT` rows; returns a point for each bucket that filled."""
        return [self._point(bar) for bar in self._builder.push(rows)]

    @property
    def value(self) -> float:
        """VPIN as of the last full bucket; NaN before enough of them."""
        if len(self._recent) < (self._recent.maxlen or 0):
            return nan
        total = fsum(volume for _, volume in self._recent)
        return fsum(difference for difference, _ in self._recent) / total

    @property
    def counters(self) -> dict[str, int]:
        """What was out of order or left out, see `BarBuilder.counters`."""
        return self._builder.counters

    def snapshot(self) -> bytes:
        """Everything that later values depend on."""
        return self._builder.snapshot()

    def restore(self, data: bytes) -> None:
        """Become what was saved; raises `SnapshotCorrupt` when it was another instrument's."""
        self._builder.restore(data)
        self._recent.clear()
        for bar in self._builder.closed():
            self._take(bar)

    def _take(self, bar: TradeBars) -> None:
        bought, sold = float(bar["buy_lots"]), float(bar["sell_lots"])
        self._recent.append((abs(bought - sold), bought + sold))

    def _point(self, bar: TradeBars) -> VpinPoint:
        self._take(bar)
        lots = float(bar["buy_lots"]), float(bar["sell_lots"])
        return VpinPoint(int(bar["close_time_ns"]), *lots, self.value)


def _pour(
    volume: NDArray[np.float64], buys: NDArray[np.float64], bucket: float
) -> NDArray[np.float64]:
    # Bought minus sold of each full bucket. Within a part bought and sold are evenly mixed, so the
    # bought total is a straight line between parts, over the volume poured so far.
    if not bucket > 0.0 or np.any(volume < 0.0):
        raise CallerError(f"expected a bucket above 0 and volumes of 0 or more, found {bucket}")
    poured = np.concatenate(([0.0], np.cumsum(volume)))
    bought = np.concatenate(([0.0], np.cumsum(buys)))
    full = int(poured[-1] / bucket + _ROUNDING)
    edges = np.minimum(bucket * np.arange(full + 1), poured[-1])
    filled: NDArray[np.float64] = np.diff(np.interp(edges, poured, bought))
    return 2.0 * filled - bucket


def _rolling(differences: NDArray[np.float64], bucket: float, buckets: int) -> NDArray[np.float64]:
    if buckets < 1:
        raise ConfigurationError(f"expected 1 bucket or more, found {buckets}")
    sizes = np.abs(differences).tolist()
    out = np.full(len(sizes), nan)
    for k in range(buckets - 1, len(sizes)):
        out[k] = fsum(sizes[k + 1 - buckets : k + 1]) / (buckets * bucket)
    return out


def _deviation(changes: NDArray[np.float64]) -> float:
    return float(np.std(changes, ddof=1)) if len(changes) > 1 else nan


def _score(change: float, sigma: float) -> float:
    return 0.0 if sigma == 0.0 else change / sigma


def _student(scores: list[float], freedom: float) -> NDArray[np.float64]:
    from scipy.special import stdtr

    if not freedom > 0.0:
        raise ConfigurationError(f"expected a freedom above 0, found {freedom}")
    shares: NDArray[np.float64] = stdtr(freedom, np.asarray(scores))
    return shares
