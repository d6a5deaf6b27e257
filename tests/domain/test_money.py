from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import InvariantBroken
from undertow.domain.money import MONEY_UNIT, Money, divide_half_even

amounts = st.integers(-(10**30), 10**30)


@given(amounts, st.integers(1, 10**12) | st.integers(-(10**12), -1))
def test_division_is_half_even(numerator: int, denominator: int) -> None:
    assert divide_half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@given(amounts, amounts)
def test_sums_are_exact(a: int, b: int) -> None:
    left, right = Money(a, "USDT"), Money(b, "USDT")
    assert left + right - right == left
    assert (-left).amount == -a
    assert (left < right) == (a < b)
    assert (left <= right) == (a <= b)


@given(amounts)
def test_text_round_trip(amount: int) -> None:
    money = Money(amount, "BTC")
    assert Money.of(money.text, "BTC") == money
    assert money.decimal * MONEY_UNIT == amount or abs(amount) > 10**27
    assert bool(money) == (amount != 0)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(InvariantBroken, match="expected money in USDT, found BTC"):
        Money.zero("USDT") + Money.zero("BTC")


def test_ratio_and_words() -> None:
    assert Money.of("10", "USDT").times(1, 3).text == "3.333333333333333333"
    assert str(Money.of("-0.5", "USDT")) == "-0.5 USDT"
    assert float(Money.of("0.25", "USDT")) == 0.25
