"""Would entries at random have done as well? Asked of a result, instrument by instrument."""

from collections.abc import Mapping

import msgspec
import numpy as np

from undertow.backtest.result import BacktestResult, ClosedTrade, EquityCurve
from undertow.domain.side import Side
from undertow.stats.multiple_testing import holm
from undertow.stats.random_entries import RandomEntryTest, random_entry_test

LEAST_TRADES = 5


class EntrySignificance(msgspec.Struct, frozen=True):
    """tests: by instrument. adjusted: the p-values after Holm's correction for their number."""

    tests: Mapping[str, RandomEntryTest]
    adjusted: Mapping[str, float]

    @property
    def words(self) -> str:
        """For a report."""
        if not self.tests:
            return f"too few trades (fewer than {LEAST_TRADES} an instrument) to test the entries"
        lines = [
            f"{name}: mean {test.actual:.4%} a trade, entries at random {test.mean:.4%}, "
            f"p = {self.adjusted[name]:.3f}"
            for name, test in self.tests.items()
        ]
        return "; ".join(lines)


def entry_significance(
    result: BacktestResult, *, resamples: int = 2_000, seed: int = 7
) -> EntrySignificance:
    """Each instrument's trades against the same holding times and sides at random moments.

    Measured on the result's closes, before costs, which are the same for both. A trade lies between
    the last closes known at its ends; instruments with fewer than `LEAST_TRADES` are left out.
    """
    tests: dict[str, RandomEntryTest] = {}
    for place, (name, closes) in enumerate(result.closes.items()):
        trades = [trade for trade in result.trades if trade.instrument_id == name]
        if len(trades) >= LEAST_TRADES:
            rng = np.random.Generator(np.random.PCG64((seed, place)))
            tests[name] = random_entry_test(
                closes.equity, _places(closes, trades), rng, resamples=resamples
            )
    values = [test.p_value for test in tests.values()]
    adjusted = holm(values) if values else np.zeros(0)
    return EntrySignificance(
        tests, {name: float(value) for name, value in zip(tests, adjusted, strict=True)}
    )


def _places(
    closes: EquityCurve, trades: list[ClosedTrade]
) -> tuple[list[int], list[int], list[float]]:
    times = closes.time_ns
    opened = np.searchsorted(times, [one.open_time_ns for one in trades], side="right") - 1
    closed = np.searchsorted(times, [one.close_time_ns for one in trades], side="right") - 1
    first = np.maximum(opened, 0)
    last = np.minimum(np.maximum(closed, first), len(times) - 1)
    sides = [1.0 if one.side is Side.BUY else -1.0 for one in trades]
    return first.tolist(), last.tolist(), sides
