"""Binance market data to `EVENT` rows: pure, one object per market, no I/O and no clock.

Rules, for every message:

* What is not true is not passed on: malformed JSON, unknown events and symbols, prices off the
  tick grid, negative sizes, crossed snapshots and impossible times are refused and counted by
  reason with the first example kept. One bad message never stops the feed.
* Trade ids and update ids are followed; a jump becomes a GAP row, what is not new is dropped.
* `event_time_ns` is the matching engine's time (`T`) where the venue sends one, else the time of
  sending (`E`). Where it sends neither (spot quotes and snapshots) it is the greatest event time
  seen on this market so far: such a row moves no clock. Spot quotes before the first timed message
  are dropped, a snapshot before it waits for it.
* The result depends on the order of the messages only: any splitting into batches gives the same
  rows.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import STATUS_HEALTHY, STATUS_LOST, EventArray
from undertow.venues.binance.decoder import EventDecoder, Handler, Ignored
from undertow.venues.binance.instrument_feed import FeedState, FeedTotals, InstrumentFeed
from undertow.venues.binance.market import BinanceMarket, TimeUnit
from undertow.venues.binance.messages import Head
from undertow.venues.binance.streams import (
    Channel,
    SubscriptionAnswer,
    all_stream_names,
    decode_answer,
)
from undertow.venues.binance.trade_run import LEAST_MESSAGES, MOST_MESSAGES, TradeRun
from undertow.venues.kline import Kline
from undertow.venues.refusal import Reason, Refusal, RefusalLog
from undertow.venues.row_bytes import pack_head, rows_from_bytes

STATE_VERSION = 1

_ANSWERS_KEPT = 64
# Bytes that are no UTF-8 are found late, in the text that holds them, and by Python.
_UNREADABLE: Final = (Refusal, msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
_CHANNEL_OF_EVENT: Final = {
    "trade": Channel.TRADE,
    "aggTrade": Channel.AGG_TRADE,
    "depthUpdate": Channel.DEPTH,
    "bookTicker": Channel.BOOK_TICKER,
    "": Channel.BOOK_TICKER,  # spot does not name this one
    "markPriceUpdate": Channel.MARK_PRICE,
    "forceOrder": Channel.FORCE_ORDER,
    "kline": Channel.KLINE,
}
_UNUSED_EVENTS: Final = frozenset(
    {
        *("24hrTicker", "24hrMiniTicker", "1hTicker", "4hTicker", "1dTicker", "avgPrice"),
        *("referencePrice", "blockTrade", "continuous_kline", "indexPrice_kline"),
        *("markPrice_kline", "indexPriceUpdate", "compositeIndex", "contractInfo"),
        *("assetIndexUpdate", "tradingSession"),
    }
)


class _CodecState(msgspec.Struct):
    version: int
    market: str
    messages: int
    last_event_ns: int
    is_shutting_down: bool
    refusals: RefusalLog
    ignored: dict[str, int]
    waiting: list[tuple[int, bytes, int]]
    feeds: list[FeedState]


_decode_head = msgspec.json.Decoder(Head).decode
_decode_items = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_state = msgspec.msgpack.Decoder(_CodecState).decode


class BinanceCodec:
    """Decodes the messages of one market.

    instruments: by their index in the run's table; `raw_symbol` must be the venue's own.
    source: the run's index of this market as a source.
    is_shutting_down: the server announced its end; a session should connect anew.
    """

    def __init__(
        self,
        market: BinanceMarket,
        instruments: Mapping[int, Instrument],
        source: int = 0,
        time_unit: TimeUnit = TimeUnit.MILLISECOND,
    ) -> None:
        if time_unit is TimeUnit.MICROSECOND and market.is_futures:
            raise ConfigurationError("expected microseconds on spot only, found a futures market")
        self.market = market
        self.refusals = RefusalLog()
        self.is_shutting_down = False
        self._decoder = EventDecoder(source, time_unit.ns, is_futures=market.is_futures)
        self._answers: deque[SubscriptionAnswer] = deque(maxlen=_ANSWERS_KEPT)
        self._feeds = [InstrumentFeed(i, instruments[i], source) for i in sorted(instruments)]
        self._by_index = {feed.index: feed for feed in self._feeds}
        self._by_symbol = {feed.symbol: feed for feed in self._feeds}
        if len(self._by_symbol) != len(self._feeds):
            raise ConfigurationError("expected each raw symbol once, found one twice")
        self._routes: dict[bytes, tuple[Handler, InstrumentFeed]] = {
            name.encode(): (self._decoder.handlers[channel], feed)
            for feed in self._feeds
            for channel, name in all_stream_names(market, feed.symbol)
        }
        self._runs = {
            name.encode(): (feed, channel, TradeRun(feed, channel, name, time_unit.ns))
            for feed in self._feeds
            for channel, name in all_stream_names(market, feed.symbol)
            if channel in (Channel.TRADE, Channel.AGG_TRADE)
        }

    def decode(self, messages: Sequence[bytes], receive_times_ns: Sequence[int]) -> EventArray:
        """The rows of a batch of messages, in order. Receive times must not decrease."""
        start = 0
        while len(messages) - start >= LEAST_MESSAGES:
            start += self._take_run(messages, receive_times_ns, start)
            stop = start + LEAST_MESSAGES
            self._decode_each(messages[start:stop], receive_times_ns[start:stop])
            start = min(stop, len(messages))
        self._decode_each(messages[start:], receive_times_ns[start:])
        return self._decoder.take_rows(self.refusals)

    def _take_run(
        self, messages: Sequence[bytes], receive_times_ns: Sequence[int], start: int
    ) -> int:
        # How many messages were taken as a run of one stream's trades; mostly there is none.
        first = messages[start]
        found = self._runs.get(first[11 : first.find(b'"', 11)])
        if found is None or not self._decoder.clock.last_ns:
            return 0
        feed, channel, run = found
        if feed.trade_channel is not channel or not run.may_begin(messages, start):
            return 0
        stop = start + MOST_MESSAGES
        given = receive_times_ns[start:stop]
        return self._decoder.take_run(run, feed, messages[start:stop], given)

    def _decode_each(self, messages: Sequence[bytes], receive_times_ns: Sequence[int]) -> None:
        routes, decoder = self._routes, self._decoder
        for message, receive_ns in zip(messages, receive_times_ns, strict=True):
            decoder.number += 1
            try:
                # {"stream":"btcusdt@trade","data":...: the name starts at the eleventh byte.
                route = routes.get(message[11 : message.find(b'"', 11)])
                if route is None:
                    self._on_other(message, receive_ns)
                else:
                    route[0](route[1], message, receive_ns)
            except _UNREADABLE as error:
                self._refuse(error, message)

    def decode_snapshot(self, index: int, body: bytes, receive_time_ns: int) -> EventArray:
        """The rows of a REST depth answer for the instrument of that index: the book and the kept
        deltas after it, or none when it cannot be used (`needs_snapshot` then still holds).
        """
        self._decoder.number += 1
        try:
            self._decoder.on_snapshot(self._feed(index), body, receive_time_ns)
        except _UNREADABLE as error:
            self._refuse(error, body)
        return self._decoder.take_rows(self.refusals)

    def refuse(self, reason: Reason, detail: str, text: bytes) -> None:
        """Count something that arrived and was no message at all."""
        self._decoder.number += 1
        self.refusals.add(reason, self._decoder.number, detail, text)

    def connection_lost(self, receive_time_ns: int) -> EventArray:
        """All books are invalid and their chains start anew; trade ids are still followed, so that
        what was missed shows as a gap. Rows: a STATUS per instrument.
        """
        for feed in self._feeds:
            feed.lose()
        self._decoder.waiting.clear()
        return self._status(receive_time_ns, STATUS_LOST)

    def connection_restored(self, receive_time_ns: int) -> EventArray:
        """Messages come again. Rows: a STATUS per instrument."""
        self.is_shutting_down = False
        return self._status(receive_time_ns, STATUS_HEALTHY)

    @property
    def messages(self) -> int:
        """How many messages came, good and bad."""
        return self._decoder.number

    @property
    def ignored(self) -> dict[str, int]:
        """Sound messages that were of no use, by why (`Ignored`)."""
        return self._decoder.ignored

    @property
    def needs_snapshot(self) -> tuple[int, ...]:
        """Indexes of the instruments whose deltas wait for a snapshot, in index order."""
        return tuple(feed.index for feed in self._feeds if feed.book.needs_snapshot)

    def totals(self, index: int) -> FeedTotals:
        """The counts of the instrument of that index."""
        return self._feed(index).counted()

    def take_klines(self) -> list[Kline]:
        """The candles since the last call."""
        klines, self._decoder.klines = self._decoder.klines, []
        return klines

    def take_answers(self) -> list[SubscriptionAnswer]:
        """The answers to requests since the last call, the newest 64."""
        answers = list(self._answers)
        self._answers.clear()
        return answers

    def snapshot(self) -> bytes:
        """The whole state between two batches. Candles and answers not yet taken are no part."""
        decoder = self._decoder
        state = _CodecState(
            version=STATE_VERSION,
            market=self.market.value,
            messages=decoder.number,
            last_event_ns=decoder.clock.last_ns,
            is_shutting_down=self.is_shutting_down,
            refusals=self.refusals,
            ignored=decoder.ignored,
            waiting=[(feed.index, body, receive) for feed, body, receive in decoder.waiting],
            feeds=[feed.dump() for feed in self._feeds],
        )
        return msgspec.msgpack.encode(state)

    def restore(self, data: bytes) -> None:
        """Take over a snapshot; raises `SnapshotCorrupt` when it is none of this codec."""
        try:
            state = _decode_state(data)
        except msgspec.MsgspecError as error:
            raise SnapshotCorrupt(f"expected a state of a codec, found {error}") from error
        expected = (STATE_VERSION, self.market.value, [feed.symbol for feed in self._feeds])
        found = (state.version, state.market, [feed.symbol for feed in state.feeds])
        if expected != found:
            raise SnapshotCorrupt(f"expected a state of {expected}, found {found}")
        self.refusals = state.refusals
        self.is_shutting_down = state.is_shutting_down
        decoder = self._decoder
        decoder.number = state.messages
        decoder.clock.last_ns = state.last_event_ns
        decoder.ignored = state.ignored
        decoder.waiting = [(self._feed(i), body, receive) for i, body, receive in state.waiting]
        for feed, saved in zip(self._feeds, state.feeds, strict=True):
            feed.load(saved)

    def _feed(self, index: int) -> InstrumentFeed:
        return self._by_index[index]

    def _status(self, receive_ns: int, status: int) -> EventArray:
        event_ns = self._decoder.clock.last_ns or receive_ns
        head = pack_head(event_ns, receive_ns, 0, 0, 0, status, 0)
        return rows_from_bytes(b"".join(head + feed.tails.status for feed in self._feeds))

    def _refuse(self, error: Exception, text: bytes) -> None:
        if isinstance(error, Refusal):
            reason = error.reason
        elif isinstance(error, msgspec.ValidationError):
            reason = Reason.SCHEMA
        else:
            reason = Reason.JSON
        self.refusals.add(reason, self._decoder.number, str(error), text)

    def _on_other(self, message: bytes, receive_ns: int) -> None:
        # Whatever did not start like a known stream's envelope.
        if message[:1] == b"[":
            self._on_items(message, receive_ns)
            return
        head = _decode_head(message)
        if head.is_envelope:
            self._on_envelope(head.stream, bytes(head.data), receive_ns)
        elif head.last_id is not None:
            self._decoder.on_snapshot(self._snapshot_feed(head), message, receive_ns)
        elif head.event or head.update_id is not None:
            self._on_payload(head, message, receive_ns, "")
        elif head.is_answer:
            self._answers.append(decode_answer(message))
            self._decoder.ignore(Ignored.ANSWER)
        else:
            raise Refusal(Reason.UNKNOWN_EVENT, "expected a market-data message, found another")

    def _snapshot_feed(self, head: Head) -> InstrumentFeed:
        if not head.symbol and len(self._feeds) == 1:
            return self._feeds[0]
        feed = self._by_symbol.get(head.symbol)
        if feed is None:
            raise Refusal(
                Reason.UNKNOWN_SYMBOL,
                f"expected a snapshot that names a known symbol, found {head.symbol!r}",
            )
        return feed

    def _on_envelope(self, name: str, data: bytes, receive_ns: int) -> None:
        if data[:1] == b"[":
            self._on_items(data, receive_ns)
            return
        head = _decode_head(data)
        if head.last_id is not None:
            self._decoder.ignore(Ignored.UNUSED_STREAM)  # the top levels only: not the book
        else:
            self._on_payload(head, data, receive_ns, name)

    def _on_items(self, items: bytes, receive_ns: int) -> None:
        # An all-market message: symbols that are not ours are expected in it.
        for raw in _decode_items(items):
            item = bytes(raw)
            try:
                head = _decode_head(item)
                if head.market_symbol in self._by_symbol:
                    self._on_payload(head, item, receive_ns, "")
                else:
                    self._decoder.ignore(Ignored.OTHER_SYMBOL)
            except _UNREADABLE as error:
                self._refuse(error, item)

    def _on_payload(self, head: Head, data: bytes, receive_ns: int, name: str) -> None:
        channel = self._channel(head.event, name)
        if channel is None:
            return
        feed = self._by_symbol.get(head.market_symbol)
        if feed is None:
            if name.startswith("!"):
                self._decoder.ignore(Ignored.OTHER_SYMBOL)
                return
            raise Refusal(
                Reason.UNKNOWN_SYMBOL, f"expected a known symbol, found {head.market_symbol!r}"
            )
        enveloped = b'{"stream":"","data":' + data + b"}"
        self._decoder.handlers[channel](feed, enveloped, receive_ns)

    def _channel(self, event: str, name: str) -> Channel | None:
        # None: of no use, and counted. The stream's name counts too: `depth20` and `rpiDepth` send
        # the event of the book and are not the book.
        if event == "serverShutdown":
            self.is_shutting_down = True
            self._decoder.ignore(Ignored.SHUTDOWN)
            return None
        if event in _UNUSED_EVENTS:
            self._decoder.ignore(Ignored.UNUSED_EVENT)
            return None
        channel = _CHANNEL_OF_EVENT.get(event)
        if channel is None:
            raise Refusal(Reason.UNKNOWN_EVENT, f"expected a known event, found {event!r}")
        word = name.removeprefix("!").split("@")[0 if name.startswith("!") else 1 : 2]
        if name and word and word[0].partition("_")[0] != channel.value:
            self._decoder.ignore(Ignored.UNUSED_STREAM)
            return None
        return channel
