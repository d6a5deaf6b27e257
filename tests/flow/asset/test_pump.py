"""The hour's return."""

from math import isnan, nan

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.pump import pump


@pytest.mark.parametrize(
    ("last", "side"), [(100.49, 0), (100.51, 1), (99.51, 0), (99.49, -1), (100.0, 0)]
)
def test_it_compares_with_the_price_sixty_minutes_ago(last: float, side: int) -> None:
    prices = [55.0] * 10 + [100.0] + [70.0] * 59 + [last]
    found = pump(prices)
    assert found.change == pytest.approx(last / 100 - 1)
    assert (found.side, found.is_sufficient) == (side, True)


def test_sixty_one_prices_are_needed() -> None:
    found = pump(np.ones(60))
    assert isnan(found.change)
    assert found.shortfall is not None
    assert found.shortfall.reason == "expected at least 61 minutes of price, found 60"
    assert pump(np.ones(61)).change == 0.0


def test_an_unknown_end_gives_no_signal() -> None:
    prices = np.ones(61)
    prices[0] = nan
    assert not pump(prices).is_sufficient
    prices[0], prices[-1] = 1.0, nan
    assert pump(prices).side == 0


def test_impossible_rules_are_refused() -> None:
    with pytest.raises(CallerError, match="at least 1 minute"):
        pump([1.0], minutes=0)
    with pytest.raises(CallerError, match="threshold above 0"):
        pump([1.0], threshold=0.0)
