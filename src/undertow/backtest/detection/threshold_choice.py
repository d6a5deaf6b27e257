"""The threshold that would have been better: chosen on half of the days, told on the other half."""

from collections.abc import Mapping, Sequence

import msgspec

from undertow.backtest.detection.episode import Tally
from undertow.backtest.detection.power import Power, f1_of, power_of


class ThresholdChoice(msgspec.Struct, frozen=True):
    """threshold: of the best F1 on the choosing half. chosen, default: both on the other half."""

    threshold: float
    chosen: Power
    default: Power

    @property
    def is_better(self) -> bool:
        """Whether it is another than the default and beat it where it was not chosen."""
        return self.chosen.f1 > self.default.f1


def choose_threshold(tallies: Mapping[float, Sequence[Tally]], default: float) -> ThresholdChoice:
    """`tallies` by threshold, loosest first, each one a day in the same order: every other day
    chooses, beginning with the first. Of equal F1 the default wins, then the loosest.
    """

    def merit(threshold: float) -> tuple[float, bool]:
        half = tallies[threshold][0::2]
        found, false = sum(t.found for t in half), sum(t.false for t in half)
        return f1_of(found, false, sum(t.episodes for t in half)), threshold == default

    best = max(tallies, key=merit)
    return ThresholdChoice(best, power_of(tallies[best][1::2]), power_of(tallies[default][1::2]))
