from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.statistics import (
    Autocorrelation,
    Beta,
    Correlation,
    CumulativeSum,
    DeltaReturnCorrelation,
    DistanceFromMean,
    Kurtosis,
    LinearRegression,
    PermutationEntropy,
    RollingVariance,
    RSquared,
    Skewness,
    StandardDeviation,
    Sum,
)

Values = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Values]]


def windows_of(x: Values, period: int) -> Values:
    """Every window of the last `period` values."""
    return np.lib.stride_tricks.sliding_window_view(x, period)


@pytest.mark.parametrize(("period", "ddof"), [(2, 0), (2, 1), (7, 0), (20, 1)])
def test_it_equals_the_two_pass_variance(period: int, ddof: int, bars: Bars) -> None:
    close = bars(21, 200)["close"]
    windows = windows_of(close, period)
    found = RollingVariance(period, ddof).batch(close)
    assert np.allclose(found["value"][period - 1 :], windows.var(axis=1, ddof=ddof), rtol=1e-11)
    assert np.allclose(found["mean"][period - 1 :], windows.mean(axis=1), rtol=1e-14)
    deviation = StandardDeviation(period, 2.0).batch(close)["value"][period - 1 :]
    assert np.allclose(deviation, 2.0 * windows.std(axis=1), rtol=1e-11)


def test_it_is_stable_far_from_zero() -> None:
    x = 1e9 + np.tile([0.0, 1.0], 500)
    assert np.all(np.abs(RollingVariance(20).batch(x)["value"][19:] - 0.25) < 1e-8)


def test_a_constant_window_is_exactly_zero_even_after_an_outlier() -> None:
    x = np.array([0.1] * 5 + [1e12] + [0.1] * 12)
    assert RollingVariance(5).batch(x)["value"][-8:].tolist() == [0.0] * 8
    assert np.all(RollingVariance(4).batch(np.full(9, 0.1))["value"][3:] == 0.0)


def test_it_is_never_negative() -> None:
    rng = np.random.default_rng(22)
    x = np.where(rng.random(2_000) < 0.01, 1e15, 1.0) + rng.random(2_000)
    assert np.nanmin(RollingVariance(10).batch(x)["value"]) >= 0.0


def test_bad_parameters_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="at least 2"):
        RollingVariance(1)
    with pytest.raises(ConfigurationError, match="above ddof, found 3 and 3"):
        RollingVariance(3, ddof=3)
    with pytest.raises(ConfigurationError, match="lag below period"):
        Autocorrelation(5, 5)


def test_the_z_score_of_the_last_close(bars: Bars) -> None:
    close = bars(41, 80)["close"]
    windows = windows_of(close, 15)
    expected = (close[14:] - windows.mean(axis=1)) / windows.std(axis=1)
    found = DistanceFromMean().batch(close)["value"]
    assert np.allclose(found[14:], expected, rtol=1e-10)
    mirrored = DistanceFromMean().batch(-close)["value"]
    assert np.array_equal(mirrored, -found, equal_nan=True)


def test_a_constant_window_has_no_distance() -> None:
    indicator = DistanceFromMean(3)
    found = [indicator.update(x) for x in (5.0, 5.0, 5.0, 6.0)]
    assert np.isnan(found[2])
    assert found[3] == pytest.approx((6.0 - 16.0 / 3.0) / np.sqrt(2.0 / 9.0), rel=1e-14)
    assert indicator.value("deviation") > 0.0


def test_the_shape_of_returns_equals_scipy(bars: Bars) -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
    returns = bars(42, 120)["log_return"]
    windows = windows_of(returns, 60)
    skew = Skewness().batch(returns)["value"][59:]
    assert np.allclose(skew, stats.skew(windows, axis=1), rtol=1e-10)
    kurtosis = Kurtosis().batch(returns)["value"][59:]
    assert np.allclose(kurtosis, stats.kurtosis(windows, axis=1), rtol=1e-9)
    assert np.isnan(Skewness(3).batch(np.ones(5))["value"]).all()
    assert np.isnan(Kurtosis(4).batch(np.ones(5))["value"]).all()


def test_correlations_are_pearsons(bars: Bars) -> None:
    columns = bars(43, 120)
    for kind, period in ((Correlation, 30), (DeltaReturnCorrelation, 60)):
        x, y = (columns[name] for name in kind.inputs)
        found = kind().batch(x, y)["value"]
        for i in range(period - 1, 120):
            last = slice(i - period + 1, i + 1)
            assert found[i] == pytest.approx(np.corrcoef(x[last], y[last])[0, 1], rel=1e-9)
    line = np.arange(9.0)
    assert Correlation(4).batch(line, 3.0 - 2.0 * line)["value"][3:] == pytest.approx(-1.0)
    assert Correlation(4).batch(line, np.ones(9))["value"][3:].tolist() == [0.0] * 6
    assert np.isnan(DeltaReturnCorrelation(4).batch(line, np.ones(9))["value"]).all()


def test_a_day_of_minutes_can_be_correlated(bars: Bars) -> None:
    x, y = bars(44, 3_000)["close"], bars(45, 3_000)["close"]
    found = Correlation(1440).batch(x, y)["value"]
    for i in (1_439, 2_222, 2_999):
        last = slice(i - 1_439, i + 1)
        assert found[i] == pytest.approx(np.corrcoef(x[last], y[last])[0, 1], rel=1e-10)


def test_a_beta_is_a_slope_of_changes() -> None:
    market = 100.0 * np.exp(np.cumsum(np.random.default_rng(46).standard_normal(60) * 0.01))
    asset = 50.0 * np.cumprod(np.concatenate([[1.0], 1.0 + 1.5 * np.diff(market) / market[:-1]]))
    assert np.allclose(Beta(20).batch(market, asset)["value"][20:], 1.5, rtol=1e-10)
    assert Beta(3).batch(np.ones(6), np.arange(1.0, 7.0))["value"][3:].tolist() == [0.0] * 3


@pytest.mark.parametrize("lag", [1, 4, 19])
def test_the_autocorrelation_has_one_mean(lag: int, bars: Bars) -> None:
    columns = bars(49, 120)
    for x, digits in ((columns["delta"], 1e-12), (columns["close"], 1e-9)):
        found = Autocorrelation(20, lag).batch(x)["value"]
        for i in range(19, 120):
            d = x[i - 19 : i + 1] - x[i - 19 : i + 1].mean()
            assert found[i] == pytest.approx(np.sum(d[lag:] * d[:-lag]) / np.sum(d * d), abs=digits)
    assert np.isnan(Autocorrelation(20, lag).batch(np.ones(40))["value"]).all()


def test_delta_that_repeats_itself_is_autocorrelated() -> None:
    swing = np.tile([1.0, -1.0], 40)
    assert Autocorrelation(20).batch(swing)["value"][-1] == pytest.approx(-0.95)
    assert Autocorrelation(20, 2).batch(swing)["value"][-1] == pytest.approx(0.9)


def test_entropy_tells_a_trend_from_noise() -> None:
    noise = np.random.default_rng(47).random(700)
    assert PermutationEntropy(600).batch(noise)["value"][-1] > 0.98
    assert PermutationEntropy(60).batch(np.arange(90.0))["value"][-1] == 0.0


def test_the_line_and_how_well_it_fits(bars: Bars) -> None:
    close = bars(48, 60)["close"]
    found, fit = LinearRegression().batch(close), RSquared().batch(close)
    steps = np.arange(14)
    for i in range(13, 60):
        window = close[i - 13 : i + 1]
        slope, intercept = np.polyfit(steps, window, 1)
        rest = np.sum((window - intercept - slope * steps) ** 2)
        assert found["slope"][i] == pytest.approx(slope, rel=1e-9)
        assert found["value"][i] == pytest.approx(intercept + 13.0 * slope, rel=1e-12)
        assert found["angle"][i] == pytest.approx(np.degrees(np.arctan(slope)), rel=1e-9)
        assert fit["value"][i] == pytest.approx(1.0 - rest / np.sum((window - window.mean()) ** 2))
        assert fit["standard_error"][i] == pytest.approx(np.sqrt(rest / 12.0), rel=1e-9)
    assert np.isnan(RSquared(3).batch(np.ones(4))["value"]).all()
    assert LinearRegression(3).batch(np.full(4, 0.1))["slope"][2:].tolist() == [0.0, 0.0]


def test_sums_lose_nothing() -> None:
    x = np.array([1e16, 1.0, 1.0, -1e16, 5.0])
    assert CumulativeSum().batch(x)["value"].tolist() == [1e16, 1e16, 1e16 + 2.0, 2.0, 7.0]
    assert Sum(2).batch(x)["value"][-1] == 5.0 - 1e16
