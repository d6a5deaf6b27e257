"""Expected: normal theory, scipy.stats.bootstrap and arch, coverage by simulation with a seed.

Coverages are those of 200 samples: a right interval of 90 % lies within 84 to 96 % in all but one
of a thousand such tests.
"""

from math import isnan, sqrt

import numpy as np
import pytest
import scipy.stats
from arch.bootstrap import StationaryBootstrap
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.stats import (
    bootstrap_interval,
    mean_statistic,
    profit_factor_statistic,
    resampled_values,
    sharpe_statistic,
    studentised_interval,
)
from undertow.stats.resampled_interval import Method, block_error

SAMPLE = np.random.default_rng(1).exponential(1.0, 150)


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def means(table: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.mean(table, axis=0)
    return found


def autoregressive(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    noise, found = rng.standard_normal(count + 50), np.zeros(count + 50)
    for place in range(1, count + 50):
        found[place] = 0.5 * found[place - 1] + noise[place]
    return found[50:]


@pytest.mark.parametrize("method", ["percentile", "basic", "BCa"])
def test_agrees_with_scipy_on_independent_data(method: str) -> None:
    expected = scipy.stats.bootstrap(
        (SAMPLE,), np.mean, n_resamples=20_000, method=method, rng=generator()
    ).confidence_interval
    found = bootstrap_interval(
        SAMPLE,
        means,
        generator(2),
        method=method.lower(),  # type: ignore[arg-type]
        scheme="independent",
        resamples=20_000,
    )
    # Two seeds of 20,000 resamples: limits within 2 % of the width.
    width = expected.high - expected.low
    assert found.low == pytest.approx(expected.low, abs=0.02 * width)
    assert found.high == pytest.approx(expected.high, abs=0.02 * width)
    assert found.estimate == SAMPLE.mean()


def test_agrees_with_arch_on_dependent_data() -> None:
    sample = autoregressive(300, generator(11)) + 0.2
    ratio = sharpe_statistic()
    theirs = StationaryBootstrap(8, sample, seed=generator(1)).conf_int(
        lambda x: x.mean() / x.std(ddof=1), reps=4_000, method="percentile"
    )
    found = bootstrap_interval(
        sample, ratio.value, generator(2), method="percentile", resamples=4_000, block=8.0
    )
    width = float(theirs[1, 0] - theirs[0, 0])
    assert found.low == pytest.approx(float(theirs[0, 0]), abs=0.05 * width)
    assert found.high == pytest.approx(float(theirs[1, 0]), abs=0.05 * width)


def test_the_studentised_interval_of_a_mean_is_student_s_on_normal_data() -> None:
    sample = generator(3).standard_normal(100)
    found = studentised_interval(sample, mean_statistic(), generator(), block=1, resamples=20_000)
    expected = scipy.stats.t.interval(0.95, 99, sample.mean(), sample.std(ddof=1) / 10)
    assert (found.low, found.high) == pytest.approx(expected, abs=0.02)


def test_the_error_from_blocks() -> None:
    influences = SAMPLE - SAMPLE.mean()
    assert block_error(influences, 1) == pytest.approx(influences.std() / sqrt(150), rel=1e-12)
    path = autoregressive(20_000, generator(4))
    # Long-run deviation 1 / (1 - 0.5).
    assert block_error(path - path.mean(), 100) == pytest.approx(2.0 / sqrt(20_000), rel=0.1)


def test_coverage_holds_where_returns_depend_on_each_other() -> None:
    rng, held, naive = generator(5), 0, 0
    for _ in range(200):
        sample = autoregressive(150, rng)
        one = studentised_interval(sample, mean_statistic(), rng, confidence=0.9, resamples=300)
        two = bootstrap_interval(
            sample,
            means,
            rng,
            method="percentile",
            scheme="independent",
            confidence=0.9,
            resamples=300,
        )
        held += one.low <= 0.0 <= one.high
        naive += two.low <= 0.0 <= two.high
    assert held >= 168
    assert naive < 150  # what drawing one by one does to an interval


@pytest.mark.parametrize("method", ["percentile", "basic", "bca"])
def test_one_by_one_and_vectorised_are_the_same(method: Method) -> None:
    one, two = (
        bootstrap_interval(
            SAMPLE,
            statistic,
            generator(),
            method=method,
            resamples=50,
            is_vectorised=statistic is means,
        )
        for statistic in (means, np.mean)
    )
    assert one[:3] == pytest.approx(two[:3], rel=1e-12)
    assert one[3:] == two[3:]


def test_the_same_seed_gives_the_same_interval() -> None:
    one, two = (studentised_interval(SAMPLE, sharpe_statistic(), generator(7)) for _ in range(2))
    assert one == two
    assert one.low < one.estimate < one.high
    assert one.resamples == 2000


def test_batches_bound_memory_not_the_count() -> None:
    sample = generator(8).standard_normal(50_000)
    found = resampled_values(sample, means, generator(), resamples=90, scheme="circular", block=10)
    assert found.shape == (90,)
    assert found.std() == pytest.approx(1 / sqrt(50_000), rel=0.3)


def test_undefined_intervals_are_nan() -> None:
    flat = studentised_interval(np.ones(50), sharpe_statistic(), generator())
    assert np.isnan([flat.estimate, flat.low, flat.high]).all()
    short = studentised_interval(SAMPLE[:9], mean_statistic(), generator())
    assert short.estimate == pytest.approx(SAMPLE[:9].mean())
    assert isnan(short.low)
    assert isnan(bootstrap_interval([], means, generator()).estimate)
    assert isnan(bootstrap_interval(SAMPLE[:9], means, generator()).low)


def test_resamples_without_a_value_are_counted() -> None:
    # One loss in 40: a third of the resamples have none, and no limit can be given.
    results = np.ones(40)
    results[7] = -1.0
    found = studentised_interval(results, profit_factor_statistic(), generator(), block=1)
    assert found.estimate == pytest.approx(39.0)
    assert found.undefined == pytest.approx(2000 * (39 / 40) ** 40, rel=0.1)
    assert isnan(found.low)
    assert isnan(found.high)


def test_bad_input_is_refused() -> None:
    with pytest.raises(CallerError, match="expected one of percentile, basic, bca"):
        bootstrap_interval(SAMPLE, means, generator(), method="bac")  # type: ignore[arg-type]
    with pytest.raises(CallerError, match="confidence between 0 and 1"):
        studentised_interval(SAMPLE, mean_statistic(), generator(), confidence=95)
    with pytest.raises(CallerError, match="nan at index 1"):
        bootstrap_interval([1.0, np.nan], means, generator())
