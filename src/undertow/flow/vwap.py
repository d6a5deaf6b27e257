"""Volume-weighted average price over closed bars, and its bands (FLOW-38).

Anchored at the first bar given: what to anchor at (the UTC day, a session, the last hour) is the
caller's choice of bars.
"""

from math import nan, sqrt

import msgspec
import numpy as np

from undertow.flow.flow_view import Bars


class VwapBands(msgspec.Struct, frozen=True, gc=False):
    """In ticks: vwap +- width * sigma. All NaN while nothing has traded."""

    vwap: float
    sigma: float
    upper: float
    lower: float


def traded_vwap(bars: Bars) -> float:
    """Exact VWAP of the bars' trades in ticks: sum of price * lots over lots; NaN without any."""
    lots = int(bars["buy_lots"].sum() + bars["sell_lots"].sum())
    return float(np.sum(bars["tick_lots"])) / lots if lots else nan


def vwap_bands(bars: Bars, width: float = 2.0) -> VwapBands:
    """VWAP of the typical price (high + low + close) / 3 and bands of `width` sigma around it.

    sigma = sqrt(sum v * (tp - vwap)**2 / sum v) around the VWAP of all the bars given, centred, so
    large prices lose nothing (the usual charting definition; some tools use the VWAP of each time
    instead, which is smaller).
    """
    volume = (bars["buy_lots"] + bars["sell_lots"]).astype(np.float64)
    total = float(np.sum(volume))
    if not total > 0.0:
        return VwapBands(nan, nan, nan, nan)
    typical = (bars["high_ticks"] + bars["low_ticks"] + bars["close_ticks"]) / 3.0
    origin = float(typical[0])
    vwap = origin + float(np.sum(volume * (typical - origin))) / total
    gaps = typical - vwap
    sigma = sqrt(float(np.sum(volume * gaps * gaps)) / total)
    return VwapBands(vwap, sigma, vwap + width * sigma, vwap - width * sigma)
