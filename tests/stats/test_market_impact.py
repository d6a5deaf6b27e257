"""Expected: the law by hand; the two worked examples of Almgren et al. (2005), table 3."""

from math import isnan

import pytest

from undertow.domain.errors import CallerError
from undertow.stats import AVERAGE_OF_PEAK, almgren_impact, square_root_impact


def test_the_square_root_by_hand() -> None:
    # 1 % of a day's volume at 4 % a day: 0.04 * 0.1.
    assert square_root_impact(10.0, 1_000.0, 0.04) == pytest.approx(0.004)
    assert square_root_impact(40.0, 1_000.0, 0.04) == pytest.approx(0.008)
    assert square_root_impact(10.0, 1_000.0, 0.04, factor=0.5) == pytest.approx(0.002)
    assert square_root_impact(0.0, 1_000.0, 0.04) == 0.0
    assert isnan(square_root_impact(1.0, 0.0, 0.04))
    with pytest.raises(CallerError, match="not below 0"):
        square_root_impact(-1.0, 1.0, 0.04)


def test_the_average_is_two_thirds_of_the_peak() -> None:
    # The mean of sqrt(x) over 0 .. 1.
    steps = [((k + 0.5) / 10_000) ** 0.5 for k in range(10_000)]
    assert sum(steps) / 10_000 == pytest.approx(AVERAGE_OF_PEAK, rel=1e-5)


IBM = (6.561e6, 1728e6, 0.0157, 20e-4)
DRI = (1.929e6, 168e6, 0.0226, 22e-4)


@pytest.mark.parametrize(
    ("share", "days", "temporary"),
    [
        (IBM, 0.1, 22e-4),
        (IBM, 0.2, 15e-4),
        (IBM, 0.5, 8e-4),
        (DRI, 0.1, 32e-4),
        (DRI, 0.2, 21e-4),
        (DRI, 0.5, 12e-4),
    ],
)
def test_the_published_examples(
    share: tuple[float, float, float, float], days: float, temporary: float
) -> None:
    # A tenth of a day's volume in two shares; printed in whole basis points.
    volume, outstanding, volatility, permanent = share
    found = almgren_impact(0.1 * volume, days, volume, volatility, outstanding=outstanding)
    assert found.permanent == pytest.approx(permanent, abs=0.6e-4)
    assert found.temporary == pytest.approx(temporary, abs=0.6e-4)
    assert found.cost == pytest.approx(found.permanent / 2 + found.temporary)


def test_a_sale_is_mirrored() -> None:
    bought = almgren_impact(10.0, 0.5, 100.0, 0.02, outstanding=1e4)
    sold = almgren_impact(-10.0, 0.5, 100.0, 0.02, outstanding=1e4)
    assert sold == pytest.approx(tuple(-x for x in bought))
    assert isnan(almgren_impact(10.0, 0.0, 100.0, 0.02, outstanding=1e4).cost)
