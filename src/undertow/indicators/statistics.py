"""Statistics of the last values: spread, shape, dependence, straight lines."""

from math import log

from undertow.domain.errors import ConfigurationError
from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.block_sum import block_sum_size
from undertow.kernels.cells.delay import delay_size
from undertow.kernels.cells.mean_deviation import mean_deviation_size
from undertow.kernels.cells.pattern_counts import pattern_entropy_size
from undertow.kernels.cells.window_covariance import window_covariance_size
from undertow.kernels.cells.window_moments import window_moments_size
from undertow.kernels.cells.window_regression import window_regression_size
from undertow.kernels.cells.window_variance import window_variance_size
from undertow.kernels.steps import statistics as steps


class RollingVariance(CompiledIndicator):
    """Variance of the last `period` values in squared input units, and their mean.

    Divisor period - ddof. Never negative; exactly 0 for a constant window. Equal to TA-Lib's VAR
    with ddof 0.
    """

    name = "rolling_variance"
    summary = "Variance and mean of the last values, numerically stable"
    source = "definition; block sums around a near reference, nothing is subtracted"
    parameters = (
        Parameter("period", 20, "bars", 2),
        Parameter("ddof", 0, "0 = population variance, 1 = sample variance", 0),
    )
    outputs = ("value", "mean")
    step = steps.VARIANCE

    @classmethod
    def plan(cls, *, period: int, ddof: int) -> Plan:
        """Constants of `steps.variance_step`; raises `ConfigurationError`."""
        if period <= ddof:
            raise ConfigurationError(
                f"expected rolling_variance period above ddof, found {period} and {ddof}"
            )
        return Plan(period - 1, window_variance_size(period), (period, period / (period - ddof)))


class StandardDeviation(CompiledIndicator):
    """Population deviation of the last `period` values times `factor`, in input units."""

    name = "stddev"
    summary = "Standard deviation of the last values"
    source = "definition; TA-Lib STDDEV"
    parameters = (
        Parameter("period", 20, "bars"),
        Parameter("factor", 1.0, "what the deviation is multiplied by", 0),
    )
    step = steps.DEVIATION

    @classmethod
    def plan(cls, *, period: int, factor: float) -> Plan:
        """Constants of `steps.deviation_step`."""
        return Plan(period - 1, window_variance_size(period), (period, factor))


class DistanceFromMean(CompiledIndicator):
    """Z-score (close - mean) / deviation over the last `period` bars; NaN for a constant window.

    Each bar counts once, so the mean is weighted by time and busy seconds do not weigh more. Use
    900 bars of one second or 15 of one minute for 15 minutes.
    """

    name = "distance_from_mean"
    summary = "Distance from the recent mean in standard deviations, weighted by time"
    source = "definition (z-score, population deviation)"
    parameters = (Parameter("period", 15, "bars", 2),)
    outputs = ("value", "mean", "deviation")
    step = steps.DISTANCE

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.distance_step`."""
        return Plan(period - 1, window_variance_size(period), (period,))


class MeanDeviation(CompiledIndicator):
    """Mean distance of the last `period` values from their mean, in input units."""

    name = "avgdev"
    summary = "Mean absolute deviation of the last values"
    source = "definition; TA-Lib AVGDEV"
    parameters = (Parameter("period", 14, "bars"),)
    step = steps.MEAN_DEVIATION

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.mean_deviation_step`."""
        return Plan(period - 1, mean_deviation_size(period), (period,))


class Skewness(CompiledIndicator):
    """Third moment of the last `period` log returns per deviation cubed; NaN without variance.

    Below 0 the large moves are falls. Population moments, no correction for few values.
    """

    name = "skewness"
    summary = "Skewness of the last returns"
    source = "definition (Fisher-Pearson, population moments)"
    parameters = (Parameter("period", 60, "bars", 3),)
    inputs = ("log_return",)
    step = steps.SKEWNESS

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.skewness_step`."""
        return Plan(period - 1, window_moments_size(period), (period,))


class Kurtosis(CompiledIndicator):
    """Fourth moment of the last `period` log returns per variance squared, less 3.

    0 for a normal distribution, above it for heavy tails; NaN without variance. Population moments.
    """

    name = "kurtosis"
    summary = "Excess kurtosis of the last returns"
    source = "definition (Fisher, population moments)"
    parameters = (Parameter("period", 60, "bars", 4),)
    inputs = ("log_return",)
    step = steps.KURTOSIS

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.kurtosis_step`."""
        return Plan(period - 1, window_moments_size(period), (period,))


class Correlation(CompiledIndicator):
    """Pearson correlation of the last `period` pairs, -1 to 1; 0 where one does not vary.

    Of close and volume on a chart; `batch` takes any two columns, e.g. log returns of two assets
    (of their prices it would be spurious); matched by time: `flow.return_correlation`.
    """

    name = "correl"
    summary = "Rolling Pearson correlation of two columns"
    source = "Pearson; TA-Lib CORREL, 0 for a constant included"
    parameters = (Parameter("period", 30, "bars", 2),)
    inputs = ("close", "volume")
    step = steps.CORRELATION

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.correlation_step`."""
        return Plan(period - 1, window_covariance_size(period), (period, 0.0))


class DeltaReturnCorrelation(CompiledIndicator):
    """Pearson correlation of volume delta and log return of the last `period` bars, -1 to 1.

    High while aggressors move the price, low while it is absorbed. NaN where one does not vary.
    """

    name = "delta_return_correlation"
    summary = "Rolling correlation of aggressive volume and price change"
    source = "Pearson, on delta and log return"
    parameters = (Parameter("period", 60, "bars", 2),)
    inputs = ("delta", "log_return")
    step = steps.CORRELATION

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.correlation_step`."""
        return Plan(period - 1, window_covariance_size(period), (period, float("nan")))


class Beta(CompiledIndicator):
    """Slope of the second column's relative changes on the first's, over `period` changes.

    Without unit; 0 where the first does not vary, and a change from zero counts as none. Of low on
    high on a chart; `batch` takes any two columns, e.g. (market, asset).
    """

    name = "beta"
    summary = "Rolling beta of two columns' relative changes"
    source = "definition; TA-Lib BETA"
    parameters = (Parameter("period", 5, "changes"),)
    inputs = ("high", "low")
    step = steps.BETA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.beta_step`."""
        return Plan(period, 3 + window_covariance_size(period), (period,))


class Autocorrelation(CompiledIndicator):
    """Correlation of volume delta with itself `lag` bars before, over the last `period` bars.

    r = sum (x_t - m)(x_(t-lag) - m) / sum (x_t - m)^2, biased, one mean; NaN without variance.
    Above 0 buyers follow buyers. For returns with an error see `return_autocorrelation`.
    """

    name = "autocorrelation"
    summary = "Rolling autocorrelation of volume delta"
    source = "Box and Jenkins (1970)"
    parameters = (Parameter("period", 60, "bars", 2), Parameter("lag", 1, "bars"))
    inputs = ("delta",)
    step = steps.AUTOCORRELATION

    @classmethod
    def plan(cls, *, period: int, lag: int) -> Plan:
        """Constants of `steps.autocorrelation_step`; raises `ConfigurationError`."""
        if lag >= period:
            raise ConfigurationError(
                f"expected autocorrelation lag below period, found {lag} and {period}"
            )
        first = delay_size(lag)
        second = first + window_variance_size(period)
        size = second + window_covariance_size(period - lag)
        return Plan(period - 1, size, (period, lag, first, second))


class PermutationEntropy(CompiledIndicator):
    """Entropy of the orders of three values in a row, 0 (one order only) to 1 (all six alike).

    Over the last `period` triples. Near 1 the path is as disordered as noise. Of equal values the
    earlier counts as smaller.
    """

    name = "permutation_entropy"
    summary = "Disorder of the path, by the orders of three values"
    source = "Bandt and Pompe (2002), Physical Review Letters 88; order 3"
    parameters = (Parameter("period", 60, "triples"),)
    step = steps.ENTROPY

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.entropy_step`."""
        shares = [count / period for count in range(1, period + 1)]
        parts = [-share * log(share, 6) for share in shares]
        return Plan(period + 1, pattern_entropy_size(period), (period, 0.0, *parts))


class LinearRegression(CompiledIndicator):
    """Line of least squares through the last `period` values: its end (the value), input units.

    `slope` is per bar, `intercept` the line at the oldest bar, `angle` the slope's arc tangent in
    degrees, `forecast` the line one bar on (time series forecast). The value is also known as the
    least squares moving average.
    """

    name = "linearreg"
    summary = "Regression line: end, slope, intercept, angle, forecast"
    source = "least squares; TA-Lib LINEARREG, _SLOPE, _INTERCEPT, _ANGLE and TSF"
    parameters = (Parameter("period", 14, "bars", 2),)
    outputs = ("value", "slope", "intercept", "angle", "forecast")
    step = steps.REGRESSION

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.regression_step`."""
        return Plan(period - 1, window_regression_size(period), (period,))


class RSquared(CompiledIndicator):
    """Share of the variance that a straight line explains, 0 to 1; NaN for a constant window.

    `standard_error` is sqrt(sum of squared distances from the line / (period - 2)), input units.
    """

    name = "r_squared"
    summary = "How well a line fits the last values, and its standard error"
    source = "least squares"
    parameters = (Parameter("period", 14, "bars", 3),)
    outputs = ("value", "standard_error")
    step = steps.FIT

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.fit_step`."""
        start = window_regression_size(period)
        return Plan(period - 1, start + window_variance_size(period), (period, start))


class Sum(CompiledIndicator):
    """Sum of the volume of the last `period` bars; `batch` takes any column."""

    name = "sum"
    summary = "Sum of the last values, free of rounding drift"
    source = "definition; TA-Lib SUM"
    parameters = (Parameter("period", 30, "bars"),)
    inputs = ("volume",)
    step = steps.SUM

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.sum_step`."""
        return Plan(period - 1, block_sum_size(period), (period,))


class CumulativeSum(CompiledIndicator):
    """Sum of the volume of all bars so far; `batch` takes any column."""

    name = "cumsum"
    summary = "Sum of all values so far, rounding kept in check"
    source = "definition with Neumaier's (1974) correction; TA-Lib CUMSUM"
    parameters = ()
    inputs = ("volume",)
    step = steps.CUMULATIVE_SUM

    @classmethod
    def plan(cls) -> Plan:
        """No constants."""
        return Plan(0, 2, ())


INDICATORS = (
    Autocorrelation,
    Beta,
    Correlation,
    CumulativeSum,
    DeltaReturnCorrelation,
    DistanceFromMean,
    Kurtosis,
    LinearRegression,
    MeanDeviation,
    PermutationEntropy,
    RSquared,
    RollingVariance,
    Skewness,
    StandardDeviation,
    Sum,
)
