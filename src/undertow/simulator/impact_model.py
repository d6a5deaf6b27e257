"""Temporary market impact of our own takers, by the square-root law (optional).

The peak impact of Q lots is Y * sigma * sqrt(Q / V) of the price, with sigma the daily volatility
and V the daily volume (Toth et al. 2011; DEFINITIONS impact.square_root). Own volume is remembered
and fades with a half-life, so that our next taker on the same side begins where the last one has
left the price. A fill of q lots on top of x pays the mean of the law between them,
(2/3) * ((x + q)^1.5 - x^1.5) / q: two thirds of the peak for a first order. It never improves a
price, and makers are not touched by it.

Wrong for orders far from what the law was fitted on (metaorders of hours, 0.01 % to 10 % of V), and
in that other traders here never react.
"""

from math import ceil, exp, log, sqrt

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.side import Side

_PPM = 1_000_000


class SquareRootImpact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Y, daily volatility in ppm of the price, daily volume in lots, and the half-life."""

    daily_volume_lots: int
    daily_sigma_ppm: int
    y: float = 1.0
    half_life_ns: int = 600 * 10**9

    def __post_init__(self) -> None:
        if self.daily_volume_lots < 1 or self.daily_sigma_ppm < 0 or self.y < 0:
            raise ConfigurationError(
                "expected a daily volume of at least 1 lot, and sigma and y of at least 0, "
                f"found {self}"
            )
        if self.half_life_ns < 1:
            raise ConfigurationError(f"expected half_life_ns of at least 1, found {self}")

    def peak(self, lots: float) -> float:
        """Y sigma sqrt(Q / V), a share of the price."""
        return self.y * self.daily_sigma_ppm / _PPM * sqrt(lots / self.daily_volume_lots)

    def mean(self, before: float, lots: float) -> float:
        """Mean of the peak law over a fill of `lots` > 0 that begins at `before` >= 0."""
        after = before + lots
        area = 2.0 / 3.0 * (after * self.peak(after) - before * self.peak(before))
        return area / lots


class OwnImpact:
    """How far our own takers have moved each instrument, and what the next one pays for it."""

    def __init__(self, models: dict[int, SquareRootImpact]) -> None:
        self._models = models
        self._volumes: dict[int, tuple[float, int]] = {}

    def ticks(self, index: int, side: Side, lots: int, price_ticks: int, at_ns: int) -> int:
        """What a taker of `lots` pays beyond its price, in ticks, rounded up; counts it."""
        model = self._models.get(index)
        if model is None:
            return 0
        before = side * self._volume(index, model, at_ns)
        self._volumes[index] = (side * (before + lots), at_ns)
        # Only what lies beyond an earlier push to the other side costs.
        start = max(0.0, before)
        pushed = before + lots - start
        if pushed <= 0:
            return 0
        return ceil(price_ticks * model.mean(start, pushed) * pushed / lots)

    def dump(self) -> dict[int, tuple[float, int]]:
        """Own signed volume and its time by instrument, for a snapshot."""
        return dict(self._volumes)

    def load(self, volumes: dict[int, tuple[float, int]]) -> None:
        """Go back to a dump."""
        self._volumes = dict(volumes)

    def _volume(self, index: int, model: SquareRootImpact, at_ns: int) -> float:
        volume, then_ns = self._volumes.get(index, (0.0, at_ns))
        return volume * exp(-log(2.0) * (at_ns - then_ns) / model.half_life_ns)
