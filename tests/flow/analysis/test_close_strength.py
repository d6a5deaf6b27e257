from collections.abc import Callable
from math import isnan
from typing import Any

import pytest

from undertow.flow.close_strength import close_location, close_strength


@pytest.mark.parametrize(("close", "strength"), [(20, 1.0), (10, -1.0), (15, 0.0), (18, 0.6)])
def test_it_is_the_place_in_the_range(
    close: int, strength: float, bars_of: Callable[..., Any], mirrored: Callable[..., Any]
) -> None:
    bars = bars_of([(12, 20, 10, close, 1, 1)])
    assert close_strength(bars[0]) == pytest.approx(strength)
    assert close_strength(mirrored(bars)[0]) == pytest.approx(-strength)
    assert close_location(bars[0]) == pytest.approx((strength + 1.0) / 2.0)


def test_no_range_no_place(bars_of: Callable[..., Any]) -> None:
    assert isnan(close_strength(bars_of([(5, 5, 5, 5, 1, 1)])[0]))
