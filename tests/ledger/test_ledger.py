from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import (
    CallerError,
    ConfigurationError,
    InvariantBroken,
    SnapshotCorrupt,
)
from undertow.domain.event import Event, PositionClosed, PositionOpened
from undertow.domain.fixed import Step
from undertow.domain.identity import StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import MONEY_UNIT, Money
from undertow.domain.report import BalanceReported, FundingSettled
from undertow.domain.side import Side
from undertow.ledger.account_name import AccountKind, strategy_account
from undertow.ledger.fill import Fill
from undertow.ledger.ledger import CHECKED_EVERY, Ledger

MakeFill = Callable[..., Fill]
ALPHA, BETA = StrategyId("alpha"), StrategyId("beta")


def _usdt(text: str) -> Money:
    return Money.of(text, "USDT")


def _funding(instrument: Instrument, amount: str) -> FundingSettled:
    return FundingSettled(
        venue=instrument.venue,
        event_time_ns=1,
        instrument_id=instrument.instrument_id,
        amount=Money.of(amount, instrument.settle),
    )


def test_deposit_and_withdrawal(ledger: Ledger) -> None:
    ledger.deposit("aster", _usdt("1000"))
    ledger.deposit("aster", _usdt("-300.5"))
    assert ledger.balance("aster", "USDT") == _usdt("699.5")
    assert ledger.equity({}, {}) == _usdt("699.5")


def test_adjustment_takes_the_venues_word(ledger: Ledger) -> None:
    ledger.adjust("aster", _usdt("-1"))
    assert ledger.balance("aster", "USDT") == _usdt("-1")
    said = BalanceReported(venue="aster", event_time_ns=1, balance=_usdt("2.5"))
    assert ledger.difference(said) == _usdt("3.5")
    ledger.check()


def test_spot_round_trip_with_fee_in_quote(
    ledger: Ledger, spot: Instrument, make_fill: MakeFill
) -> None:
    ledger.deposit("aster", _usdt("1000"))
    ledger.apply_fill(make_fill(spot, Side.BUY, "2", "100", _usdt("0.2")))
    assert ledger.balance("aster", "USDT") == _usdt("799.8")
    assert ledger.balance("aster", "BTC") == Money.of("2", "BTC")
    assert ledger.equity({0: 11_000}, {}) == _usdt("1019.8")
    (closed,) = ledger.apply_fill(make_fill(spot, Side.SELL, "2", "110", _usdt("0.3"))).events
    assert isinstance(closed, PositionClosed)
    assert closed.pnl == _usdt("19.5")
    assert ledger.balance("aster", "USDT") == _usdt("1019.5")


def test_spot_fee_in_coins_leaves_less_to_sell(
    ledger: Ledger, spot: Instrument, make_fill: MakeFill
) -> None:
    ledger.apply_fill(make_fill(spot, Side.BUY, "1", "100", Money.of("0.001005", "BTC")))
    (held,) = ledger.positions
    assert held.deliverable_lots(spot) == spot.lots("0.99899")
    (closed,) = ledger.apply_fill(make_fill(spot, Side.SELL, "0.99899", "110")).events
    assert isinstance(closed, PositionClosed)
    # Bought 1 for 100, sold 0.99899 for 109.8889; 0.000005 BTC of dust cost 0.0005.
    assert closed.pnl == _usdt("9.8894")
    assert closed.fees == _usdt("0.1005")
    assert ledger.balance("aster", "BTC") == Money.of("0.000005", "BTC")
    assert ledger.positions == ()
    ledger.check()


def test_coins_from_elsewhere_close_the_position_in_full(
    ledger: Ledger, spot: Instrument, make_fill: MakeFill
) -> None:
    ledger.apply_fill(make_fill(spot, Side.BUY, "1", "100", Money.of("0.001", "BTC")))
    (closed,) = ledger.apply_fill(make_fill(spot, Side.SELL, "1", "110")).events
    assert isinstance(closed, PositionClosed)
    assert (closed.pnl, closed.fees) == (_usdt("9.9"), _usdt("0.1"))
    assert ledger.balance("aster", "BTC") == Money.of("-0.001", "BTC")
    ledger.check()


def test_fee_in_a_third_currency(ledger: Ledger, linear: Instrument, make_fill: MakeFill) -> None:
    fee = Money.of("0.01", "BNB")
    ledger.apply_fill(make_fill(linear, Side.BUY, "1", "100", fee), {"BNB": 600, "USDT": 1})
    ledger.apply_fill(make_fill(linear, Side.BUY, "1", "100", fee))
    (held,) = ledger.positions
    assert held.fees == 6 * MONEY_UNIT
    assert held.unvalued_fees == {"BNB": fee.amount}
    assert ledger.balance("aster", "BNB") == Money.of("-0.02", "BNB")


def test_a_fill_across_zero_closes_and_opens(
    ledger: Ledger, linear: Instrument, make_fill: MakeFill
) -> None:
    ledger.apply_fill(make_fill(linear, Side.BUY, "1", "100", _usdt("0.1")))
    events = ledger.apply_fill(make_fill(linear, Side.SELL, "3", "105", _usdt("0.3"))).events
    closed, opened = events
    assert isinstance(closed, PositionClosed)
    assert isinstance(opened, PositionOpened)
    assert (closed.position_id, opened.position_id) == ("ut1-o1/f1", "ut1-o2/f2")
    assert (closed.pnl, opened.qty, opened.side) == (_usdt("4.8"), "2", Side.SELL)
    (held,) = ledger.positions
    assert held.fees == _usdt("0.2").amount


def test_strategies_stay_apart_and_net_at_the_venue(
    ledger: Ledger, linear: Instrument, make_fill: MakeFill
) -> None:
    ledger.apply_fill(make_fill(linear, Side.BUY, "3", "100"))
    ledger.apply_fill(make_fill(linear, Side.SELL, "1", "110", strategy="beta"))
    assert ledger.net_lots(linear.instrument_id) == linear.lots("2")
    held = ledger.position(BETA, linear.instrument_id)
    assert held is not None
    assert held.signed_lots == -linear.lots("1")
    assert ledger.profits() == ()


def test_inverse_profit_is_in_coins(
    ledger: Ledger, inverse: Instrument, make_fill: MakeFill
) -> None:
    ledger.apply_fill(make_fill(inverse, Side.BUY, "10", "50000"))
    (closed,) = ledger.apply_fill(make_fill(inverse, Side.SELL, "10", "62500")).events
    assert isinstance(closed, PositionClosed)
    assert closed.pnl == Money.of("0.004", "BTC")  # 1000 * (1/50000 - 1/62500)
    assert closed.pnl_percent == pytest.approx(20.0)


def test_funding_is_shared_by_signed_lots(
    ledger: Ledger, linear: Instrument, make_fill: MakeFill
) -> None:
    ledger.apply_fill(make_fill(linear, Side.BUY, "3", "100"))
    ledger.apply_fill(make_fill(linear, Side.SELL, "1", "100", strategy="beta"))
    ledger.apply_funding(_funding(linear, "-2"))
    (alpha,), (beta,) = ledger.profits(ALPHA), ledger.profits(BETA)
    assert (alpha.funding, beta.funding) == (-3 * MONEY_UNIT, MONEY_UNIT)
    assert ledger.balance("aster", "USDT") == _usdt("-2")
    ledger.apply_funding(_funding(linear, "0.000000000000000001"))
    assert ledger.balance("aster", "USDT").amount == -2 * MONEY_UNIT + 1


def test_late_funding_goes_to_the_last_holder(
    ledger: Ledger, linear: Instrument, make_fill: MakeFill
) -> None:
    for side in (Side.BUY, Side.SELL):
        ledger.apply_fill(make_fill(linear, side, "1", "100", strategy="beta"))
    ledger.apply_funding(_funding(linear, "-1"))
    assert ledger.profits(BETA)[0].funding == -MONEY_UNIT


def test_view_in_reporting_money(ledger: Ledger, linear: Instrument, make_fill: MakeFill) -> None:
    ledger.apply_fill(make_fill(linear, Side.BUY, "2", "100", _usdt("0.1")))
    view = ledger.view(ledger.positions[0], 1050, 990, 1060, 1)
    assert (view.entry_ticks, view.qty_lots) == (1000.0, 2000)
    assert (view.unrealised, view.notional, view.heat) == (_usdt("10"), _usdt("210"), _usdt("12"))
    assert ledger.view(ledger.positions[0], 980, 990, 1000, 1).heat == _usdt("0")


def test_equity_wants_every_rate(ledger: Ledger) -> None:
    ledger.deposit("aster", Money.of("2", "BNB"))
    with pytest.raises(CallerError, match="found none for 2 BNB"):
        ledger.equity({}, {})
    assert ledger.equity({}, {"BNB": Fraction(1, 2)}) == _usdt("1")


def test_nonsense_fills_are_our_bug(
    ledger: Ledger, linear: Instrument, make_fill: MakeFill
) -> None:
    with pytest.raises(InvariantBroken, match="expected a positive price and quantity"):
        ledger.apply_fill(make_fill(linear, Side.BUY, "0", "100"))


def test_spot_must_settle_in_its_quote(spot: Instrument) -> None:
    odd = Instrument("A/B", "v", "AB", MarketKind.SPOT, "A", "B", "C", Step.of("1"), Step.of("1"))
    with pytest.raises(ConfigurationError, match="to settle in B, found C"):
        Ledger(InstrumentTable([odd]))


def test_check_names_what_does_not_fit(
    ledger: Ledger, linear: Instrument, make_fill: MakeFill
) -> None:
    ledger.apply_fill(make_fill(linear, Side.BUY, "1", "100", _usdt("0.1")))
    name = linear.instrument_id
    for account, what in (
        (strategy_account(AccountKind.OWED, ALPHA, name, "USDT"), "the books in USDT"),
        (strategy_account(AccountKind.FEES, ALPHA, name, "BNB"), "the books in BNB"),
    ):
        broken = Ledger(ledger._table)
        broken.restore(ledger.snapshot())
        broken._balances[account] = broken._balances.get(account, 0) + 1
        with pytest.raises(InvariantBroken, match=f"expected {what} to be 0, found 1"):
            broken.check()
    ledger._traded[ALPHA, name] += 1
    with pytest.raises(InvariantBroken, match="lots of alpha"):
        ledger.check()


def test_the_whole_is_checked_once_in_many_turns(
    ledger: Ledger, linear: Instrument, make_fill: MakeFill
) -> None:
    ledger.apply_fill(make_fill(linear, Side.BUY, "1", "100", _usdt("0.1")))
    for _ in range(CHECKED_EVERY):
        ledger.check_in_turn()
    ledger._charged["USDT"] += 1
    for _ in range(CHECKED_EVERY - 1):
        ledger.check_in_turn()
    with pytest.raises(InvariantBroken, match="fees in USDT"):
        ledger.check_in_turn()


def test_fees_are_verified_against_their_own_count(
    ledger: Ledger, linear: Instrument, make_fill: MakeFill
) -> None:
    ledger.apply_fill(make_fill(linear, Side.BUY, "1", "100", _usdt("0.1")))
    ledger._charged["USDT"] += 1
    with pytest.raises(InvariantBroken, match="fees in USDT"):
        ledger.check()


def test_a_foreign_snapshot_is_refused(ledger: Ledger) -> None:
    with pytest.raises(SnapshotCorrupt, match="expected a snapshot of the ledger"):
        ledger.restore(b"\x93\x01\x02\x03")
    with pytest.raises(SnapshotCorrupt, match="found 2"):
        ledger.restore(ledger.snapshot().replace(b"version\x01", b"version\x02"))


# Properties against the books in plain fractions.

fees = st.sampled_from(["USDT", "BTC", "BNB"]).flatmap(
    lambda name: st.integers(-(10**15), 10**17).map(lambda n: Money(n, name))
)
perp_rows = st.lists(
    st.tuples(
        st.sampled_from([1, 2]),
        st.sampled_from(["alpha", "beta"]),
        st.sampled_from(list(Side)),
        st.integers(1, 50),
        st.integers(500, 2_000),
        fees,
    ),
    min_size=1,
    max_size=25,
)


def _apply(ledger: Ledger, make_fill: MakeFill, rows: Sequence[Any]) -> list[Event]:
    events: list[Event] = []
    for instrument, strategy, side, lots, ticks, fee in rows:
        qty, price = instrument.qty_text(lots), instrument.price_text(ticks)
        fill = make_fill(instrument, side, qty, price, fee, strategy=strategy)
        events += ledger.apply_fill(fill).events
    return events


@settings(max_examples=60, deadline=None)
@given(rows=perp_rows)
def test_perps_equal_the_plain_books(
    table: InstrumentTable, many_fills: MakeFill, plain: Callable[..., Any], rows: Any
) -> None:
    ledger = Ledger(table)
    named = [(table[row[0]], *row[1:]) for row in rows]
    _apply(ledger, many_fills, named)
    expected = plain(named)
    ledger.check()
    for (strategy, name), lots in expected.lots.items():
        key = StrategyId(strategy), table.get(name).instrument_id
        held = ledger.position(*key)
        assert (held.signed_lots if held else 0) == lots
        account = strategy_account(AccountKind.REALISED, *key, table.get(name).settle)
        realised = Fraction(-ledger.balances.get(account, 0), MONEY_UNIT)
        assert abs(realised - expected.realised[strategy, name]) * MONEY_UNIT <= expected.roundings
        if held:
            cost = Fraction(held.cost, MONEY_UNIT)
            assert abs(cost - expected.cost[strategy, name]) * MONEY_UNIT <= expected.roundings
    charged = {row.currency: row.fees for row in ledger.profits() if row.fees}
    assert charged == {currency: paid for currency, paid in expected.fees.items() if paid}


@settings(max_examples=60, deadline=None)
@given(rows=perp_rows)
def test_flat_linear_books_have_no_rounding_left(
    table: InstrumentTable, many_fills: MakeFill, plain: Callable[..., Any], rows: Any
) -> None:
    ledger = Ledger(table)
    named = [(table[1], "alpha", *row[2:5], Money.zero("USDT")) for row in rows]
    net = sum(row[2] * row[3] for row in named)
    if net:
        named.append((table[1], "alpha", Side(-1 if net > 0 else 1), abs(net), 777, named[0][5]))
    _apply(ledger, many_fills, named)
    value = sum(-row[2] * table[1].cost(row[4], row[3]).amount for row in named)
    assert ledger.balance("aster", "USDT").amount == value
    assert ledger.positions == ()


spot_rows = st.lists(
    st.tuples(st.integers(2, 200), st.integers(500, 2000), st.integers(0, 3), st.booleans()),
    min_size=1,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(rows=spot_rows)
def test_spot_wallets_and_profit_follow_the_coins(
    table: InstrumentTable, many_fills: MakeFill, rows: Any
) -> None:
    ledger, spot = Ledger(table), table[0]
    money = coins = 0
    lot = MONEY_UNIT // 100_000
    for lots, ticks, tenths, is_sell in rows:
        (held,) = ledger.positions or (None,)
        sells = is_sell and held is not None
        if held is not None and sells:
            lots = min(lots, held.deliverable_lots(spot))
        fee = Money(0 if sells else tenths * lot // 10 * lots // 100, "BTC")
        side = Side.SELL if sells else Side.BUY
        fill = many_fills(spot, side, spot.qty_text(lots), spot.price_text(ticks), fee)
        ledger.apply_fill(fill)
        money -= side * spot.cost(ticks, lots).amount
        coins += side * lots * lot - fee.amount
    assert ledger.balance("aster", "USDT").amount == money
    assert ledger.balance("aster", "BTC").amount == coins
    assert all(p.deliverable_lots(spot) > 0 for p in ledger.positions)
    ledger.check()


@settings(max_examples=30, deadline=None)
@given(rows=perp_rows, cut=st.integers(0, 25))
def test_restored_books_continue_as_if_never_stopped(
    table: InstrumentTable, many_fills: MakeFill, rows: Any, cut: int
) -> None:
    whole, first, second = (Ledger(table) for _ in range(3))
    whole.deposit("aster", _usdt("10000"))
    first.deposit("aster", _usdt("10000"))
    named = [(table[row[0]], *row[1:]) for row in rows]
    fills = [
        many_fills(row[0], row[2], row[0].qty_text(row[3]), row[0].price_text(row[4]), row[5])
        for row in named
    ]
    for fill in fills[:cut]:
        assert whole.apply_fill(fill) == first.apply_fill(fill)
    second.restore(first.snapshot())
    for fill in fills[cut:]:
        assert whole.apply_fill(fill) == second.apply_fill(fill)
    assert whole.snapshot() == second.snapshot()
