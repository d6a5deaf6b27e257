"""Large trades: those over ten times the average size of the last minutes (FLOW-12).

Which trades are large is decided as each arrives, against the average before it (see
`InstrumentFlow.window`), so a large trade does not raise its own bar. Looks at trades up to now.
"""

from math import nan

import msgspec

from undertow.flow.flow_view import FlowView
from undertow.flow.sufficiency import LEAST_TRADES, Shortfall, shortfall, trades_of


class LargeTrades(msgspec.Struct, frozen=True, gc=False):
    """side: +1 more large buying, -1 more large selling, 0 equal or none.

    buy_share, sell_share: large volume over all volume of that side, 0 to 1 (a high sell share is
    the mark of an institutional exit); NaN for a side that did not trade.
    `shortfall` says what was missing, if any.
    """

    side: int
    buy_lots: int
    sell_lots: int
    buy_share: float
    sell_share: float
    is_sufficient: bool
    shortfall: Shortfall | None = None


def large_trades(
    flow: FlowView, seconds: int = 300, *, least_trades: int = LEAST_TRADES
) -> LargeTrades:
    """Large buying and selling of the last `seconds`."""
    window = flow.window(seconds)
    buy, sell = window.large_buy_lots, window.large_sell_lots
    missing = shortfall(f"trades in {seconds} s", trades_of(window), least_trades)
    if missing is not None:
        return LargeTrades(0, buy, sell, nan, nan, False, missing)
    return LargeTrades(
        side=(buy > sell) - (buy < sell),
        buy_lots=buy,
        sell_lots=sell,
        buy_share=buy / window.buy_lots if window.buy_lots else nan,
        sell_share=sell / window.sell_lots if window.sell_lots else nan,
        is_sufficient=True,
    )
