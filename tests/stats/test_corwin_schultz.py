"""The spread of Corwin and Schultz."""

from math import exp, isnan, log, sqrt

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats.corwin_schultz import high_low_spread


def plain(pair: list[tuple[float, float]]) -> float:
    (h1, l1), (h2, l2) = pair
    beta = log(h1 / l1) ** 2 + log(h2 / l2) ** 2
    gamma = log(max(h1, h2) / min(l1, l2)) ** 2
    c = 3 - 2 * sqrt(2)
    alpha = (sqrt(2 * beta) - sqrt(beta)) / c - sqrt(gamma / c)
    return 2 * (exp(alpha) - 1) / (1 + exp(alpha))


def test_pairs_by_hand() -> None:
    bars = [(101.0, 99.0), (101.5, 99.5), (104.0, 101.0)]
    pairs = [plain(bars[:2]), plain(bars[1:])]
    assert pairs[0] > 0 > pairs[1]
    highs, lows = zip(*bars, strict=True)
    assert high_low_spread(highs, lows) == pytest.approx(pairs[0] / 2)
    assert high_low_spread(highs, lows, is_floored=False) == pytest.approx(sum(pairs) / 2)


def test_prices_that_only_bounce_show_the_whole_spread() -> None:
    # beta = 2 s^2 and gamma = s^2 with s = ln(H / L): alpha = s.
    assert high_low_spread([100.5] * 9, [99.5] * 9) == pytest.approx(
        2 * (100.5 / 99.5 - 1) / (1 + 100.5 / 99.5)
    )


def test_a_spread_around_a_random_walk_is_found() -> None:
    rng = np.random.default_rng(1)
    steps = rng.normal(scale=0.0002, size=(4000, 390))
    mid = 100 * np.exp(np.cumsum(steps.ravel())).reshape(steps.shape)
    shown = mid * (1 + 0.005 * rng.choice([-1, 1], mid.shape))
    found = high_low_spread(shown.max(axis=1), shown.min(axis=1), is_floored=False)
    assert found == pytest.approx(0.01, rel=0.15)


def test_degenerate_input() -> None:
    assert isnan(high_low_spread([1.0], [1.0]))
    assert high_low_spread([5.0, 5.0], [5.0, 5.0]) == 0.0
    for highs, lows in (([1.0], [2.0]), ([1.0, 2.0], [0.0, 1.0]), ([1.0], [1.0, 1.0])):
        with pytest.raises(CallerError, match="as many highs as lows"):
            high_low_spread(highs, lows)
