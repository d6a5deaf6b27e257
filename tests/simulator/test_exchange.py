"""Properties of the whole venue under random scripts of rows and commands."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.command import AmendOrder, CancelOrder, Command, QueryOrder, SubmitOrder
from undertow.domain.errors import CallerError, SnapshotCorrupt
from undertow.domain.event_rows import to_array
from undertow.domain.identity import ClientOrderId
from undertow.domain.market_event import EventArray
from undertow.domain.money import Money
from undertow.domain.order import (
    Limit,
    Market,
    OrderState,
    TimeInForce,
    Trigger,
    TriggerWhen,
)
from undertow.domain.report import (
    FundingSettled,
    OrderAccepted,
    OrderFilled,
    OrderStatus,
    PositionLiquidated,
)
from undertow.domain.side import Side
from undertow.simulator.delivery import Delivery
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig, Fidelity, MarginMode, QueueModel
from undertow.simulator.faults import FaultPlan, Outage
from undertow.simulator.fee_program import FeeEra, FeeTier
from undertow.simulator.funding_plan import ConstantFunding
from undertow.simulator.impact_model import SquareRootImpact
from undertow.simulator.intrabar_path import IntrabarPath
from undertow.simulator.latency import ConstantLatency, LogNormalLatency

MS = 1_000_000
FAR_NS = 1 << 50
VENUE = "aster"
LINEAR = 1

SIDES = st.sampled_from(list(Side))
TICKS = st.integers(95, 105)
LOTS = st.integers(1, 12)
SIZES = st.lists(st.integers(0, 9), min_size=4, max_size=4)
LIMITS = st.builds(Limit, TICKS, st.sampled_from([TimeInForce.GTC, *TimeInForce]), st.booleans())
PLAIN = st.one_of(LIMITS, LIMITS, st.just(Market()))
TERMS = st.one_of(
    PLAIN, PLAIN, st.builds(Trigger, TICKS, st.sampled_from(list(TriggerWhen)), PLAIN)
)
ROW = st.one_of(
    st.tuples(st.just("trade"), SIDES, TICKS, LOTS),
    st.tuples(st.just("book"), TICKS, st.integers(1, 3), SIZES, SIZES),
    st.tuples(st.just("quote"), TICKS, st.integers(1, 3), LOTS, LOTS),
    st.tuples(st.just("mark"), st.integers(90, 110)),
    st.tuples(st.just("funding"), st.integers(-1000, 1000)),
    st.tuples(st.just("bar"), TICKS, st.integers(0, 3), st.integers(0, 3), st.integers(0, 90)),
)
COMMAND = st.one_of(
    st.tuples(st.just("submit"), SIDES, LOTS, TERMS, st.booleans()),
    st.tuples(st.just("submit"), SIDES, LOTS, TERMS, st.just(False)),
    st.tuples(st.sampled_from(["cancel", "query"]), st.integers(0, 9)),
    st.tuples(st.just("amend"), st.integers(0, 9), TICKS, LOTS),
)
SCRIPT = st.lists(st.one_of(ROW, ROW, COMMAND), max_size=50)
MAKER_SCRIPT = st.lists(
    st.one_of(
        ROW,
        ROW,
        st.tuples(st.just("submit"), SIDES, LOTS, st.builds(Limit, TICKS), st.just(False)),
    ),
    max_size=40,
)


class Script:
    """Rows and commands of a random script, a millisecond apart."""

    def __init__(self, items: list[Any], make_rows: Any, new_order: Callable[..., Any]) -> None:
        self._source = make_rows(LINEAR)
        self._new_order = new_order
        self._submitted = 0
        self._bar_ms = 0
        events: list[EventArray] = []
        self.commands: list[Command] = []
        for ms, (verb, *words) in enumerate(items, start=1):
            if verb in ("submit", "cancel", "query", "amend"):
                self.commands.append(self._command(verb, ms * MS, words))
            else:
                events += self._rows(verb, ms, words)
        self.rows: EventArray = np.concatenate(events) if events else to_array([])
        self.end_ns = (len(items) + 100) * MS

    def _rows(self, verb: str, ms: int, words: list[Any]) -> list[EventArray]:
        if verb != "bar":
            return [to_array([self._event(verb, ms, words)])]
        # The bar since the last one is over, and the next begins at its close.
        middle, up, down, lots = words
        rows = []
        if self._bar_ms:
            close = middle + (up - down) // 2
            whole = self._source.bar(ms, middle + up, middle - down, close, lots, length_s=1)
            whole["sequence"] = self._bar_ms * MS
            rows.append(whole)
        self._bar_ms = ms
        return [*rows, self._source.bar_open(ms, middle)]

    def _event(self, verb: str, ms: int, words: list[Any]) -> Any:
        source = self._source
        if verb == "trade":
            return source.trade(ms, *words)
        if verb == "mark":
            return source.mark(ms, *words)
        if verb == "funding":
            return source.funding(ms, 100, words[0] / 1e5)
        bid, gap, *sizes = words
        if verb == "quote":
            return source.quote(ms, f"{bid}x{sizes[0]}", f"{bid + gap}x{sizes[1]}")
        bids = " ".join(f"{bid - i}x{lots}" for i, lots in enumerate(sizes[0]))
        asks = " ".join(f"{bid + gap + i}x{lots}" for i, lots in enumerate(sizes[1]))
        return source.book(ms, bids, asks)

    def _command(self, verb: str, sent_ns: int, words: list[Any]) -> Command:
        instrument_id = self._new_order("x", Side.BUY, 1, Market()).instrument_id
        if verb == "submit":
            side, lots, terms, reduce = words
            name = f"o{self._submitted}"
            self._submitted += 1
            return SubmitOrder(
                VENUE, self._new_order(name, side, lots, terms, reduce=reduce), sent_ns
            )
        name = ClientOrderId(f"o{words[0]}")
        if verb == "cancel":
            return CancelOrder(VENUE, instrument_id, name, sent_ns)
        if verb == "query":
            return QueryOrder(VENUE, instrument_id, name, sent_ns)
        return AmendOrder(VENUE, instrument_id, name, words[1], words[2], sent_ns)


FAULTY = FaultPlan(
    drop_ppm=100_000,
    reject_ppm=100_000,
    duplicate_ppm=100_000,
    reorder_ppm=100_000,
    outages=(Outage(20 * MS, 25 * MS),),
)
CONFIGS = {
    "book": ExchangeConfig(order_latency=ConstantLatency(MS), response_latency=ConstantLatency(MS)),
    "quotes": ExchangeConfig(fidelity=Fidelity.QUOTES, margin_mode=MarginMode.ISOLATED),
    "trades": ExchangeConfig(
        fidelity=Fidelity.TRADES,
        order_latency=ConstantLatency(MS),
        response_latency=ConstantLatency(MS),
        at_share_ppm=250_000,
        participation_ppm=1_000_000,
        funding=ConstantFunding(10**9, 7 * MS),
        fee_eras=(FeeEra((FeeTier("0", 200, 500), FeeTier("100", 100, 400))),),
    ),
    "bars": ExchangeConfig(
        fidelity=Fidelity.BARS,
        order_latency=ConstantLatency(MS),
        response_latency=ConstantLatency(MS),
        intrabar_path=IntrabarPath.NEAREST_EXTREME,
        impact_of={"BTC/USDT:USDT": SquareRootImpact(1_000, 20_000, half_life_ns=9 * MS)},
    ),
    "faults": ExchangeConfig(
        order_latency=LogNormalLatency(MS, 3 * MS),
        response_latency=LogNormalLatency(MS, 3 * MS),
        faults=FAULTY,
    ),
}


def make(table: Any, config: ExchangeConfig, usdt: int = 2_000) -> Exchange:
    rng = np.random.Generator(np.random.PCG64(7))
    return Exchange(VENUE, table, config, rng, [Money.of(str(usdt), "USDT")])


def play(exchange: Exchange, script: Script) -> list[Delivery]:
    for command in script.commands:
        exchange.submit(command)
    return exchange.advance(script.rows, script.end_ns)


@pytest.mark.parametrize("name", CONFIGS)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(items=SCRIPT, cuts=st.lists(st.integers(0, 80), max_size=8).map(sorted))
def test_slices_and_restarts_change_nothing(
    table: Any, make_rows: Any, new_order: Any, *, name: str, items: Any, cuts: list[int]
) -> None:
    script = Script(items, make_rows, new_order)
    whole = make(table, CONFIGS[name])
    told = play(whole, script)
    sliced, heard, sent, passed = make(table, CONFIGS[name]), [], 0, 0
    for cut in [*cuts, None]:
        until_ns = script.end_ns if cut is None else cut * MS
        while sent < len(script.commands) and script.commands[sent].sent_ns <= until_ns:
            sliced.submit(script.commands[sent])
            sent += 1
        stop = int(np.searchsorted(script.rows["receive_time_ns"], until_ns + 7 * MS))
        heard += sliced.advance(script.rows[passed:stop], until_ns)
        passed = stop
        state = sliced.snapshot()
        sliced = make(table, CONFIGS[name], usdt=1)
        sliced.restore(state)
        assert sliced.snapshot() == state
    assert heard == told
    assert sliced.snapshot() == whole.snapshot()


@pytest.mark.parametrize("name", CONFIGS)
@settings(max_examples=100, deadline=None, derandomize=True)
@given(items=SCRIPT)
def test_money_and_lots_are_conserved(
    table: Any, make_rows: Any, new_order: Any, name: str, items: Any
) -> None:
    script = Script(items, make_rows, new_order)
    config = msgspec.structs.replace(
        CONFIGS[name], faults=FaultPlan(), margin_mode=MarginMode.CROSS
    )
    exchange = make(table, config, 10**6)
    reports = [delivery.report for delivery in play(exchange, script)]
    cash = Money.of("1000000", "USDT")
    lots: dict[str, int] = {}
    position = 0
    for report in reports:
        if isinstance(report, OrderFilled):
            cost = table[LINEAR].cost(report.price_ticks, report.qty_lots)
            cash = cash - cost.times(report.side) - report.fee
            position += report.side * report.qty_lots
            lots[report.client_order_id] = lots.get(report.client_order_id, 0) + report.qty_lots
        elif isinstance(report, FundingSettled):
            cash = cash + report.amount
    assert not any(isinstance(report, PositionLiquidated) for report in reports)
    assert exchange.signed_lots(LINEAR) == position
    held = exchange._account.position(LINEAR)
    entry = held.side * held.entry_cost if held else 0
    assert exchange.balances()[0].amount == cash.amount + entry
    for order in exchange._register.dump().orders:
        assert order.filled_lots == lots.get(order.client_order_id, 0)
        assert order.filled_lots + order.remaining == order.qty_lots


def filled_by(config: ExchangeConfig, table: Any, script: Script) -> dict[str, int]:
    found: dict[str, int] = {}
    for delivery in play(make(table, config, 10**9), script):
        if isinstance(delivery.report, OrderFilled):
            name = delivery.report.client_order_id
            found[name] = found.get(name, 0) + delivery.report.qty_lots
    return found


@pytest.mark.parametrize("fidelity", [Fidelity.BOOK, Fidelity.QUOTES])
@settings(max_examples=150, deadline=None, derandomize=True)
@given(items=MAKER_SCRIPT)
def test_pessimistic_fills_least(
    table: Any, make_rows: Any, new_order: Any, fidelity: Fidelity, items: Any
) -> None:
    script = Script(items, make_rows, new_order)
    fills = [
        sum(filled_by(ExchangeConfig(fidelity=fidelity, queue_model=m), table, script).values())
        for m in (QueueModel.PESSIMISTIC, QueueModel.PROPORTIONAL, QueueModel.OPTIMISTIC)
    ]
    assert fills == sorted(fills)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(items=MAKER_SCRIPT)
def test_price_time_priority_among_own_orders(
    table: Any, make_rows: Any, new_order: Any, items: Any
) -> None:
    script = Script(items, make_rows, new_order)
    done = filled_by(ExchangeConfig(), table, script)
    orders = [c.order for c in script.commands if isinstance(c, SubmitOrder)]
    exchange = make(table, ExchangeConfig(), 10**9)
    play(exchange, script)
    resting = {order.client_order_id for order in exchange.open_orders()}
    for i, late in enumerate(orders):
        for early in orders[:i]:
            same = (early.side, early.terms) == (late.side, late.terms)
            if same and early.client_order_id in resting and late.client_order_id in resting:
                assert done.get(late.client_order_id, 0) == 0 or (
                    _took(table, script, late.client_order_id)
                )


def _took(table: Any, script: Script, name: str) -> bool:
    # A later order may have taken on arrival what the earlier one could not reach.
    reports = [d.report for d in play(make(table, ExchangeConfig(), 10**9), script)]
    fills = [r for r in reports if isinstance(r, OrderFilled) and r.client_order_id == name]
    return all(fill.liquidity == "taker" for fill in fills)


def test_times_of_a_round_trip(table: Any, make_rows: Any, new_order: Any) -> None:
    exchange = make(table, ExchangeConfig())
    assert exchange.round_trip_min_ns == 40 * MS
    assert (exchange.feed_latency_ns, exchange.response_min_ns) == (5 * MS, 20 * MS)
    rows = to_array([make_rows(LINEAR).book(100, "100x10", "101x4")])
    exchange.submit(SubmitOrder(VENUE, new_order("a", Side.BUY, 1, Market()), 75 * MS))
    assert exchange.advance(rows, 94 * MS) == []
    heard = exchange.advance(rows[:0], 95 * MS)
    assert [d.receive_time_ns for d in heard] == [115 * MS, 115 * MS]
    assert heard[0].report.event_time_ns == 95 * MS
    assert exchange.late_commands == 0


def test_rows_before_commands_at_the_same_instant(make_trader: Any) -> None:
    trader = make_trader(feed_latency=ConstantLatency(0), order_latency=ConstantLatency(MS))
    trader.submit(1, "a", Side.BUY, 1, Market())
    told = trader.feed(trader.rows.book(2, "100x10", "101x4"))
    assert told[1].startswith("filled a 101x1")


def test_idle_until_something_can_be_said(make_trader: Any) -> None:
    trader = make_trader()
    assert trader.exchange.is_idle
    trader.feed(trader.rows.book(1, "100x10", "101x4"))
    trader.submit(2, "a", Side.BUY, 1, Limit(99))
    assert not trader.exchange.is_idle
    trader.feed(until_ms=3)
    assert not trader.exchange.is_idle
    trader.send(CancelOrder(VENUE, trader.table[LINEAR].instrument_id, ClientOrderId("a"), 4 * MS))
    trader.feed(until_ms=5)
    assert trader.exchange.is_idle


def test_rows_of_the_past_are_refused(make_trader: Any) -> None:
    trader = make_trader()
    trader.feed(trader.rows.trade(5, Side.BUY, 100, 1))
    with pytest.raises(CallerError, match="expected rows received from 5000000"):
        trader.feed(trader.rows.trade(4, Side.BUY, 100, 1))


def test_late_commands_are_counted(make_trader: Any) -> None:
    trader = make_trader()
    trader.feed(trader.rows.book(9, "100x10", "101x4"))
    trader.submit(5, "a", Side.BUY, 1, Market())
    assert trader.exchange.late_commands == 1
    assert trader.feed(until_ms=9)[0] == "accepted a"


def test_outage_hides_rows_and_loses_commands(table: Any, make_rows: Any, new_order: Any) -> None:
    faults = FaultPlan(outages=(Outage(10 * MS, 20 * MS),))
    exchange = make(table, ExchangeConfig(feed_latency=ConstantLatency(0), faults=faults))
    source = make_rows(LINEAR)
    rows = to_array([source.trade(ms, Side.BUY, 100, 1) for ms in (9, 10, 19, 20)])
    assert (exchange.visible(rows)["receive_time_ns"] // MS).tolist() == [9, 20]
    exchange.submit(SubmitOrder(VENUE, new_order("a", Side.BUY, 1, Limit(90)), -10 * MS))
    heard = exchange.advance(rows, 30 * MS)
    assert [(d.receive_time_ns, type(d.report).__name__) for d in heard] == [
        (4_990 * MS, "RequestTimedOut")
    ]
    assert exchange.open_orders() == ()


def test_account_reports_and_book(make_trader: Any, say: Any) -> None:
    trader = make_trader(balances=[Money.of("500", "USDT")])
    trader.feed(trader.rows.book(1, "100x10 99x5", "101x4 102x6"))
    trader.submit(2, "a", Side.SELL, 2, Market())
    trader.feed(until_ms=3)
    told = [say(report) for report in trader.exchange.account_reports(4)]
    assert told == ["balance 499.9 USDT", "position BTC/USDT:USDT@aster -2"]
    assert trader.exchange.free("USDT") == Money.of("479.9", "USDT")
    book = trader.exchange.book(LINEAR, 4 * MS)
    assert [(level.side, level.price_ticks, level.qty_lots) for level in book.levels] == [
        (1, 100, 10), (1, 99, 5), (-1, 101, 4), (-1, 102, 6),
    ]  # fmt: skip
    assert book.is_snapshot
    assert book.last_id == 1


def test_a_query_never_overtakes_its_order(table: Any, make_rows: Any, new_order: Any) -> None:
    slow = LogNormalLatency(MS, 20 * MS, 1.0)
    exchange = make(table, ExchangeConfig(order_latency=slow))
    rows = to_array([make_rows(LINEAR).book(1, "100x10", "101x4")])
    order = new_order("a", Side.BUY, 1, Limit(100))
    for k in range(30):
        named = msgspec.structs.replace(order, client_order_id=ClientOrderId(f"a{k}"))
        exchange.submit(SubmitOrder(VENUE, named, (10 + k) * MS))
        exchange.submit(
            QueryOrder(VENUE, order.instrument_id, named.client_order_id, (10 + k) * MS)
        )
    reports = [d.report for d in exchange.advance(rows, FAR_NS)]
    states = [r.state for r in reports if isinstance(r, OrderStatus)]
    assert states == [OrderState.OPEN] * 30
    assert sum(isinstance(r, OrderAccepted) for r in reports) == 30


def test_snapshot_of_another_venue_is_refused(make_trader: Any, table: Any) -> None:
    state = make_trader().exchange.snapshot()
    rng = np.random.Generator(np.random.PCG64(1))
    other = Exchange("borea", table, ExchangeConfig(), rng, [])
    with pytest.raises(SnapshotCorrupt, match="of borea"):
        other.restore(state)
    with pytest.raises(SnapshotCorrupt, match="expected an exchange snapshot"):
        other.restore(b"nonsense")


def test_same_seed_same_venue(table: Any, make_rows: Any, new_order: Any) -> None:
    items = [("book", 100, 1, [5] * 4, [5] * 4), ("submit", Side.BUY, 3, Market(), False)] * 5
    told = [play(make(table, CONFIGS["faults"]), Script(items, make_rows, new_order)) for _ in "ab"]
    assert told[0] == told[1]


def test_the_page_runs(capsys: Any) -> None:
    page = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(code, "docs/simulator.md", "exec"), {})
    told = capsys.readouterr().out.splitlines()
    assert [line.split("(")[0] for line in told] == [
        "1050 OrderAccepted", "1050 OrderFilled", "1050 OrderFilled",
    ]  # fmt: skip
    assert "price_ticks=600002, qty_lots=2" in told[2]
