"""Configurations of bars: what they refuse."""

from collections.abc import Callable
from math import inf, nan
from typing import Any

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.flow.bar_kinds import (
    DollarBars,
    FixedImbalanceBars,
    ImbalanceBars,
    Measure,
    RangeBars,
    RenkoBars,
    RunsBars,
    TickBars,
    TimeBars,
    VolumeBars,
)


@pytest.mark.parametrize("number", [0, -1, nan, inf])
@pytest.mark.parametrize(
    "make",
    [
        TickBars, VolumeBars, DollarBars, RenkoBars, RangeBars, TimeBars,
        lambda number: FixedImbalanceBars(Measure.QTY, number),
        lambda number: ImbalanceBars(Measure.QTY, number, 5),
        lambda number: ImbalanceBars(Measure.QTY, 5, number),
        lambda number: RunsBars(Measure.QTY, 5, 5, number),
    ],
)  # fmt: skip
def test_numbers_are_finite_and_above_zero(make: Callable[[Any], Any], number: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"expected .* above 0, found"):
        make(number)


def test_bounds_must_be_in_order() -> None:
    with pytest.raises(ConfigurationError, match="expected most_trades of at least 9"):
        ImbalanceBars(Measure.QTY, 5, 5, least_trades=9.0, most_trades=8.0)
    with pytest.raises(ConfigurationError, match="expected least_trades of at least 0"):
        RunsBars(Measure.QTY, 5, 5, least_trades=-1.0)


def test_lateness_is_bounded() -> None:
    assert TimeBars(1, 1000 * 10**9).lateness_ns == 1000 * 10**9
    with pytest.raises(ConfigurationError, match="at most 1000 bars"):
        TimeBars(1, 1000 * 10**9 + 1)


@pytest.mark.parametrize(
    "make",
    [TickBars, TimeBars, lambda number: RenkoBars(1, number),
     lambda number: ImbalanceBars(Measure.QTY, 5, number)],
)  # fmt: skip
def test_counts_are_whole(make: Callable[[Any], Any]) -> None:
    with pytest.raises(ConfigurationError, match=r"whole number above 0, found 2\.5"):
        make(2.5)


def test_names_may_be_texts_and_wrong_ones_are_answered() -> None:
    text: Any = "qty"
    assert FixedImbalanceBars(text, 3).measure == Measure.QTY
    wrong: Any = "qtty"
    with pytest.raises(ConfigurationError, match="did you mean 'qty'"):
        FixedImbalanceBars(wrong, 3)
    with pytest.raises(ConfigurationError, match="expected one of side, tick_rule"):
        RunsBars(Measure.QTY, 5, 5, sign_from=wrong)
