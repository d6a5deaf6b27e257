"""Average size and number of aggressive buys and sells of a bar (FLOW-39). Closed bars only."""

from math import nan

import msgspec

from undertow.flow.flow_view import Bars


class TradeSizes(msgspec.Struct, frozen=True, gc=False):
    """Average lots per trade, NaN for a side without trades; numbers of trades."""

    avg_buy_lots: float
    avg_sell_lots: float
    buy_trades: int
    sell_trades: int


def trade_sizes(bars: Bars) -> TradeSizes:
    """Sizes over all of the bars given (one bar: `bars[-1:]`)."""
    buys, sells = int(bars["buy_trades"].sum()), int(bars["sell_trades"].sum())
    return TradeSizes(
        avg_buy_lots=int(bars["buy_lots"].sum()) / buys if buys else nan,
        avg_sell_lots=int(bars["sell_lots"].sum()) / sells if sells else nan,
        buy_trades=buys,
        sell_trades=sells,
    )
