"""Equity at the start of the day and its highest value so far."""

import msgspec

from undertow.domain.money import Money
from undertow.domain.time import utc_day


class EquityTrack(msgspec.Struct, frozen=True):
    """Daily profit is `equity - day_start`; drawdown is `peak - equity`. Days are UTC (C-21)."""

    day: int
    day_start: Money
    peak: Money
    equity: Money

    @classmethod
    def start(cls, now_ns: int, equity: Money) -> "EquityTrack":
        """The track of a run that begins with this equity."""
        return cls(utc_day(now_ns), equity, equity, equity)

    def updated(self, now_ns: int, equity: Money) -> "EquityTrack":
        """The track after equity was measured: a new day starts with its first measurement."""
        day = utc_day(now_ns)
        return EquityTrack(
            day=max(day, self.day),
            day_start=equity if day > self.day else self.day_start,
            peak=self.peak if equity < self.peak else equity,
            equity=equity,
        )

    @property
    def daily_profit(self) -> Money:
        """Change since the day began."""
        return self.equity - self.day_start
