from collections.abc import Callable
from typing import Any

from undertow.domain.event import PositionReconciliationFailed
from undertow.domain.money import Money
from undertow.domain.report import OrderAccepted, OrderFilled
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.external_fills import read_stray
from undertow.ledger.fill import EXTERNAL

MakeFill = Callable[..., OrderFilled]


def _shares(step: DeskStep) -> list[tuple[str, int, str]]:
    return [(fill.strategy, fill.qty_lots, fill.reason) for fill in step.out.fills]


def test_nothing_is_lost(step: DeskStep, say: Any, make_fill_report: MakeFill) -> None:
    read_stray(step, say(OrderAccepted, "x1"))
    read_stray(step, make_fill_report("x1", "f1", 4, 1000))
    told = [e for e in step.out.effects if isinstance(e, PositionReconciliationFailed)]
    assert len(told) == 2
    assert _shares(step) == [(EXTERNAL, 4, EXTERNAL)]


def test_the_same_fill_counts_once(step: DeskStep, make_fill_report: MakeFill) -> None:
    for _ in range(3):
        read_stray(step, make_fill_report("x1", "f1", 4, 1000))
    assert _shares(step) == [(EXTERNAL, 4, EXTERNAL)]
    assert step.state.tracker.counts.duplicates == 2


def test_strangers_give_up_first(step: DeskStep, hold: Any, make_fill_report: MakeFill) -> None:
    hold("beta", 5), hold("alpha", 5), hold(EXTERNAL, 3, plan=False)
    fee = Money(13, "USDT")
    read_stray(step, make_fill_report("x1", "f1", 15, 900, Side.SELL, fee=fee))
    assert _shares(step) == [
        (EXTERNAL, 3, EXTERNAL),
        ("alpha", 5, "sold_on_exchange"),
        ("beta", 5, "sold_on_exchange"),
        (EXTERNAL, 2, EXTERNAL),
    ]
    assert sum(fill.fee.amount for fill in step.out.fills) == 13


def test_a_liquidation_takes_all_by_name(
    step: DeskStep, hold: Any, make_fill_report: MakeFill
) -> None:
    held = hold("beta", 5)
    hold("alpha", 5)
    step.state.liquidating[held.instrument_id] = 10
    for n in (1, 2):
        read_stray(step, make_fill_report("liq", f"f{n}", 5, 900, Side.SELL))
    assert _shares(step) == [("alpha", 5, "liquidation"), ("beta", 5, "liquidation")]
    assert held.instrument_id not in step.state.liquidating


def test_our_own_forgotten_orders_are_not_booked_again(
    step: DeskStep, make_fill_report: MakeFill
) -> None:
    read_stray(step, make_fill_report("ut0-o7", "f1", 4, 1000))
    assert step.out.fills == []
    assert len(step.out.effects) == 1
