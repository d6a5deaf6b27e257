"""The world in lockstep: one order of things however it is sliced, and no look-ahead."""

from collections.abc import Callable

import numpy as np
import pytest

from undertow.domain.command import Command, SubmitOrder
from undertow.domain.engine_input import ClockAdvanced, ReportReceived
from undertow.domain.errors import InvariantBroken
from undertow.domain.identity import ClientOrderId, StrategyId
from undertow.domain.money import Money
from undertow.domain.order import Market, Order, Purpose
from undertow.domain.side import Side
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.lockstep import Lockstep
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.timeline.row_slice import RowSlice

CONFIG = MarketConfig(assets=("BTC", "ETH"), venues=("aster", "borea"))
END_NS = CONFIG.start_ns + 20 * 10**9
Seen = list[tuple[str, int, bytes]]


class World:
    """A small synthetic world and everything needed to save it."""

    def __init__(self) -> None:
        self.market = SyntheticMarket(CONFIG, np.random.default_rng(3))
        table = self.market.table
        cash = [Money.of("100000", "USDT")]
        self.exchanges = {
            venue: Exchange(venue, table, ExchangeConfig(), np.random.default_rng(place), cash)
            for place, venue in enumerate(table.venues)
        }
        venues = [name.split(".")[0] for name in self.market.sources]
        self.lockstep = Lockstep(self.market.next_block, self.exchanges, venues)

    def parts(self) -> list[bytes]:
        saved = [self.market.snapshot(), self.lockstep.snapshot()]
        return saved + [exchange.snapshot() for exchange in self.exchanges.values()]

    def load(self, parts: list[bytes]) -> None:
        self.market.restore(parts[0])
        self.lockstep.restore(parts[1])
        for exchange, part in zip(self.exchanges.values(), parts[2:], strict=True):
            exchange.restore(part)


class Trader:
    """Sends a market order at every 700th row it sees, and writes down all it is told."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = 0
        self.orders = 0
        self.seen: Seen = []

    def take(self, item: RowSlice | ReportReceived) -> None:
        if isinstance(item, ReportReceived):
            kind = type(item.report).__name__
            self.seen.append((kind, item.receive_time_ns, b""))
            return
        stop = min(item.stop, item.start + 700 - self.rows % 700)
        self.rows += stop - item.start
        self.seen += [
            ("row", int(r["receive_time_ns"]), r.tobytes()) for r in item.rows[item.start : stop]
        ]
        self.world.lockstep.consume(stop)
        if self.rows % 700 == 0:
            now_ns = int(item.rows[stop - 1]["receive_time_ns"])
            self.world.lockstep.submit([self._order(now_ns)], now_ns)

    def _order(self, now_ns: int) -> Command:
        instrument = self.world.market.table[1]
        self.orders += 1
        order = Order(
            ClientOrderId(f"ut1-o{self.orders}"), instrument.instrument_id, StrategyId("s"),
            Side.BUY if self.orders % 2 else Side.SELL, instrument.lots("0.01"), Market(),
            Purpose.ENTRY, False, "d", now_ns,
        )  # fmt: skip
        return SubmitOrder(instrument.venue, order, now_ns)


Limit = Callable[[Lockstep], int | None]


def _run(trader: Trader, limit: Limit, until_ns: int = END_NS) -> Seen:
    lockstep = trader.world.lockstep
    while lockstep.now_ns < until_ns:
        bound = limit(lockstep)
        item = lockstep.next_item(until_ns if bound is None else min(bound, until_ns))
        if item is not None:
            assert not isinstance(item, ClockAdvanced), "no timer was named"
            trader.take(item)
    return trader.seen


def _free(_: Lockstep) -> int | None:
    return None


def _bounded(lockstep: Lockstep) -> int | None:
    return lockstep.now_ns + lockstep.round_trip_ns if lockstep.now_ns else None


def _tiny(lockstep: Lockstep) -> int | None:
    return lockstep.now_ns + 3_000_000 if lockstep.now_ns else None


@pytest.fixture(scope="module")
def reference() -> Seen:
    return _run(Trader(World()), _free)


def test_the_world_is_shown_in_order_of_time(reference: Seen) -> None:
    times = [at for _, at, _ in reference]
    assert times == sorted(times)
    assert sum(kind == "OrderFilled" for kind, _, _ in reference) >= 3


@pytest.mark.parametrize("limit", [_bounded, _tiny])
def test_slicing_changes_nothing(reference: Seen, limit: Limit) -> None:
    assert _run(Trader(World()), limit) == reference


def test_an_answer_takes_at_least_the_round_trip(reference: Seen) -> None:
    rows = 0
    sent = []
    for kind, at, _ in reference:
        rows += kind == "row"
        if kind == "row" and rows % 700 == 0:
            sent.append(at)
        if kind == "OrderAccepted":
            assert at - sent.pop(0) >= World().lockstep.round_trip_ns


def test_a_restored_world_goes_on_the_same(reference: Seen) -> None:
    first = Trader(World())
    middle_ns = CONFIG.start_ns + 7 * 10**9
    _run(first, _bounded, middle_ns)
    second = Trader(World())
    second.world.load(first.world.parts())
    second.rows, second.orders, second.seen = first.rows, first.orders, list(first.seen)
    assert _run(second, _bounded) == reference


def test_a_recorded_run_can_be_repeated(reference: Seen) -> None:
    trader = Trader(World())
    lockstep = trader.world.lockstep
    position = 0
    while position < len(reference):
        kind, at, _ = reference[position]
        if kind != "row":
            report = lockstep.take_report(at)
            assert report is not None
            assert (type(report.report).__name__, report.receive_time_ns) == (kind, at)
            position += 1
            continue
        rows = lockstep.take_rows(1)
        assert rows.tobytes() == reference[position][2]
        trader.rows += 1
        if trader.rows % 700 == 0:
            lockstep.submit([trader._order(at)], at)
        position += 1


def test_a_source_without_an_exchange_is_our_bug() -> None:
    world = World()
    with pytest.raises(InvariantBroken, match="expected an exchange for each source"):
        Lockstep(world.market.next_block, world.exchanges, ["nowhere"])


def test_consuming_backwards_is_our_bug() -> None:
    lockstep = World().lockstep
    item = lockstep.next_item()
    assert isinstance(item, RowSlice)
    lockstep.consume(item.start + 2)
    with pytest.raises(InvariantBroken, match="expected a row from"):
        lockstep.consume(item.start)


def test_the_end_of_the_data_is_the_end() -> None:
    blocks = [SyntheticMarket(CONFIG, np.random.default_rng(3)).next_block()]
    world = World()
    lockstep = Lockstep(lambda: blocks.pop() if blocks else None, world.exchanges, ["aster"] * 4)
    rows = 0
    while (item := lockstep.next_item()) is not None:
        assert isinstance(item, RowSlice)
        rows += item.count
        lockstep.consume(item.stop)
    assert rows > 0
    assert lockstep.has_ended
