"""The codec against real traffic of the venue, other years, other symbols."""

import gzip
import json
import re
from pathlib import Path

import numpy as np
import pytest

from undertow.domain.event_rows import from_array
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.market_event import BookUpdate, MarketEvent
from undertow.venues.binance.codec import BinanceCodec
from undertow.venues.binance.encoder import BinanceEncoder
from undertow.venues.binance.instruments import decode_exchange_info
from undertow.venues.binance.market import BinanceMarket

pytestmark = pytest.mark.recorded

SPOT, USDM, COINM = BinanceMarket
FILES = {SPOT: "BINANCE", USDM: "BINANCE_FUTURES", COINM: "BINANCE_DELIVERY"}
SNAPSHOT = re.compile(rb"https\S+/depth\?symbol=(\w+)\S* -> ([\d.]+): (.*)")


def recorded_feed(folder: Path, market: BinanceMarket, *, is_exact: bool) -> BinanceCodec:
    """A codec of every instrument listed on that day, on the grid of messages or of orders."""
    with gzip.open(folder / f"{FILES[market]}.0.gz") as file:
        body = file.readline().partition(b": ")[2]
    listings = decode_exchange_info(market, body).listings
    coins = [each.on_printed_grid if is_exact else each.instrument for each in listings]
    return BinanceCodec(market, dict(enumerate(coins)))


def recorded_lines(folder: Path, market: BinanceMarket) -> list[tuple[float, bytes]]:
    """Messages and snapshots in the order of receipt; snapshots are given their symbol, which the
    recorder had in the address.
    """
    with gzip.open(folder / f"{FILES[market]}.http.0.0.gz") as file:
        answers = [found for line in file if (found := SNAPSHOT.match(line))]
    lines = [
        (float(found[2]), b'{"symbol":"' + found[1] + b'",' + found[3][1:]) for found in answers
    ]
    with gzip.open(folder / f"{FILES[market]}.ws.1.0.gz") as file:
        parts = [line.partition(b": ") for line in file]
    lines += [(float(stamp), text) for stamp, _, text in parts if re.fullmatch(rb"[\d.]+", stamp)]
    return sorted(lines, key=lambda line: line[0])


def play(codec: BinanceCodec, lines: list[tuple[float, bytes]]) -> list[MarketEvent]:
    times = [int(stamp * 1e9) for stamp, _ in lines]
    return list(from_array(codec.decode([message for _, message in lines], times)))


def test_half_a_minute_of_many_symbols(market: BinanceMarket, recorded: Path) -> None:
    lines = recorded_lines(recorded / "cryptofeed", market)
    codec = recorded_feed(recorded / "cryptofeed", market, is_exact=True)
    events = play(codec, lines)
    totals = [feed.counted() for feed in codec._feeds]
    assert codec.refusals.counts == {}
    expected = {SPOT: (177, 2), USDM: (764, 91), COINM: (2_047, 51)}[market]
    trades = sum(type(event).__name__ == "Trade" for event in events)
    assert (sum(each.depth_messages for each in totals), trades) == expected
    books = [each for each in totals if each.depth_messages]
    assert {each.snapshots for each in books} == {1}
    assert sum(each.gaps + each.inexact_sizes + each.duplicates for each in totals) == 0


def test_books_with_orders_from_before_a_change_of_tick(
    market: BinanceMarket, recorded: Path
) -> None:
    """On the grid of orders such a book is refused, never rounded."""
    codec = recorded_feed(recorded / "cryptofeed", market, is_exact=False)
    play(codec, recorded_lines(recorded / "cryptofeed", market))
    symbols = [feed.symbol for feed in codec._feeds if feed.index in codec.needs_snapshot]
    assert codec.refusals.counts == ({} if market is COINM else {"off_grid": 1})
    assert symbols == {SPOT: ["NKNUSDT"], USDM: ["CTKUSDT"], COINM: []}[market]


SAMPLES = (
    *("agg_trade_stream", "book_ticker_stream", "depth_update_stream", "kline_stream_closed"),
    *("kline_stream_open", "liquidation_stream", "mark_price_stream", "trade_stream"),
)


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_of_every_stream_are_taken(name: str, recorded: Path) -> None:
    folder = recorded / "nautilus_messages" / "binance" / "futures" / "market_data_json"
    message = (folder / f"{name}.json").read_bytes()
    body = json.loads(message)
    raw_symbol = body.get("s") or body["o"]["s"]
    coin = Instrument(
        *("X/USDT:USDT", "binance", raw_symbol, MarketKind.LINEAR, "X", "USDT", "USDT"),
        price_step=Step(1, 8),
        qty_step=Step(1, 8),
    )
    codec = BinanceCodec(USDM, {0: coin})
    codec.decode([message], [body["E"] * 1_000_000])
    assert (codec.refusals.counts, codec.ignored) == ({}, {})


RECORDINGS = {
    SPOT: ("spot/btcusdt_20240808.gz", "BTCUSDT", "0.01", "0.000001"),
    USDM: ("usdm/btcusdt_20240808.gz", "BTCUSDT", "0.10", "0.001"),
    COINM: ("cm/btcusd_perp_20240808.gz", "BTCUSD_PERP", "0.1", "1"),
}


def test_what_is_encoded_again_decodes_to_the_same_rows(
    market: BinanceMarket, recorded: Path
) -> None:
    """encode(decode(message)) says the same as the message, for thousands of real ones."""
    name, raw_symbol, tick, lot = RECORDINGS[market]
    coin = Instrument(
        *("BTC", "binance", raw_symbol, MarketKind.LINEAR, "BTC", "USDT", "USDT"),
        price_step=Step.of(tick),
        qty_step=Step.of(lot),
    )
    with gzip.open(recorded / "hftbacktest" / name) as file:
        pairs = [next(file).split(b" ", 1) for _ in range(3_000)]
    times = [int(stamp) for stamp, _ in pairs]
    rows = BinanceCodec(market, {0: coin}).decode([message for _, message in pairs], times)
    events = list(from_array(rows))
    encoder, again = BinanceEncoder(market, {0: coin}), BinanceCodec(market, {0: coin})
    events = events[next(i for i, event in enumerate(events) if is_timed(event, market)) :]
    back = again.decode(
        [encoder.encode(event) for event in events], [event.receive_time_ns for event in events]
    )
    assert len(events) > 2_000
    assert again.refusals.counts == {}
    same = rows[len(rows) - len(back) :]
    if not market.is_futures:
        # Spot quotes and books take the time of what came before, which was cut off here.
        same["event_time_ns"] = back["event_time_ns"]
    assert np.array_equal(back, same)


def is_timed(event: MarketEvent, market: BinanceMarket) -> bool:
    """Whether its message says when it happened, so that a codec can begin with it."""
    return market.is_futures or not (isinstance(event, BookUpdate) or hasattr(event, "bid_ticks"))
