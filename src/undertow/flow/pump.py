"""How far the price went in the last hour (FLOW-20).

price now / price `minutes` ago - 1 over closed minutes, so `minutes` + 1 of them are needed.
Falls count as rises do, with the other side."""

from math import isfinite, nan

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.flow.sufficiency import Shortfall, shortfall


class Pump(msgspec.Struct, frozen=True, gc=False):
    """change: fraction, 0.005 = 0.5 %. side: +1 or -1 when it reaches the threshold, else 0."""

    side: int
    change: float
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether both prices are known."""
        return self.shortfall is None


def pump(prices: ArrayLike, *, minutes: int = 60, threshold: float = 0.005) -> Pump:
    """The change of the last of these prices, one a minute (`AssetSeries.path` has no jumps)."""
    if minutes < 1 or not threshold > 0.0:
        raise CallerError(
            f"expected at least 1 minute and a threshold above 0, found {minutes}, {threshold}"
        )
    values = np.asarray(prices, dtype=np.float64)
    missing = shortfall("minutes of price", len(values), minutes + 1)
    if missing is not None:
        return Pump(0, nan, missing)
    now, then = float(values[-1]), float(values[-1 - minutes])
    known = int(isfinite(now)) + int(isfinite(then) and then > 0.0)
    if known < 2:
        return Pump(0, nan, Shortfall("known prices at both ends", known, 2))
    change = now / then - 1.0
    side = 0
    if abs(change) >= threshold:
        side = 1 if change > 0.0 else -1
    return Pump(side, change)
