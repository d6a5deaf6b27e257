"""The tails of all rows that one instrument's feed can make."""

from undertow.domain.market_event import FLAG_SNAPSHOT, EventKind
from undertow.domain.side import Side
from undertow.venues.row_bytes import row_tail


class RowTails:
    """One instrument of one source; made once, appended to every row's head."""

    __slots__ = (
        "ask",
        "begin",
        "bid",
        "buy",
        "end",
        "forced_buy",
        "forced_sell",
        "gap",
        "mark",
        "quote",
        "sell",
        "snapshot",
        "status",
    )

    def __init__(self, instrument: int, source: int) -> None:
        where = (instrument, source)
        self.buy = row_tail(*where, EventKind.TRADE, side=Side.BUY)
        self.sell = row_tail(*where, EventKind.TRADE, side=Side.SELL)
        self.quote = row_tail(*where, EventKind.QUOTE)
        self.mark = row_tail(*where, EventKind.MARK_PRICE)
        self.forced_buy = row_tail(*where, EventKind.LIQUIDATION, side=Side.BUY)
        self.forced_sell = row_tail(*where, EventKind.LIQUIDATION, side=Side.SELL)
        self.gap = row_tail(*where, EventKind.GAP)
        self.status = row_tail(*where, EventKind.STATUS)
        self.snapshot = row_tail(*where, EventKind.BOOK_BEGIN, flags=FLAG_SNAPSHOT)
        self.begin = row_tail(*where, EventKind.BOOK_BEGIN)
        self.bid = row_tail(*where, EventKind.BOOK_LEVEL, side=Side.BUY)
        self.ask = row_tail(*where, EventKind.BOOK_LEVEL, side=Side.SELL)
        self.end = row_tail(*where, EventKind.BOOK_END)
