"""Our events to the venue's own bytes: the other direction of the codec, for an emulator and tests.

What the venue's message has and our event has not is filled in plainly: the time of sending is the
event time, an aggregate trade has one trade in it, a forced order is filled at its own price. So
`decode(encode(event)) == event` for every event the venue streams whose times are whole units; the
reverse is equal in all that the codec reads.
"""

from collections.abc import Mapping

import msgspec

from undertow.domain.errors import CallerError
from undertow.domain.fixed import Step, power_of_ten
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import (
    FUNDING_RATE_DIGITS,
    MARK_PRICE_DIGITS,
    BookUpdate,
    Liquidation,
    MarketEvent,
    MarkPrice,
    Quote,
    Trade,
)
from undertow.domain.side import Side
from undertow.venues.binance.market import BinanceMarket, TimeUnit
from undertow.venues.binance.messages import (
    AggTradeMessage,
    BookTickerMessage,
    DepthMessage,
    ForceOrderBody,
    ForceOrderMessage,
    KlineBody,
    KlineMessage,
    MarkPriceMessage,
    SnapshotBody,
    SpotBookTickerMessage,
    TradeMessage,
)
from undertow.venues.binance.streams import Channel, stream_name
from undertow.venues.kline import Kline

SPOT_DIGITS = 8


class PrintedDigits(msgspec.Struct, frozen=True, gc=False):
    """How many decimals the venue prints; never fewer than the steps have."""

    price: int
    qty: int


class BinanceEncoder:
    """Encodes the events of one market.

    printed: decimals by instrument index; eight on spot and those of the steps elsewhere when not
    given (`Listing` has the venue's own).
    """

    def __init__(
        self,
        market: BinanceMarket,
        instruments: Mapping[int, Instrument],
        printed: Mapping[int, PrintedDigits] | None = None,
        time_unit: TimeUnit = TimeUnit.MILLISECOND,
    ) -> None:
        self._market = market
        self._instruments = dict(instruments)
        self._printed = dict(printed or {})
        self._unit_ns = time_unit.ns

    def encode(self, event: MarketEvent | Kline, channel: Channel | None = None) -> bytes:
        """The message of a combined connection; a snapshot is the bare answer to a depth request.

        channel: for a trade, AGG_TRADE instead of TRADE. Raises `CallerError` for an event that the
        venue does not stream.
        """
        payload = self.payload(event, channel)
        if isinstance(event, BookUpdate) and event.is_snapshot:
            return payload
        return envelope(self._stream(event, channel), payload)

    def payload(self, event: MarketEvent | Kline, channel: Channel | None = None) -> bytes:
        """The same without its envelope, as on a raw connection."""
        message: msgspec.Struct
        match event:
            case Trade():
                message = self._trade(event, is_aggregate=channel is Channel.AGG_TRADE)
            case BookUpdate():
                message = self._snapshot(event) if event.is_snapshot else self._depth(event)
            case Quote():
                message = self._book_ticker(event)
            case MarkPrice():
                message = self._mark_price(event)
            case Liquidation():
                message = self._force_order(event)
            case Kline():
                message = self._kline(event)
            case _:
                raise CallerError(
                    f"expected an event that Binance streams, found {type(event).__name__}"
                )
        return msgspec.json.encode(message)

    def _stream(self, event: MarketEvent | Kline, channel: Channel | None) -> str:
        symbol = self._instruments[event.instrument].raw_symbol
        match event:
            case Kline():
                return stream_name(self._market, symbol, Channel.KLINE, event.interval)
            case BookUpdate():
                return stream_name(self._market, symbol, Channel.DEPTH, "100ms")
            case MarkPrice():
                return stream_name(self._market, symbol, Channel.MARK_PRICE, "1s")
            case Quote():
                return stream_name(self._market, symbol, Channel.BOOK_TICKER)
            case Liquidation():
                return stream_name(self._market, symbol, Channel.FORCE_ORDER)
            case _:
                return stream_name(self._market, symbol, channel or Channel.TRADE)

    def _trade(self, event: Trade, *, is_aggregate: bool) -> TradeMessage | AggTradeMessage:
        time = self._time(event.event_time_ns)
        price = self._price(event.instrument, event.price_ticks)
        qty = self._qty(event.instrument, event.qty_lots)
        symbol = self._instruments[event.instrument].raw_symbol
        is_buyer_maker = event.side is Side.SELL
        is_spot = not self._market.is_futures
        if is_aggregate:
            return AggTradeMessage(
                pushed=time,
                symbol=symbol,
                agg_id=event.trade_id,
                price=price,
                qty=qty,
                first_id=event.trade_id,
                last_id=event.trade_id,
                traded=time,
                is_buyer_maker=is_buyer_maker,
                ignored=is_spot,
            )
        return TradeMessage(
            pushed=time,
            symbol=symbol,
            trade_id=event.trade_id,
            price=price,
            qty=qty,
            traded=time,
            is_buyer_maker=is_buyer_maker,
            execution="" if is_spot else "MARKET",
            ignored=is_spot,
        )

    def _depth(self, event: BookUpdate) -> DepthMessage:
        time = self._time(event.event_time_ns)
        is_futures = self._market.is_futures
        return DepthMessage(
            pushed=time,
            transacted=time if is_futures else 0,
            symbol=self._instruments[event.instrument].raw_symbol,
            pair=self._pair(event.instrument),
            first_id=event.first_id,
            last_id=event.last_id,
            previous_id=event.previous_id if is_futures else -1,
            bids=self._levels(event, Side.BUY),
            asks=self._levels(event, Side.SELL),
        )

    def _snapshot(self, event: BookUpdate) -> SnapshotBody:
        time = self._time(event.event_time_ns) if self._market.is_futures else 0
        pair = self._pair(event.instrument)
        return SnapshotBody(
            last_id=event.last_id,
            pushed=time,
            transacted=time,
            symbol=self._instruments[event.instrument].raw_symbol if pair else "",
            pair=pair,
            bids=self._levels(event, Side.BUY),
            asks=self._levels(event, Side.SELL),
        )

    def _book_ticker(self, event: Quote) -> BookTickerMessage | SpotBookTickerMessage:
        index = event.instrument
        symbol = self._instruments[index].raw_symbol
        bid, bid_qty = self._price(index, event.bid_ticks), self._qty(index, event.bid_lots)
        ask, ask_qty = self._price(index, event.ask_ticks), self._qty(index, event.ask_lots)
        if not self._market.is_futures:
            return SpotBookTickerMessage(event.update_id, symbol, bid, bid_qty, ask, ask_qty)
        time = self._time(event.event_time_ns)
        return BookTickerMessage(
            update_id=event.update_id,
            symbol=symbol,
            bid=bid,
            bid_qty=bid_qty,
            ask=ask,
            ask_qty=ask_qty,
            pair=self._pair(index),
            transacted=time,
            pushed=time,
        )

    def _mark_price(self, event: MarkPrice) -> MarkPriceMessage:
        return MarkPriceMessage(
            pushed=self._time(event.event_time_ns),
            symbol=self._instruments[event.instrument].raw_symbol,
            mark=fixed_text(event.mark_e8, MARK_PRICE_DIGITS),
            index=fixed_text(event.index_e8, MARK_PRICE_DIGITS),
            settle=fixed_text(event.index_e8, MARK_PRICE_DIGITS),
            rate=fixed_text(event.funding_rate_e12, FUNDING_RATE_DIGITS),
            next_funding=self._time(event.next_funding_ns),
        )

    def _force_order(self, event: Liquidation) -> ForceOrderMessage:
        time = self._time(event.event_time_ns)
        price = self._price(event.instrument, event.price_ticks)
        qty = self._qty(event.instrument, event.qty_lots)
        order = ForceOrderBody(
            symbol=self._instruments[event.instrument].raw_symbol,
            pair=self._pair(event.instrument),
            side=event.side.name,
            kind="LIMIT",
            time_in_force="IOC",
            qty=qty,
            price=price,
            average_price=price,
            status="FILLED",
            last_filled=qty,
            filled=qty,
            traded=time,
        )
        return ForceOrderMessage(pushed=time, order=order)

    def _kline(self, event: Kline) -> KlineMessage:
        index = event.instrument
        symbol = self._instruments[index].raw_symbol
        body = KlineBody(
            opened=self._time(event.open_time_ns),
            closes=self._time(event.close_time_ns),
            symbol=symbol,
            interval=event.interval,
            first_id=event.first_trade_id,
            last_id=event.last_trade_id,
            open=self._price(index, event.open_ticks),
            close=self._price(index, event.close_ticks),
            high=self._price(index, event.high_ticks),
            low=self._price(index, event.low_ticks),
            volume=self._qty(index, event.volume_lots),
            trades=event.trades,
            is_closed=event.is_closed,
            turnover=event.turnover,
            buy_volume=self._qty(index, event.buy_lots),
            buy_turnover=event.buy_turnover,
        )
        return KlineMessage(pushed=self._time(event.event_time_ns), symbol=symbol, kline=body)

    def _levels(self, event: BookUpdate, side: Side) -> msgspec.Raw:
        index = event.instrument
        levels = [
            (self._price(index, level.price_ticks), self._qty(index, level.qty_lots))
            for level in event.levels
            if level.side is side
        ]
        return msgspec.Raw(msgspec.json.encode(levels))

    def _time(self, time_ns: int) -> int:
        return time_ns // self._unit_ns

    def _pair(self, index: int) -> str:
        # Only COIN-M names the pair beside the symbol.
        if self._market is not BinanceMarket.COINM:
            return ""
        return self._instruments[index].raw_symbol.partition("_")[0]

    def _price(self, index: int, ticks: int) -> str:
        step, printed = self._instruments[index].price_step, self._printed.get(index)
        return self._text(step, ticks, printed.price if printed else None)

    def _qty(self, index: int, lots: int) -> str:
        step, printed = self._instruments[index].qty_step, self._printed.get(index)
        return self._text(step, lots, printed.qty if printed else None)

    def _text(self, step: Step, count: int, digits: int | None) -> str:
        if digits is None:
            digits = step.digits if self._market.is_futures else SPOT_DIGITS
        digits = max(digits, step.digits)
        return fixed_text(count * step.coefficient * power_of_ten(digits - step.digits), digits)


def envelope(stream: str, payload: bytes) -> bytes:
    """A payload as a combined connection sends it."""
    return b'{"stream":' + msgspec.json.encode(stream) + b',"data":' + payload + b"}"


def fixed_text(scaled: int, digits: int) -> str:
    """An integer of 10**-digits units with all its decimals, as the venue prints numbers."""
    whole, rest = divmod(abs(scaled), power_of_ten(digits))
    tail = f".{rest:0{digits}d}" if digits else ""
    return f"{'-' if scaled < 0 else ''}{whole}{tail}"
