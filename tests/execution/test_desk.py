from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from undertow.domain.command import AmendOrder, SubmitOrder
from undertow.domain.errors import InvariantBroken, SnapshotCorrupt
from undertow.domain.event import OrderPlaced, PositionClosed
from undertow.domain.identity import ClientOrderId, DecisionId, FillId, StrategyId
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Approved
from undertow.domain.money import Money
from undertow.domain.order import Liquidity, OrderState, Purpose, Trigger
from undertow.domain.report import BalanceReported, OrderAccepted, RequestTimedOut
from undertow.domain.side import Side
from undertow.execution.desk import ExecutionDesk
from undertow.execution.execution_config import ExecutionConfig
from undertow.ledger.fill import EXTERNAL, Fill
from undertow.timeline.run_ids import RunIds

ALPHA = StrategyId("alpha")
NEVER = 2**63 - 1


def _enter(world: Any, make_fill_report: Any, lots: int = 10) -> None:
    """A long of `lots` with its stop sent as ut1-o2."""
    intent = world.intent(Purpose.ENTRY, Side.BUY, reference_ticks=1000, stop_ticks=990)
    world.approve(intent, lots)
    world.report(make_fill_report("ut1-o1", "f1", lots, 1000))


def _adopted(on: Instrument, fill_id: str, strategy: str, lots: int) -> Fill:
    return Fill(
        fill_id=FillId(fill_id),
        client_order_id=ClientOrderId("reconciled"),
        venue=on.venue,
        strategy=StrategyId(strategy),
        instrument_id=on.instrument_id,
        side=Side.BUY,
        price_ticks=1000,
        qty_lots=lots,
        liquidity=Liquidity.TAKER,
        fee=Money.zero("USDT"),
        purpose=Purpose.ENTRY,
        decision_id=DecisionId(""),
        reason="reconciled",
        event_time_ns=1,
        at_ns=1,
    )


def test_nothing_to_do_nothing_to_wait_for(world: Any) -> None:
    assert world.desk.next_timer_ns == NEVER
    assert world.desk.on_timer(5).effects == []
    assert world.desk.blocked() == frozenset()


def test_the_command_comes_before_its_event(world: Any) -> None:
    world.approve(world.intent(Purpose.ENTRY, Side.BUY, reference_ticks=1000), 10)
    kinds = [type(thing) for thing in world.sent]
    assert kinds.index(SubmitOrder) < kinds.index(OrderPlaced)


def test_everything_but_an_entry_is_reduce_only(world: Any, make_fill_report: Any) -> None:
    _enter(world, make_fill_report)
    world.call(world.desk.flatten_all, "x")
    flags = {c.order.purpose: c.order.is_reduce_only for c in world.sent if type(c) is SubmitOrder}
    assert flags == {Purpose.ENTRY: False, Purpose.PROTECT: True, Purpose.FLATTEN: True}


def test_protection_shows_plan_and_order(world: Any, make_fill_report: Any, say: Any) -> None:
    _enter(world, make_fill_report)
    key = (ALPHA, world.sent[0].order.instrument_id)
    found = world.desk.protection(*key)
    assert (found.stop_ticks, found.planned_ticks, found.trail_ppm) == (0, 995, 5000)
    world.report(say(OrderAccepted, "ut1-o2"))
    assert world.desk.protection(*key).stop_ticks == 995
    assert world.desk.protection(StrategyId("beta"), key[1]).planned_ticks == 0


def test_working_orders_are_valued(world: Any, make_fill_report: Any) -> None:
    _enter(world, make_fill_report)
    seen: list[tuple[int, int, int]] = []

    def notional(index: int, ticks: int, lots: int) -> Money:
        seen.append((index, ticks, lots))
        return Money(lots, "USDT")

    (stop,) = world.desk.working(notional)
    assert (stop.purpose, stop.state) == (Purpose.PROTECT, OrderState.PENDING_CREATE)
    assert (stop.remaining_lots, stop.remaining_notional) == (10, Money(10, "USDT"))
    assert seen == [(0, 995, 10)]


def test_unknown_blocks_and_the_query_is_immediate(world: Any, say: Any) -> None:
    world.advance(5)
    world.approve(world.intent(Purpose.ENTRY, Side.BUY, reference_ticks=1000), 10)
    world.report(say(RequestTimedOut, "ut1-o1", request="submit"))
    assert world.desk.blocked() == {world.sent[0].order.instrument_id}
    assert [type(thing).__name__ for thing in world.sent[-2:]] == [
        "OrderOutcomeUnknown",
        "QueryOrder",
    ]


def test_balances_are_the_ledgers(world: Any) -> None:
    report = BalanceReported(venue="aster", event_time_ns=1, balance=Money.of("5", "USDT"))
    assert world.desk.on_report(report, 1).effects == []


def test_the_rate_of_the_quote_currency_counts(
    make_world: Callable[..., Any], account: Any
) -> None:
    world = make_world(ExecutionConfig(max_exposure="1"))
    intent = world.intent(Purpose.ENTRY, Side.BUY, reference_ticks=1000)
    for rate, kind in ((2, "SignalRejected"), (Fraction(1, 2), "OrderPlaced")):
        effects = world.desk.on_approved(Approved(intent, 10, ()), account, 1, quote_rate=rate)
        assert kind in [type(effect).__name__ for effect in effects]


def test_adopted_fills_count_once_and_are_protected(
    world: Any, instruments: dict[str, Instrument]
) -> None:
    fill = _adopted(instruments["perp"], "r1", "alpha", 7)
    for _ in range(2):
        world.call(world.desk.adopt, fill)
    assert world.ledger.net_lots(fill.instrument_id) == 7
    stops = [c.order for c in world.sent if type(c) is SubmitOrder]
    assert [(s.purpose, s.qty_lots, s.side) for s in stops] == [(Purpose.PROTECT, 7, Side.SELL)]


def test_strangers_positions_are_counted_and_left_alone(
    world: Any, instruments: dict[str, Instrument]
) -> None:
    world.call(world.desk.adopt, _adopted(instruments["perp"], "r1", EXTERNAL, 7))
    world.call(world.desk.flatten_all, "x")
    assert world.ledger.net_lots(instruments["perp"].instrument_id) == 7
    assert not [c for c in world.sent if type(c) is SubmitOrder]


def test_check_compares_with_the_ledger(world: Any, make_fill_report: Any) -> None:
    _enter(world, make_fill_report)
    with pytest.raises(InvariantBroken, match="expected the positions of the ledger"):
        world.desk.check(())


def test_a_foreign_snapshot_is_refused(world: Any) -> None:
    with pytest.raises(SnapshotCorrupt):
        world.desk.restore(b"\x00")


def test_splitting_a_run_by_snapshots_changes_nothing(
    make_world: Callable[..., Any], make_fill_report: Any, say: Any
) -> None:
    def play(*, stops: bool) -> Any:
        world = make_world()
        _enter(world, make_fill_report)
        steps: list[Callable[[], None]] = [
            lambda: world.report(say(OrderAccepted, "ut1-o2")),
            lambda: world.advance(2 * 10**9),
            lambda: world.call(
                world.desk.on_extreme, ALPHA, world.sent[0].order.instrument_id, 1010
            ),
            lambda: world.advance(70 * 10**9),
            lambda: world.report(make_fill_report("ut1-o2", "f2", 10, 1003, Side.SELL)),
        ]
        for step in steps:
            if stops:
                world.restart()
            step()
        return world

    whole, cut = play(stops=False), play(stops=True)
    assert whole.sent == cut.sent
    assert whole.desk.snapshot() == cut.desk.snapshot()
    assert [type(thing) for thing in whole.sent].count(PositionClosed) == 1
    assert [type(thing) for thing in whole.sent].count(AmendOrder) == 1


def test_defaults(instruments: dict[str, Instrument]) -> None:
    desk = ExecutionDesk(InstrumentTable(instruments.values()), RunIds(1))
    assert desk.config.max_positions == 5
    assert desk.orders() == ()
    assert desk.order(ClientOrderId("x")) is None
    assert (desk.counts.duplicates, desk.discrepancies()) == (0, ())


def test_a_touch_leaves_a_resting_stop_to_do_its_work(
    world: Any, make_fill_report: Any, say: Any
) -> None:
    _enter(world, make_fill_report)
    world.report(say(OrderAccepted, "ut1-o2"))
    before = len(world.sent)
    key = (ALPHA, world.sent[0].order.instrument_id)
    world.call(world.desk.on_stop_touched, *key)
    assert len(world.sent) == before
    assert isinstance(world.desk.order(ClientOrderId("ut1-o2")).order.terms, Trigger)


def test_calls_about_positions_that_are_not_there(
    world: Any, instruments: dict[str, Instrument]
) -> None:
    key = (ALPHA, instruments["perp"].instrument_id)
    for method, extra in (("on_extreme", (5,)), ("tighten", (5,)), ("on_stop_touched", ())):
        world.call(getattr(world.desk, method), *key, *extra)
    assert world.sent == []
