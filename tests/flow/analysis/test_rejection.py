from collections.abc import Callable
from math import inf, isnan
from typing import Any

import pytest

from undertow.flow.rejection import rejection

BarsOf = Callable[..., Any]


def test_a_long_lower_wick_with_a_strong_close_rejects_lower_prices(
    bars_of: BarsOf, mirrored: BarsOf
) -> None:
    bars = bars_of([(108, 111, 100, 110, 1, 1)])
    found = rejection(bars[0])
    assert (found.side, found.strength, found.wick_to_body) == (1, 0.8, 4.0)
    assert found.close_location == pytest.approx(10 / 11)
    mirror = rejection(mirrored(bars)[0])
    assert (mirror.side, mirror.strength, mirror.wick_to_body) == (-1, 0.8, 4.0)


@pytest.mark.parametrize(
    "row",
    [
        (106, 111, 100, 110, 1, 1),  # wick of 1.5 bodies
        (108, 113, 100, 110, 1, 1),  # closes below the top fifth
        (110, 111, 100, 108, 1, 1),  # closes below its open
        (110, 111, 100, 110, 1, 1),  # no body
    ],
)
def test_near_misses_are_no_pattern(row: tuple[int, ...], bars_of: BarsOf) -> None:
    found = rejection(bars_of([row])[0])
    assert (found.side, found.strength) == (0, 0.0)


def test_exactly_twice_the_body_or_a_fifth_from_the_top_is_not_enough(bars_of: BarsOf) -> None:
    assert rejection(bars_of([(104, 106, 100, 106, 1, 1)])[0]).side == 0
    assert rejection(bars_of([(107, 110, 100, 108, 1, 1)])[0]).side == 0


def test_flat_bars_are_guarded(bars_of: BarsOf) -> None:
    found = rejection(bars_of([(5, 5, 5, 5, 1, 1)])[0])
    assert found.side == 0
    assert isnan(found.wick_to_body)
    assert rejection(bars_of([(5, 6, 4, 5, 1, 1)])[0]).wick_to_body == inf
