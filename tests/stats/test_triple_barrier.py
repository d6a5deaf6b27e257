"""Expected: by hand, and a loop over events and bars that applies the definition."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.stats.triple_barrier import (
    bar_limits,
    barriers,
    close_barrier_labels,
    range_barrier_labels,
    time_limits,
    timed_barrier_labels,
)

MINUTE = 60_000_000_000


@given(
    seed=st.integers(0, 10_000),
    horizon=st.integers(1, 30),
    profit=st.sampled_from([None, 0.5, 1.0, 2.0]),
    loss=st.sampled_from([None, 0.5, 1.0, 2.0]),
)
def test_closes_follow_the_definition(
    seed: int, horizon: int, profit: float | None, loss: float | None
) -> None:
    rng = np.random.default_rng(seed)
    closes = 100.0 * np.exp(np.cumsum(rng.standard_normal(60) * 0.01))
    events = np.sort(rng.choice(60, 12, replace=False))
    targets, sides = rng.uniform(0.005, 0.03, 12), rng.choice([-1, 1], 12)
    given_ones = barriers(
        events, targets, bar_limits(events, horizon), profit=profit, loss=loss, sides=sides
    )
    found = close_barrier_labels(closes, given_ones)
    for row, (event, target, side) in enumerate(zip(events, targets, sides, strict=True)):
        last = min(event + horizon, 59)
        label, end = 0, last
        for place in range(event + 1, last + 1):
            gain = side * (closes[place] / closes[event] - 1.0)
            if profit is not None and gain > profit * target:
                label, end = 1, place
                break
            if loss is not None and gain < -loss * target:
                label, end = -1, place
                break
        outcome = side * (closes[end] / closes[event] - 1.0)
        assert (found.label[row], found.ends[row]) == (label, end)
        assert found.outcome[row] == pytest.approx(outcome)
        assert found.sign[row] == (label or np.sign(outcome))
        assert found.is_cut[row] == (label == 0 and event + horizon > 59)


def test_a_touch_to_the_digit() -> None:
    closes = [100.0, 102.0, 101.0, 103.0]
    assert closes[1] / closes[0] - 1.0 > 0.02  # what a comparison of returns would see
    one = barriers([0], 0.02, [3])
    assert close_barrier_labels(closes, one).ends.tolist() == [3]
    assert close_barrier_labels(closes, one, touch="inclusive").ends.tolist() == [1]


@given(st.integers(100, 100_000), st.integers(1, 300))
def test_exact_touches_are_exact_on_any_tick_grid(ticks: int, basis_points: int) -> None:
    entry = Decimal(ticks) / 100
    for side in (1, -1):
        closes = [float(entry), float(entry * (1 + side * Decimal(basis_points) / 10_000))]
        one = barriers([0], basis_points / 10_000, [1], sides=[side])
        assert close_barrier_labels(closes, one).label.tolist() == [0]
        assert close_barrier_labels(closes, one, touch="inclusive").label.tolist() == [1]


def test_the_last_bar_has_nothing_to_look_at() -> None:
    found = close_barrier_labels([1.0, 2.0], barriers([1], 0.1, bar_limits([1], 5)))
    assert (found.label[0], found.ends[0], found.outcome[0]) == (0, 1, 0.0)
    assert found.is_cut.all()


def test_a_quarter_of_an_hour() -> None:
    """ML-11: take-profit, stop-loss and a limit of 15 minutes, whichever is first."""
    times = np.array([0, 4, 9, 14, 15, 16, 40]) * MINUTE
    limits = time_limits(times, [0, 3, 5, 6], 15 * MINUTE)
    assert limits.tolist() == [4, 5, 5, 7]
    prices = [100.0, 100.5, 98.9, 100.2, 100.1, 103.0, 99.9]
    label = close_barrier_labels(prices, barriers([0, 3], 0.02, limits[:2])).label
    assert label.tolist() == [0, 1]  # the rise comes after 16 minutes, 2 after the second event
    stopped = timed_barrier_labels(times, prices, [0], profit=0.02, loss=0.01)
    assert (stopped.label[0], stopped.ends[0]) == (-1, 2)
    longer = timed_barrier_labels(
        times, prices, [0, 5], profit=0.02, loss=0.05, limit_ns=16 * MINUTE
    )
    assert longer.label.tolist() == [1, 0]
    assert longer.is_cut.tolist() == [False, False]
    assert timed_barrier_labels(times, prices, [6], profit=0.1, loss=0.1).is_cut.tolist() == [True]


def test_ranges_by_hand() -> None:
    entry = (100.0, 100.0, 100.0, 100.0)
    one = barriers([0], 0.02, [2])
    quiet = (100.0, 101.0, 99.0, 100.0)
    cases = {
        (100.0, 102.0, 99.5, 100.0): (1, 0.02),
        (100.0, 101.0, 98.0, 100.0): (-1, -0.02),
        (100.0, 102.5, 97.0, 101.0): (-1, -0.02),  # both: the stop first
        (103.0, 103.5, 97.0, 101.0): (1, 0.03),  # opened beyond the target
        (96.0, 103.0, 95.0, 101.0): (-1, -0.04),  # opened beyond the stop
    }
    for bar, (label, outcome) in cases.items():
        found = range_barrier_labels(_four(entry, bar, quiet), one)
        assert (found.label[0], found.ends[0]) == (label, 1)
        assert found.outcome[0] == pytest.approx(outcome)
    nothing = range_barrier_labels(_four(entry, quiet, quiet), one)
    assert (nothing.label[0], nothing.ends[0], nothing.outcome[0]) == (0, 2, 0.0)


def test_the_order_inside_a_bar_is_a_rule() -> None:
    bars = _four((100.0,) * 4, (100.0, 103.0, 97.0, 100.5))
    for side in (1, -1):
        one = barriers([0], 0.02, [1], sides=[side])
        best = range_barrier_labels(bars, one, both="profit_first")
        worst = range_barrier_labels(bars, one)
        unknown = range_barrier_labels(bars, one, both="unknown")
        assert (best.label[0], worst.label[0], unknown.label[0]) == (1, -1, 0)
        assert best.outcome[0] == pytest.approx(0.02)
        assert worst.outcome[0] == pytest.approx(-0.02)
        assert np.isnan(unknown.outcome[0])
        assert unknown.sign[0] == 0


def test_a_short_is_the_mirror() -> None:
    bars = _four((100.0,) * 4, (100.0, 100.5, 97.0, 98.0))
    found = range_barrier_labels(bars, barriers([0], 0.02, [1], sides=[-1]))
    assert found.label.tolist() == [1]
    assert found.outcome[0] == pytest.approx(0.02)


@given(st.integers(0, 10_000))
def test_a_range_is_met_no_later_than_a_close(seed: int) -> None:
    rng = np.random.default_rng(seed)
    closes = 100.0 * np.exp(np.cumsum(rng.standard_normal(50) * 0.01))
    opens = np.concatenate([[100.0], closes[:-1]])
    highs = np.maximum(opens, closes) * (1.0 + rng.random(50) * 0.01)
    lows = np.minimum(opens, closes) * (1.0 - rng.random(50) * 0.01)
    events = np.arange(0, 45, 5)
    one = barriers(events, 0.015, bar_limits(events, 20))
    ranges = range_barrier_labels((opens, highs, lows, closes), one)
    plain = close_barrier_labels(closes, one, touch="inclusive")
    assert (ranges.ends <= plain.ends).all()


def test_wide_and_narrow_looks_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(81)
    closes = 100.0 * np.exp(np.cumsum(rng.standard_normal(3000) * 0.001))
    events = np.arange(0, 2900, 7)
    one = barriers(events, 0.02, bar_limits(events, 900))
    wide = close_barrier_labels(closes, one)
    monkeypatch.setattr("undertow.stats.triple_barrier._CELLS", 64)
    for left, right in zip(wide, close_barrier_labels(closes, one), strict=True):
        assert left.tolist() == right.tolist()


def test_wrong_input_is_refused() -> None:
    good = barriers([0], 0.02, [1])
    for call, words in (
        (lambda: barriers([0], 0.0, [1]), "finite fractions above 0"),
        (lambda: barriers([1], 0.1, [0]), "limits at or after"),
        (lambda: barriers([0], 0.1, [1], sides=[0]), "side of 1 or -1"),
        (lambda: barriers([0], 0.1, [1], profit=-1.0), "above 0 or None"),
        (lambda: bar_limits([0], 0), "at least 1 bar"),
        (lambda: time_limits([2, 1], [0], 5), "times in order"),
        (lambda: close_barrier_labels([1.0], barriers([3], 0.1, [4])), "events at 0 to 0"),
        (lambda: close_barrier_labels([1.0, -1.0], good), "closes above 0"),
        (lambda: close_barrier_labels([1.0, 2.0], good, touch="near"), "strict or inclusive"),  # type: ignore[arg-type]
        (lambda: range_barrier_labels(_four((1.0, 0.9, 0.8, 1.0)), good), "highs at or above"),
        (lambda: range_barrier_labels(([1.0], [1.0], [1.0], [1.0, 1.0]), good), "one length"),
        (lambda: range_barrier_labels(_four((1.0,) * 4, (1.0,) * 4), good, both="x"), "loss_first"),  # type: ignore[arg-type]
    ):
        with pytest.raises(CallerError, match=words):
            call()


def _four(
    *rows: tuple[float, ...],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    opens, highs, lows, closes = np.array(rows).T
    return opens, highs, lows, closes
