"""Volume surge: volume of the last closed bar against an exponentially weighted baseline (FLOW-14).

Closed bars only; the bar judged is not part of its own baseline.
"""

from math import nan, sqrt

import msgspec
import numpy as np

from undertow.domain.errors import ConfigurationError
from undertow.flow.flow_view import Bars
from undertow.flow.sufficiency import Shortfall, shortfall

TRIGGER = 2.5


class VolumeSurge(msgspec.Struct, frozen=True, gc=False):
    """score: (volume - mean) / deviation; NaN when insufficient, or when the baseline is constant.

    side: sign of the surging bar's delta, 0 without a surge. `shortfall` says what was missing.
    """

    is_surge: bool
    side: int
    score: float
    mean_lots: float
    deviation_lots: float
    is_sufficient: bool
    shortfall: Shortfall | None = None


def volume_surge(
    bars: Bars, span: int = 60, *, trigger: float = TRIGGER, least_bars: int = 20
) -> VolumeSurge:
    """Whether the last bar's volume is `trigger` deviations above the mean of the bars before it.

    Mean and variance are exponentially weighted with alpha = 2 / (span + 1), adjusted weights over
    the bars given, and the variance is unbiased (the sum of weighted squares over
    1 - sum of squared weights): what pandas calls ewm(span, adjust=True).mean() and .std(). Needs
    `least_bars` bars before the last; give at least 3 spans of bars for the weights to fade out.
    """
    if span < 1 or least_bars < 2:
        raise ConfigurationError(
            f"expected span >= 1 and least_bars >= 2, found {span} and {least_bars}"
        )
    missing = shortfall("closed bars", len(bars), least_bars + 1)
    if missing is not None:
        return _unknown(missing)
    volume = (bars["buy_lots"] + bars["sell_lots"]).astype(np.float64)
    before, last = volume[:-1], float(volume[-1])
    weights = (1.0 - 2.0 / (span + 1.0)) ** np.arange(len(before) - 1, -1, -1.0)
    weights /= weights.sum()
    mean = float(np.sum(weights * before))
    spread = 1.0 - float(np.sum(weights * weights))
    if spread <= 0.0:
        return _unknown(Shortfall("bars with weight before the last", 1, 2))
    deviation = sqrt(float(np.sum(weights * (before - mean) ** 2)) / spread)
    is_constant = bool(np.all(before == before[0]))  # rounding leaves a deviation above 0
    score = nan if is_constant else (last - mean) / deviation
    is_surge = score > trigger
    delta = int(bars["buy_lots"][-1]) - int(bars["sell_lots"][-1])
    side = (delta > 0) - (delta < 0) if is_surge else 0
    return VolumeSurge(is_surge, side, score, mean, deviation, True)


def _unknown(missing: Shortfall) -> VolumeSurge:
    return VolumeSurge(False, 0, nan, nan, nan, False, missing)
