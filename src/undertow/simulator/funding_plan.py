"""Funding where the data has no funding rows: a stated constant, or a recorded series of rates.

Where the rows have funding, their times, rates and marks are used and no plan is needed; an
instrument with a plan follows the plan alone, unless the plan is a fallback, which ends where the
instrument's own rows begin. Positive: longs pay. Value at the mark at that time.
"""

from bisect import bisect_right

import msgspec

from undertow.domain.errors import ConfigurationError

_HOUR_NS = 3_600 * 10**9
FAR_NS = 1 << 62
"""No settlement is to come."""


class ConstantFunding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="constant"):
    """The same rate at every whole multiple of the interval since 1970 (8 h: 00, 08, 16 UTC).

    The default of 0.01 % per 8 hours is the resting rate of most venues. Wrong in every trend:
    rates are high for weeks when longs crowd, and that is when a long strategy is in the market.

    is_one_sided: who would receive gets nothing, who would pay does: no strategy lives on a guess.
    is_fallback: holds for an instrument until its first FUNDING row, and from then on no more.
    """

    rate_e12: int = 100_000_000
    interval_ns: int = 8 * _HOUR_NS
    is_one_sided: bool = False
    is_fallback: bool = False

    def __post_init__(self) -> None:
        if self.interval_ns < 1:
            raise ConfigurationError(f"expected interval_ns of at least 1, found {self}")

    def next_ns(self, after_ns: int) -> int:
        """The first settlement after a time."""
        return (after_ns // self.interval_ns + 1) * self.interval_ns

    def rate(self, at_ns: int) -> int:
        """The rate of the settlement at that time, 1e-12."""
        return self.rate_e12


class RecordedFunding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="recorded"):
    """Settlements as they were: (time, rate in 1e-12), in order of time, at true intervals."""

    settlements: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        times = [time_ns for time_ns, _ in self.settlements]
        if times != sorted(set(times)):
            raise ConfigurationError("expected funding settlements in order of time, each once")

    def next_ns(self, after_ns: int) -> int:
        """The first settlement after a time; far away when there is none."""
        place = bisect_right(self.settlements, after_ns, key=lambda pair: pair[0])
        return self.settlements[place][0] if place < len(self.settlements) else FAR_NS

    def rate(self, at_ns: int) -> int:
        """The rate of the settlement at that time, 1e-12."""
        place = bisect_right(self.settlements, at_ns, key=lambda pair: pair[0]) - 1
        return self.settlements[place][1]


FundingPlan = ConstantFunding | RecordedFunding
