"""Making bars: empty ones, out of parts, and out of the trades of a second."""

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.layout import NS_PER_SECOND, Record


@compiled
def start_bar(bar: Record, second: int, timeframe_s: int, ticks: int) -> None:
    """Make the bar the empty one that holds a second, flat at a price."""
    bar.open_time_ns = second // timeframe_s * timeframe_s * NS_PER_SECOND
    bar.open_ticks = ticks
    bar.high_ticks = ticks
    bar.low_ticks = ticks
    bar.close_ticks = ticks
    bar.buy_lots = 0
    bar.sell_lots = 0
    bar.buy_trades = 0
    bar.sell_trades = 0
    bar.tick_lots = 0.0


@compiled
def fill_bar(bar: Record, bucket: Record) -> None:
    """Make a bar of one second from its bucket."""
    traded = bucket.traded
    bar.open_time_ns = bucket.open_time_ns
    bar.open_ticks = bucket.open_ticks
    bar.high_ticks = bucket.high_ticks
    bar.low_ticks = bucket.low_ticks
    bar.close_ticks = bucket.close_ticks
    bar.buy_lots = traded.buy_lots
    bar.sell_lots = traded.sell_lots
    bar.buy_trades = traded.buy_trades
    bar.sell_trades = traded.sell_trades
    bar.tick_lots = traded.buy_tick_lots + traded.sell_tick_lots


@compiled
def merge_prices(bar: Record, part: Record) -> None:
    """Let the prices of a part with trades count in a bar."""
    if bar.buy_trades + bar.sell_trades == 0:
        bar.open_ticks = part.open_ticks
        bar.high_ticks = part.high_ticks
        bar.low_ticks = part.low_ticks
    if part.high_ticks > bar.high_ticks:
        bar.high_ticks = part.high_ticks
    if part.low_ticks < bar.low_ticks:
        bar.low_ticks = part.low_ticks
    bar.close_ticks = part.close_ticks


@compiled
def merge_second(bar: Record, bucket: Record, timeframe_s: int) -> None:
    """Add a later second with trades to a bar; an empty bar (open time 0) starts with it."""
    if bar.open_time_ns == 0:
        start_bar(bar, bucket.open_time_ns // NS_PER_SECOND, timeframe_s, bucket.open_ticks)
    merge_prices(bar, bucket)
    traded = bucket.traded
    bar.buy_lots += traded.buy_lots
    bar.sell_lots += traded.sell_lots
    bar.buy_trades += traded.buy_trades
    bar.sell_trades += traded.sell_trades
    bar.tick_lots += traded.buy_tick_lots + traded.sell_tick_lots


@compiled
def merge_bar(bar: Record, part: Record, timeframe_s: int) -> None:
    """Add a later part to a bar; an empty bar (open time 0) starts with it.

    Prices come from parts with trades; a bar without any stays flat where it started.

    """
    if bar.open_time_ns == 0:
        start_bar(bar, part.open_time_ns // NS_PER_SECOND, timeframe_s, part.open_ticks)
    if part.buy_trades + part.sell_trades == 0:
        return
    merge_prices(bar, part)
    bar.buy_lots += part.buy_lots
    bar.sell_lots += part.sell_lots
    bar.buy_trades += part.buy_trades
    bar.sell_trades += part.sell_trades
    bar.tick_lots += part.tick_lots
