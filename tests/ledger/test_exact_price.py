from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.instrument import Instrument
from undertow.domain.money import MONEY_UNIT
from undertow.ledger.exact_price import (
    average_price_text,
    average_ticks,
    average_ticks_float,
    coin_amount,
)


def test_linear_average_is_weighted_by_quantity(linear: Instrument) -> None:
    cost = linear.cost(1000, 1).amount + linear.cost(1001, 2).amount
    assert average_ticks(linear, cost, 3) == Fraction(3002, 3)
    assert average_price_text(linear, cost, 3) == "100.0666667"


def test_inverse_average_is_harmonic(inverse: Instrument) -> None:
    # 100 USD at 50 000 and 100 USD at 25 000 bought 0.006 BTC: 200 / 0.006.
    cost = inverse.cost(100_000, 1).amount + inverse.cost(50_000, 1).amount
    assert average_price_text(inverse, cost, 2) == "33333.3333333"


@given(ticks=st.integers(1, 10**9), lots=st.integers(1, 10**9))
def test_one_fill_has_its_own_price(linear: Instrument, ticks: int, lots: int) -> None:
    assert average_ticks(linear, linear.cost(ticks, lots).amount, lots) == ticks


def test_coins_are_exact(spot: Instrument) -> None:
    assert coin_amount(spot, 100_000) == MONEY_UNIT
    assert coin_amount(spot, -1) == -MONEY_UNIT // 100_000


@given(ticks=st.integers(1, 10**9), lots=st.integers(1, 10**9), more=st.integers(0, 10**30))
def test_the_float_is_the_nearest_to_the_exact_average(
    linear: Instrument, inverse: Instrument, ticks: int, lots: int, more: int
) -> None:
    for instrument in (linear, inverse):
        cost = instrument.cost(ticks, lots).amount + more + 1
        assert average_ticks_float(instrument, cost, lots) == float(
            average_ticks(instrument, cost, lots)
        )
