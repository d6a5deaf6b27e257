"""What is promised of the presets, on random markets (acceptance of the simulator).

Pessimistic <= base <= optimistic in final equity, path by path, holds for fixed schedules of orders
(a schedule that decides on prices alone is one): of makers without fees while volume suffices, of
takers and of brackets with fees. It cannot hold for every strategy that reacts to its own fills: a
limit order that was not filled may have been a loss avoided. Removing fees never lowers equity, own
fills never exceed what was traded, and a maker is never filled before the queue ahead is gone.
"""

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.command import CancelOrder, SubmitOrder
from undertow.domain.event_rows import to_array
from undertow.domain.identity import ClientOrderId
from undertow.domain.instrument import FeeSchedule
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.domain.money import Money
from undertow.domain.order import Limit, Liquidity, Market, Trigger, TriggerWhen
from undertow.domain.report import OrderFilled, Report
from undertow.domain.side import Side
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig, QueueModel
from undertow.simulator.fill_preset import Fills, exchange_config
from undertow.timeline.market_data import DataFidelity

MS = 1_000_000
BAR_MS = 60_000
FINE = 100
"""Ticks to a step of a random bar, so that shares of a percent differ by whole ticks."""
VENUE, LINEAR = "aster", 1
FREE = FeeSchedule(0, 0)
RICH = Money.of("1000000000", "USDT")

SIDES = st.sampled_from(list(Side))
STEP = st.integers(-6, 6)
BAR = st.tuples(STEP, STEP, st.integers(0, 6), st.integers(0, 6))
BARS = st.lists(BAR, min_size=3, max_size=12)
PRINTS = st.lists(st.tuples(SIDES, st.integers(94, 106)), min_size=3, max_size=25)


def priced(table: InstrumentTable, fees: FeeSchedule) -> InstrumentTable:
    """The same instruments at other fees."""
    return InstrumentTable([msgspec.structs.replace(row, fees=fees) for row in table])


def bar_rows(make_rows: Any, bars: list[Any], lots: int) -> EventArray:
    """Minute bars: gap of the open, change to the close, and how far the extremes lie outside."""
    source, price, rows = make_rows(LINEAR), 1_000 * FINE, []
    for minute, (gap, change, up, down) in enumerate(bars):
        opened = price + gap * FINE
        price = opened + change * FINE
        high, low = max(opened, price) + up * FINE, min(opened, price) - down * FINE
        rows.append(source.bar_open(minute * BAR_MS, opened))
        rows.append(source.bar((minute + 1) * BAR_MS, high, low, price, lots))
    return np.concatenate(rows)


def print_rows(make_rows: Any, prints: list[Any], lots: int) -> EventArray:
    source = make_rows(LINEAR)
    return to_array(
        [source.trade(ms, side, ticks, lots) for ms, (side, ticks) in enumerate(prints, 1)]
    )


class Result:
    """Equity at the last price, and everything that was said."""

    def __init__(self, exchange: Exchange, rows: EventArray, commands: list[Any]) -> None:
        for command in commands:
            exchange.submit(command)
        end_ns = int(rows["receive_time_ns"][-1]) + 10**9
        self.reports: list[Report] = [d.report for d in exchange.advance(rows, end_ns)]
        self.fills = [report for report in self.reports if isinstance(report, OrderFilled)]
        self.equity = exchange._margin.equity("USDT")


def run(
    table: InstrumentTable, config: ExchangeConfig, rows: EventArray, commands: list[Any]
) -> Result:
    rng = np.random.Generator(np.random.PCG64(1))
    return Result(Exchange(VENUE, table, config, rng, [RICH]), rows, commands)


def in_order(
    table: InstrumentTable, data: DataFidelity, rows: EventArray, commands: list[Any]
) -> list[int]:
    return [run(table, exchange_config(fills, data), rows, commands).equity for fills in Fills]


def submits(new_order: Any, orders: list[tuple[int, Side, int, Any]]) -> list[SubmitOrder]:
    """Commands from (milliseconds, side, lots, terms), in order of time."""
    return [
        SubmitOrder(VENUE, new_order(f"o{k}", side, lots, terms), ms * MS)
        for k, (ms, side, lots, terms) in enumerate(sorted(orders, key=lambda order: order[0]))
    ]


def time_in(bars: int) -> st.SearchStrategy[int]:
    """Soon after an open, or somewhere inside a bar."""
    minutes = st.integers(0, bars - 1)
    return st.tuples(minutes, st.sampled_from([25, 100, 30_000])).map(
        lambda pair: pair[0] * BAR_MS + pair[1]
    )


LIMIT = st.tuples(
    time_in(12), SIDES, st.integers(1, 9), st.integers(980, 1_020).map(lambda t: Limit(t * FINE))
)
STOP_BUY = st.tuples(
    time_in(12), st.just(Side.BUY), st.integers(1, 400),
    st.integers(990, 1_020).map(lambda t: Trigger(t * FINE, TriggerWhen.RISES_TO, Market())),
)  # fmt: skip
STOP_SELL = st.tuples(
    time_in(12), st.just(Side.SELL), st.integers(1, 400),
    st.integers(980, 1_010).map(lambda t: Trigger(t * FINE, TriggerWhen.FALLS_TO, Market())),
)  # fmt: skip
MARKET = st.tuples(time_in(12), SIDES, st.integers(1, 400), st.just(Market()))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(bars=BARS, orders=st.lists(LIMIT, max_size=6))
def test_makers_from_bars(
    table: Any, make_rows: Any, new_order: Any, bars: Any, orders: Any
) -> None:
    rows = bar_rows(make_rows, bars, 1_000)
    found = in_order(priced(table, FREE), DataFidelity.BARS, rows, submits(new_order, orders))
    assert found == sorted(found)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(bars=BARS, orders=st.lists(st.one_of(MARKET, MARKET, STOP_BUY, STOP_SELL), max_size=6))
def test_takers_and_stops_from_bars_with_fees_and_little_volume(
    table: Any, make_rows: Any, new_order: Any, bars: Any, orders: Any
) -> None:
    rows = bar_rows(make_rows, bars, 1_500)
    found = in_order(table, DataFidelity.BARS, rows, submits(new_order, orders))
    assert found == sorted(found)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(bars=BARS, side=SIDES, risk=st.integers(1, 12), reward=st.integers(1, 12))
def test_brackets_with_fees(
    table: Any, make_rows: Any, new_order: Any, *, bars: Any, side: Side, risk: int, reward: int
) -> None:
    rows = bar_rows(make_rows, bars, 10_000)
    opened = int(rows["price_ticks"][0])
    stop = TriggerWhen.FALLS_TO if side is Side.BUY else TriggerWhen.RISES_TO
    protect = Trigger(opened - side * (risk + 3) * FINE, stop, Market())
    bracket = [(100, "in", side, Market(), False), (200, "stop", -side, protect, True)]
    bracket.append((300, "target", -side, Limit(opened + side * (reward + 3) * FINE), True))
    bracket.append(((len(bars) - 1) * BAR_MS + 500, "out", -side, Market(), True))
    commands = [
        SubmitOrder(VENUE, new_order(name, Side(way), 9, terms, reduce=reduce), ms * MS)
        for ms, name, way, terms, reduce in bracket
    ]
    found = in_order(table, DataFidelity.BARS, rows, commands)
    assert found == sorted(found)


PRINT_ORDER = st.tuples(
    st.integers(1, 25), SIDES, st.integers(1, 9), st.integers(94, 106).map(Limit)
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(prints=PRINTS, orders=st.lists(PRINT_ORDER, max_size=5))
def test_makers_from_trades(
    table: Any, make_rows: Any, new_order: Any, prints: Any, orders: Any
) -> None:
    rows = print_rows(make_rows, prints, 100)
    commands = submits(new_order, orders)
    found = in_order(priced(table, FREE), DataFidelity.TRADES, rows, commands)
    assert found == sorted(found)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    prints=PRINTS,
    orders=st.lists(st.tuples(st.integers(1, 25), SIDES, st.integers(1, 30), st.just(Market()))),
)
def test_takers_from_trades_with_fees_and_little_volume(
    table: Any, make_rows: Any, new_order: Any, prints: Any, orders: Any
) -> None:
    rows = print_rows(make_rows, prints, 7)
    found = in_order(table, DataFidelity.TRADES, rows, submits(new_order, orders))
    assert found == sorted(found)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    steps=st.lists(st.tuples(st.sampled_from("tttb"), SIDES, st.integers(0, 30)), max_size=30),
    side=SIDES,
    data=st.sampled_from([DataFidelity.L2, DataFidelity.QUOTES]),
)
def test_a_quoter_on_a_displayed_book(
    table: Any, make_rows: Any, new_order: Any, *, steps: Any, side: Side, data: DataFidelity
) -> None:
    source = make_rows(LINEAR)
    price = 100 if side is Side.BUY else 101
    events: list[Any] = [source.trade(1, Side.BUY, 101, 1)]
    for ms, (what, aggressor, lots) in enumerate([("b", Side.BUY, 12), *steps], 2):
        if what == "t":
            events.append(source.trade(ms, aggressor, 101 if aggressor > 0 else 100, lots + 1))
        elif data is DataFidelity.L2:
            events.append(source.book(ms, f"100x{lots + 1} 99x5", f"101x{lots + 1} 102x5"))
        else:
            events.append(source.quote(ms, f"100x{lots + 1}", f"101x{lots + 1}"))
    # Sent 20 ms before it arrives, just after the first book.
    commands = [SubmitOrder(VENUE, new_order("q", side, 20, Limit(price)), -23 * MS)]
    found = in_order(priced(table, FREE), data, to_array(events), commands)
    assert found == sorted(found)


ANY_TERMS = st.one_of(
    st.integers(980, 1_020).map(lambda t: Limit(t * FINE)), st.just(Market()),
    st.integers(990, 1_010).map(lambda t: Trigger(t * FINE, TriggerWhen.RISES_TO, Market())),
    st.integers(990, 1_010).map(
        lambda t: Trigger(t * FINE, TriggerWhen.FALLS_TO, Limit((t - 2) * FINE))
    ),
)  # fmt: skip


@pytest.mark.parametrize("fills", list(Fills))
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    bars=BARS,
    orders=st.lists(st.tuples(time_in(12), SIDES, st.integers(1, 400), ANY_TERMS), max_size=8),
    cancels=st.lists(st.tuples(time_in(12), st.integers(0, 7)), max_size=3),
)
def test_without_fees_nobody_ends_with_less(
    table: Any,
    make_rows: Any,
    new_order: Any,
    *,
    fills: Fills,
    bars: Any,
    orders: Any,
    cancels: Any,
) -> None:
    rows = bar_rows(make_rows, bars, 1_000)
    commands: list[Any] = submits(new_order, orders)
    names = table[LINEAR].instrument_id
    commands += [CancelOrder(VENUE, names, ClientOrderId(f"o{k}"), ms * MS) for ms, k in cancels]
    commands.sort(key=lambda command: command.sent_ns)
    config = exchange_config(fills, DataFidelity.BARS)
    with_fees = run(table, config, rows, commands)
    without = run(priced(table, FREE), config, rows, commands)
    paid = sum(fill.fee.amount for fill in with_fees.fills)
    assert without.equity - with_fees.equity == paid >= 0


@pytest.mark.parametrize("fills", list(Fills))
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    bars=BARS,
    orders=st.lists(st.tuples(time_in(12), SIDES, st.integers(1, 400), ANY_TERMS), max_size=8),
    lots=st.sampled_from([10, 500, 3_000]),
)
def test_own_fills_never_exceed_their_share_of_the_volume(
    table: Any, make_rows: Any, new_order: Any, *, fills: Fills, bars: Any, orders: Any, lots: int
) -> None:
    rows = bar_rows(make_rows, bars, lots)
    # Nothing is sent before the first volume is known.
    late = [order for order in orders if order[0] > BAR_MS]
    result = run(table, exchange_config(fills, DataFidelity.BARS), rows, submits(new_order, late))
    used: dict[tuple[int, Side, Liquidity], int] = {}
    for fill in result.fills:
        # A fill at a close is of that bar; one later in the minute of its open.
        key = ((fill.event_time_ns - 5 * MS) // (BAR_MS * MS), fill.side, fill.liquidity)
        used[key] = used.get(key, 0) + fill.qty_lots
    assert all(had <= 2 * (lots // 10) for had in used.values())
    assert sum(used.values()) <= 4 * (lots // 10) * (len(bars) + 1)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(takes=st.lists(st.tuples(SIDES, st.integers(1, 30)), max_size=12))
def test_displayed_size_is_used_once(
    table: Any, make_rows: Any, new_order: Any, takes: Any
) -> None:
    rows = to_array([make_rows(LINEAR).book(1, "100x10 99x5", "101x4 102x6")])
    orders = [(10 + k, side, lots, Market()) for k, (side, lots) in enumerate(takes)]
    config = exchange_config(Fills.OPTIMISTIC, DataFidelity.L2)
    result = run(table, config, rows, submits(new_order, orders))
    for side, shown in ((Side.BUY, 10), (Side.SELL, 15)):
        assert sum(f.qty_lots for f in result.fills if f.side is side) <= shown


@pytest.mark.parametrize("queue", [QueueModel.PESSIMISTIC, QueueModel.RISK_AVERSE])
@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    ahead=st.integers(1, 40),
    steps=st.lists(st.tuples(st.booleans(), st.integers(1, 30)), max_size=20),
)
def test_a_maker_never_fills_before_the_queue_ahead_is_gone(
    table: Any, make_rows: Any, new_order: Any, *, queue: QueueModel, ahead: int, steps: Any
) -> None:
    source = make_rows(LINEAR)
    events: list[Any] = [source.book(1, f"100x{ahead} 99x5", "101x4 102x6")]
    traded = 0
    for ms, (is_trade, lots) in enumerate(steps, 100):
        if is_trade:
            traded += lots
            events.append(source.trade(ms, Side.SELL, 100, lots))
        else:
            # What is displayed after the trades: never less than what was ahead and not traded.
            shown = max(1, ahead - traded) + lots
            events.append(source.delta(ms, bids=f"100x{shown}"))
    config = exchange_config(Fills.PESSIMISTIC, DataFidelity.L2, queue_model=queue)
    commands = [SubmitOrder(VENUE, new_order("q", Side.BUY, 50, Limit(100)), 30 * MS)]
    result = run(table, config, to_array(events), commands)
    assert sum(fill.qty_lots for fill in result.fills) == min(50, max(0, traded - ahead))


ANY_PRINT_ORDER = st.tuples(
    st.integers(1, 25), SIDES, st.integers(1, 30),
    st.one_of(st.integers(94, 106).map(Limit), st.just(Market())),
)  # fmt: skip


@pytest.mark.parametrize("fills", list(Fills))
@settings(max_examples=60, deadline=None, derandomize=True)
@given(prints=PRINTS, orders=st.lists(ANY_PRINT_ORDER, max_size=8), lots=st.integers(1, 40))
def test_of_each_trade_no_more_than_it_had_and_fees_only_cost(
    table: Any, make_rows: Any, new_order: Any, *, fills: Fills, prints: Any, orders: Any, lots: int
) -> None:
    rows = print_rows(make_rows, prints, lots)
    config = exchange_config(fills, DataFidelity.TRADES)
    commands = submits(new_order, orders)
    result = run(table, config, rows, commands)
    used: dict[tuple[int, Side, Liquidity], int] = {}
    for fill in result.fills:
        key = (fill.event_time_ns, fill.side, fill.liquidity)
        used[key] = used.get(key, 0) + fill.qty_lots
    assert all(had <= lots for had in used.values())
    free = run(priced(table, FREE), config, rows, commands)
    paid = sum(fill.fee.amount for fill in result.fills)
    assert free.equity - result.equity == paid >= 0
