"""Messages written by hand in the venue's documented format, apart from our own encoder."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from undertow.domain.event_rows import from_array
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.market_event import MarketEvent
from undertow.venues.binance.codec import BinanceCodec
from undertow.venues.binance.instrument_feed import FeedTotals
from undertow.venues.binance.market import BinanceMarket, TimeUnit

MS = 1_000_000
START_MS = 1_700_000_000_000
Levels = Sequence[tuple[str, str]]


def instrument_of(market: BinanceMarket, base: str = "BTC") -> Instrument:
    """An instrument with a tick of 0.1 and a lot of 0.001 (whole contracts on COIN-M)."""
    is_coinm = market is BinanceMarket.COINM
    kinds = {BinanceMarket.SPOT: MarketKind.SPOT, BinanceMarket.USDM: MarketKind.LINEAR}
    quote = "USD" if is_coinm else "USDT"
    settle = base if is_coinm else quote
    return Instrument(
        symbol=f"{base}/{quote}" + (f":{settle}" if market.is_futures else ""),
        venue="binance",
        raw_symbol=f"{base}USD_PERP" if is_coinm else f"{base}USDT",
        kind=kinds.get(market, MarketKind.INVERSE),
        base=base,
        quote=quote,
        settle=settle,
        price_step=Step.of("0.1"),
        qty_step=Step.of("1" if is_coinm else "0.001"),
        contract_size=Step.of("100" if is_coinm else "1"),
    )


class Wire:
    """Writes one market's messages; times count up by a millisecond per message."""

    def __init__(self, market: BinanceMarket, symbol: str = "") -> None:
        self.market = market
        self.symbol = symbol or instrument_of(market).raw_symbol
        self.now_ms = START_MS

    def trade(self, trade_id: int, price: str = "100.1", qty: str = "5", **other: Any) -> bytes:
        """m: the buyer was the maker."""
        body = {"e": "trade", "E": self._tick() + 1, "s": self.symbol, "t": trade_id}
        body |= {"p": price, "q": qty, "T": self.now_ms, "m": False}
        if self.market.is_futures:
            body |= {"X": "MARKET"}
        return self.wrap("trade", body | other)

    def agg_trade(self, agg_id: int, price: str = "100.1", qty: str = "5", **other: Any) -> bytes:
        body = {"e": "aggTrade", "E": self._tick() + 1, "s": self.symbol, "a": agg_id}
        body |= {"p": price, "q": qty, "f": 100, "l": 105, "T": self.now_ms, "m": True}
        return self.wrap("aggTrade", body | other)

    def depth(
        self, first: int, last: int, previous: int = -1, *, bids: Levels = (), asks: Levels = ()
    ) -> bytes:
        body: dict[str, Any] = {"e": "depthUpdate", "E": self._tick() + 1}
        if self.market.is_futures:
            body |= {"T": self.now_ms}
        body |= {"s": self.symbol, "U": first, "u": last}
        if self.market.is_futures:
            body |= {"pu": previous}
        return self.wrap("depth@100ms", body | {"b": bids, "a": asks})

    def book_ticker(self, update_id: int, bid: str = "100.0", ask: str = "100.2") -> bytes:
        body: dict[str, Any] = {"u": update_id, "s": self.symbol}
        body |= {"b": bid, "B": "15", "a": ask, "A": "2"}
        if self.market.is_futures:
            body |= {"e": "bookTicker", "T": self._tick(), "E": self.now_ms + 1}
        return self.wrap("bookTicker", body)

    def mark_price(self, **other: Any) -> bytes:
        body = {"e": "markPriceUpdate", "E": self._tick(), "s": self.symbol}
        body |= {"p": "100.12345678", "i": "100.00000001", "P": "99.5", "r": "0.00038167"}
        return self.wrap("markPrice@1s", body | {"T": START_MS + 3_600_000} | other)

    def force_order(self, side: str = "SELL", **other: Any) -> bytes:
        order: dict[str, Any] = {
            "s": self.symbol,
            "S": side,
            "o": "LIMIT",
            "f": "IOC",
            "q": "3",
            "p": "99.9",
        }
        order |= {"ap": "99.95", "X": "FILLED", "l": "1", "z": "3", "T": self._tick()}
        return self.wrap("forceOrder", {"e": "forceOrder", "E": self.now_ms, "o": order | other})

    def kline(self, *, is_closed: bool = True) -> bytes:
        bar = {"t": START_MS, "T": START_MS + 59_999, "s": self.symbol, "i": "1m"}
        bar |= {"f": 100, "L": 200, "o": "100.0", "c": "100.3", "h": "100.9", "l": "99.8"}
        bar |= {"v": "12", "n": 101, "x": is_closed, "q": "1200.5", "V": "7", "Q": "700", "B": "0"}
        body = {"e": "kline", "E": self._tick(), "s": self.symbol, "k": bar}
        return self.wrap("kline_1m", body)

    def snapshot(self, last: int, bids: Levels, asks: Levels) -> bytes:
        """The answer to a depth request: never in an envelope, without times on spot."""
        body: dict[str, Any] = {"lastUpdateId": last}
        if self.market.is_futures:
            body |= {"E": self._tick() + 1, "T": self.now_ms}
        if self.market is BinanceMarket.COINM:
            body |= {"symbol": self.symbol, "pair": self.symbol.partition("_")[0]}
        return text(body | {"bids": bids, "asks": asks})

    def wrap(self, channel: str, body: Any) -> bytes:
        """A combined connection's envelope around it."""
        return text({"stream": f"{self.symbol.lower()}@{channel}", "data": body})

    def _tick(self) -> int:
        self.now_ms += 1
        return self.now_ms


class Feed:
    """A codec of one instrument (index 7, source 2) that is fed one message after the other."""

    def __init__(self, market: BinanceMarket, time_unit: TimeUnit = TimeUnit.MILLISECOND) -> None:
        self.codec = BinanceCodec(market, {7: instrument_of(market)}, 2, time_unit)
        self.receive_ns = START_MS * MS

    def hear(self, *messages: bytes) -> list[MarketEvent]:
        """The events of these messages, received a millisecond apart, as one batch."""
        times = []
        for _ in messages:
            self.receive_ns += MS
            times.append(self.receive_ns)
        return list(from_array(self.codec.decode(messages, times)))

    @property
    def instrument(self) -> Instrument:
        return instrument_of(self.codec.market)

    @property
    def totals(self) -> FeedTotals:
        return self.codec.totals(7)

    @property
    def refused(self) -> Mapping[str, int]:
        return self.codec.refusals.counts


def level(rng: random.Random, price: int, whole: bool) -> tuple[str, str]:
    """A level near a price given in ticks of 0.1; a third of them go away."""
    qty = rng.choice([0, 1, rng.randrange(1, 9_000)])
    return f"{(price + rng.randrange(40)) / 10:.1f}", f"{qty}" if whole else f"{qty / 1000:.3f}"


def random_script(market: BinanceMarket, seed: int, count: int) -> list[bytes]:
    """A feed with everything in it: good messages, losses, repeats, garbage, snapshots."""
    rng = random.Random(seed)
    wire = Wire(market)
    whole = market is BinanceMarket.COINM
    at = trade_id = 10
    messages: list[bytes] = []
    for _ in range(count):
        kind = rng.randrange(12)
        bids = [level(rng, 900, whole) for _ in range(rng.randrange(9))]
        asks = [level(rng, 1_000, whole) for _ in range(rng.randrange(9))]
        if kind < 4:
            lost = 3 * (rng.random() < 0.1)
            messages.append(
                wire.depth(at + lost + 1, at + lost + 4, at + lost, bids=bids, asks=asks)
            )
            at += lost + 4
        elif kind < 6:
            trade_id += rng.choice([1, 1, 1, 1, 2, 0])
            messages.append(wire.trade(trade_id, qty=str(rng.randrange(1, 9)), m=bool(kind % 2)))
        elif kind < 8:
            messages.append(wire.book_ticker(at, f"{rng.randrange(900, 999) / 10:.1f}"))
        elif kind == 8 and market.is_futures:
            messages.append(rng.choice([wire.mark_price(), wire.force_order()]))
        elif kind == 9:
            last = at - rng.randrange(12)
            deep = [(f"{price / 10:.1f}", "3") for price in range(700, 899)]
            messages.append(wire.snapshot(last, deep, [("100.5", "1"), ("100.6", "2")]))
        elif messages:
            bad = rng.choice(messages)
            messages.append(rng.choice([bad, bad[: len(bad) // 2], bad.replace(b'"1', b'"-1')]))
    return messages


def text(body: Any) -> bytes:
    """JSON as the venue sends it, without white space."""
    return json.dumps(body, separators=(",", ":")).encode()


@pytest.fixture(params=list(BinanceMarket))
def market(request: pytest.FixtureRequest) -> BinanceMarket:
    """Each of the three markets."""
    found: BinanceMarket = request.param
    return found


@pytest.fixture
def wire(market: BinanceMarket) -> Wire:
    """A writer of that market's messages."""
    return Wire(market)


@pytest.fixture
def spot_wire() -> Wire:
    """A writer of spot messages."""
    return Wire(BinanceMarket.SPOT)


@pytest.fixture
def usdm_wire() -> Wire:
    """A writer of USD-M messages."""
    return Wire(BinanceMarket.USDM)


@pytest.fixture
def feed(market: BinanceMarket) -> Feed:
    """A codec of that market with one instrument."""
    return Feed(market)


@pytest.fixture
def spot_feed() -> Feed:
    """A codec of spot with one instrument."""
    return Feed(BinanceMarket.SPOT)


@pytest.fixture
def usdm_feed() -> Feed:
    """A codec of USD-M with one instrument."""
    return Feed(BinanceMarket.USDM)


@pytest.fixture(scope="session")
def make_instrument() -> Callable[..., Instrument]:
    """`instrument_of`."""
    return instrument_of


@pytest.fixture(scope="session")
def make_script() -> Callable[[BinanceMarket, int, int], list[bytes]]:
    """`random_script`."""
    return random_script


@pytest.fixture(scope="session")
def make_wire() -> type[Wire]:
    """`Wire`, for other symbols."""
    return Wire
