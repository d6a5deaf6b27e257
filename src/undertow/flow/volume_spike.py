"""Volume of the last bar against the bars before it, and whether volume rises (FLOW-15).

Closed bars only; the bar judged is not part of its own baseline.
"""

from math import nan

import numpy as np

from undertow.flow.flow_view import Bars


def volume_spike(bars: Bars, period: int = 20) -> float:
    """Volume of the last bar over the mean of the `period` bars before it.

    NaN with fewer than period + 1 bars or a baseline without volume. 1.5 and 2 are usual triggers.
    """
    if len(bars) < period + 1:
        return nan
    volume = _volume(bars[-period - 1 :])
    before = int(volume[:-1].sum())
    return float(volume[-1]) * period / before if before else nan


def volume_trend(bars: Bars) -> float:
    """Least-squares change of volume over the bars, as a share of their mean volume.

    +0.5: volume grew by half its mean from the first bar to the last. NaN for fewer than 3 bars or
    no volume.
    """
    if len(bars) < 3:
        return nan
    volume = _volume(bars).astype(np.float64)
    mean = float(volume.mean())
    if mean == 0.0:
        return nan
    time = np.arange(len(volume)) - (len(volume) - 1) / 2.0
    slope = float(np.sum(time * volume) / np.sum(time * time))
    return slope * (len(volume) - 1) / mean


def _volume(bars: Bars) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    total: np.ndarray[tuple[int], np.dtype[np.int64]] = bars["buy_lots"] + bars["sell_lots"]
    return total
