"""The account's picture adds up, and looking at it changes nothing."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from undertow.domain.money import MONEY_UNIT, Money
from undertow.domain.time import NS_PER_DAY, utc_day


@pytest.fixture
def holding(make_paper: Callable[..., Any]) -> Any:
    """Stopped while a position is open and its stop rests."""
    paper, seconds = make_paper(), 60.0
    while not (paper.engine.ledger.positions and paper.engine.execution.orders()):
        seconds += 0.25
        paper.run(seconds)
    return paper.run(seconds + 0.5)


def _look(paper: Any) -> Any:
    return paper.engine.keeper.look(paper.engine.now_ns)


def test_equity_is_cash_and_open_results(holding: Any) -> None:
    engine = holding.engine
    account = _look(holding)
    cash = engine.ledger.balance("aster", "USDT")
    unrealised = sum((p.unrealised for p in account.positions), Money.zero("USDT"))
    assert account.positions
    assert account.equity == cash + unrealised
    assert account.equity != cash


def test_positions_are_what_the_venue_holds(holding: Any) -> None:
    for view in _look(holding).positions:
        assert view.side * view.qty_lots == holding.exchange.signed_lots(view.index)
        assert view.last_ticks == holding.engine.flow[view.index].last_ticks
        assert view == holding.engine.keeper.position(view.strategy, view.instrument_id)
        assert view.stop_ticks > 0
        assert view.side * (view.last_ticks - view.stop_ticks) > 0
    assert holding.engine.keeper.position("nobody", "X@aster") is None


def test_the_value_of_a_position_is_exact(holding: Any) -> None:
    for view in _look(holding).positions:
        instrument = holding.engine.table[view.index]
        step = instrument.price_step
        price = Fraction(view.last_ticks * step.coefficient, 10**step.digits)
        qty = (
            Fraction(view.qty_lots * instrument.qty_step.coefficient)
            / 10**instrument.qty_step.digits
        )
        size = instrument.contract_size
        qty *= Fraction(size.coefficient, 10**size.digits)
        assert Fraction(view.notional.amount, MONEY_UNIT) == price * qty


def test_free_cash_is_equity_less_margin(holding: Any) -> None:
    engine = holding.engine
    value = engine.ledger.value(engine.rates.marks(), engine.rates.rates())
    account = _look(holding)
    assert account.free_cash == {"aster": value.venues["aster"].free_cash}
    assert Money.zero("USDT") < account.free_cash["aster"] < account.equity


def test_working_orders_are_shown_with_their_worth(holding: Any) -> None:
    working = _look(holding).working
    assert {order.client_order_id for order in working} == {
        order.client_order_id for order in holding.engine.execution.orders() if not order.is_ended
    }
    assert all(order.remaining_notional.currency == "USDT" for order in working)
    assert all(order.remaining_notional.amount > 0 for order in working)


def test_looking_changes_nothing(holding: Any) -> None:
    before = holding.engine.state_hash()
    seen = [holding.engine.keeper.look(holding.engine.now_ns + i * NS_PER_DAY) for i in range(3)]
    assert holding.engine.state_hash() == before
    assert seen[0].day_start_equity != seen[1].day_start_equity
    assert seen[0] == holding.engine.keeper.account(holding.engine.now_ns)


def _trade(paper: Any, now_ns: int) -> int:
    paper.engine.keeper.count_trade(now_ns)
    return int(paper.engine.keeper.account(now_ns).trades_today)


def test_trades_count_for_the_day_of_their_fill(make_paper: Callable[..., Any]) -> None:
    paper = make_paper()
    day_ns = 20_000 * NS_PER_DAY
    assert [_trade(paper, day_ns + i) for i in range(3)] == [1, 2, 3]
    # Decided yesterday, filled after midnight: the first thing that is heard of the new day.
    assert [_trade(paper, day_ns + NS_PER_DAY + i) for i in range(2)] == [1, 2]
    assert paper.engine.keeper.account(day_ns + 2 * NS_PER_DAY).trades_today == 0


def test_the_day_starts_with_its_first_measure_and_the_peak_stays(
    make_paper: Callable[..., Any],
) -> None:
    paper = make_paper()
    keeper, ledger = paper.engine.keeper, paper.engine.ledger
    day_ns = 20_000 * NS_PER_DAY
    seen = []
    for days, change in ((0, "0"), (0, "50"), (1, "-80"), (1, "10")):
        ledger.deposit("aster", Money.of(change, "USDT"))
        account = keeper.account(day_ns + days * NS_PER_DAY)
        money = (account.equity, account.day_start_equity, account.peak_equity)
        seen.append([one.text for one in money])
    assert seen == [
        ["10000", "10000", "10000"],
        ["10050", "10000", "10050"],
        ["9970", "9970", "10050"],
        ["9980", "9970", "10050"],
    ]


def test_it_goes_on_from_a_snapshot(holding: Any, make_paper: Callable[..., Any]) -> None:
    other = make_paper()
    other.engine.restore(holding.engine.snapshot())
    later = holding.engine.now_ns + 1
    assert utc_day(later) == utc_day(holding.engine.now_ns)
    assert other.engine.keeper.account(later) == holding.engine.keeper.account(later)
    assert other.engine.keeper.snapshot() == holding.engine.keeper.snapshot()


def test_what_is_not_known_of_a_market_is_zero_or_undefined(
    make_paper: Callable[..., Any], reference: Any
) -> None:
    facts = make_paper().engine.keeper.market(0)
    assert (facts.last_ticks, facts.bid_ticks, facts.ask_ticks) == (0, 0, 0)
    assert math.isnan(facts.atr_ticks)
    known = reference.engine.keeper.market(0)
    assert 0 < known.bid_ticks < known.ask_ticks
    assert (known.quote_rate, known.settle_rate) == (1.0, 1.0)


def test_the_true_range_needs_fifteen_minutes(make_paper: Callable[..., Any]) -> None:
    paper = make_paper([])
    blocks = 60 * 10**9 // paper.market.config.block_ns
    ranges = []
    for minutes in (14, 3):
        for _ in range(minutes * blocks):
            paper.engine.warm_up(paper.market.next_block())
        ranges.append(paper.engine.keeper.market(0).atr_ticks)
    assert math.isnan(ranges[0])
    assert ranges[1] > 0
