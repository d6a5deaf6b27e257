from collections.abc import Callable
from math import isnan, sqrt
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.flow.volume_surge import volume_surge

Make = Callable[..., Any]


def bars_with(bars_of: Make, volumes: list[int], buys: int = 0) -> Any:
    rows = [(100, 101, 99, 100, 0, lots) for lots in volumes]
    rows[-1] = (100, 101, 99, 100, buys, volumes[-1] - buys)
    return bars_of(rows)


def plain(volumes: list[int], span: int) -> tuple[float, float]:
    """Mean and unbiased deviation with weights (1 - a) ** age."""
    keep = 1 - 2 / (span + 1)
    weights = [keep**age for age in range(len(volumes))][::-1]
    total = sum(weights)
    mean = sum(w * v for w, v in zip(weights, volumes, strict=True)) / total
    squares = sum(w * (v - mean) ** 2 for w, v in zip(weights, volumes, strict=True))
    return mean, sqrt(squares * total / (total**2 - sum(w * w for w in weights)))


@pytest.mark.parametrize("span", [5, 60])
def test_the_baseline_is_the_bars_before(span: int, bars_of: Make) -> None:
    before = np.random.default_rng(span).integers(50, 150, 80).tolist()
    found = volume_surge(bars_with(bars_of, [*before, 400], buys=300), span)
    mean, deviation = plain(before, span)
    assert found.mean_lots == pytest.approx(mean)
    assert found.deviation_lots == pytest.approx(deviation)
    assert found.score == pytest.approx((400 - mean) / deviation)
    assert (found.is_surge, found.side) == (True, 1)


def test_the_trigger_and_the_side(bars_of: Make) -> None:
    before = [90, 110] * 20
    quiet = volume_surge(bars_with(bars_of, [*before, 120]))
    assert (quiet.is_surge, quiet.side, quiet.is_sufficient) == (False, 0, True)
    assert volume_surge(bars_with(bars_of, [*before, 120]), trigger=1.5).side == -1
    assert volume_surge(bars_with(bars_of, [*before, 200], buys=100)).side == 0


def test_a_constant_baseline_has_no_score(bars_of: Make) -> None:
    found = volume_surge(bars_with(bars_of, [100] * 30 + [500]))
    assert isnan(found.score)
    assert (found.is_surge, found.is_sufficient) == (False, True)


def test_too_few_bars_say_nothing(bars_of: Make) -> None:
    found = volume_surge(bars_with(bars_of, [90, 110] * 10))
    assert not found.is_sufficient
    assert isnan(found.score)
    assert volume_surge(bars_with(bars_of, [90, 110] * 10 + [99])).is_sufficient
    assert not volume_surge(
        bars_with(bars_of, [90] * 30), 1
    ).is_sufficient  # weight of one bar only


def test_wrong_numbers_are_refused(bars_of: Make) -> None:
    for options in ({"span": 0}, {"least_bars": 1}):
        with pytest.raises(ConfigurationError, match="expected span >= 1 and least_bars >= 2"):
            volume_surge(bars_with(bars_of, [1]), **options)
