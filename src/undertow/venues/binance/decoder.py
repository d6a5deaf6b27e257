"""One handler per event of the venue: a typed message to rows. State lives in the feeds.

A handler converts and checks everything before it changes anything, so that a refused message
leaves no trace in the sequences.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final, Generic, TypeVar

import msgspec

from undertow.domain.fixed import Step
from undertow.domain.market_event import (
    FUNDING_RATE_DIGITS,
    GAP_TRADES,
    MARK_PRICE_DIGITS,
    EventArray,
)
from undertow.domain.time import NS_PER_S
from undertow.venues.binance.depth_batch import DepthBatch
from undertow.venues.binance.event_clock import EventClock
from undertow.venues.binance.instrument_feed import InstrumentFeed
from undertow.venues.binance.messages import (
    AggTradeMessage,
    BookTickerMessage,
    DepthMessage,
    ForceOrderMessage,
    KlineMessage,
    MarkPriceMessage,
    SnapshotBody,
    TradeMessage,
)
from undertow.venues.binance.streams import Channel
from undertow.venues.binance.trade_run import TradeRun
from undertow.venues.decimal_grid import DecimalGrid
from undertow.venues.kline import Kline
from undertow.venues.refusal import Reason, Refusal, RefusalLog
from undertow.venues.row_bytes import ROW_BYTES, pack_head

Data = TypeVar("Data")
Handler = Callable[[InstrumentFeed, bytes, int], None]

_OFF_BOOK: Final = ("NA", "INSURANCE_FUND", "ADL")
_SIDES: Final = ("BUY", "SELL")
_TIME_NS_MAX: Final = 7_258_118_400 * NS_PER_S  # 2200-01-01


class Ignored(StrEnum):
    """Messages that are sound and of no use here."""

    ANSWER = "answer"
    SHUTDOWN = "shutdown"
    UNUSED_EVENT = "unused_event"
    UNUSED_STREAM = "unused_stream"
    OTHER_SYMBOL = "other_symbol"
    SECOND_TRADE_STREAM = "second_trade_stream"
    OFF_BOOK_TRADE = "off_book_trade"
    QUOTE_BEFORE_TIME = "quote_before_time"


class _Envelope(msgspec.Struct, Generic[Data], gc=False):
    stream: str
    data: Data


_decode_trade = msgspec.json.Decoder(_Envelope[TradeMessage]).decode
_decode_agg_trade = msgspec.json.Decoder(_Envelope[AggTradeMessage]).decode
_decode_depth = msgspec.json.Decoder(_Envelope[DepthMessage]).decode
_decode_ticker = msgspec.json.Decoder(_Envelope[BookTickerMessage]).decode
_decode_mark = msgspec.json.Decoder(_Envelope[MarkPriceMessage]).decode
_decode_force = msgspec.json.Decoder(_Envelope[ForceOrderMessage]).decode
_decode_kline = msgspec.json.Decoder(_Envelope[KlineMessage]).decode
_decode_snapshot = msgspec.json.Decoder(SnapshotBody).decode


class EventDecoder:
    """Decodes enveloped messages of known instruments; `take_rows` ends a batch.

    Handlers raise `Refusal` or a msgspec error for a message that is not taken.
    """

    def __init__(self, source: int, unit_ns: int, *, is_futures: bool) -> None:
        self.source = source
        self.number = 0  # of the message at hand, from 1
        self.clock = EventClock(unit_ns, self._release_waiting)
        self._stamp = self.clock.stamp
        self.ignored: dict[str, int] = {}
        self.waiting: list[tuple[InstrumentFeed, bytes, int]] = []
        self.klines: list[Kline] = []
        self._rows = bytearray()
        self._depths = DepthBatch(is_futures=is_futures)
        self._marks = DecimalGrid(Step(1, MARK_PRICE_DIGITS))
        self._rates = DecimalGrid(Step(1, FUNDING_RATE_DIGITS))
        self.handlers: dict[Channel, Handler] = {
            Channel.TRADE: self._on_trade,
            Channel.AGG_TRADE: self._on_agg_trade,
            Channel.DEPTH: self._on_depth,
            Channel.BOOK_TICKER: self._on_book_ticker,
            Channel.MARK_PRICE: self._on_mark_price,
            Channel.FORCE_ORDER: self._on_force_order,
            Channel.KLINE: self._on_kline,
        }

    def take_rows(self, refusals: RefusalLog) -> EventArray:
        """All rows of the batch; book messages whose levels are wrong go to `refusals`."""
        rows = self._depths.merged(self._rows, refusals)
        self._rows.clear()
        return rows

    def ignore(self, why: Ignored) -> None:
        """Count a message that is of no use."""
        self.ignored[why.value] = self.ignored.get(why.value, 0) + 1

    def on_snapshot(self, feed: InstrumentFeed, body: bytes, receive_ns: int) -> None:
        """A REST depth answer. One without a time before any timed message waits for it."""
        data = _decode_snapshot(body)
        if data.symbol and data.symbol != feed.symbol:
            raise _wrong_symbol(feed, data.symbol)
        time = data.transacted or data.pushed
        event_ns = self._stamp(time, receive_ns) if time else self.clock.last_ns
        if event_ns:
            self._depths.add_snapshot(feed, data, self._stamps(event_ns, receive_ns))
        else:
            self.waiting.append((feed, body, receive_ns))

    def take_run(
        self,
        run: TradeRun,
        feed: InstrumentFeed,
        messages: Sequence[bytes],
        receive_times_ns: Sequence[int],
    ) -> int:
        """Take the trades that come first in one go, as if one by one; returns how many."""
        rows, end = run.read(messages, receive_times_ns, feed.next_trade_id, self.clock.last_ns)
        taken = len(rows)
        self.number += taken
        self.clock.last_ns = end.last_ns
        feed.next_trade_id = end.next_id
        feed.totals.trades += taken
        feed.totals.buy_lots += end.buy_lots
        feed.totals.sell_lots += end.sell_lots
        self._rows += rows.tobytes()
        return taken

    def _release_waiting(self, event_ns: int) -> None:
        # The first timed message is at hand: snapshots that came before it take its time.
        waiting, self.waiting = self.waiting, []
        for feed, body, receive_ns in waiting:
            data = _decode_snapshot(body)
            self._depths.add_snapshot(feed, data, self._stamps(event_ns, receive_ns))

    def _stamps(self, event_ns: int, receive_ns: int) -> tuple[int, int, int, int]:
        return event_ns, receive_ns, len(self._rows) // ROW_BYTES, self.number

    def _on_trade(self, feed: InstrumentFeed, message: bytes, receive_ns: int) -> None:
        data = _decode_trade(message).data
        if data.execution in _OFF_BOOK:
            self._skip_trade(feed, data, receive_ns)
        else:
            self._add_trade(feed, Channel.TRADE, data, data.trade_id, receive_ns)

    def _on_agg_trade(self, feed: InstrumentFeed, message: bytes, receive_ns: int) -> None:
        data = _decode_agg_trade(message).data
        self._add_trade(feed, Channel.AGG_TRADE, data, data.agg_id, receive_ns)

    def _skip_trade(self, feed: InstrumentFeed, data: TradeMessage, receive_ns: int) -> None:
        # Not an execution against the book, but its id is one of the chain.
        if data.symbol != feed.symbol:
            raise _wrong_symbol(feed, data.symbol)
        event_ns = self._stamp(data.traded, receive_ns)
        if self._is_next_trade(feed, Channel.TRADE, data.trade_id, (event_ns, receive_ns)):
            self.ignore(Ignored.OFF_BOOK_TRADE)

    def _add_trade(
        self,
        feed: InstrumentFeed,
        channel: Channel,
        data: TradeMessage | AggTradeMessage,
        trade_id: int,
        receive_ns: int,
    ) -> None:
        if data.symbol != feed.symbol:
            raise _wrong_symbol(feed, data.symbol)
        ticks, lots = feed.prices[data.price], feed.sizes[data.qty]
        if ticks <= 0 or lots <= 0:
            raise Refusal(
                Reason.NEGATIVE, f"expected a trade above 0, found {data.qty} at {data.price}"
            )
        event_ns = self._stamp(data.traded, receive_ns)
        if trade_id != feed.next_trade_id or channel is not feed.trade_channel:
            if not self._is_next_trade(feed, channel, trade_id, (event_ns, receive_ns)):
                return
        else:
            feed.next_trade_id = trade_id + 1
        totals = feed.totals
        totals.trades += 1
        if data.is_buyer_maker:
            totals.sell_lots += lots
            tail = feed.tails.sell
        else:
            totals.buy_lots += lots
            tail = feed.tails.buy
        self._rows += pack_head(event_ns, receive_ns, ticks, lots, 0, 0, trade_id) + tail

    def _is_next_trade(
        self, feed: InstrumentFeed, channel: Channel, trade_id: int, times_ns: tuple[int, int]
    ) -> bool:
        # False: not to be counted. A jump leaves a GAP row behind.
        if feed.trade_channel is None:
            feed.trade_channel = channel
            feed.next_trade_id = trade_id
        if feed.trade_channel is not channel:
            self.ignore(Ignored.SECOND_TRADE_STREAM)
            return False
        expected = feed.next_trade_id
        if trade_id < expected:
            feed.totals.duplicates += 1
            return False
        feed.next_trade_id = trade_id + 1
        lost = trade_id - expected
        if lost:
            feed.totals.trade_gaps += 1
            feed.totals.lost_trades += lost
            head = pack_head(*times_ns, expected, lost, 0, GAP_TRADES, trade_id)
            self._rows += head + feed.tails.gap
        return True

    def _on_book_ticker(self, feed: InstrumentFeed, message: bytes, receive_ns: int) -> None:
        data = _decode_ticker(message).data
        if data.symbol != feed.symbol:
            raise _wrong_symbol(feed, data.symbol)
        bid, ask = feed.prices[data.bid], feed.prices[data.ask]
        bid_lots, ask_lots = feed.sizes[data.bid_qty], feed.sizes[data.ask_qty]
        if bid < 0 or ask < 0 or bid_lots < 0 or ask_lots < 0:
            raise Refusal(Reason.NEGATIVE, f"expected a quote >= 0, found {data.bid} / {data.ask}")
        if bid >= ask > 0:
            raise Refusal(Reason.CROSSED, f"expected bid < ask, found {data.bid} / {data.ask}")
        time = data.transacted or data.pushed
        event_ns = self._stamp(time, receive_ns) if time else self.clock.last_ns
        if not event_ns:
            self.ignore(Ignored.QUOTE_BEFORE_TIME)
            return
        if 0 < data.update_id <= feed.quote_id:
            feed.totals.duplicates += 1
            return
        feed.quote_id = data.update_id
        feed.totals.quotes += 1
        head = pack_head(event_ns, receive_ns, bid, bid_lots, ask, ask_lots, data.update_id)
        self._rows += head + feed.tails.quote

    def _on_depth(self, feed: InstrumentFeed, message: bytes, receive_ns: int) -> None:
        data = _decode_depth(message).data
        if data.symbol != feed.symbol:
            raise _wrong_symbol(feed, data.symbol)
        event_ns = self._stamp(data.transacted or data.pushed, receive_ns)
        stamps = (event_ns, receive_ns, len(self._rows) // ROW_BYTES, self.number)
        self._depths.add_delta(feed, data, stamps)

    def _on_mark_price(self, feed: InstrumentFeed, message: bytes, receive_ns: int) -> None:
        data = _decode_mark(message).data
        if data.symbol != feed.symbol:
            raise _wrong_symbol(feed, data.symbol)
        mark = self._marks[data.mark]
        index = self._marks[data.index] if data.index else 0
        rate = self._rates[data.rate] if data.rate else 0
        if mark <= 0 or index < 0:
            raise Refusal(Reason.NEGATIVE, f"expected a mark price above 0, found {data.mark}")
        next_funding_ns = self._later(data.next_funding)
        event_ns = self._stamp(data.pushed, receive_ns)
        head = pack_head(event_ns, receive_ns, mark, 0, index, rate, next_funding_ns)
        self._rows += head + feed.tails.mark

    def _on_force_order(self, feed: InstrumentFeed, message: bytes, receive_ns: int) -> None:
        order = _decode_force(message).data.order
        if order.symbol != feed.symbol:
            raise _wrong_symbol(feed, order.symbol)
        if order.side not in _SIDES:
            raise Refusal(Reason.SCHEMA, f"expected BUY or SELL, found {order.side!r}")
        ticks, lots = feed.prices[order.price], feed.sizes[order.qty]
        if ticks <= 0 or lots <= 0:
            raise Refusal(
                Reason.NEGATIVE, f"expected an order above 0, found {order.qty} at {order.price}"
            )
        event_ns = self._stamp(order.traded, receive_ns)
        tail = feed.tails.forced_buy if order.side == "BUY" else feed.tails.forced_sell
        self._rows += pack_head(event_ns, receive_ns, ticks, lots, 0, 0, 0) + tail

    def _on_kline(self, feed: InstrumentFeed, message: bytes, receive_ns: int) -> None:
        data = _decode_kline(message).data
        if data.symbol != feed.symbol:
            raise _wrong_symbol(feed, data.symbol)
        bar, prices, sizes = data.kline, feed.prices, feed.sizes
        opens_ns, closes_ns = self._later(bar.opened), self._later(bar.closes)
        values = (prices[bar.open], prices[bar.high], prices[bar.low], prices[bar.close])
        volumes = (sizes[bar.volume], sizes[bar.buy_volume])
        if min(values) <= 0 or min(volumes) < 0:
            raise Refusal(Reason.NEGATIVE, f"expected a candle above 0, found {bar.low}")
        event_ns = self._stamp(data.pushed, receive_ns)
        self.klines.append(
            Kline(
                instrument=feed.index,
                source=self.source,
                event_time_ns=event_ns,
                receive_time_ns=receive_ns,
                interval=bar.interval,
                open_time_ns=opens_ns,
                close_time_ns=closes_ns,
                open_ticks=values[0],
                high_ticks=values[1],
                low_ticks=values[2],
                close_ticks=values[3],
                volume_lots=volumes[0],
                buy_lots=volumes[1],
                turnover=bar.turnover,
                buy_turnover=bar.buy_turnover,
                trades=bar.trades,
                first_trade_id=bar.first_id,
                last_trade_id=bar.last_id,
                is_closed=bar.is_closed,
            )
        )

    def _later(self, time: int) -> int:
        # A time that is not when the message was sent: only its size is checked.
        time_ns = time * self.clock.unit_ns
        if time_ns > _TIME_NS_MAX:
            raise Refusal(Reason.TIME, f"expected a time before the year 2200, found {time}")
        return time_ns


def _wrong_symbol(feed: InstrumentFeed, found: str) -> Refusal:
    return Refusal(Reason.WRONG_SYMBOL, f"expected {feed.symbol} in its own stream, found {found}")
