"""How fast CVD rises against its own past: a robust z-score of its slope (FLOW-04).

The slope at a minute is the mean delta per minute over the last `window` minutes, so
(CVD now - CVD `window` minutes ago) / window. It is compared with the slopes that ended at the
`history` minutes before it, the same window each and the present one not among them. They overlap,
hence are autocorrelated: the score says how unusual, not how significant.
"""

from math import isfinite, nan

import msgspec
import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.minute_flow import MinuteFlow, rolling_mean
from undertow.flow.sufficiency import LEAST_SAMPLES, Shortfall, shortfall
from undertow.stats.robust import modified_z_score


class CvdMomentum(msgspec.Struct, frozen=True, gc=False):
    """side: +1 when CVD rises unusually fast, -1 when it falls so, else 0. slope_usd: dollars per
    minute. z_score: NaN when the past has no spread. `shortfall` says what was missing, if any.
    """

    side: int
    slope_usd: float
    z_score: float
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether there was enough to judge by."""
        return self.shortfall is None


def cvd_momentum(
    flow: MinuteFlow,
    *,
    window: int = 60,
    history: int = 240,
    threshold: float = 2.0,
    least_history: int = LEAST_SAMPLES,
) -> CvdMomentum:
    """The last minute's slope of this flow's CVD against up to `history` slopes before it."""
    if window < 1 or history < least_history:
        raise CallerError(
            f"expected a window of at least 1 and a history of at least {least_history},"
            f" found {window} and {history}"
        )
    slopes = rolling_mean(flow.delta_usd[-window - history :], window)
    present = float(slopes[-1]) if len(slopes) else nan
    past = slopes[:-1][-history:]
    known = past[np.isfinite(past)]
    missing = shortfall(f"known minutes of {window}", int(isfinite(present)) * window, window)
    missing = missing or shortfall("earlier slopes", len(known), least_history)
    if missing is not None:
        return CvdMomentum(0, nan, nan, missing)
    z_score = modified_z_score(present, known)
    side = 0
    if abs(z_score) >= threshold:
        side = 1 if z_score > 0.0 else -1
    return CvdMomentum(side, present, z_score)
