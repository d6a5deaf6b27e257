"""Book imbalance: resting bids against resting offers over the best levels (FLOW-07).

imbalance_k = (sum of bid sizes - sum of ask sizes) / (both), over the k best levels of each side,
as Gatheral & Oomen (2010) have it for k = 1; -1 only offers, +1 only bids. Divided by the total
depth it needs no unit, so it can be compared over time: the kernel takes it once a second
(`kernels.flow.book_sample`), and the z-score says how unusual the last look is against the looks
before it, which it is not part of.
"""

from math import nan, sqrt
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.sufficiency import LEAST_SAMPLES, Shortfall, shortfall
from undertow.stats.robust import modified_z_score


class BookView(Protocol):
    """What is read of an instrument's flow; `InstrumentFlow` is one."""

    def depth(self, side: Side, levels: int) -> NDArray[np.int64]: ...
    def imbalances(self) -> NDArray[np.float32]: ...


class BookImbalance(msgspec.Struct, frozen=True, gc=False):
    """value: of the last look. z: against the looks before it. looks: how many those were. Both are
    NaN when `is_sufficient` is False (`shortfall` says why), z also when they had no spread.
    """

    value: float
    z: float
    looks: int
    is_sufficient: bool
    shortfall: Shortfall | None = None


def imbalance_of(bid_lots: NDArray[np.int64], ask_lots: NDArray[np.int64]) -> float:
    """(bids - asks) / (bids + asks) of the sizes given; NaN without any."""
    bids, asks = int(bid_lots.sum()), int(ask_lots.sum())
    return (bids - asks) / (bids + asks) if bids + asks else nan


def depth_imbalance(flow: BookView, levels: int) -> float:
    """The imbalance of the synced book now over its best `levels`; NaN without a book."""
    if levels < 1:
        raise CallerError(f"expected at least 1 level, found {levels}")
    return imbalance_of(flow.depth(Side.BUY, levels)[:, 1], flow.depth(Side.SELL, levels)[:, 1])


def book_imbalance(
    flow: BookView, looks: int = 300, *, is_robust: bool = False, least: int = LEAST_SAMPLES
) -> BookImbalance:
    """The last look's imbalance and its z-score against up to `looks` looks before it.

    z = (value - mean) / standard deviation (n - 1); with is_robust the modified z-score of
    Iglewicz & Hoaglin (1993). Needs `least` looks before it. Looks are a second apart while the
    book is synced and the source's time moves; the levels are `FlowConfig.imbalance_levels`."""
    if looks < 2 or least < 2:
        raise CallerError(f"expected at least 2 looks, found {looks} and least {least}")
    values = flow.imbalances()[-looks - 1 :].astype(np.float64)
    before = values[:-1]
    missing = shortfall("earlier looks at a synced book", len(before), least)
    if missing is not None:
        return BookImbalance(nan, nan, len(before), False, missing)
    value = float(values[-1])
    score = modified_z_score if is_robust else _z_score
    return BookImbalance(value, score(value, before), len(before), True)


def _z_score(value: float, before: NDArray[np.float64]) -> float:
    mean = float(np.mean(before))
    deviation = sqrt(float(np.sum((before - mean) ** 2)) / (len(before) - 1))
    return (value - mean) / deviation if deviation > 0.0 else nan
