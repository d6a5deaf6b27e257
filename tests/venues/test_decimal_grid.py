from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.fixed import Step
from undertow.venues import decimal_grid
from undertow.venues.decimal_grid import DecimalGrid, SizeGrid
from undertow.venues.refusal import Reason, Refusal


@given(st.integers(-(10**15), 10**15), st.integers(1, 50), st.integers(0, 8), st.integers(0, 3))
def test_a_count_is_exact_whatever_zeros_are_printed(
    count: int, coefficient: int, digits: int, zeros: int
) -> None:
    step = Step(coefficient, digits)
    text = f"{Decimal(count * coefficient).scaleb(-digits):.{digits + zeros}f}"
    grid = DecimalGrid(step)
    assert grid[text] == count
    assert grid[text] == count


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.15", Reason.OFF_GRID),
        ("7.3", Reason.OFF_GRID),
        (".3", Reason.OFF_GRID),
        ("abc", Reason.NUMBER),
        ("", Reason.NUMBER),
        ("nan", Reason.NUMBER),
        ("1e999", Reason.NUMBER),
        ("1_0", Reason.NUMBER),
        ("٣", Reason.NUMBER),
        ("1000000000000000000", Reason.RANGE),
    ],
)
def test_what_is_no_count_is_refused_with_its_reason(text: str, reason: Reason) -> None:
    grid = DecimalGrid(Step(5, 1))
    with pytest.raises(Refusal) as caught:
        grid[text]
    assert caught.value.reason is reason
    assert text not in grid


def test_the_sign_is_kept() -> None:
    assert DecimalGrid(Step.of("0.1"))["-0.3"] == -3


def test_a_size_finer_than_a_lot_is_rounded_up_and_counted_every_time() -> None:
    grid = SizeGrid(Step.of("0.001"))
    assert [grid["0.0001"], grid["25.0002"], grid["0.0001"], grid["0.002"]] == [1, 25_001, 1, 2]
    assert grid.inexact == 3


def test_a_size_without_a_leading_zero_is_rounded_up_too() -> None:
    grid = SizeGrid(Step.of("1"))
    assert (grid[".5"], grid.inexact) == (1, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("-0.0001", Reason.NEGATIVE), ("x", Reason.NUMBER), ("1" * 20 + ".00001", Reason.RANGE)],
)
def test_a_size_that_cannot_be_is_refused(text: str, reason: Reason) -> None:
    grid = SizeGrid(Step.of("0.001"))
    with pytest.raises(Refusal) as caught:
        grid[text]
    assert (caught.value.reason, grid.inexact) == (reason, 0)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decimal_grid, "MEMORY_TEXTS", 10)
    grid = DecimalGrid(Step(1, 0))
    assert [grid[str(i)] for i in range(35)] == list(range(35))
    assert len(grid) <= 10
