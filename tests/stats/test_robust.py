from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats.robust import (
    OUTLIER_SCORE,
    capped,
    capped_ratio,
    median_absolute_deviation,
    modified_z_score,
    modified_z_scores,
    robust_scale,
)

SAMPLE = [2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3]
numbers = st.floats(-1e6, 1e6, allow_nan=False)


def test_mad_is_not_scaled() -> None:
    assert median_absolute_deviation([1.0, 2.0, 4.0, 7.0, 11.0]) == 3.0
    assert isnan(median_absolute_deviation([]))
    assert median_absolute_deviation([1.0, nan, 3.0]) == 1.0


def test_modified_z_of_a_sample() -> None:
    # Median 2.45, MAD 0.15: by hand.
    found = modified_z_scores(SAMPLE)
    assert found[-1] == pytest.approx(0.6745 * (8.3 - 2.45) / 0.15)
    assert (np.abs(found) > OUTLIER_SCORE).tolist() == [False] * 8 + [True, True]
    assert np.isnan(modified_z_scores([1.0, nan, 2.0, 9.0])).tolist() == [False, True, False, False]


def test_modified_z_against_history() -> None:
    assert modified_z_score(8.3, SAMPLE) == pytest.approx(modified_z_scores(SAMPLE)[-1])
    assert isnan(modified_z_score(8.3, SAMPLE[:4]))
    assert isnan(modified_z_score(nan, SAMPLE))


def test_mad_of_zero_falls_back_on_the_mean_deviation() -> None:
    history = [5.0] * 8 + [6.0, 4.0]
    expected = (9.0 - 5.0) / (1.253314 * 0.2)
    assert modified_z_score(9.0, history) == pytest.approx(expected)


def test_a_history_without_spread_says_nothing() -> None:
    assert isnan(modified_z_score(9.0, [5.0] * 10))
    assert np.all(np.isnan(modified_z_scores([5.0] * 10)))
    assert len(modified_z_scores([])) == 0


def test_normal_scores_have_the_spread_of_a_normal() -> None:
    found = modified_z_scores(np.random.default_rng(1).standard_normal(20_000))
    assert np.std(found) == pytest.approx(1.0, abs=0.02)


@given(st.lists(numbers, min_size=5, max_size=30), numbers)
def test_scores_are_mirrored_with_their_data(history: list[float], value: float) -> None:
    found = modified_z_score(value, history)
    mirrored = modified_z_score(-value, [-x for x in history])
    assert mirrored == -found or (isnan(found) and isnan(mirrored))


def test_capped_keeps_the_sign() -> None:
    assert [capped(x) for x in (-3.0, -0.5, 0.5, 3.0, inf)] == [-1.0, -0.5, 0.5, 1.0, 1.0]
    assert isnan(capped(nan))
    assert capped(9.0, 5.0) == 5.0
    with pytest.raises(CallerError, match="limit"):
        capped(1.0, 0.0)


def test_capped_ratio_guards_its_divisor() -> None:
    assert capped_ratio(-0.02, 0.1) == pytest.approx(-0.2)
    assert capped_ratio(5.0, -0.1) == 1.0
    assert isnan(capped_ratio(1.0, 0.0))
    assert isnan(capped_ratio(1.0, nan))
    assert capped_ratio(0.01, 1e-9, floor=0.05) == pytest.approx(0.2)


def test_the_scale_is_the_standard_deviation_of_a_normal() -> None:
    sample = np.random.default_rng(3).normal(10.0, 2.0, 200_000)
    assert robust_scale(sample) == pytest.approx(2.0, rel=0.01)
    assert robust_scale([1, 1, 1, 1, 6]) == pytest.approx(1.253314 * 1.0)
    assert np.isnan(robust_scale([1, 2, 3, 4]))
    assert np.isnan(robust_scale([2.0] * 9))
