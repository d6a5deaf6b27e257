"""Trades put together by what they share: tag, asset, venue, hour, exit reason, and so on."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum

import msgspec
import numpy as np

from undertow.backtest.result import ClosedTrade
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.stats.closed_trades import profit_factor, win_rate

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Grouping(StrEnum):
    """What trades can be put together by. Times are UTC; of the entry (HOUR, WEEKDAY) or of the
    exit (DAY, WEEK, MONTH, YEAR), because that is when the result was known.
    """

    STRATEGY = "strategy"
    INSTRUMENT = "instrument"
    ASSET = "asset"
    VENUE = "venue"
    SIDE = "side"
    ENTRY_TAG = "entry_tag"
    EXIT_REASON = "exit_reason"
    TAGS = "tags"
    HOUR = "hour"
    WEEKDAY = "weekday"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    """One group's sums; ratios of a group without trades or losses are NaN. duration_s: mean."""

    name: str
    trades: int
    wins: int
    losses: int
    breakeven: int
    win_rate: float
    pnl: float
    pnl_share: float
    profit_factor: float
    avg_pnl: float
    avg_ratio: float
    fees: float
    funding: float
    slippage: float
    duration_s: float
    best: float
    worst: float


def breakdown(
    trades: Iterable[ClosedTrade], by: Grouping, starting_balance: float
) -> list[GroupRow]:
    """A row for each group: times in their order, everything else by rising P&L, the worst first
    (what costs money should be seen). pnl_share: of the starting balance.
    """
    groups: dict[str, list[ClosedTrade]] = {}
    for trade in trades:
        groups.setdefault(_NAMES[by](trade), []).append(trade)
    rows = [_row(name, members, starting_balance) for name, members in groups.items()]
    if by in _IN_TIME:
        order = _DAYS.index if by is Grouping.WEEKDAY else str
        return sorted(rows, key=lambda row: order(row.name))
    return sorted(rows, key=lambda row: (row.pnl, row.name))


def _row(name: str, trades: list[ClosedTrade], starting_balance: float) -> GroupRow:
    pnl = np.array([trade.pnl for trade in trades], np.float64)
    ratios = [trade.pnl_ratio for trade in trades]
    return GroupRow(
        name=name,
        trades=len(trades),
        wins=int((pnl > 0).sum()),
        losses=int((pnl < 0).sum()),
        breakeven=int((pnl == 0).sum()),
        win_rate=float(win_rate(pnl)),
        pnl=float(pnl.sum()),
        pnl_share=float(pnl.sum()) / starting_balance if starting_balance else float("nan"),
        profit_factor=float(profit_factor(pnl)),
        avg_pnl=float(pnl.mean()),
        avg_ratio=float(np.mean(ratios)),
        fees=sum(trade.fees for trade in trades),
        funding=sum(trade.funding for trade in trades),
        slippage=sum(trade.slippage for trade in trades),
        duration_s=sum(trade.duration_ns for trade in trades) / len(trades) / NS_PER_S,
        best=float(pnl.max()),
        worst=float(pnl.min()),
    )


def _at(time_ns: int) -> datetime:
    return datetime.fromtimestamp(time_ns // NS_PER_S, UTC)


def _week(trade: ClosedTrade) -> str:
    year, week, _ = _at(trade.close_time_ns).isocalendar()
    return f"{year}-W{week:02d}"


def _asset(trade: ClosedTrade) -> str:
    return trade.instrument_id.partition("/")[0]


_NAMES: Mapping[Grouping, Callable[[ClosedTrade], str]] = {
    Grouping.STRATEGY: lambda trade: trade.strategy,
    Grouping.INSTRUMENT: lambda trade: trade.instrument_id,
    Grouping.ASSET: _asset,
    Grouping.VENUE: lambda trade: trade.instrument_id.rpartition("@")[2],
    Grouping.SIDE: lambda trade: "long" if trade.side is Side.BUY else "short",
    Grouping.ENTRY_TAG: lambda trade: trade.entry_tag,
    Grouping.EXIT_REASON: lambda trade: trade.exit_reason,
    Grouping.TAGS: lambda trade: f"{trade.entry_tag} / {trade.exit_reason}",
    Grouping.HOUR: lambda trade: f"{_at(trade.open_time_ns):%H}",
    Grouping.WEEKDAY: lambda trade: _DAYS[_at(trade.open_time_ns).weekday()],
    Grouping.DAY: lambda trade: f"{_at(trade.close_time_ns):%Y-%m-%d}",
    Grouping.WEEK: _week,
    Grouping.MONTH: lambda trade: f"{_at(trade.close_time_ns):%Y-%m}",
    Grouping.YEAR: lambda trade: f"{_at(trade.close_time_ns):%Y}",
}
_IN_TIME = (
    Grouping.HOUR,
    Grouping.WEEKDAY,
    Grouping.DAY,
    Grouping.WEEK,
    Grouping.MONTH,
    Grouping.YEAR,
)
