from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from undertow.domain.errors import IllegalTransition, InvariantBroken
from undertow.domain.intent import Intent
from undertow.domain.money import MONEY_UNIT, Money
from undertow.domain.order import (
    Limit,
    Market,
    Order,
    OrderState,
    Terms,
    TimeInForce,
    Trigger,
    TriggerWhen,
)
from undertow.domain.report import OrderFilled
from undertow.execution.order_table import Happening
from undertow.execution.tracked_order import Amendment, Claim, TrackedOrder, working_price

MakeFill = Callable[..., OrderFilled]
STOP = Trigger(990, TriggerWhen.FALLS_TO, Market())


@pytest.fixture
def track(make_order: Callable[..., Order], make_intent: Callable[..., Intent]) -> Any:
    def make(terms: Terms | None = None, lots: int = 10) -> TrackedOrder:
        order = make_order(terms=terms or Limit(1000), lots=lots)
        return TrackedOrder(
            order=order,
            intent=make_intent(),
            venue="aster",
            state=OrderState.OPEN,
            qty_lots=lots,
            remaining_lots=lots,
            price_ticks=working_price(order),
            sent_ns=0,
            heard_ns=0,
        )

    return make


def test_fills_add_up(track: Any, make_fill_report: MakeFill) -> None:
    tracked = track()
    fee = Money.of("0.5", "BNB")
    assert tracked.add_fill(make_fill_report("ut1-o1", "f1", 4, 1000, fee=fee)) == 0
    assert tracked.add_fill(make_fill_report("ut1-o1", "f2", 2, 1003, fee=fee)) == 0
    assert (tracked.filled_lots, tracked.remaining_lots) == (6, 4)
    assert tracked.average_ticks == Fraction(1001)
    assert tracked.fees == {"BNB": MONEY_UNIT}


def test_the_same_fill_twice_is_our_bug(track: Any, make_fill_report: MakeFill) -> None:
    tracked = track()
    tracked.add_fill(make_fill_report("ut1-o1", "f1", 4, 1000))
    with pytest.raises(InvariantBroken, match="expected fill f1 once"):
        tracked.add_fill(make_fill_report("ut1-o1", "f1", 4, 1000))


def test_excess_is_kept_apart(track: Any, make_fill_report: MakeFill) -> None:
    tracked = track()
    assert tracked.add_fill(make_fill_report("ut1-o1", "f1", 13, 1000)) == 3
    assert (tracked.filled_lots, tracked.remaining_lots, tracked.excess_lots) == (10, 0, 3)
    assert tracked.average_ticks == 1000


def test_a_fill_may_prove_an_amendment(track: Any, make_fill_report: MakeFill) -> None:
    tracked = track()
    tracked.amendment = Amendment(1000, 15)
    assert tracked.most_lots == 15
    assert tracked.add_fill(make_fill_report("ut1-o1", "f1", 12, 1000)) == 0
    assert (tracked.qty_lots, tracked.remaining_lots) == (15, 3)


def test_new_terms_keep_what_is_filled(track: Any, make_fill_report: MakeFill) -> None:
    tracked = track()
    tracked.add_fill(make_fill_report("ut1-o1", "f1", 4, 1000))
    tracked.set_terms(995, 6, 7)
    assert (tracked.price_ticks, tracked.remaining_lots, tracked.terms_ns) == (995, 2, 7)
    with pytest.raises(InvariantBroken, match="to keep its 4 filled lots, found a quantity of 3"):
        tracked.set_terms(995, 3, 8)


def test_check_names_the_numbers(track: Any) -> None:
    tracked = track()
    tracked.remaining_lots = 9
    with pytest.raises(InvariantBroken, match=r"found 0 \+ 9 of 10"):
        tracked.check()


def test_moves_follow_the_table(track: Any) -> None:
    tracked = track()
    tracked.move(Happening.FILLED_IN_FULL)
    assert tracked.is_ended
    assert tracked.is_settled
    with pytest.raises(IllegalTransition):
        tracked.move(Happening.DOUBTED)


@pytest.mark.parametrize(
    ("terms", "ends"),
    [
        (Market(), True),
        (Limit(1, TimeInForce.IOC), True),
        (Limit(1, TimeInForce.FOK), True),
        (Limit(1), False),
        (STOP, False),
    ],
)
def test_what_ends_at_once(track: Any, terms: Terms, ends: bool) -> None:
    tracked = track(terms)
    assert tracked.ends_at_once is ends
    tracked.is_triggered = True
    assert tracked.ends_at_once is (ends or terms is STOP)


def test_prices_that_can_be_amended(make_order: Callable[..., Order]) -> None:
    terms = (Market(), Limit(5), STOP)
    assert [working_price(make_order(terms=t)) for t in terms] == [0, 5, 990]


def test_a_claim_remembers_its_end() -> None:
    claim = Claim(OrderState.OPEN, 4, 9)
    assert claim.ended(OrderState.CANCELED) == Claim(OrderState.CANCELED, 4, 9)
    assert claim.reported() == Claim(OrderState.OPEN, 4, 9, True)


def test_seen_alive_goes_forward_only(track: Any) -> None:
    tracked = track()
    tracked.is_unverified = True
    tracked.seen_alive(5)
    tracked.seen_alive(3)
    assert (tracked.alive_ns, tracked.is_acknowledged, tracked.is_unverified) == (5, True, False)
