"""Fills that could not have been: no later than their signal, or at a price nobody traded at."""

from bisect import bisect_left
from collections import defaultdict

from undertow.backtest.bias.finding import BiasKind, Finding
from undertow.backtest.result import BacktestResult
from undertow.domain.time import NS_PER_DAY, utc_text
from undertow.timeline.market_data import DataFidelity

_MANY = 5
_NAMED = 3
_RECENT_NS = 7 * NS_PER_DAY


def look_at_fills(result: BacktestResult) -> list[Finding]:
    """Every entry is filled after a signal of its strategy, and not before it."""
    signals: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in result.signals:
        if row.action == "enter":
            signals[row.strategy, row.instrument_id].append(row.time_ns)
    early: dict[str, list[int]] = defaultdict(list)
    flat_since: dict[tuple[str, str], int] = {}
    for trade in sorted(result.trades, key=lambda one: one.open_time_ns):
        key = (trade.strategy, trade.instrument_id)
        given = signals.get(key)
        if given is None:
            continue
        # Signals since the last position was closed, and strictly before this one was opened.
        first = bisect_left(given, flat_since.get(key, 0))
        if bisect_left(given, trade.open_time_ns) <= first:
            early[trade.strategy].append(trade.open_time_ns)
        flat_since[key] = trade.close_time_ns
    return [
        Finding(
            BiasKind.SAME_BAR,
            strategy,
            times[0],
            len(times) / max(1, len(result.trades)),
            f"{strategy}: {len(times)} entries were filled no later than their signal, the first "
            f"at {utc_text(times[0])}",
        )
        for strategy, times in sorted(early.items())
    ]


def look_at_rules(result: BacktestResult) -> tuple[str, ...]:
    """Warnings about what the data cannot tell: hindsight in the choice of instruments, in their
    terms, in what bars hide.
    """
    warnings = []
    ends = [int(closes.time_ns[-1]) for closes in result.closes.values() if len(closes.time_ns)]
    if len(ends) >= _MANY and min(ends) >= max(ends) - _RECENT_NS:
        warnings.append(
            f"none of the {len(ends)} instruments ends before the data does: if they were chosen "
            "for being alive today, the result is too good (survivorship)"
        )
    if result.present_rules:
        warnings.append(
            f"ticks, lots and least sizes of {_named(result.present_rules)} are those of today for "
            "all of the history: smaller orders may not have been possible then"
        )
    if result.fidelity is DataFidelity.BARS:
        warnings.append(
            "bars do not tell what happened inside them: stops and targets inside one bar follow "
            "the intrabar policy of the assumptions"
        )
    return tuple(warnings)


def _named(instruments: tuple[str, ...]) -> str:
    few = ", ".join(instruments[:_NAMED])
    rest = len(instruments) - _NAMED
    return f"{few} and {rest} more" if rest > 0 else few
