from typing import Any

import pytest

from undertow.domain.order import Limit, Market, Trigger, TriggerWhen
from undertow.domain.side import Side
from undertow.simulator.reject_code import RejectCode, Rejection

LINEAR, FOREIGN = 1, 3


@pytest.fixture
def desk(make_desk: Any, make_rows: Any) -> Any:
    desk = make_desk()
    desk.see(make_rows(LINEAR).book(1, "100x10", "101x4"))
    return desk


def test_instrument_must_be_of_this_venue(desk: Any, new_order: Any) -> None:
    assert desk.checks.index(new_order("a", Side.BUY, 1, Market())) == LINEAR
    foreign = desk.checks.index(new_order("a", Side.BUY, 1, Market(), index=FOREIGN))
    assert isinstance(foreign, Rejection)
    assert "expected an instrument of aster, found BTC/USDT@borea" in foreign.reason
    order = new_order("a", Side.BUY, 1, Market())
    strange = type(order)(**{**{f: getattr(order, f) for f in order.__struct_fields__},
                             "instrument_id": "BTC/USDT:USDT@astre"})  # fmt: skip
    assert "did you mean 'BTC/USDT:USDT@aster'" in desk.checks.index(strange).reason


@pytest.mark.parametrize(
    ("terms", "lots", "code"),
    [
        (Limit(100), 0, RejectCode.OFF_GRID),
        (Limit(0), 1, RejectCode.OFF_GRID),
        (Trigger(90, TriggerWhen.FALLS_TO, Limit(-1)), 1, RejectCode.OFF_GRID),
        (Limit(4), 1, RejectCode.BELOW_MIN_NOTIONAL),
        (Limit(112), 1, RejectCode.PRICE_BAND),
        (Limit(101, is_post_only=True), 1, RejectCode.POST_ONLY_WOULD_TAKE),
        (Limit(100), 5_000, RejectCode.INSUFFICIENT_MARGIN),
        (Limit(111), 1, None),
        (Limit(100, is_post_only=True), 1, None),
        (Market(), 1, None),
        (Trigger(4_000, TriggerWhen.RISES_TO, Market()), 5_000, None),
    ],
)
def test_first_problem_is_the_answer(
    desk: Any, new_order: Any, terms: Any, lots: int, code: RejectCode | None
) -> None:
    order = new_order("a", Side.BUY, lots, terms)
    found = desk.checks.problem(LINEAR, order, terms, lots)
    assert (found.code if found else None) is code


def test_lot_bounds(make_desk: Any, make_rows: Any, new_order: Any) -> None:
    plain = make_desk()
    row = plain.table[LINEAR]
    fields = {name: getattr(row, name) for name in row.__struct_fields__}
    table = type(plain.table)([type(row)(**{**fields, "min_lots": 2, "max_lots": 5})])
    desk = make_desk(table=table)
    desk.see(make_rows(0).book(1, "100x10", "101x4"))
    codes = []
    for lots in (1, 2, 5, 6):
        found = desk.checks.problem(0, new_order("a", Side.BUY, lots, Market()), Market(), lots)
        codes.append(found.code if found else None)
    assert codes == [RejectCode.BELOW_MIN_LOTS, None, None, RejectCode.ABOVE_MAX_LOTS]


def test_no_entries_without_a_book_but_exits(make_desk: Any, new_order: Any) -> None:
    desk = make_desk()
    entry = new_order("a", Side.BUY, 1, Limit(100))
    assert desk.checks.problem(LINEAR, entry, Limit(100), 1).code is RejectCode.NO_BOOK
    desk.account.fill(LINEAR, Side.SELL, 100, 1, "maker")
    exit_order = new_order("b", Side.BUY, 1, Market(), reduce=True)
    assert desk.checks.problem(LINEAR, exit_order, Market(), 1) is None


def test_reduce_only_needs_something_to_reduce(desk: Any, new_order: Any) -> None:
    order = new_order("a", Side.BUY, 1, Market(), reduce=True)
    found = desk.checks.problem(LINEAR, order, Market(), 1)
    assert found.code is RejectCode.NOTHING_TO_REDUCE


def test_amendment(desk: Any, new_order: Any) -> None:
    order = desk.rest(new_order("a", Side.BUY, 5, Limit(100, is_post_only=True)))
    order.add_fill(2)
    assert desk.checks.amendment(order, Limit(99), 3) is None
    assert desk.checks.amendment(order, Limit(99), 2).code is RejectCode.NOT_AMENDABLE
    assert desk.checks.amendment(order, Limit(200), 3).code is RejectCode.PRICE_BAND
