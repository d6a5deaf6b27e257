from collections.abc import Callable
from typing import Any

from undertow.domain.instrument import Instrument
from undertow.domain.intent import Approved, Intent
from undertow.domain.order import Limit, OrderState, Purpose
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.exit_placement import (
    available_lots,
    is_coin_locked,
    place_exit,
    stops_of,
)
from undertow.execution.order_terms import stop_terms

MakeIntent = Callable[..., Intent]


def _exit(make: MakeIntent, lots: int, **more: Any) -> Approved:
    return Approved(make(Purpose.EXIT, Side.SELL, **more), lots, ())


def test_never_more_than_is_not_yet_closing(
    step: DeskStep, hold: Any, make_intent: MakeIntent
) -> None:
    held = hold("alpha", 10)
    assert place_exit(step, held, _exit(make_intent, 6)) is None
    assert available_lots(step, held) == 4
    assert place_exit(step, held, _exit(make_intent, 0)) is None
    fault = place_exit(step, held, _exit(make_intent, 1))
    assert fault is not None
    assert fault[0] == "exit_under_way"
    assert [t.order.qty_lots for t in step.state.orders(held)] == [6, 4]


def test_nothing_held(step: DeskStep, hold: Any, make_intent: MakeIntent) -> None:
    fault = place_exit(step, hold("alpha", 0), _exit(make_intent, 1))
    assert fault is not None
    assert fault[0] == "no_position"


def test_one_order_is_no_larger_than_the_venue_takes(
    step: DeskStep, hold: Any, make_intent: MakeIntent
) -> None:
    held = hold("alpha", 1500)
    place_exit(step, held, _exit(make_intent, 0))
    assert [t.order.qty_lots for t in step.state.orders(held)] == [1000]


def test_dust_stays_dust(
    step: DeskStep, hold: Any, make_intent: MakeIntent, instruments: dict[str, Instrument]
) -> None:
    spot = instruments["spot"]
    held = hold("alpha", 3, on=spot)
    more = {"on": spot, "reference_ticks": 1000}
    for lots, check in ((0, "min_notional"), (1, "min_qty")):
        fault = place_exit(step, held, _exit(make_intent, lots, **more))
        assert fault is not None
        assert (fault[0], held.is_dust) == (check, True)


def test_the_stop_gives_the_coins_free_first(
    step: DeskStep, hold: Any, make_intent: MakeIntent, instruments: dict[str, Instrument]
) -> None:
    spot = instruments["spot"]
    held = hold("alpha", 20, on=spot)
    stop = make_intent(Purpose.PROTECT, Side.SELL, on=spot)
    step.submit(stop, Side.SELL, 20, stop_terms(Side.BUY, 990)).state = OrderState.OPEN
    assert is_coin_locked(step, held)
    approved = _exit(make_intent, 0, on=spot, reference_ticks=1000)
    assert place_exit(step, held, approved) is None
    assert held.deferred == approved
    assert [t.state for t in stops_of(step, held)] == [OrderState.PENDING_CANCEL]


def test_the_stop_to_rely_on_is_the_last(
    step: DeskStep, hold: Any, make_intent: MakeIntent
) -> None:
    held = hold("alpha", 10)
    intent = make_intent(Purpose.PROTECT, Side.SELL)
    first, second = (step.submit(intent, Side.SELL, 10, stop_terms(Side.BUY, n)) for n in (1, 2))
    second.state = OrderState.UNKNOWN
    assert stops_of(step, held) == [second, first]


def test_a_price_that_is_none(step: DeskStep, hold: Any, make_intent: MakeIntent) -> None:
    approved = Approved(make_intent(Purpose.EXIT, Side.SELL, Limit(0)), 1, ())
    fault = place_exit(step, hold("alpha", 10), approved)
    assert fault is not None
    assert fault[0] == "price"
