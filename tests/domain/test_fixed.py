from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import PrecisionError
from undertow.domain.fixed import Step, format_scaled, parse_scaled, power_of_ten


@given(st.integers(-(10**24), 10**24), st.integers(0, 18))
def test_text_round_trip(value: int, digits: int) -> None:
    assert parse_scaled(format_scaled(value, digits), digits) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1e9, max_value=1e9))
def test_parse_agrees_with_decimal(value: Decimal) -> None:
    for text in (str(value), f"{value:f}", f"{value:e}"):
        assert Decimal(parse_scaled(text, 18)).scaleb(-18) == value


@pytest.mark.parametrize(
    "text", ["", "abc", "1.2.3", "nan", "inf", "1e99", "0x1", "1_0", "\u0661", "--1"]
)
def test_no_number_is_refused(text: str) -> None:
    with pytest.raises(PrecisionError, match="expected"):
        parse_scaled(text, 8)


def test_too_fine_is_refused_never_rounded() -> None:
    assert parse_scaled("0.10000000", 1) == 1
    with pytest.raises(PrecisionError, match="at most 2 decimals"):
        parse_scaled("0.001", 2)


@pytest.mark.parametrize(
    ("text", "step"), [("0.01", Step(1, 2)), ("0.50", Step(5, 1)), ("10", Step(10, 0))]
)
def test_step_of(text: str, step: Step) -> None:
    assert Step.of(text) == step


@pytest.mark.parametrize("text", ["0", "-0.1", "0.0000000000000000001"])
def test_step_must_be_positive_and_not_too_fine(text: str) -> None:
    with pytest.raises(PrecisionError):
        Step.of(text)


@given(st.integers(-(10**12), 10**12), st.integers(1, 1000), st.integers(0, 10))
def test_step_counts_are_exact(count: int, coefficient: int, digits: int) -> None:
    step = Step(coefficient, digits)
    assert step.count(step.text(count)) == count
    assert step.floor_count(step.decimal(count)) == count
    assert step.nearest_count(step.decimal(count)) == count


def test_off_grid_is_refused() -> None:
    with pytest.raises(PrecisionError, match=r"multiple of 0\.5"):
        Step.of("0.5").count("100.2")


def test_float_floor_reads_the_shortest_decimal() -> None:
    assert Step.of("0.1").floor_count(0.3) == 3
    assert Step.of("0.1").floor_count(-0.05) == -1
    assert Step.of("0.5").float(3) == 1.5


def test_power_of_ten() -> None:
    assert [power_of_ten(n) for n in (0, 1, 18)] == [1, 10, 10**18]
