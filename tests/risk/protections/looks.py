"""What protections look back on, in seconds from the start."""

from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.risk.protections.protection import EquityMark, FinishedTrade, LookBack


def trade(
    second: int,
    percent: float = -1.0,
    *,
    instrument: str = "BTC",
    side: Side = Side.BUY,
    is_stopped: bool = True,
) -> FinishedTrade:
    """A trade that ended in that second."""
    return FinishedTrade(
        second * NS_PER_S,
        StrategyId("s"),
        InstrumentId(instrument),
        side,
        round(percent * 10_000),
        is_stopped,
    )


def look(second: int, *trades: FinishedTrade, equity: tuple[float, ...] = ()) -> LookBack:
    """The look-back in that second, with marks of equity a second apart up to it."""
    first = second - len(equity) + 1
    marks = tuple(
        EquityMark((first + i) * NS_PER_S, round(level * 10**6)) for i, level in enumerate(equity)
    )
    return LookBack(second * NS_PER_S, trades, marks)
