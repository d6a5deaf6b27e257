from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import PrecisionError
from undertow.domain.fixed import Step
from undertow.domain.instrument import FeeSchedule, Instrument, MarketKind
from undertow.domain.money import Money
from undertow.domain.side import Side

prices = st.integers(1, 10**9)
lots = st.integers(1, 10**9)


def _inverse() -> Instrument:
    return Instrument(
        "BTC/USD:BTC", "aster", "BTCUSD_PERP", MarketKind.INVERSE, "BTC", "USD", "BTC",
        Step.of("0.1"), Step.of("1"), contract_size=Step.of("100"),
    )  # fmt: skip


def test_names(spot: Instrument, linear: Instrument) -> None:
    assert spot.instrument_id == "BTC/USDT@aster"
    assert not spot.is_perp
    assert linear.is_perp


def test_texts_are_exact(spot: Instrument) -> None:
    assert spot.ticks("61837.63000000") == 6183763
    assert spot.price_text(6183763) == "61837.63"
    assert spot.lots("0.02") == 2000
    assert spot.qty_text(2000) == "0.02"
    assert spot.price_float(6183763) == 61837.63
    with pytest.raises(PrecisionError):
        spot.ticks("0.001")


def test_notional_and_cost(spot: Instrument, linear: Instrument, inverse: Instrument) -> None:
    assert spot.notional(6183763, 2000) == Money.of("1236.7526", "USDT")
    assert linear.notional(100_000, 7) == Money.of("350", "USDT")
    assert inverse.notional(618048, 4) == Money.of("400", "USD")
    assert inverse.cost(618048, 4).text == "0.00647198923060992"


def test_base_quantity(spot: Instrument, linear: Instrument, inverse: Instrument) -> None:
    assert spot.base_qty(1, 2000) == Decimal("0.02")
    assert linear.base_qty(1, 7) == Decimal("0.007")
    assert inverse.base_qty(500_000, 5) == Decimal("0.01")


@given(prices, prices, lots)
def test_inverse_pnl_is_the_difference_of_reciprocals(entry: int, exit_: int, qty: int) -> None:
    pnl = _inverse().pnl(Side.BUY, entry, exit_, qty)
    exact = Fraction(qty * 100 * 10) * (Fraction(1, entry) - Fraction(1, exit_))
    assert abs(Fraction(pnl.amount, 10**18) - exact) <= Fraction(1, 10**18)
    assert _inverse().pnl(Side.SELL, entry, exit_, qty) == -pnl


def test_linear_pnl_and_fee(linear: Instrument) -> None:
    assert linear.pnl(Side.BUY, 100_000, 100_010, 1000) == Money.of("5", "USDT")
    assert linear.pnl(Side.SELL, 100_000, 100_010, 1000) == Money.of("-5", "USDT")
    assert linear.fee(100_000, 1000, 500) == Money.of("25", "USDT")
    assert linear.fee(100_000, 1000, -100) == Money.of("-5", "USDT")
    assert linear.fees == FeeSchedule(200, 500)


def test_a_product_finer_than_money_is_rounded_half_even() -> None:
    fine = Instrument("X/Y", "v", "XY", MarketKind.SPOT, "X", "Y", "Y", Step(1, 10), Step(1, 10))
    assert fine.notional(1, 50).amount == 0
    assert fine.notional(1, 150).amount == 2
