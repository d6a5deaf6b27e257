"""The world in lockstep: one order of things however it is sliced, and no look-ahead."""

from collections.abc import Callable

import numpy as np
import pytest

from undertow.domain.command import Command, SubmitOrder
from undertow.domain.engine_input import ClockAdvanced, ReportReceived
from undertow.domain.errors import InvariantBroken
from undertow.domain.fixed import Step
from undertow.domain.identity import ClientOrderId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.domain.money import Money
from undertow.domain.order import Market, Order, Purpose, Terms, Trigger, TriggerWhen
from undertow.domain.report import OrderFilled
from undertow.domain.side import Side
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.fill_preset import exchange_config
from undertow.simulator.funding_plan import ConstantFunding
from undertow.simulator.latency import ConstantLatency
from undertow.simulator.lockstep import Lockstep
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.timeline.market_data import DataFidelity
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


class BarTrader:
    """Buys and sells at bars' closes, and sends a stop on every entry it hears of."""

    def __init__(self, config: ExchangeConfig) -> None:
        instrument = Instrument(
            "BTC/USDT:USDT", "aster", "BTCP", MarketKind.LINEAR, "BTC", "USDT", "USDT",
            Step(1, 0), Step(1, 0), max_leverage=10,
        )  # fmt: skip
        self.name = instrument.instrument_id
        self.exchange = Exchange(
            "aster", InstrumentTable([instrument]), config, np.random.default_rng(3),
            [Money.of("1000000", "USDT")],
        )  # fmt: skip
        blocks = [minute_bars(60, config.feed_latency.floor_ns)]
        self.lockstep = Lockstep(
            lambda: blocks.pop() if blocks else None, {"aster": self.exchange}, ["aster"]
        )
        self.seen: list[tuple[str, int]] = []
        self.sent = 0

    def run(self, bound_ns: int | None, timer_ns: int | None) -> list[tuple[str, int]]:
        due_ns = timer_ns
        while not self.lockstep.has_ended:
            limit = None if bound_ns is None else self.lockstep.now_ns + bound_ns
            item = self.lockstep.next_item(limit, due_ns)
            if item is None:
                continue
            if isinstance(item, RowSlice):
                next_ns = int(item.rows["receive_time_ns"][item.start])
            else:
                next_ns = item.receive_time_ns
            while due_ns is not None and due_ns <= next_ns:
                # A trader stops by itself at its own time, inside a slice and before a report.
                self.note("timer", due_ns)
                due_ns += timer_ns or 0
            if isinstance(item, RowSlice):
                self.take(item)
            elif isinstance(item, ReportReceived):
                self.hear(item)
        # What is still under way when the last row is taken depends on the last stride.
        last = max(k for k, (what, _) in enumerate(self.seen) if what == "row")
        return self.seen[:last]

    def take(self, item: RowSlice) -> None:
        row = item.rows[item.start]
        self.note("row", int(row["receive_time_ns"]))
        self.lockstep.consume(item.start + 1)
        if row["kind"] == EventKind.BAR and int(row["sequence"]) // NS_PER_MIN % 3 == 0:
            self.send(Side.BUY if self.sent % 4 else Side.SELL, Market(), is_reduce=False)

    def note(self, what: str, at_ns: int) -> None:
        self.seen.append((what, at_ns))

    def hear(self, item: ReportReceived) -> None:
        self.note(str(item.report), item.receive_time_ns)
        report = item.report
        if isinstance(report, OrderFilled) and report.side is Side.BUY:
            terms = Trigger(report.price_ticks - 60, TriggerWhen.FALLS_TO, Market())
            self.send(Side.SELL, terms, is_reduce=True)

    def send(self, side: Side, terms: Terms, *, is_reduce: bool) -> None:
        self.sent += 1
        now_ns = self.lockstep.now_ns
        order = Order(
            ClientOrderId(f"o{self.sent}"), self.name, StrategyId("s"), side, 5, terms,
            Purpose.ENTRY, is_reduce, "d", now_ns,
        )  # fmt: skip
        self.lockstep.submit([SubmitOrder("aster", order, now_ns)], now_ns)


NS_PER_MIN = 60 * 10**9


def minute_bars(count: int, feed_ns: int) -> EventArray:
    """A random walk of minute bars."""
    rng = np.random.default_rng(7)
    opens = 10_000 + np.cumsum(rng.integers(-15, 16, count))
    rows = np.zeros((count, 2), EVENT)
    starts = np.arange(count, dtype=np.int64) * NS_PER_MIN
    rows["sequence"] = starts[:, None]
    rows["kind"] = [[EventKind.BAR_OPEN, EventKind.BAR]]
    rows["event_time_ns"] = starts[:, None] + np.array([0, NS_PER_MIN])
    rows["receive_time_ns"] = rows["event_time_ns"] + feed_ns
    rows["price_ticks"] = opens[:, None] + np.stack([0 * opens, rng.integers(-9, 10, count)], 1)
    rows["qty_lots"] = [[60, 1_000]]
    rows["price_b"][:, 1] = opens + 9 + rng.integers(0, 15, count)
    rows["qty_b"][:, 1] = opens - 9 - rng.integers(0, 15, count)
    return rows.ravel()


LATENCIES = {
    "usual": (5, 20, 20),
    "slow feed": (300, 1, 1),
    "slow response": (1, 5, 400),
    "slow order": (20, 300, 2),
}


@pytest.mark.parametrize("name", LATENCIES)
@pytest.mark.parametrize("timer_ns", [None, 7 * 10**9])
def test_strides_over_empty_time_change_nothing(name: str, timer_ns: int | None) -> None:
    feed, order, response = (ConstantLatency(ms * 1_000_000) for ms in LATENCIES[name])
    config = exchange_config(
        "pessimistic", DataFidelity.BARS, feed_latency=feed, order_latency=order,
        response_latency=response, funding=ConstantFunding(10**8, 5 * NS_PER_MIN),
    )  # fmt: skip
    strides = BarTrader(config)
    told = strides.run(None, timer_ns)
    assert strides.exchange.late_commands == 0
    steps = BarTrader(config)
    assert steps.run(1_500_000_000, timer_ns) == told
    assert sum("OrderFilled" in what for what, _ in told) > 20
    assert sum("FundingSettled" in what for what, _ in told) > 1
    times = [at_ns for _, at_ns in told]
    assert times == sorted(times)
