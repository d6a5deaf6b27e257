"""Divergences on confirmed pivots: by hand, against a plain twin, and never repainted."""

from collections.abc import Callable
from itertools import pairwise
from math import isnan, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.flow.asset_series import AssetSeries
from undertow.flow.cvd_divergence import (
    CvdDivergence,
    DivergenceRules,
    cvd_divergence,
    cvd_divergences,
)

Make = Callable[..., Any]
MINUTE = 60 * 10**9
PLAIN = DivergenceRules(swing=2, smooth=1)


def two_lows(second: float) -> np.ndarray:
    """Ninety quiet minutes, a low of 90 at 95 and one of `second` at 105."""
    price = np.full(110, 100.0)
    price[:90] += 0.001 * np.random.default_rng(1).normal(size=90)
    price[90:] = 100.0 + 0.01 * np.arange(20)
    price[94:97] = 95.0, 90.0, 95.0
    price[104:107] = 95.0, second, 95.0
    return price


def wandering(seed: int, minutes: int = 110) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 10.0, minutes)


def test_a_lower_low_that_cvd_does_not_share(make_series: Make) -> None:
    delta = wandering(2)
    delta[90:] = 0.0
    delta[[93, 98, 103]] = -400.0, 500.0, -50.0
    series = make_series(two_lows(89.0), total=delta)
    found = [one for one in cvd_divergences(series, series.total, PLAIN) if one.side > 0][-1]
    assert found.to_ns == series.time_ns[105]
    assert found.from_ns == series.time_ns[95]
    assert found.confirmed_ns == series.time_ns[107]
    assert found.price_change == pytest.approx(89 / 90 - 1)
    assert found.price_to == 89.0
    assert found.cvd_change_usd == pytest.approx(450.0, abs=0.01)
    scale = float(np.median(np.abs(delta[:108] - np.median(delta[:108])))) / 0.6745
    assert found.strength == pytest.approx(450.0 / (scale * sqrt(10)), rel=1e-3)
    assert found.is_strong


@pytest.mark.parametrize(
    ("second", "later"), [(91.0, 500.0), (90.0, 500.0), (89.0, -500.0), (89.0, 0.0)]
)
def test_no_divergence_where_both_agree(second: float, later: float, make_series: Make) -> None:
    delta = wandering(2)
    delta[90:] = 0.0
    delta[[93, 98]] = -400.0, later
    series = make_series(two_lows(second), total=delta)
    found = cvd_divergences(series, series.total, PLAIN)
    assert [one for one in found if one.to_ns == series.time_ns[105]] == []


def plain_twin(series: AssetSeries, rules: DivergenceRules) -> list[tuple[int, int, int, float]]:
    """(side, first, second, change) of every divergence, by loops over prices and sums."""
    price, delta, n = series.price, series.total.delta_usd, rules.swing
    cvd = [float(sum(delta[: t + 1])) for t in range(len(price))]
    smooth = [
        sum(cvd[t - rules.smooth + 1 : t + 1]) / rules.smooth if t + 1 >= rules.smooth else np.nan
        for t in range(len(cvd))
    ]
    out = []
    for side in (1, -1):
        worse = [-side * p for p in price]
        tops = [
            t
            for t in range(n, len(price) - n)
            if all(worse[t - k] < worse[t] and worse[t + k] <= worse[t] for k in range(1, n + 1))
        ]
        for first, second in pairwise(tops):
            ends = [
                min(side * x for x in smooth[t - n : t + n + 1] if not isnan(x)) * side
                for t in (first, second)
            ]
            change = ends[1] - ends[0]
            is_extreme = worse[second] > worse[first]
            if second - first <= rules.most_gap and is_extreme and change * side > 0.01:
                out.append((side, first, second, change))
    return sorted(out, key=lambda one: (one[2], -one[0]))


@pytest.mark.parametrize("seed", range(4))
def test_it_equals_the_plain_search(seed: int, make_series: Make) -> None:
    rng, rules = np.random.default_rng(seed), DivergenceRules(swing=3, most_gap=40)
    price = 100.0 * np.exp(np.cumsum(rng.normal(0.0, 1e-3, 300)))
    delta = np.round(rng.normal(0.0, 1000.0, 300), 2)
    series = make_series(price, total=delta)
    found = cvd_divergences(series, series.total, rules)
    wanted = plain_twin(series, rules)
    times = series.time_ns.tolist()
    assert [(d.side, d.from_ns, d.to_ns) for d in found] == [
        (side, times[first], times[second]) for side, first, second, _ in wanted
    ]
    assert [d.cvd_change_usd for d in found] == pytest.approx([w[3] for w in wanted], abs=0.02)
    assert len(found) > 3


def cut(series: AssetSeries, first: int, stop: int, make_series: Make) -> AssetSeries:
    total = series.total.delta_usd[first:stop]
    out: AssetSeries = make_series(series.price[first:stop], total=total)
    out.time_ns[:] = series.time_ns[first:stop]
    return out


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**20),
    stop=st.integers(20, 400),
    first=st.integers(0, 60),
    is_coarse=st.booleans(),
)
def test_what_was_told_is_never_changed(
    seed: int, stop: int, first: int, is_coarse: bool, make_series: Make
) -> None:
    rng, rules = np.random.default_rng(seed), DivergenceRules(swing=3)
    price = 100.0 * np.exp(np.cumsum(rng.normal(0.0, 1e-3, 400)))
    price = np.round(price, 1) if is_coarse else price  # plateaus and equal lows
    whole = make_series(price, total=rng.normal(0.0, 1000.0, 400))
    after = cvd_divergences(whole, whole.total, rules)
    early = cut(whole, 0, stop, make_series)
    before = cvd_divergences(early, early.total, rules)
    known = tuple(one for one in after if one.confirmed_ns <= whole.time_ns[stop - 1])
    assert repr(before) == repr(known)  # to the bit, NaN included
    # And the window may begin later, where pivots and scale are the same.
    late = cut(whole, first, 400, make_series)
    shifted = [one for one in cvd_divergences(late, late.total, rules) if safe(one, late)]
    assert [identity(one) for one in shifted] == [identity(one) for one in after if safe(one, late)]


def safe(one: CvdDivergence, series: AssetSeries) -> bool:
    return one.from_ns > int(series.time_ns[0]) + 10 * MINUTE


def identity(one: CvdDivergence) -> tuple[float, ...]:
    return (one.side, one.from_ns, one.to_ns, one.cvd_change_usd, one.price_change)


def test_turned_over_it_answers_turned_over(make_series: Make) -> None:
    rng = np.random.default_rng(3)
    steps, delta = rng.normal(0.0, 1e-3, 300), rng.normal(0.0, 10.0, 300)
    up = make_series(np.exp(np.cumsum(steps)), total=delta)
    down = make_series(np.exp(-np.cumsum(steps)), total=-delta)
    one, two = cvd_divergences(up, up.total), cvd_divergences(down, down.total)
    assert [(d.side, d.to_ns) for d in one] == [(-d.side, d.to_ns) for d in two]
    strengths = [[d.strength for d in found] for found in (one, two)]
    assert strengths[0] == pytest.approx(strengths[1], rel=1e-9, nan_ok=True)
    assert len(one) > 3


def standing(make_series: Make, minutes: int, last: float = 101.0) -> Any:
    """The reading some minutes after a bullish divergence of the spot and total flow."""
    delta = wandering(2)
    delta[90:] = 0.0
    delta[[93, 98, 103]] = -400.0, 500.0, -50.0
    price = np.concatenate([two_lows(89.0), 100.5 + 0.01 * np.arange(minutes)])
    price[-1] = last
    delta = np.concatenate([delta, np.zeros(minutes)])
    perp = wandering(7, len(delta))
    perp[90:] = 0.0
    return cvd_divergence(make_series(price, total=delta, spot=delta, perp=perp), PLAIN)


def test_it_stands_until_it_is_stale_or_broken(make_series: Make) -> None:
    found = standing(make_series, 10)
    assert (found.side, found.is_strong, found.is_sufficient) == (1, True, True)
    assert found.spot == found.total
    assert found.perp is None
    assert standing(make_series, 12).side == 1
    assert standing(make_series, 13).side == 0
    assert standing(make_series, 5, last=88.9).side == 0


def test_too_little_flow_gives_no_signal(make_series: Make) -> None:
    found = cvd_divergence(make_series(np.ones(59), total=np.zeros(59)))
    assert (found.side, found.is_strong, found.is_sufficient) == (0, False, False)
    with pytest.raises(CallerError, match="fresh minute"):
        cvd_divergence(make_series([1.0]), fresh=0)
    with pytest.raises(CallerError, match="scale_minutes of at least 60"):
        DivergenceRules(scale_minutes=10)
    with pytest.raises(CallerError, match="spans of at least 1"):
        DivergenceRules(swing=0)
