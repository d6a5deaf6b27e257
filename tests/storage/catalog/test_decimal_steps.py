"""The independent computation is Python's own shortest decimal text of a float."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.storage.catalog.decimal_steps import (
    counts_of,
    find_digits,
    finest_step,
    floats_of,
    rescaled,
)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=20), st.integers(0, 6))
def test_decimals_are_those_of_the_shortest_text(counts: list[int], digits: int) -> None:
    values = np.array([float(Decimal(count).scaleb(-digits)) for count in counts])
    exponents = [Decimal(repr(value)).normalize().as_tuple().exponent for value in values.tolist()]
    wanted = (
        max(0, *(-int(one) for one in exponents))
        if len(exponents) > 1
        else max(0, -int(exponents[0]))
    )
    found = find_digits([values])
    assert found.step == Step(1, wanted)
    assert (found.noisy, found.rounded) == (0, 0)
    assert floats_of(counts_of(values, found.step), found.step).tolist() == values.tolist()


def test_noise_of_arithmetic_is_no_decimal() -> None:
    found = find_digits([np.array([129587.00000000001, 130053.0, 129815.5])])
    assert (found.step, found.noisy) == (Step(1, 1), 1)


def test_real_decimals_are_not_taken_for_noise() -> None:
    assert find_digits([np.array([16493.62911039])]).step == Step(1, 8)


def test_too_many_decimals_are_rounded_and_counted() -> None:
    found = find_digits([np.array([1 / 3, 0.5])], most=8)
    assert (found.step, found.rounded) == (Step(1, 8), 1)
    assert find_digits([np.array([np.nan])]).step == Step(1, 0)


def test_numbers_that_cannot_be_counted_are_refused() -> None:
    for value in (np.nan, np.inf, 1e20):
        with pytest.raises(DataError, match=r"counts of 0\.1"):
            counts_of(np.array([value]), Step(1, 1))


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 6)), min_size=1, max_size=5))
def test_the_finest_step_divides_all(parts: list[tuple[int, int]]) -> None:
    steps = [Step(coefficient, digits) for coefficient, digits in parts]
    finest = finest_step(steps)
    for step in steps:
        found = rescaled(np.array([7]), step, finest)
        assert finest.decimal(int(found[0])) == step.decimal(7)


def test_a_step_that_does_not_divide_is_refused() -> None:
    with pytest.raises(DataError, match=r"divides 0\.3"):
        rescaled(np.array([1]), Step(3, 1), Step(2, 1))
    with pytest.raises(DataError, match="63 bits"):
        rescaled(np.array([1 << 60]), Step(1, 0), Step(1, 2))
