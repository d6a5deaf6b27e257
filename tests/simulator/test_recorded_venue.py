"""On recorded Binance traffic books equal the venue's quotes, and fills follow the models."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from undertow.domain.command import CancelOrder, SubmitOrder
from undertow.domain.fixed import Step
from undertow.domain.identity import ClientOrderId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray, EventKind
from undertow.domain.money import Money
from undertow.domain.order import Limit, Order, Purpose
from undertow.domain.report import OrderFilled
from undertow.domain.side import Side
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig, Fidelity, QueueModel
from undertow.venues.binance.codec import BinanceCodec
from undertow.venues.binance.market import BinanceMarket, TimeUnit

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "hftbacktest"
FAR_NS = 1 << 61
S = 1_000_000_000

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(
        not DATA.exists(), reason="the recorded market data is not beside the project"
    ),
]


def instrument(market: BinanceMarket) -> Instrument:
    is_spot = market is BinanceMarket.SPOT
    kind = MarketKind.SPOT if is_spot else MarketKind.LINEAR
    symbol, tick, lot = "BTC/USDT", "0.01", "0.00001"
    if not is_spot:
        symbol, tick, lot = "BTC/USDT:USDT", "0.1", "0.001"
    return Instrument(
        symbol, "binance", "BTCUSDT", kind, "BTC", "USDT", "USDT",
        Step.of(tick), Step.of(lot), max_leverage=20,
    )  # fmt: skip


@pytest.fixture(scope="module", params=[BinanceMarket.SPOT, BinanceMarket.USDM])
def recording(request: pytest.FixtureRequest) -> tuple[Instrument, EventArray]:
    market: BinanceMarket = request.param
    folder = "spot" if market is BinanceMarket.SPOT else "usdm"
    with gzip.open(DATA / folder / "btcusdt_20240808.gz", "rb") as lines:
        pairs = [line.rstrip().split(b" ", 1) for line in lines]
    made = instrument(market)
    codec = BinanceCodec(market, {0: made}, 0, TimeUnit.MILLISECOND)
    return made, codec.decode([body for _, body in pairs], [int(at) for at, _ in pairs])


def venue(made: Instrument, **config: Any) -> Exchange:
    rng = np.random.Generator(np.random.PCG64(1))
    money = [Money.of("100000000", "USDT"), Money.of("1000", "BTC")]
    given = ExchangeConfig(ladder_levels=8_192, **config)
    return Exchange("binance", InstrumentTable([made]), given, rng, money)


def test_book_is_the_venues_own_best_bid_and_ask(recording: tuple[Instrument, EventArray]) -> None:
    made, rows = recording
    markets = venue(made)._markets
    quotes = {int(q["sequence"]): q for q in rows[rows["kind"] == EventKind.QUOTE]}
    position = compared = 0
    for end in np.flatnonzero(rows["kind"] == EventKind.BOOK_END):
        position = markets.run(rows[: end + 1], position, FAR_NS)
        assert markets.is_valid(0)
        quote = quotes.get(int(rows[end]["sequence"]))
        if quote is not None:
            compared += 1
            assert markets.displayed(0, Side.BUY)[0] == (quote["price_ticks"], quote["qty_lots"])
            assert markets.displayed(0, Side.SELL)[0] == (quote["price_b"], quote["qty_b"])
    assert compared > 500


def filled(made: Instrument, rows: EventArray, **config: Any) -> int:
    """Lots filled of a post-only order a second and side at the best price, twenty kept."""
    exchange = venue(made, **config)
    times = rows["receive_time_ns"]
    reports, position, sent = [], 0, 0
    for now_ns in range(int(times[0]) + 3 * S, int(times[-1]), S):
        stop = int(np.searchsorted(times, now_ns, side="right"))
        reports += exchange.advance(rows[position:stop], now_ns - exchange.feed_latency_ns)
        position = stop
        for side in Side:
            name = f"o{sent}"
            sent += 1
            limit = Limit(exchange._markets.best(0, side), is_post_only=True)
            order = _new_order(name, made, side, limit)
            exchange.submit(SubmitOrder("binance", order, now_ns))
        for old in exchange.open_orders()[:-20]:
            exchange.submit(CancelOrder("binance", made.instrument_id, old.client_order_id, now_ns))
    return sum(d.report.qty_lots for d in reports if isinstance(d.report, OrderFilled))


def _new_order(name: str, made: Instrument, side: Side, limit: Limit) -> Order:
    lots = made.lots("0.01")
    return Order(
        ClientOrderId(name), made.instrument_id, StrategyId("test"), side, lots, limit,
        Purpose.ENTRY, is_reduce_only=False, decision_id="", created_ns=0,
    )  # fmt: skip


@pytest.mark.parametrize("fidelity", [Fidelity.BOOK, Fidelity.QUOTES])
def test_optimism_fills_more(recording: tuple[Instrument, EventArray], fidelity: Fidelity) -> None:
    made, rows = recording
    lots = [
        filled(made, rows, fidelity=fidelity, queue_model=model)
        for model in (QueueModel.PESSIMISTIC, QueueModel.PROPORTIONAL, QueueModel.OPTIMISTIC)
    ]
    assert 0 < lots[0] < lots[1] < lots[2]
