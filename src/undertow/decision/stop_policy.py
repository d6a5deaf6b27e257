"""Where the initial stop of an entry goes (RISK-11; C-10, C-82). Never absent (RISK-48).

Ticks and parts per million of the price. Every rule is capped by `max_ppm`, rounds toward the
price, and so is never farther than asked.
"""

from enum import StrEnum

import msgspec

from undertow.decision.context import ticks_toward
from undertow.domain.errors import ConfigurationError
from undertow.domain.side import Side

PPM = 1_000_000
ABSOLUTE_MAX_PPM = 10_000


class StopMethod(StrEnum):
    """What the distance is measured by.

    EDGE: beyond an edge, such as the far side of a zone, a cluster or the last swing. ATR:
    multiples of the average true range. PERCENT: a share of the price.
    """

    EDGE = "edge"
    ATR = "atr"
    PERCENT = "percent"


class StopPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a strategy places its initial stop.

    beyond_ppm: how far past the edge (0.25 %). atrs: multiples for ATR.
    max_ppm: widest stop, also the PERCENT distance (0.5 % by default, 1 % at most).
    min_ppm: narrowest, so that noise at the edge of a zone does not stop the trade at once.
    """

    method: StopMethod = StopMethod.EDGE
    beyond_ppm: int = 2_500
    atrs: float = 2.0
    max_ppm: int = 5_000
    min_ppm: int = 1_000

    def __post_init__(self) -> None:
        if not 0 < self.min_ppm <= self.max_ppm <= ABSOLUTE_MAX_PPM:
            raise ConfigurationError(
                f"expected 0 < min_ppm <= max_ppm <= {ABSOLUTE_MAX_PPM}, "
                f"found {self.min_ppm} and {self.max_ppm}"
            )

    def stop_ticks(
        self,
        side: Side,
        price_ticks: int,
        *,
        edge_ticks: float = float("nan"),
        atr_ticks: float = float("nan"),
    ) -> int:
        """The stop of an entry at `price_ticks`, in ticks.

        edge_ticks: what EDGE lies beyond. A measure that is undefined
        leaves the widest stop, never none.
        """
        asked = self._distance(side, price_ticks, edge_ticks, atr_ticks)
        widest = price_ticks * self.max_ppm / PPM
        narrowest = price_ticks * self.min_ppm / PPM
        distance = min(max(asked, narrowest), widest) if asked == asked else widest
        stop = ticks_toward(price_ticks - side * distance, side)
        # On a coarse tick grid rounding may reach the price itself: one tick away is the least.
        return stop if side * (price_ticks - stop) > 0 else price_ticks - side

    def _distance(self, side: Side, price_ticks: int, edge_ticks: float, atr_ticks: float) -> float:
        if self.method is StopMethod.PERCENT:
            return price_ticks * self.max_ppm / PPM
        if self.method is StopMethod.ATR:
            return self.atrs * atr_ticks
        return side * (price_ticks - edge_ticks) + price_ticks * self.beyond_ppm / PPM
