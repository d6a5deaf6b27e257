"""Expected: a resample worked one by one, and error rates measured on seeded null samples."""

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.stats.sharpe_bootstrap import calibrated_block, sharpe_difference_bootstrap
from undertow.stats.sharpe_comparison import sharpe_difference, sharpe_gradient


@pytest.mark.parametrize(("rows", "block"), [(60, 5), (63, 4), (50, 1)])
def test_it_is_its_definition(rows: int, block: int) -> None:
    one, two = _null(np.random.default_rng(31), rows)
    one += 0.002
    found = sharpe_difference_bootstrap(
        one, two, np.random.default_rng(5), block=block, resamples=199
    )
    hac = sharpe_difference(one, two)
    assert found.difference == hac.difference
    assert found.standard_error == hac.prewhitened_standard_error
    score = abs(hac.difference) / hac.prewhitened_standard_error
    drawn = np.random.default_rng(5).integers(0, rows, (199, rows // block))
    slow = np.array([_slow_score((one, two), starts, block) for starts in drawn])
    assert found.p_value == (np.sum(slow >= score) + 1) / 200
    width = np.sort(slow)[-10] * hac.prewhitened_standard_error
    assert found.upper == pytest.approx(hac.difference + width)
    assert found.lower == pytest.approx(hac.difference - width)


def test_zero_is_outside_exactly_when_the_p_value_says_so() -> None:
    rng = np.random.default_rng(32)
    answers = set()
    for shift in np.linspace(0.0, 0.006, 30):
        one, two = _null(rng, 100)
        found = sharpe_difference_bootstrap(one + shift, two, rng, resamples=199)
        is_outside = found.lower > 0.0 or found.upper < 0.0
        assert is_outside == (found.p_value <= 0.05)
        assert found.is_accepted == (found.lower > 0.0)
        answers.add(found.is_accepted)
    assert answers == {True, False}


def test_its_error_rate_under_the_null() -> None:
    """Equal Sharpe ratios, AR 0.2, t with 6 degrees, 120 periods, 400 samples: deviation 1.1 %."""
    rng = np.random.default_rng(33)
    hits = outside = 0
    for _ in range(400):
        one, two = _null(rng, 120)
        found = sharpe_difference_bootstrap(one, two, rng, resamples=399)
        hits += found.p_value <= 0.05
        outside += sharpe_difference(one, two).prewhitened_p_value <= 0.05
    assert 8 <= hits <= 33  # 2 % to 8.25 %
    assert 8 <= outside <= 44  # the HAC test rejects more than it says at 120 periods


def test_equal_series_and_levered_copies_are_not_accepted() -> None:
    one, _ = _null(np.random.default_rng(34), 80)
    for other in (one, 3.0 * one):
        found = sharpe_difference_bootstrap(one, other, np.random.default_rng(1), resamples=99)
        assert found.p_value == 1.0
        assert found.lower == found.upper == pytest.approx(0.0, abs=1e-14)
        assert not found.is_accepted


def test_a_clear_winner_is_accepted_and_a_clear_loser_is_not() -> None:
    one, two = _null(np.random.default_rng(35), 300)
    won = sharpe_difference_bootstrap(one + 0.01, two, np.random.default_rng(1), resamples=499)
    lost = sharpe_difference_bootstrap(two, one + 0.01, np.random.default_rng(1), resamples=499)
    assert won.is_accepted
    assert not lost.is_accepted
    assert lost.upper < 0.0
    assert won.p_value == pytest.approx(1.0 / 500.0)


def test_the_same_seed_is_the_same_answer() -> None:
    one, two = _null(np.random.default_rng(36), 100)
    first, again = (
        sharpe_difference_bootstrap(one, two, np.random.default_rng(7), resamples=99)
        for _ in range(2)
    )
    assert first == again


def test_a_calibrated_block_has_the_nearest_rate() -> None:
    one, two = _null(np.random.default_rng(37), 60)
    rates = calibrated_block(
        one, two, np.random.default_rng(2), blocks=(1, 5, 15), samples=100, resamples=99
    )
    assert sorted(rates) == [1, 5, 15]
    distances = [abs(rate - 0.05) for rate in rates.values()]
    assert distances == sorted(distances)
    assert distances[0] < 0.06


def test_no_variation_is_unknown() -> None:
    one, _ = _null(np.random.default_rng(38), 40)
    found = sharpe_difference_bootstrap(one, np.zeros(40), np.random.default_rng(1), resamples=99)
    assert np.isnan([found.difference, found.p_value, found.lower, found.upper]).all()
    assert not found.is_accepted
    with pytest.raises(CallerError, match="found a constant one"):
        calibrated_block(one, np.zeros(40), np.random.default_rng(1))


def test_wrong_input_is_refused() -> None:
    one, two = _null(np.random.default_rng(39), 40)
    rng = np.random.default_rng(1)
    with pytest.raises(CallerError, match="block of 1 to 20 rows, found 21"):
        sharpe_difference_bootstrap(one, two, rng, block=21)
    with pytest.raises(CallerError, match="at least 19 resamples for this level, found 18"):
        sharpe_difference_bootstrap(one, two, rng, resamples=18)
    with pytest.raises(CallerError, match="a level between 0 and 1"):
        sharpe_difference_bootstrap(one, two, rng, level=95.0)


def _slow_score(
    pair: tuple[NDArray[np.float64], NDArray[np.float64]],
    starts: NDArray[np.int64],
    block: int,
) -> float:
    rows = len(pair[0])
    places = [(start + step) % rows for start in starts for step in range(block)]
    drawn = np.column_stack([pair[0][places], pair[1][places]])
    count = len(drawn)
    moments = np.hstack([drawn, drawn**2])
    means = moments.mean(axis=0)
    inner = np.zeros((4, 4))
    for place in range(0, count, block):
        zeta = np.sqrt(block) * (moments[place : place + block] - means).mean(axis=0)
        inner += np.outer(zeta, zeta) * block / count
    gradient = sharpe_gradient(means)
    error = np.sqrt(gradient @ inner @ gradient * count / (count - 4.0) / count)
    ratios = drawn.mean(axis=0) / drawn.std(axis=0, ddof=1)
    whole = sharpe_difference(*pair).difference
    return float(abs(ratios[0] - ratios[1] - whole) / error)


def _null(rng: np.random.Generator, rows: int) -> NDArray[np.float64]:
    shocks = rng.standard_t(6, (rows + 30, 2))
    shocks[:, 1] = 0.5 * shocks[:, 0] + np.sqrt(0.75) * shocks[:, 1]
    for row in range(1, rows + 30):
        shocks[row] += 0.2 * shocks[row - 1]
    drawn: NDArray[np.float64] = shocks[30:].T * 0.01 + 0.002
    return drawn
