"""A venue's own candle. Bars used in decisions are built from trades; this is for checks and gaps.

Kept apart from `domain.bar.Bar`: a venue gives the number of trades without their sides.
"""

import msgspec


class Kline(msgspec.Struct, frozen=True, gc=False):
    """One candle as the venue says it.

    interval: the venue's name of its length, e.g. `1m`.
    open_time_ns, close_time_ns: first nanosecond, and the venue's last moment of it.
    volume_lots, buy_lots: all trades, and those whose aggressor bought.
    turnover, buy_turnover: the venue's decimal texts of price times quantity (quote money, or base
    coins on inverse contracts).
    """

    instrument: int
    source: int
    event_time_ns: int
    receive_time_ns: int
    interval: str
    open_time_ns: int
    close_time_ns: int
    open_ticks: int
    high_ticks: int
    low_ticks: int
    close_ticks: int
    volume_lots: int
    buy_lots: int
    turnover: str
    buy_turnover: str
    trades: int
    first_trade_id: int
    last_trade_id: int
    is_closed: bool
