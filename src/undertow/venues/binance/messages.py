"""The venue's messages as typed structs, for both directions. Field names are ours; `rename` holds
the venue's. Fields that we do not use are left out: decoding skips them.

Times are in the connection's unit (milliseconds unless asked otherwise); prices and quantities stay
decimal texts. `gc=False`: they live for one message.
"""

from typing import Annotated, Final

import msgspec

Id = Annotated[int, msgspec.Meta(ge=0, le=9_223_372_036_854_775_807)]
Time = Annotated[int, msgspec.Meta(ge=0, le=9_223_372_036_854_775_807)]


class TradeMessage(
    msgspec.Struct,
    gc=False,
    omit_defaults=True,
    tag_field="e",
    tag="trade",
    rename={
        "pushed": "E",
        "symbol": "s",
        "trade_id": "t",
        "price": "p",
        "qty": "q",
        "traded": "T",
        "is_buyer_maker": "m",
        "execution": "X",
        "ignored": "M",
    },
):
    """`<symbol>@trade`: one execution. `execution` is sent on futures only (README.md here)."""

    pushed: Time
    symbol: str
    trade_id: Id
    price: str
    qty: str
    traded: Time
    is_buyer_maker: bool
    execution: str = ""
    ignored: bool = False


class AggTradeMessage(
    msgspec.Struct,
    gc=False,
    omit_defaults=True,
    tag_field="e",
    tag="aggTrade",
    rename={
        "pushed": "E",
        "symbol": "s",
        "agg_id": "a",
        "price": "p",
        "qty": "q",
        "first_id": "f",
        "last_id": "l",
        "traded": "T",
        "is_buyer_maker": "m",
        "ignored": "M",
    },
):
    """`<symbol>@aggTrade`: the executions of one taker order at one price."""

    pushed: Time
    symbol: str
    agg_id: Id
    price: str
    qty: str
    first_id: int
    last_id: int
    traded: Time
    is_buyer_maker: bool
    ignored: bool = False


class DepthMessage(
    msgspec.Struct,
    gc=False,
    omit_defaults=True,
    tag_field="e",
    tag="depthUpdate",
    rename={
        "pushed": "E",
        "transacted": "T",
        "symbol": "s",
        "pair": "ps",
        "first_id": "U",
        "last_id": "u",
        "previous_id": "pu",
        "bids": "b",
        "asks": "a",
    },
):
    """`<symbol>@depth`: quantities now at prices. `previous_id` is sent on futures only."""

    pushed: Time
    symbol: str
    first_id: Id
    last_id: Id
    bids: msgspec.Raw
    asks: msgspec.Raw
    transacted: Time = 0
    pair: str = ""
    previous_id: int = -1


class BookTickerMessage(
    msgspec.Struct,
    gc=False,
    omit_defaults=True,
    tag_field="e",
    tag="bookTicker",
    rename={
        "update_id": "u",
        "symbol": "s",
        "pair": "ps",
        "bid": "b",
        "bid_qty": "B",
        "ask": "a",
        "ask_qty": "A",
        "transacted": "T",
        "pushed": "E",
    },
):
    """`<symbol>@bookTicker`: the best bid and ask. Spot sends no event name and no times."""

    update_id: Id
    symbol: str
    bid: str
    bid_qty: str
    ask: str
    ask_qty: str
    pair: str = ""
    transacted: Time = 0
    pushed: Time = 0


class SpotBookTickerMessage(
    msgspec.Struct,
    gc=False,
    rename={
        "update_id": "u",
        "symbol": "s",
        "bid": "b",
        "bid_qty": "B",
        "ask": "a",
        "ask_qty": "A",
    },
):
    """The same as spot sends it; only encoded, decoding takes `BookTickerMessage`."""

    update_id: Id
    symbol: str
    bid: str
    bid_qty: str
    ask: str
    ask_qty: str


class MarkPriceMessage(
    msgspec.Struct,
    gc=False,
    omit_defaults=True,
    tag_field="e",
    tag="markPriceUpdate",
    rename={
        "pushed": "E",
        "symbol": "s",
        "mark": "p",
        "index": "i",
        "settle": "P",
        "rate": "r",
        "next_funding": "T",
    },
):
    """`<symbol>@markPrice`. Dated contracts have an empty rate and 0 as the next funding time."""

    pushed: Time
    symbol: str
    mark: str
    index: str = ""
    settle: str = ""
    rate: str = ""
    next_funding: Time = 0


class ForceOrderBody(
    msgspec.Struct,
    gc=False,
    omit_defaults=True,
    rename={
        "symbol": "s",
        "pair": "ps",
        "side": "S",
        "kind": "o",
        "time_in_force": "f",
        "qty": "q",
        "price": "p",
        "average_price": "ap",
        "status": "X",
        "last_filled": "l",
        "filled": "z",
        "traded": "T",
    },
):
    """The order of a `ForceOrderMessage`."""

    symbol: str
    side: str
    qty: str
    price: str
    traded: Time
    pair: str = ""
    kind: str = ""
    time_in_force: str = ""
    average_price: str = ""
    status: str = ""
    last_filled: str = ""
    filled: str = ""


class ForceOrderMessage(
    msgspec.Struct,
    gc=False,
    tag_field="e",
    tag="forceOrder",
    rename={"pushed": "E", "order": "o"},
):
    """`<symbol>@forceOrder`: somebody's forced order, at most one per symbol and second."""

    pushed: Time
    order: ForceOrderBody


class KlineBody(
    msgspec.Struct,
    gc=False,
    rename={
        "opened": "t",
        "closes": "T",
        "symbol": "s",
        "interval": "i",
        "first_id": "f",
        "last_id": "L",
        "open": "o",
        "close": "c",
        "high": "h",
        "low": "l",
        "volume": "v",
        "trades": "n",
        "is_closed": "x",
        "turnover": "q",
        "buy_volume": "V",
        "buy_turnover": "Q",
    },
):
    """The candle of a `KlineMessage`."""

    opened: Time
    closes: Time
    symbol: str
    interval: str
    first_id: int
    last_id: int
    open: str
    close: str
    high: str
    low: str
    volume: str
    trades: int
    is_closed: bool
    turnover: str
    buy_volume: str
    buy_turnover: str


class KlineMessage(
    msgspec.Struct,
    gc=False,
    tag_field="e",
    tag="kline",
    rename={"pushed": "E", "symbol": "s", "kline": "k"},
):
    """`<symbol>@kline_<interval>`: the current candle, and once more when it closes."""

    pushed: Time
    symbol: str
    kline: KlineBody


class SnapshotBody(
    msgspec.Struct,
    gc=False,
    omit_defaults=True,
    rename={
        "last_id": "lastUpdateId",
        "pushed": "E",
        "transacted": "T",
    },
):
    """The answer to a depth request. Spot has no times; only COIN-M names the symbol."""

    last_id: Id
    bids: msgspec.Raw
    asks: msgspec.Raw
    pushed: Time = 0
    transacted: Time = 0
    symbol: str = ""
    pair: str = ""


class _Symbol(msgspec.Struct, gc=False, rename={"symbol": "s"}):
    symbol: str = ""


_ABSENT: Final = msgspec.Raw(b"")
_symbol_decoder = msgspec.json.Decoder(_Symbol)


class Head(
    msgspec.Struct,
    gc=False,
    rename={
        "event": "e",
        "stream_symbol": "s",
        "update_id": "u",
        "order": "o",
        "last_id": "lastUpdateId",
    },
):
    """Just enough of any message to say what it is."""

    event: str = ""
    stream_symbol: str = ""
    symbol: str = ""
    stream: str = ""
    data: msgspec.Raw = _ABSENT
    last_id: int | None = None
    update_id: int | None = None
    id: int | str | None = None
    result: msgspec.Raw = _ABSENT
    error: msgspec.Raw = _ABSENT
    code: int | None = None
    order: msgspec.Raw = _ABSENT

    @property
    def is_envelope(self) -> bool:
        """Whether it wraps the payload of a stream."""
        return self.data is not _ABSENT

    @property
    def is_answer(self) -> bool:
        """Whether it answers a request of ours."""
        has_outcome = self.result is not _ABSENT or self.error is not _ABSENT
        return has_outcome or self.code is not None

    @property
    def market_symbol(self) -> str:
        """The symbol it is about, wherever it stands; empty when it says none."""
        if self.stream_symbol or self.symbol:
            return self.stream_symbol or self.symbol
        if self.event == "forceOrder" and self.order is not _ABSENT:
            return _symbol_decoder.decode(self.order).symbol
        return ""
